import { feedKey, newer } from '@backcheck/core';
import { type Asked, found, notKnown, type Probe, type Said } from './answer.ts';
import { NoAnswer } from './connect.ts';
import { converse, type Parsed } from './conversation.ts';

/** What the locus of such a finding says: "OpenSSH<9.3". */
export interface VersionCondition {
  readonly product: string;
  readonly below: string;
}

export function readVersionCondition(locus: string): VersionCondition | null {
  const [, product, below] = /^([A-Za-z][\w .+-]{0,60})<(\d[\w.+:~-]{0,40})$/.exec(locus) ?? [];
  return product === undefined || below === undefined ? null : { product, below };
}

/** The version behind the product's name in what a service says of itself; null where the product is not named. */
export function versionIn(banner: string, product: string): string | null {
  const at = banner.toLowerCase().indexOf(product.toLowerCase());
  if (at < 0) return null;
  const behind = banner.slice(at + product.length);
  return /^[\s/_v(-]{1,3}(\d[\w.+:~-]*)/i.exec(behind)?.[1] ?? null;
}

const MAX_BYTES = 4096;
/** For services that wait to be spoken to; others have said their line by then and take it for nonsense. */
const PROMPT_AFTER_MS = 1500;

/**
 * Compares the version that a service tells with the condition. It is the weakest of methods (`banner`): it closes
 * only what a banner opened. A service that no longer tells its version is an error, not an absence (COVERAGE 5.7).
 */
export const probeBanner: Probe = async ({ transport, port }, asked, target) => {
  if (transport !== 'tcp') return asked.map((one) => notKnown(one, 'banners are read over TCP only'));
  const banner = await converse(target, { port, maxBytes: MAX_BYTES }, async (conversation) => {
    const prompt = setTimeout(
      () => conversation.write(`HEAD / HTTP/1.0\r\nHost: ${target.host}\r\n\r\n`),
      PROMPT_AFTER_MS,
    );
    try {
      const heard = await conversation.read(parseBanner);
      return heard.kind === 'value' ? heard.value : heard.bytes.toString('latin1');
    } finally {
      clearTimeout(prompt);
    }
  });
  if (banner.trim() === '')
    throw new NoAnswer('CHECK_NOT_RUN', 'the service says nothing of itself', { answered: true });
  return asked.map((one) => compared(one, banner));
};

function compared(asked: Asked, banner: string): Said {
  const condition = readVersionCondition(asked.locus);
  if (condition === null) return notKnown(asked, 'the locus is not a version condition');
  const version = versionIn(banner, condition.product);
  if (version === null) return notKnown(asked, `the service does not tell a version of ${condition.product}`);
  const below = newer(feedKey(condition.below), feedKey(version));
  return found(asked, below, `${condition.product} ${version}`.slice(0, 200));
}

/** The first line, and of HTTP the head. */
function parseBanner(bytes: Buffer): Parsed<string> {
  const text = bytes.toString('latin1');
  const end = text.startsWith('HTTP/') ? text.search(/\r?\n\r?\n/) : text.indexOf('\n');
  return end < 0 ? { need: bytes.length + 1 } : { value: text.slice(0, end) };
}

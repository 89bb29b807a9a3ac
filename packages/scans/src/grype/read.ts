import type { AssetRecord, Fact, Identifier } from '@backcheck/core';
import { Explanations } from '../explanation.ts';
import { imageIdentifiers, isImageNamed } from '../image-line.ts';
import { type JsonElement, walkJson } from '../json.ts';
import { listAt, textAt, valueAt } from '../json-value.ts';
import { lookUp } from '../look-up.ts';
import type { Reader, ScanHead } from '../reader.ts';
import { zonedInstant } from '../zoned-instant.ts';
import { descriptionOf, matchOf } from './match.ts';

/**
 * `grype -o json`. What it can prove and why: COVERAGE.md section 1, row "Grype JSON". Grype names the packages that
 * matched and no others, so its silence rests on A-catalog: the package was still there to be looked at. Where the
 * source has no name of its own, also on A-src.
 */
export const grypeReader: Reader = {
  format: 'grype',
  detect: (head) =>
    /^\s*\{/.test(head) && /"matches"\s*:/.test(head) && SIGNS.some((sign) => sign.test(head)),
  async *read(bytes) {
    let bad = 0;
    const explanations = new Explanations();
    const walk = walkJson(bytes, ['matches', 'ignoredMatches']);
    for (;;) {
      const step = await walk.next();
      if (step.done !== true) {
        const facts = step.value.elements.flatMap((element) => factsOf(element, explanations));
        const before = bad;
        bad += facts.filter((fact) => fact.record === 'warning').length;
        yield before > MAX_WARNINGS ? facts.filter((fact) => fact.record !== 'warning') : facts;
        continue;
      }
      const { document, truncated, warnings } = step.value;
      yield [...warnings, ...silenceOf(document)];
      const head = headOf(document);
      return { ...head, complete: head.complete && bad === 0, truncated };
    }
  },
};

const SIGNS = [
  /"matchDetails"\s*:/,
  /"descriptor"\s*:\s*\{[^{}]*"name"\s*:\s*"grype"/,
  /"name"\s*:\s*"grype"\s*,\s*"(version|timestamp)"/,
  /"matches"\s*:\s*\[\s*\]\s*,\s*"(source|distro|ignoredMatches)"\s*:/,
];

/** The rest of a million bad records is not worth a warning each. */
const MAX_WARNINGS = 1000;

const PLACE = { asset: 'a1', transport: 'none', method: 'local' } as const;

/** An ignored match was found, and a rule of the user or a VEX statement took it out: no answer. */
function factsOf({ keys, value, line }: JsonElement, explanations: Explanations): Fact[] {
  const match = matchOf(value);
  if (match === undefined) {
    return [{ record: 'warning', code: 'BAD_RECORD', message: 'a match has no id or no package', line }];
  }
  if (keys[0] === 'matches') {
    const words = explanations.of(match.check, () => ({ description: descriptionOf(value) }));
    return [{ record: 'observation', ...PLACE, port: 0, verdict: 'present', at: null, ...match }, ...words];
  }
  const veto = { evidence: 'E0', assumptions: [], reason: 'FILTERED_REPORT' } as const;
  const where = { checks: { ids: [match.check] }, within: [match.locus] };
  return [{ record: 'coverage', ...PLACE, ports: '0', ...where, ...veto }];
}

function silenceOf(document: unknown): Fact[] {
  const at = zonedInstant(textAt(document, 'descriptor', 'timestamp'));
  const { identifiers, named } = sourceOf(valueAt(document, 'source'));
  const asset: AssetRecord = {
    record: 'asset',
    id: 'a1',
    identifiers,
    reached: true,
    startedAt: at,
    finishedAt: at,
    credential: 'none',
  };
  const silence = { record: 'coverage', ...PLACE, ports: '0', checks: { all: true } } as const;
  const assumptions = named ? ['A-catalog'] : ['A-catalog', 'A-src'];
  return [asset, { ...silence, evidence: 'E1', assumptions }];
}

function headOf(document: unknown): ScanHead {
  const descriptor = valueAt(document, 'descriptor');
  const database = valueAt(descriptor, 'db');
  // Up to version 5 of the database the fields stand in `db`, then in `db.status`.
  const status = valueAt(database, 'status') ?? database;
  // The timestamp is written when the matches are known; the start is not said.
  const at = zonedInstant(textAt(descriptor, 'timestamp'));
  return {
    tool: {
      name: 'grype',
      version: textAt(descriptor, 'version') ?? null,
      feed: zonedInstant(textAt(status, 'built')),
    },
    startedAt: at,
    finishedAt: at,
    complete:
      textAt(descriptor, 'name') === 'grype' &&
      valueAt(status, 'valid') !== false &&
      Array.isArray(valueAt(document, 'matches')) &&
      Array.isArray(valueAt(document, 'ignoredMatches') ?? []),
  };
}

const KINDS: Readonly<Record<string, Identifier['kind']>> = {
  purl: 'package',
  cpe: 'package',
  snap: 'package',
};

interface Source {
  readonly identifiers: readonly Identifier[];
  /** The name means the same wherever Grype ran: a folder is another one on every machine. */
  readonly named: boolean;
}

/** `target` is a path or a name, of an image an object (pkg/source of Syft). */
function sourceOf(source: unknown): Source {
  const target = valueAt(source, 'target');
  if (typeof target === 'string' && target.trim() !== '') {
    const kind = lookUp(KINDS, textAt(source, 'type') ?? '') ?? 'file';
    return { identifiers: [{ kind, value: target }], named: kind === 'package' };
  }
  const texts = (key: string) => listAt(target, key).filter((one) => typeof one === 'string');
  const names = [textAt(target, 'userInput') ?? '', texts('tags'), texts('repoDigests')] as const;
  if (names[0] === '' && names[1].length === 0)
    return { identifiers: [{ kind: 'repository', value: 'unnamed:grype' }], named: false };
  return { identifiers: imageIdentifiers(...names), named: isImageNamed(...names) };
}

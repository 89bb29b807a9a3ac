import { isUpToDate, readSupersessions, type SupersessionList } from '@backcheck/contract';

/**
 * What this page asks of the server that it came from: a certificate by its hash, the list of superseded ones, the key.
 * It sends nothing else, and from a disk it asks nothing at all; the page's policy holds it to that.
 */
const PUBLIC = '/api/v1/public';
const MOST_LISTS = 20;

export const PAGE_ADDRESS = '/verify';
export const online = /^https?:$/.test(location.protocol);

/** Null: not there, or no server. */
async function ask(path: string): Promise<string | null> {
  try {
    const answer = await fetch(`${PUBLIC}${path}`, { credentials: 'omit', referrerPolicy: 'no-referrer' });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

export const fetchCertificate = (sha256: string): Promise<string | null> => ask(`/certificates/${sha256}`);

/** The lists of superseded certificates, one after the other until now; as many as the server gives at once. */
export async function fetchLists(): Promise<string[]> {
  const lists: string[] = [];
  let since = '';
  while (lists.length < MOST_LISTS) {
    const text = await ask(`/supersessions${since}`);
    const list = text === null ? null : listIn(text);
    if (text === null || list === null) break;
    lists.push(text);
    if (isUpToDate(list)) break;
    since = `?since=${list.until}`;
  }
  return lists;
}

/** Only to know where the next one begins: whether a list is believed is not decided here. */
function listIn(text: string): SupersessionList | null {
  const read = readSupersessions(text, 'any');
  return read.verdict === 'valid' ? read.list : null;
}

/** The fingerprint of the key that this server signs with. */
export async function fetchFingerprint(): Promise<string | null> {
  const text = await ask('/public-key');
  const found = /"keyid":"([0-9a-f]{64})"/.exec(text ?? '');
  return found?.[1] ?? null;
}

/** The hash that the QR code of a paper leads here with. */
export function hashInAddress(): string | null {
  const hash = location.hash.slice(1).toLowerCase();
  return /^[0-9a-f]{64}$/.test(hash) ? hash : null;
}

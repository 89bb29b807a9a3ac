import { webPlace } from './web-place.ts';

/**
 * Where on a web server: `path#METHOD detail`, detail being the parameter, header or cookie that is meant. The path is
 * the place, so that a claim within a path speaks of all that was found there. What was sent in the query is no part
 * of it: scanners try other values each time.
 */
export function webLocus(address: string, method = '', detail = ''): string {
  const tail = `${method.trim().toUpperCase()} ${detail.trim()}`.trim();
  return tail === '' ? pathOf(address) : `${pathOf(address)}#${tail}`;
}

/** The path of an address or of a path with a query; "/" at least, and without "#", which ends the place. */
function pathOf(address: string): string {
  const text = address.trim();
  const path =
    webPlace(text)?.path ?? text.replace(/^[a-z][a-z+.-]{1,20}:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0];
  const plain = (path ?? '').replaceAll('#', '%23');
  return plain.startsWith('/') ? plain : `/${plain}`;
}

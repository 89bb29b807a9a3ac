/** Numbers from a seed, so that a failing case can be made again (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, `below`. */
  upTo(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  }

  of<T>(list: readonly [T, ...T[]]): T {
    return list[this.upTo(list.length)] ?? list[0];
  }
}

/** What hurts parsers: markup, numbers beyond all bounds, things that are no text. */
const POISON = [
  '\0',
  '<',
  '&x;',
  '&#0;',
  '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
  '<![CDATA[',
  '-->',
  '<a b="',
  '{',
  '[[[[[[[[',
  '}',
  '"',
  '""',
  "'",
  '\\',
  '\\u0000',
  '\\ud800',
  'null',
  'NaN',
  '-1',
  '1e999',
  '99999999999999999999',
  '65536',
  '0',
  'true',
  '[]',
  '{}',
  '__proto__',
  'constructor',
  '2999-01-01T00:00:00Z',
  '0000-00-00',
  ',',
  ';',
  '\n',
  '\r',
  '\u2028',
  '\ufeff',
  '1-65535,99999',
  '../../etc/passwd',
  '%00',
  'pkg:npm/%zz',
  'http://[::1',
  'x'.repeat(5000),
] as const;

type Mutation = (file: Buffer, chance: Chance, other: Buffer) => Buffer;

/** Start and end of a piece of the file, short ones more often than long ones. */
function span(file: Buffer, chance: Chance): [number, number] {
  const at = chance.upTo(file.length + 1);
  const length = chance.upTo(chance.of([4, 40, 400, file.length + 1]));
  return [at, Math.min(file.length, at + length)];
}

const splice = (file: Buffer, from: number, to: number, insert: Uint8Array): Buffer =>
  Buffer.concat([file.subarray(0, from), insert, file.subarray(to)]);

/** The value between two quotes, brackets or separators that follow a random place. */
function value(file: Buffer, chance: Chance): [number, number] {
  const marks = /["'<>,:;=\n[\]{}]/g;
  const text = file.toString('latin1');
  marks.lastIndex = chance.upTo(file.length + 1);
  const from = marks.exec(text)?.index ?? 0;
  const to = marks.exec(text)?.index ?? file.length;
  return [Math.min(from + 1, to), to];
}

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  (file, chance) => file.subarray(0, chance.upTo(file.length)),
  (file, chance) => splice(file, ...span(file, chance), Buffer.alloc(0)),
  (file, chance) => {
    const [from, to] = span(file, chance);
    return splice(file, to, to, file.subarray(from, to));
  },
  (file, chance, other) => splice(file, ...span(file, chance), other.subarray(...span(other, chance))),
  (file, chance) => {
    const at = chance.upTo(file.length);
    return splice(file, at, at + 1, Buffer.from([chance.upTo(256)]));
  },
  (file, chance) => splice(file, ...value(file, chance), Buffer.from(chance.of(POISON))),
  (file, chance) => splice(file, ...value(file, chance), file.subarray(...value(file, chance))),
  (file, chance) =>
    splice(file, ...value(file, chance), Buffer.from(chance.of(POISON).repeat(1 + chance.upTo(20)))),
  (file) => Buffer.from(file.toString('utf8'), 'utf16le'),
];

/** The file after one to four accidents; `other` is a file of the same format from which pieces are taken. */
export function mutate(file: Buffer, other: Buffer, chance: Chance): Buffer {
  let now = file;
  for (let times = 1 + chance.upTo(4); times > 0; times -= 1) now = chance.of(MUTATIONS)(now, chance, other);
  return now;
}

type Key = string | number;

export interface Cut {
  readonly keys: readonly Key[];
  /** Undefined for the first element of an array of which only that matters. */
  readonly text: string | undefined;
  readonly line: number;
}

interface Frame {
  readonly close: '}' | ']';
  /** The key of the member, or the index of the element, that is being read. */
  key: Key;
  /** The elements of this array are cut out; of one that is counted only the first, without its text. */
  readonly cut: boolean;
  readonly counted: boolean;
}

const MAX_DEPTH = 500;
/** Characters of one element, and of everything outside the elements together. */
const MAX_TEXT = 64 * 1024 * 1024;
/** Values in one element, and outside the elements together: each costs JSON.parse more memory than text. */
const MAX_VALUES = 1_000_000;
const MAX_KEY = 300;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Cuts the elements of chosen arrays out of a JSON text that arrives in pieces, by depth, without parsing them.
 * What remains is the shell: the same document with these arrays empty. Grammar is checked by JSON.parse
 * of each element and of the shell; this class has to agree with it on strings, brackets and, within the
 * chosen arrays, commas.
 */
export class JsonCutter {
  damage: { message: string; line: number } | undefined;
  started = false;
  line = 1;
  readonly #patterns: readonly (readonly string[])[];
  readonly #countedPatterns: readonly (readonly string[])[];
  readonly #frames: Frame[] = [];
  #cuts: Cut[] = [];
  #shell = '';
  /** The shell up to here, closed by `#safeClosers`, is well-formed. */
  #safe = 0;
  #safeClosers = '';
  /** The last string of the shell, raw: the key when a colon follows. */
  #word = '';
  #finished = false;
  /** Depth inside the element that is being cut; -1 outside of any. */
  #inner = -1;
  #element = '';
  #elementLine = 1;
  /** Of the element so far: characters and values. */
  #length = 0;
  #values = 0;
  #shellValues = 0;
  /** What the innermost chosen array may go on with: its first element or end, a comma or end, an element. */
  #next: 'first' | 'comma' | 'element' = 'first';
  #inString = false;
  #escaped = false;
  /** The piece at hand; where the scan stands; what was not yet handed on; the next line break to count. */
  #piece = '';
  #at = 0;
  #from = 0;
  #lineBreak = -1;

  /** `paths` and `counted` as in `walkJson`. */
  constructor(paths: readonly string[], counted: readonly string[] = []) {
    const patternOf = (path: string) => (path === '' ? [] : path.split('.'));
    this.#patterns = paths.map(patternOf);
    this.#countedPatterns = counted.map(patternOf);
  }

  take(): Cut[] {
    const cuts = this.#cuts;
    this.#cuts = [];
    return cuts;
  }

  /** The document without the cut elements; while it is not at its end, closed after its last whole member. */
  shell(): string {
    if (this.#finished) return this.#shell;
    return this.#shell.slice(0, this.#safe) + this.#safeClosers;
  }

  write(piece: string): void {
    this.#piece = piece;
    this.#at = this.#from = 0;
    this.#lineBreak = piece.indexOf('\n');
    while (this.#at < piece.length && this.damage === undefined) {
      if (this.#inString) this.#string();
      else if (this.#inner >= 0) this.#insideElement();
      else this.#outside(piece.charCodeAt(this.#at));
    }
    this.#handOn(this.#at);
    this.#countLines(this.#at);
    if (this.#length > MAX_TEXT) this.#fail('one record is longer than 64 million characters');
    if (this.#shell.length > MAX_TEXT)
      this.#fail('more than 64 million characters stand outside of the records');
    if (this.#shellValues > MAX_VALUES) this.#fail(TOO_MANY);
  }

  end(): void {
    if (this.started && !this.#finished) this.#fail('the JSON is cut');
  }

  #fail(message: string): void {
    this.#countLines(this.#at);
    this.damage ??= { message, line: this.line };
  }

  #string(): void {
    const piece = this.#piece;
    let at = this.#at;
    if (this.#escaped) at += 1;
    this.#escaped = false;
    for (; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (code === QUOTE) {
        this.#inString = false;
        at += 1;
        break;
      }
      if (code !== BACKSLASH) continue;
      at += 1;
      this.#escaped = at >= piece.length;
    }
    this.#at = Math.min(at, piece.length);
    if (this.#inner < 0) this.#handOn(this.#at);
  }

  #insideElement(): void {
    const piece = this.#piece;
    for (let at = this.#at; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (code === QUOTE) {
        this.#inString = true;
        this.#at = at + 1;
        return;
      }
      if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
        this.#inner += 1;
        this.#values += 1;
        if (this.#inner > MAX_DEPTH) return this.#fail(TOO_DEEP);
        if (this.#values > MAX_VALUES) return this.#fail(TOO_MANY);
      } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY || code === COMMA) {
        if (this.#inner === 0) return this.#endElement(at);
        if (code === COMMA) this.#values += 1;
        else this.#inner -= 1;
      }
    }
    this.#at = piece.length;
  }

  #startElement(): void {
    if (this.#next === 'comma') return this.#fail('a comma is missing between two records');
    this.#countLines(this.#at);
    this.#elementLine = this.line;
    this.#inner = this.#length = this.#values = 0;
  }

  #endElement(at: number): void {
    this.#at = at;
    this.#handOn(at);
    const frame = this.#frames.at(-1);
    const counted = frame?.counted === true;
    if (!counted || frame.key === 0) {
      const text = counted ? undefined : this.#element;
      this.#cuts.push({ keys: this.#keys(), text, line: this.#elementLine });
    }
    this.#element = '';
    this.#inner = -1;
    this.#next = 'comma';
  }

  /** One character that is neither in a string nor in an element. */
  #outside(code: number): void {
    const frame = this.#frames.at(-1);
    const blank = code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
    if (blank) this.#at += 1;
    else if (frame === undefined && !this.#mayBegin(code)) return;
    else if (frame?.cut === true && code !== CLOSE_ARRAY && code !== CLOSE_OBJECT) {
      if (code !== COMMA) return this.#startElement();
      this.#comma(frame);
    } else this.#structure(code, frame);
    if (frame?.cut === true && code !== CLOSE_ARRAY) this.#from = this.#at;
  }

  #mayBegin(code: number): boolean {
    if (!this.#finished && (code === OPEN_OBJECT || code === OPEN_ARRAY)) return true;
    this.#fail(
      this.#finished ? 'something follows the end of the JSON' : 'the file is no JSON object or array',
    );
    return false;
  }

  #structure(code: number, frame: Frame | undefined): void {
    if (code === COMMA || code === OPEN_OBJECT || code === OPEN_ARRAY) this.#shellValues += 1;
    if (code === QUOTE) {
      this.#handOn(this.#at);
      this.#word = '';
      this.#inString = true;
    } else if (code === COMMA) {
      this.#handOn(this.#at);
      this.#markSafe();
      if (typeof frame?.key === 'number') frame.key += 1;
    } else if (code === COLON && frame?.close === '}') frame.key = this.#key();
    this.#at += 1;
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) this.#open(code === OPEN_ARRAY);
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) this.#close(code === CLOSE_ARRAY ? ']' : '}');
  }

  #open(array: boolean): void {
    this.started = true;
    const counted = array && this.#isAmong(this.#countedPatterns);
    const cut = counted || (array && this.#isAmong(this.#patterns));
    this.#frames.push({ close: array ? ']' : '}', key: array ? 0 : '', cut, counted });
    if (this.#frames.length > MAX_DEPTH) return this.#fail(TOO_DEEP);
    this.#next = 'first';
    this.#handOn(this.#at);
    this.#markSafe();
  }

  #close(close: '}' | ']'): void {
    const frame = this.#frames.pop();
    if (frame?.close !== close) return this.#fail(`"${close}" stands where something else must close`);
    if (frame.cut && this.#next === 'element') return this.#fail('a comma stands before "]"');
    this.#handOn(this.#at);
    this.#finished = this.#frames.length === 0;
    if (!this.#finished) this.#markSafe();
  }

  #comma(frame: Frame): void {
    this.#at += 1;
    if (this.#next !== 'comma') return this.#fail('a comma stands where a record must');
    this.#next = 'element';
    if (typeof frame.key === 'number') frame.key += 1;
  }

  /** Gives the text between `#from` and `to` to the element or the shell that it belongs to. */
  #handOn(to: number): void {
    const from = this.#from;
    this.#from = to;
    if (this.#inner >= 0) {
      this.#length += to - from;
      if (this.#frames.at(-1)?.counted !== true) this.#element += this.#piece.slice(from, to);
      return;
    }
    if (from < to) {
      const text = this.#piece.slice(from, to);
      // A longer slice would keep its whole piece in memory as long as the shell.
      this.#shell += text.length < 13 ? text : Buffer.from(text).toString();
      if (this.#word.length < MAX_KEY) this.#word += text;
    }
  }

  #markSafe(): void {
    this.#safe = this.#shell.length;
    this.#safeClosers = '';
    for (const frame of this.#frames) this.#safeClosers = frame.close + this.#safeClosers;
  }

  #key(): string {
    const word = this.#word.slice(0, this.#word.lastIndexOf('"') + 1);
    try {
      return String(JSON.parse(word));
    } catch {
      return '';
    }
  }

  #keys(): Key[] {
    return this.#frames.map((frame) => frame.key);
  }

  #isAmong(patterns: readonly (readonly string[])[]): boolean {
    if (patterns.length === 0) return false;
    const keys = this.#keys();
    const matches = (pattern: readonly string[]) =>
      pattern.length === keys.length && pattern.every((part, i) => part === '*' || part === String(keys[i]));
    return patterns.some(matches);
  }

  #countLines(to: number): void {
    while (this.#lineBreak >= 0 && this.#lineBreak < to) {
      this.line += 1;
      this.#lineBreak = this.#piece.indexOf('\n', this.#lineBreak + 1);
    }
  }
}

const TOO_MANY = 'one record, or what stands outside of them, has more than a million values';
const TOO_DEEP = `brackets are nested more than ${MAX_DEPTH} deep`;

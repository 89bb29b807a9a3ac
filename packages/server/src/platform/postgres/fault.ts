export type PostgresFaultCode =
  | 'ALREADY_RUNNING'
  | 'OTHER_OWNER'
  | 'OTHER_VERSION'
  | 'UNSUPPORTED_PLATFORM'
  | 'CANNOT_RUN'
  | 'CANNOT_WRITE'
  | 'INIT_FAILED'
  | 'START_FAILED'
  | 'STILL_BUSY'
  | 'CRASHED';

/** The embedded database cannot be used. `message` is for the operator: English, then Chinese on a new line. */
export class PostgresFault extends Error {
  readonly code: PostgresFaultCode;
  constructor(code: PostgresFaultCode, texts: { en: string; zh: string }, cause?: unknown) {
    super(`${texts.en}\n${texts.zh}`, cause === undefined ? undefined : { cause });
    this.name = 'PostgresFault';
    this.code = code;
  }
}

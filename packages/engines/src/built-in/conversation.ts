import type { Socket } from 'node:net';
import type { Target } from './answer.ts';
import { NoAnswer } from './connect.ts';

/** What a parser makes of the bytes so far: it wants at least so many in all, or it is done. */
export type Parsed<T> = { readonly need: number } | { readonly value: T };

/** How a reading ended. `closed`: the server ended the conversation in order (FIN) before the parser was done. */
export type Heard<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'closed'; readonly bytes: Buffer };

/**
 * One TCP conversation with a server that may be hostile: bounded in bytes and in time as a whole, so that neither
 * an endless nor a dripping answer holds a probe. Resets and silence reject with `NoAnswer`.
 */
export class Conversation {
  readonly #socket: Socket;
  readonly #maxBytes: number;
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal;
  readonly #abort = (): void =>
    void this.#fail(new NoAnswer('TIMEOUT', 'the run was stopped', { answered: true }));
  #chunks: Buffer[] = [];
  #length = 0;
  #ended = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(
    socket: Socket,
    { signal, maxBytes, timeoutMs }: { signal: AbortSignal; maxBytes: number; timeoutMs: number },
  ) {
    this.#socket = socket;
    this.#maxBytes = maxBytes;
    this.#signal = signal;
    const late = () =>
      new NoAnswer('TIMEOUT', `no whole answer within ${timeoutMs / 1000} s`, { answered: true });
    this.#timer = setTimeout(() => this.#fail(late()), timeoutMs);
    signal.addEventListener('abort', this.#abort);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#end());
    socket.on('error', (error) => this.#fail(error));
    if (signal.aborted) this.#abort();
  }

  write(bytes: Uint8Array | string): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** Gives all bytes since the beginning to `parse` whenever there are as many as it wanted. */
  async read<T>(parse: (bytes: Buffer) => Parsed<T>): Promise<Heard<T>> {
    let need = 1;
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      if (this.#length >= need) {
        const parsed = parse(this.#whole());
        if ('value' in parsed) return { kind: 'value', value: parsed.value };
        need = Math.max(parsed.need, this.#length + 1);
        if (need > this.#maxBytes) throw tooMuch(this.#maxBytes);
      } else if (this.#ended) {
        return { kind: 'closed', bytes: this.#whole() };
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#abort);
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    // What stands beyond the bound is never looked at; the sender is made to wait until the end of the conversation.
    if (this.#length >= this.#maxBytes) this.#socket.pause();
    this.#wake?.();
  }

  #whole(): Buffer {
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [whole];
    return whole;
  }

  #end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#socket.destroy();
    this.#wake?.();
  }
}

const tooMuch = (limit: number): NoAnswer =>
  new NoAnswer('CHECK_NOT_RUN', `the answer is longer than ${limit} bytes`, { answered: true });

/** Connects, talks, and closes whatever happened. */
export async function converse<T>(
  target: Pick<Target, 'connect' | 'signal' | 'patience'>,
  { port, maxBytes }: { readonly port: number; readonly maxBytes: number },
  talk: (conversation: Conversation) => Promise<T>,
): Promise<T> {
  const { signal, patience } = target;
  const socket = await target.connect(port, { signal, timeoutMs: patience.connectMs });
  const conversation = new Conversation(socket, { signal, maxBytes, timeoutMs: patience.conversationMs });
  try {
    return await talk(conversation);
  } finally {
    conversation.close();
  }
}

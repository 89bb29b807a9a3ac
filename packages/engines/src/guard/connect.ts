import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import type { Rate } from './rate.ts';
import { type Bounds, type Pinned, Refused, refusalOf } from './refusal.ts';

export interface Limits {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** The only ways of our own probes to a target. All reject with `Refused`, or with the system's error and its code. */
export interface Guarded {
  connect(port: number, limits: Limits): Promise<Socket>;
  /** Whoever wants a certificate checked asks for it: by default every one is accepted, for it is what is looked at. */
  connectTls(port: number, limits: Limits & { readonly tls?: ConnectionOptions }): Promise<TLSSocket>;
  /** One datagram there and the first one back. */
  exchange(port: number, message: Uint8Array, limits: Limits): Promise<Buffer>;
}

/**
 * Connections to one pinned address and to nothing else. Each asks the authorization again and waits for its turn.
 * No name is resolved here, so nothing that a resolver answers now can lead elsewhere.
 */
export function guardedConnect(pinned: Pinned, bounds: Bounds, rate: Rate): Guarded {
  const admit = async (port: number, signal: AbortSignal): Promise<void> => {
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Refused('ADDRESS_REFUSED', `port ${port}`);
    await rate.take(signal);
    const why = refusalOf(pinned, bounds);
    if (why !== null) throw new Refused(why, `${pinned.host} (${pinned.address})`);
  };
  const connect: Guarded['connect'] = async (port, { signal, timeoutMs }) => {
    await admit(port, signal);
    const socket = connectSocket({ host: pinned.address, port });
    return await within(socket, 'connect', { signal, timeoutMs });
  };
  return {
    connect,
    async connectTls(port, { tls, ...limits }) {
      const socket = await connect(port, limits);
      const name = pinned.host === pinned.address ? {} : { servername: pinned.host };
      const secure = connectTls({ rejectUnauthorized: false, ...name, ...tls, socket });
      return await within(secure, 'secureConnect', limits).catch((error: unknown) => {
        socket.destroy();
        throw error;
      });
    },
    async exchange(port, message, limits) {
      await admit(port, limits.signal);
      return await oneDatagram({ address: pinned.address, port }, message, limits);
    },
  };
}

/** Waits for the event; a socket that is late or stopped is destroyed. */
async function within<S extends Socket>(socket: S, event: string, limits: Limits): Promise<S> {
  try {
    await once(socket, event, { signal: either(limits) });
    return socket;
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    throw asTimeout(error, limits);
  }
}

async function oneDatagram(
  { address, port }: { readonly address: string; readonly port: number },
  message: Uint8Array,
  limits: Limits,
): Promise<Buffer> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  try {
    const signal = either(limits);
    const connected = once(socket, 'connect', { signal });
    // the kernel then drops what comes from anybody else
    socket.connect(port, address);
    await connected;
    const answer = once(socket, 'message', { signal });
    socket.send(message);
    const [bytes] = await answer;
    return bytes;
  } catch (error) {
    throw asTimeout(error, limits);
  } finally {
    socket.close();
  }
}

function either({ signal, timeoutMs }: Limits): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
}

/** Time that is up reads as the system's own timeout does. */
function asTimeout(error: unknown, { signal, timeoutMs }: Limits): unknown {
  const late = error instanceof Error && error.name === 'AbortError' && !signal.aborted;
  if (!late) return error;
  return Object.assign(new Error(`no answer within ${timeoutMs} ms`, { cause: error }), {
    code: 'ETIMEDOUT',
  });
}

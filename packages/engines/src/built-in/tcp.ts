import { unreachableCount } from '../guard/unreachable-count.ts';
import { found, notKnown, type Place, type Probe, type Target } from './answer.ts';
import { isRefused, NoAnswer } from './connect.ts';

/**
 * Whether a port is open. Only the target's own refusal (RST) is an absence; silence may be a filter before it,
 * and whoever threw that is told by the engine.
 */
export const probeTcp: Probe = async (place, asked, target) => {
  if (place.transport !== 'tcp') return asked.map((one) => notKnown(one, 'only TCP ports can be tried'));
  const open = await isOpen(place, target, unreachableCount);
  return asked.map((one) => found(one, open));
};

/** A message that has nothing to do with us may come in between; not three times in a row. */
const ATTEMPTS = 3;

/** `heard` counts the messages by which a filter refuses in the target's name. */
export async function isOpen(
  { port }: Pick<Place, 'port'>,
  { connect, signal, patience }: Pick<Target, 'connect' | 'signal' | 'patience'>,
  heard: () => Promise<number | null>,
): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await heard();
    try {
      const socket = await connect(port, { signal, timeoutMs: patience.connectMs });
      socket.destroy();
      return true;
    } catch (error) {
      if (!isRefused(error)) throw error;
    }
    if (before !== null && before === (await heard())) return false;
  }
  throw new NoAnswer('BLOCKED', 'the refusal may be that of a filter (ICMP)', { answered: false });
}

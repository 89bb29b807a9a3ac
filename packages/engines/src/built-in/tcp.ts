import { type UnreachableCount, whoRefuses } from '../guard/unreachable-count.ts';
import { found, notKnown, type Place, type Probe, type Target } from './answer.ts';
import { NoAnswer } from './connect.ts';

/**
 * Whether a port is open. Only the target's own refusal (RST) is an absence; silence may be a filter before it,
 * and whoever threw that is told by the engine.
 */
export const probeTcp: Probe = async (place, asked, target) => {
  if (place.transport !== 'tcp') return asked.map((one) => notKnown(one, 'only TCP ports can be tried'));
  const open = await isOpen(place, target);
  return asked.map((one) => found(one, open));
};

/** `heard` counts the messages by which a filter refuses in the target's name. */
export async function isOpen(
  { port }: Pick<Place, 'port'>,
  { connect, signal, patience }: Pick<Target, 'connect' | 'signal' | 'patience'>,
  heard?: UnreachableCount,
): Promise<boolean> {
  const tried = await whoRefuses(() => connect(port, { signal, timeoutMs: patience.connectMs }), heard);
  if (tried === 'target') return false;
  if (tried === 'filter')
    throw new NoAnswer('BLOCKED', 'the refusal may be that of a filter (ICMP)', { answered: false });
  tried.connected.destroy();
  return true;
}

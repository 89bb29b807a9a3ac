import { Resolver } from 'node:dns/promises';
import { checkPrefix, type Question } from '@backcheck/core';
import type { Engine, Order, RunContext, RunResult } from '../engine.ts';
import { guardedConnect } from '../guard/connect.ts';
import { codeOf } from '../guard/error-code.ts';
import { Rate } from '../guard/rate.ts';
import { Refused } from '../guard/refusal.ts';
import { type Asked, notKnown, type Place, type Said, type Target } from './answer.ts';
import { BUILT_IN_CHECKS, PROBES } from './checks.ts';
import { noAnswer, PATIENCE, type Patience } from './connect.ts';
import { BUILT_IN_VERSION, recordsOf } from './records.ts';

/** Backcheck's own probes: they need nothing installed, and write the records of docs/read-records.schema.json. */
export const builtInEngine: Engine = {
  name: 'backcheck',
  find: () => Promise.resolve({ kind: 'found', version: BUILT_IN_VERSION }),
  run: (order, context) => {
    const resolver = new Resolver({ timeout: 3000, tries: 2 });
    return runProbes(order, context, {
      ...guardedConnect(order, context, new Rate(order.rate)),
      resolveTxt: (name) => resolver.resolveTxt(name),
    });
  },
};

/** The ways to the target, which a test may set up by itself. */
export type Ways = Pick<Target, 'connect' | 'exchange' | 'resolveTxt'>;

/** Asks probe after probe, one connection at a time, and writes down what they say. */
export async function runProbes(
  order: Order,
  context: Pick<RunContext, 'signal' | 'clock'>,
  ways: Ways,
  patience: Patience = PATIENCE,
): Promise<RunResult> {
  const { signal, clock } = context;
  const startedAt = clock().toISOString();
  const contact = new Contact(ways);
  const target: Target = { host: order.host, signal, clock, patience, ...contact.ways };
  const answers: (Place & { said: Said })[] = [];
  for (const { place, prefix, asked } of groups(order.questions)) {
    if (signal.aborted || contact.refused !== undefined) break;
    const said = await probed({ place, prefix, asked }, target);
    answers.push(...said.map((one) => ({ ...place, said: one })));
  }
  if (contact.refused !== undefined)
    return { kind: 'no-answer', why: contact.refused.code, detail: contact.refused.message };
  if (signal.aborted)
    return { kind: 'no-answer', why: 'STOPPED', detail: 'the run was stopped before its end' };
  const finishedAt = clock().toISOString();
  const { host, address } = order;
  const text = recordsOf({ host, address, reached: contact.made, startedAt, finishedAt, answers });
  return { kind: 'file', bytes: Buffer.from(text), fileName: 'backcheck.jsonl', startedAt, finishedAt };
}

interface Group {
  readonly place: Place;
  readonly prefix: string;
  readonly asked: readonly Asked[];
}

/** Questions to one probe at one port share its connections where they can. Each is asked once. */
function groups(questions: readonly Question[]): readonly Group[] {
  const byPlace = Map.groupBy(questions, ({ transport, port, check }) =>
    [transport, port, checkPrefix(check)].join(' '),
  );
  return [...byPlace.values()].flatMap((some): Group[] => {
    const [first] = some;
    if (first === undefined) return [];
    const asked = new Map(some.map(({ check, locus }) => [`${check}\u001f${locus}`, { check, locus }]));
    const { transport, port, check } = first;
    return [{ place: { transport, port }, prefix: checkPrefix(check), asked: [...asked.values()] }];
  });
}

/** Whatever goes wrong in a probe is an error at all that it was asked. */
async function probed({ place, prefix, asked }: Group, target: Target): Promise<readonly Said[]> {
  const known = asked.filter(({ check }) => Object.hasOwn(BUILT_IN_CHECKS, check));
  const unknown = asked
    .filter((one) => !known.includes(one))
    .map((one) => notKnown(one, 'there is no such check'));
  const probe = PROBES[prefix]?.probe;
  if (probe === undefined || known.length === 0) return unknown;
  try {
    return [...unknown, ...(await probe(place, known, target))];
  } catch (error) {
    const { message, reason } = noAnswer(error);
    return [...unknown, ...known.map((one) => notKnown(one, message, reason))];
  }
}

/** A refusal or a reset comes from somebody. */
const isAnswer = (error: unknown): boolean => noAnswer(error).answered;

/** Notices whether anything of the target came back, and whether anything was not allowed. */
class Contact {
  made = false;
  /** The authorization ended while we ran: what was learned until then is not the whole. */
  refused: Refused | undefined;
  readonly ways: Ways;

  constructor(ways: Ways) {
    const noting =
      <A extends unknown[], T>(way: (...args: A) => Promise<T>, answers: (error: unknown) => boolean) =>
      async (...args: A): Promise<T> => {
        try {
          const value = await way(...args);
          this.made = true;
          return value;
        } catch (error) {
          if (error instanceof Refused) this.refused ??= error;
          this.made ||= answers(error);
          throw error;
        }
      };
    this.ways = {
      connect: noting(ways.connect, isAnswer),
      exchange: noting(ways.exchange, isAnswer),
      resolveTxt: noting(ways.resolveTxt, (error) => ['ENODATA', 'ENOTFOUND'].includes(codeOf(error))),
    };
  }
}

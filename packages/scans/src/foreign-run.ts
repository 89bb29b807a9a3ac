import type { Fact, Identifier, Instant, ScanRecord } from '@backcheck/core';

/** What the file of one run may speak of. */
export interface RunBounds {
  /** The name of the tool that was to run, as readers write it. */
  readonly tool: string;
  /** Where it was pointed: how the asset is known, and the address that stood for a name. */
  readonly targets: readonly string[];
  /** When it was given out: no run of it began before. */
  readonly notBefore: Instant;
}

/** A file that is not what one run of a tool on one target at one time leaves behind. */
export class ForeignRun extends Error {
  readonly code = 'NOT_OF_RUN';
  constructor(what: string) {
    super(what);
    this.name = 'ForeignRun';
  }
}

/**
 * Passes a scan through and throws `ForeignRun` at the first asset, time or tool that is not of the run: an old clean
 * file would prove what nobody looked at, and one of other machines would close their findings.
 */
export async function* refuseForeignRun(
  facts: AsyncGenerator<Fact[], ScanRecord>,
  { tool, targets, notBefore }: RunBounds,
): AsyncGenerator<Fact[], ScanRecord> {
  const checkTime = (at: Instant | null): void => {
    if (at !== null && at < notBefore) throw new ForeignRun(`it is of ${at}, before the run was given out`);
  };
  await using scan = facts;
  for (;;) {
    const step = await scan.next();
    if (step.done === true) {
      const { startedAt, tool: ran } = step.value;
      checkTime(startedAt);
      if (ran.name !== tool) throw new ForeignRun(`it is of ${ran.name}, and not of ${tool}`);
      return step.value;
    }
    for (const fact of step.value) {
      if (fact.record !== 'asset') continue;
      checkTime(fact.startedAt);
      const [addressed] = fact.identifiers;
      if (!targets.includes(targetOf(addressed)))
        throw new ForeignRun(`it speaks of ${addressed?.value ?? 'nothing'}, which is not the target`);
    }
    yield step.value;
  }
}

function targetOf(addressed: Identifier | undefined): string {
  return addressed?.kind === 'ip' || addressed?.kind === 'fqdn' ? addressed.value : '';
}

import type { ProbeMethod } from '../authorize/authorization.ts';
import type { Need } from '../cover/need.ts';
import type { FindingKey } from '../observe/finding-key.ts';
import type { Identifier } from '../observe/record.ts';
import type { EngineName, RetestObstacle, WayToProve } from './vocabulary.ts';

/** A finding that is to be looked at again, and what an absence must bring to close it. */
export interface ToRetest {
  readonly findingId: string;
  readonly key: FindingKey;
  /** Of its asset; the first one is how the asset is addressed. */
  readonly identifiers: readonly Identifier[];
  readonly need: Pick<Need, 'methods' | 'credential' | 'feedKey' | 'versionKey' | 'vantages'>;
  /** Whether another tool's equivalent check may close it (COVERAGE.md 5.18). */
  readonly crossTool: boolean;
}

/** A tool that some runner has. */
export interface Available {
  readonly engine: EngineName;
  readonly version: string;
  readonly vantage: string;
}

/** What has to be answered about one finding: the check that is run, which may stand in for the finding's own. */
export interface Question {
  readonly findingId: string;
  readonly transport: FindingKey['transport'];
  readonly port: number;
  readonly check: string;
  readonly locus: string;
}

/** One engine on one target from one place: the unit of work of a runner. */
export interface PlannedTask {
  readonly engine: EngineName;
  readonly method: ProbeMethod;
  readonly vantage: string;
  /** How the asset is known: a name or an address. The tool is pointed at this, so that it meets the same asset. */
  readonly host: string;
  readonly questions: readonly Question[];
}

export interface Unprovable {
  readonly findingId: string;
  readonly obstacle: RetestObstacle;
  readonly wouldProve: readonly WayToProve[];
}

/** `scopeOf` (scope.ts) makes it. */
export interface RetestScope {
  readonly tasks: readonly PlannedTask[];
  readonly unprovable: readonly Unprovable[];
}

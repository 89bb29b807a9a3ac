import { methodBit } from '../cover/depth.ts';
import { UNSTEADINESS } from '../cover/need.ts';
import type { FindingKey } from '../observe/finding-key.ts';
import {
  type Checks,
  CREDENTIALS,
  EVIDENCE,
  IDENTIFIER_KINDS,
  type Identifier,
  METHODS,
  type ProfileRef,
  type ScanRecord,
  SEVERITIES,
  TRANSPORTS,
} from '../observe/record.ts';
import { type Link, MAX_BACKENDS } from '../observe/register.ts';
import type { StandIn } from '../problem/equivalence.ts';
import {
  CLOSURE_RULES,
  type ClosedFinding,
  type Closure,
  type ClosureNeed,
  ruleOf,
  type Witness,
  type WitnessClaim,
  type WitnessScan,
  type WitnessVisit,
} from './closure.ts';
import {
  byMember,
  flag,
  instant,
  integer,
  list,
  nullable,
  oneOf,
  optional,
  readShape,
  record,
  type Shape,
  type Shaped,
  sha256,
  some,
  text,
  word,
  yes,
} from './shape.ts';

const identifier = record<Identifier>({ kind: oneOf(IDENTIFIER_KINDS), value: word });

const findingKey = record<FindingKey>({
  asset: word,
  transport: oneOf(TRANSPORTS),
  port: integer(0, 65535),
  check: word,
  locus: text,
});

const finding = record<ClosedFinding>({
  id: word,
  asset: some(identifier),
  key: findingKey,
  title: text,
  severity: oneOf(SEVERITIES),
  cve: list(word),
});

/** No method at all would be a need that anything meets. */
const ALL_METHODS = METHODS.reduce((bits, method) => bits | methodBit(method), 0);

const need = record<ClosureNeed>({
  first: instant,
  last: instant,
  methods: integer(1, ALL_METHODS),
  credential: oneOf(CREDENTIALS),
  feedKey: nullable(text),
  versionKey: nullable(text),
  vantages: some(text),
  strong: list(word),
  samples: optional(integer(2, MAX_BACKENDS)),
  unsteady: optional(some(oneOf(UNSTEADINESS))),
  scan: sha256,
});

const link = record<Link>({
  identity: word,
  target: word,
  from: nullable(instant),
  until: nullable(instant),
});

const PARTIES = ['coordinator', 'runner', 'organization'] as const;

const scan = record<WitnessScan>({
  sha256,
  format: word,
  tool: record<ScanRecord['tool']>({ name: word, version: nullable(text), feed: nullable(text) }),
  startedAt: nullable(instant),
  finishedAt: nullable(instant),
  timeSource: oneOf(['file', 'declared', 'none']),
  declaredBy: nullable(oneOf(PARTIES)),
  submittedBy: oneOf(PARTIES),
  complete: flag,
  vantage: text,
});

const visit = record<WitnessVisit>({
  identifiers: some(identifier),
  strong: list(word),
  reached: flag,
  startedAt: nullable(instant),
  finishedAt: nullable(instant),
  credential: oneOf(CREDENTIALS),
});

const checks: Shape<Checks> = byMember<Checks>({
  ids: record({ ids: list(word) }),
  ranges: record({ ranges: text }),
  all: record({ all: yes }),
});

const claim = record<WitnessClaim>({
  transport: oneOf(TRANSPORTS),
  ports: text,
  checks,
  within: nullable(list(text)),
  method: oneOf(METHODS),
  credential: oneOf(CREDENTIALS),
  evidence: oneOf(EVIDENCE),
  assumptions: list(word),
  explicit: flag,
});

const standIn = record<StandIn>({ check: word, locus: text, equivalence: word });

const profile = record<ProfileRef>({
  name: word,
  version: integer(1, Number.MAX_SAFE_INTEGER),
  sha256,
});

const witness = record<Witness>({
  scan,
  visit,
  claim,
  standIn: optional(standIn),
  profile: optional(profile),
});

const anyClosure = record<Closure>({
  kind: oneOf(['closure']),
  rule: oneOf(CLOSURE_RULES),
  organization: record<Closure['organization']>({ id: word, name: text }),
  finding,
  need,
  links: optional(some(link)),
  witnesses: some(witness),
  at: instant,
});

/** The rule's name must be that of the content: a reader of the first rule must not meet it above what it does not know. */
export const closureShape: Shape<Closure> = (value, place) => {
  const closure = anyClosure(value, place);
  oneOf([ruleOf(closure)])(closure.rule, `${place}.rule`);
  return closure;
};

/** A closure from JSON that was stored or sent; the message names the member that is wrong. */
export function readClosure(value: unknown): Shaped<Closure> {
  return readShape(closureShape, value, 'closure');
}

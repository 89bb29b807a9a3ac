import { methodBit } from '../cover/depth.ts';
import type { FindingKey } from '../observe/finding-key.ts';
import {
  type Checks,
  CREDENTIALS,
  EVIDENCE,
  IDENTIFIER_KINDS,
  type Identifier,
  METHODS,
  type ScanRecord,
  SEVERITIES,
  TRANSPORTS,
} from '../observe/record.ts';
import { type Link, MAX_BACKENDS } from '../observe/register.ts';
import {
  CLOSURE_RULES,
  type ClosedFinding,
  type Closure,
  type ClosureNeed,
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
  wrong,
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

const anyClosure = record<Closure>({
  kind: oneOf(['closure']),
  rule: oneOf(CLOSURE_RULES),
  organization: record<Closure['organization']>({ id: word, name: text }),
  finding,
  need,
  links: optional(some(link)),
  witnesses: some(record<Witness>({ scan, visit, claim })),
  at: instant,
});

/** A reader that knows only the first rule must not meet its name above something that it does not know. */
export const closureShape: Shape<Closure> = (value, place) => {
  const closure = anyClosure(value, place);
  const plain = closure.links === undefined && closure.need.samples === undefined;
  return plain || closure.rule !== CLOSURE_RULES[0]
    ? closure
    : wrong(place, `of the rule ${CLOSURE_RULES[1]}`);
};

/** A closure from JSON that was stored or sent; the message names the member that is wrong. */
export function readClosure(value: unknown): Shaped<Closure> {
  return readShape(closureShape, value, 'closure');
}

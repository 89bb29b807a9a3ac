import type { ProbeMethod } from '../authorize/authorization.ts';
import { deepEnough } from '../cover/depth.ts';
import { compareFeeds, feedKey } from '../cover/feed.ts';
import { identityOf } from '../observe/identity.ts';
import { standInsFor } from '../problem/equivalence.ts';
import { type Ability, ENGINE_FACTS, type EngineFacts, engineOfCheck } from './engine-facts.ts';
import type { Available, PlannedTask, Question, RetestScope, ToRetest, Unprovable } from './plan.ts';
import { RETEST_OBSTACLES, type RetestObstacle } from './vocabulary.ts';
import { AGAINST_OBSTACLE, wouldProve } from './would-prove.ts';

/** What an authorization leaves open, as far as the choice of an engine depends on it. */
export interface Authorized {
  /** New connections a second. */
  readonly rate: number;
  allows(method: ProbeMethod): boolean;
}

const ANYTHING: Authorized = { rate: Number.POSITIVE_INFINITY, allows: () => true };

/** One way to answer for a finding: a check of an engine, pointed at a host. */
interface Route extends Ability {
  readonly finding: ToRetest;
  readonly facts: EngineFacts;
  readonly own: boolean;
  readonly check: string;
  readonly locus: string;
  readonly host: string;
}

/** A route from one place. */
interface Leg extends Route {
  readonly vantage: string;
}

type Found<T> =
  | { readonly kind: 'found'; readonly found: T }
  | { readonly kind: 'none'; readonly obstacle: RetestObstacle };

/**
 * The least set of checks on the least set of targets whose absence would close these findings: the tool that saw
 * it where that can prove it, else an equivalent check of another one where the finding allows that. A finding that
 * cannot be closed from every place from which it was seen is not looked at at all. The order of the lists never matters.
 */
export function scopeOf(
  findings: readonly ToRetest[],
  available: readonly Available[],
  authorized: Authorized = ANYTHING,
): RetestScope {
  const legs: (readonly Leg[])[] = [];
  const unprovable: Unprovable[] = [];
  for (const finding of [...findings].sort(byText(({ findingId }) => findingId))) {
    const found = legsOf(finding, available, authorized);
    if (found.kind === 'found') legs.push(...found.found);
    else unprovable.push(refusal(finding, found.obstacle));
  }
  return { tasks: tasksOf(chosenLegs(legs)), unprovable };
}

function refusal(finding: ToRetest, obstacle: RetestObstacle): Unprovable {
  const ways = obstacle === 'NO_ENGINE' ? wouldProve(finding) : (AGAINST_OBSTACLE[obstacle] ?? []);
  return { findingId: finding.findingId, obstacle, wouldProve: ways };
}

/** For every place of the finding, the legs that could answer from there. */
function legsOf(
  finding: ToRetest,
  available: readonly Available[],
  authorized: Authorized,
): Found<(readonly Leg[])[]> {
  const routes = routesOf(finding);
  if (routes.length === 0) return { kind: 'none', obstacle: 'NO_ENGINE' };
  const { vantages } = finding.need;
  const from = vantages.map((vantage) => legsFrom(vantage, routes, { available, authorized }));
  const missing = from.flatMap((one) => (one.kind === 'none' ? [one.obstacle] : []));
  if (missing.length > 0 || from.length === 0) {
    return { kind: 'none', obstacle: first(missing, RETEST_OBSTACLES) ?? 'NO_RUNNER' };
  }
  return { kind: 'found', found: from.flatMap((one) => (one.kind === 'found' ? [one.found] : [])) };
}

function first<T>(some: readonly T[], order: readonly T[]): T | undefined {
  return order.find((one) => some.includes(one));
}

function routesOf(finding: ToRetest): Route[] {
  const { key, need, crossTool } = finding;
  if (need.credential !== 'none') return [];
  const own = engineOfCheck(key.check);
  // No file of our engines states a feed, so that none could be known to be as new.
  const owned = own === undefined || need.feedKey !== null ? [] : routeBy(own, finding, key);
  const others = crossTool ? standInsFor(key) : [];
  return [
    ...owned,
    ...others.flatMap(({ check, locus }) => {
      const facts = engineOfCheck(check);
      return facts === undefined || facts === own ? [] : routeBy(facts, finding, { check, locus });
    }),
  ];
}

function routeBy(
  facts: EngineFacts,
  finding: ToRetest,
  { check, locus }: { readonly check: string; readonly locus: string },
): Route[] {
  const { key, need } = finding;
  const own = check === key.check;
  const ability = facts.ability({ transport: key.transport, port: key.port, check, locus });
  const host = hostFor(facts, finding, own);
  if (ability === null || host === undefined || !deepEnough(facts.depth, need.methods)) return [];
  return [{ ...ability, finding, facts, own, check, locus, host: ability.calledBy ?? host }];
}

/** Nothing that a tool could take for an option. An IPv6 address may begin with colons. */
const HOST = /^[a-z0-9_:][a-z0-9_.:-]*$/i;

/**
 * What to point the tool at, so that its file speaks of the same asset. A file that names the asset otherwise would
 * answer for another one; only where the tool itself saw the finding, the register must know already who that is.
 */
function hostFor(facts: EngineFacts, { key, identifiers }: ToRetest, own: boolean): string | undefined {
  const hosts = identifiers.filter(
    ({ kind, value }) => (kind === 'ip' || kind === 'fqdn') && HOST.test(value),
  );
  const named = facts.byAddress ? hosts.find(({ kind }) => kind === 'ip') : hosts[0];
  return named !== undefined && (own || identityOf([named]) === key.asset) ? named.value : undefined;
}

interface Means {
  readonly available: readonly Available[];
  readonly authorized: Authorized;
}

/** Obstacles of single legs; the last is the nearest to success, and tells most. */
const NEARNESS = ['NO_RUNNER', 'TOOL_MISSING', 'TOOL_TOO_OLD', 'NOT_AUTHORIZED', 'RATE_TOO_LOW'] as const;

function legsFrom(vantage: string, routes: readonly Route[], means: Means): Found<readonly Leg[]> {
  const tried = routes.map((route) => ({ route, obstacle: obstacleOf(route, vantage, means) }));
  const legs = tried.flatMap(({ route, obstacle }) => (obstacle === null ? [{ ...route, vantage }] : []));
  if (legs.length > 0) return { kind: 'found', found: legs };
  const obstacles = tried.flatMap(({ obstacle }) => obstacle ?? []);
  return { kind: 'none', obstacle: first(obstacles, NEARNESS.toReversed()) ?? 'NO_RUNNER' };
}

function obstacleOf(route: Route, vantage: string, means: Means): (typeof NEARNESS)[number] | null {
  const { available, authorized } = means;
  const here = available.filter((one) => one.vantage === vantage);
  if (here.length === 0) return 'NO_RUNNER';
  const tools = here.filter(({ engine }) => engine === route.facts.engine);
  if (tools.length === 0) return 'TOOL_MISSING';
  if (!tools.some((tool) => recentEnough(tool, route))) return 'TOOL_TOO_OLD';
  if (!authorized.allows(route.method)) return 'NOT_AUTHORIZED';
  return route.slowest > authorized.rate ? 'RATE_TOO_LOW' : null;
}

/** Versions of two tools say nothing about each other. */
function recentEnough({ version }: Available, { own, facts, finding }: Route): boolean {
  const stated = facts.statesVersion ? feedKey(version) : null;
  return !own || compareFeeds(stated, finding.need.versionKey) === 'recent';
}

/**
 * Of several legs the tool's own; else one that asks nothing new; else that of the engine which needs least. What is
 * asked anyway is fixed first, so that the order of findings cannot change the choice.
 */
function chosenLegs(choices: readonly (readonly Leg[])[]): Leg[] {
  const owned = choices.flatMap((legs) => legs.find(({ own }) => own) ?? []);
  const asked = new Set(owned.map(askedText));
  return choices.flatMap((legs) => {
    const mine = legs.find(({ own }) => own) ?? legs.find((leg) => asked.has(askedText(leg)));
    return (
      mine ?? legs.toSorted((a, b) => preference(a) - preference(b) || compare(a.check, b.check))[0] ?? []
    );
  });
}

const preference = ({ facts }: Leg): number => ENGINE_FACTS.indexOf(facts);

const askedText = (leg: Leg): string =>
  [taskText(leg), leg.check, leg.service.port, leg.locus].join('\u001f');

const taskText = ({ vantage, facts, host, method, run }: Leg): string =>
  [vantage, facts.engine, host, method, run].join('\u001f');

function tasksOf(legs: readonly Leg[]): PlannedTask[] {
  return [...Map.groupBy(legs, taskText)].sort(byText(([text]) => text)).flatMap(([, group]) => {
    const [leg] = group;
    if (leg === undefined) return [];
    const { facts, method, vantage, host } = leg;
    const questions = group.map(questionOf).sort(byText(questionText));
    return [{ engine: facts.engine, method, vantage, host, questions }];
  });
}

function questionOf({ finding: { findingId }, service, check, locus }: Leg): Question {
  return { findingId, ...service, check, locus };
}

const questionText = ({ transport, port, check, locus, findingId }: Question): string =>
  [transport, String(port).padStart(5, '0'), check, locus, findingId].join('\u001f');

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function byText<T>(text: (one: T) => string): (a: T, b: T) => number {
  return (a, b) => compare(text(a), text(b));
}

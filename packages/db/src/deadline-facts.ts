import {
  type ChineseGrade,
  type CountedWait,
  type Day,
  type DeadlineFacts,
  type DelayReason,
  findingClassOf,
  gradeOf,
  type Instant,
  type PriorityFacts,
  type State,
  tellingVectors,
} from '@backcheck/core';
import { severityCode } from './codes.ts';
import { type KnownOfCves, knownOfCves, type OfCve, ofCves } from './cve-facts.ts';
import { type Events, eventsOf, type ReplyEvent } from './deadline-events.ts';
import { type Waiver, waiverOf } from './overlays.ts';
import type { Tx } from './pool.ts';
import type { Retested } from './retest-waits.ts';

/** A finding that is not proven gone, with everything that its deadline and its priority depend on. */
export interface FindingFacts {
  readonly findingId: string;
  readonly assetId: string;
  readonly state: Exclude<State, 'verified-fixed'>;
  /** But for the key lists: on which of them it stands is told by the day of the policy. */
  readonly facts: Omit<DeadlineFacts, 'keyLists'>;
  readonly listed: readonly Listed[];
  /** What the priority asks for beyond `facts`. */
  readonly scoring: ScoringFacts;
  /** A retest that somebody asked for may run and has not ended, or a reply waits for a decision. */
  readonly waitsForUs: boolean;
  /** Somebody decided that nothing is due. */
  readonly waiver: Waiver | null;
  /** Times of retests that are no pause. */
  readonly counted: readonly CountedWait[];
}

/** On a key list, from the first of these days to the last; null: without such an end. */
export interface Listed {
  readonly purpose: string;
  readonly from: Day | null;
  readonly to: Day | null;
}

export interface ScoringFacts {
  readonly exploitation: KnownOfCves['exploitation'];
  /** The highest of its CVEs. */
  readonly epss: OfCve | null;
  /** Vectors of its CVEs, from the scanner and the feeds. */
  readonly cvss: readonly string[];
  /** Of the asset or its system, the greater, as registered. */
  readonly importance: PriorityFacts['importance'];
}

/** Whose facts; without `findingIds` those of all findings that are not closed. */
export interface FactsWanted {
  readonly organizationId: number;
  readonly findingIds?: readonly string[];
  readonly now: Instant;
}

/** So many at a time: bounded memory for an organization of any size. */
const BATCH = 2000;

/** A finding of a patch bundle may name hundreds of CVEs; the vectors are kept with each determination. */
const MOST_VECTORS = 20;

/** The greatest first. */
const IMPORTANCE = ['vital', 'important', 'general'] as const;

const PAGE = `
select f.finding_id, f.asset_id, f.state, f.severity, f.first_seen, k.name as check, d.title, d.cve, d.cvss, a.exposure, a.system_id,
  a.fields ->> 'importance' as importance, s.mlps_level, s.criticality,
  coalesce(s.fields -> 'cii' = 'true'::jsonb, false) or coalesce(o.fields -> 'ciiOperator' = 'true'::jsonb, false) as cii
from finding f
join check_definition k on k.check_id = f.check_id
join description d on d.description_id = f.description_id
join asset a on a.organization_id = f.organization_id and a.asset_id = f.asset_id
join organization o on o.organization_id = f.organization_id
left join system s on s.organization_id = a.organization_id and s.system_id = a.system_id
where f.organization_id = $1 and f.state <> 'verified-fixed'`;

interface PageRow {
  readonly finding_id: string;
  readonly asset_id: string;
  readonly state: FindingFacts['state'];
  readonly severity: number;
  readonly first_seen: Date;
  readonly check: string;
  readonly title: string;
  readonly cve: string[];
  readonly cvss: string[];
  readonly importance: string | null;
  readonly exposure: 'yes' | 'no' | 'unknown' | null;
  readonly system_id: number | null;
  readonly mlps_level: number | null;
  readonly criticality: string | null;
  readonly cii: boolean;
}

/** In batches, from one snapshot: what changes meanwhile has said so and is determined after. Inside a transaction. */
export async function* deadlineFacts(tx: Tx, wanted: FactsWanted): AsyncGenerator<FindingFacts[]> {
  const listed = await keyListsOf(tx, wanted);
  const known = new Map<string, KnownOfCves>();
  for await (const page of pages(tx, wanted)) {
    const cves = await knownOfCves(
      tx,
      page.flatMap(({ cve }) => cve),
      known,
    );
    const happened = await eventsOf(tx, page, wanted);
    yield page.map((row) => factsOf(row, { listed: listed(row), cves: ofCves(row.cve, cves), happened }));
  }
}

async function* pages(tx: Tx, { organizationId, findingIds }: FactsWanted): AsyncGenerator<PageRow[]> {
  if (findingIds !== undefined) {
    const { rows } = await tx.query<PageRow>(`${PAGE} and f.finding_id = any ($2::bigint[])`, [
      organizationId,
      findingIds,
    ]);
    if (rows.length > 0) yield rows;
    return;
  }
  // All of it is read: a plan for the first rows would be the wrong one.
  await tx.query('set local cursor_tuple_fraction = 1');
  await tx.query(
    `declare open_findings no scroll cursor for ${PAGE.replace('$1', `${Math.trunc(organizationId)}`)}`,
  );
  try {
    for (;;) {
      const { rows } = await tx.query<PageRow>(`fetch ${BATCH} from open_findings`);
      if (rows.length === 0) break;
      yield rows;
    }
  } finally {
    // Who reads only the first of them may read another organization in the same transaction; a failed one closes it itself.
    await tx.query('close open_findings').catch(() => undefined);
  }
}

/** Key lists that name the asset, its system or its organization and are in force today, wherever that day is counted. */
async function keyListsOf(
  tx: Tx,
  { organizationId, now }: FactsWanted,
): Promise<(row: Pick<PageRow, 'asset_id' | 'system_id'>) => Listed[]> {
  const { rows } = await tx.query<{ member: string; listed: Listed[] }>(
    `select m.member_kind || ' ' || m.member_id as member,
       jsonb_agg(jsonb_build_object('purpose', l.purpose, 'from', l.valid_from, 'to', l.valid_to)) as listed
     from key_list_member m join key_list l using (key_list_id)
     where m.organization_id = $1 and (l.valid_from is null or l.valid_from <= $2::timestamptz::date + 1)
       and (l.valid_to is null or l.valid_to >= $2::timestamptz::date - 1)
     group by 1`,
    [organizationId, now],
  );
  const of = new Map(rows.map(({ member, listed }) => [member, listed]));
  return ({ asset_id, system_id }) => {
    const named = [`asset ${asset_id}`, `system ${system_id ?? 0}`, `organization ${organizationId}`];
    return named.flatMap((member) => of.get(member) ?? []);
  };
}

interface Around {
  readonly listed: Listed[];
  readonly cves: KnownOfCves;
  readonly happened: Events;
}

function factsOf(row: PageRow, { listed, cves, happened }: Around): FindingFacts {
  const id = row.finding_id;
  const returned = happened.starts.get(id);
  const detectedAt = returned ?? row.first_seen.toISOString();
  // What was said in an earlier cycle belongs to that one; in the first cycle everything belongs to it.
  const since = (at: string): boolean => returned === undefined || Date.parse(at) >= Date.parse(detectedAt);
  const notice = happened.notices.get(id)?.find(({ at }) => since(at));
  const retests = happened.retests.get(id) ?? [];
  const replies = (happened.replies.get(id) ?? []).filter(({ made }) => since(made));
  const { kev, automatable, technicalImpact, exploitation, epss } = cves;
  const before = happened.classes.get(id);
  // As it was first called in this cycle: no later name moves a date.
  const isKept = before !== undefined && (returned === undefined || since(before.cycle_start.toISOString()));
  return {
    findingId: id,
    assetId: row.asset_id,
    state: row.state,
    facts: {
      detectedAt,
      notifiedAt: instant(notice?.at),
      acknowledgedAt: instant(notice?.acknowledged),
      grade: gradeGranted(replies) ?? gradeOf(severityCode.decode(row.severity)),
      class: isKept ? before.class : findingClassOf({ check: row.check, title: row.title, cve: row.cve }),
      cve: row.cve,
      kev,
      exposed: row.exposure === 'yes' ? true : row.exposure === 'no' ? false : null,
      automatable,
      technicalImpact,
      level: row.mlps_level,
      criticalInfrastructure: row.cii,
      fixAvailable: hasNoFix(replies) ? false : null,
      pauses: pausesOf(retests, replies, detectedAt),
      extensions: extensionsOf(replies),
    },
    listed,
    scoring: {
      exploitation,
      epss,
      cvss: tellingVectors([...row.cvss, ...cves.cvss], MOST_VECTORS),
      importance: IMPORTANCE.find((one) => one === row.importance || one === row.criticality) ?? null,
    },
    counted: retests
      .flatMap(({ counted }) => counted)
      .filter(({ until }) => until === null || until > detectedAt),
    waiver: waiverOf(happened.overlays.get(id)),
    waitsForUs: retests.some(isOurTurn) || replies.some(waits),
  };
}

const NO_FIX: DelayReason = 'no-patch-yet';

/** No feed says whether a fix exists; that more time was granted because there is none says it for this cycle. */
const hasNoFix = (replies: readonly ReplyEvent[]): boolean =>
  replies.some(({ kind, state, reason }) => kind === 'extension' && state === 'granted' && reason === NO_FIX);

/** PostgreSQL writes an instant in JSON with its offset. */
const instant = (text: string | null | undefined): Instant | null =>
  text == null ? null : new Date(text).toISOString();

/** A retest that may run, whether or not the clock stands still for it. */
const isOurTurn = ({ pauses, counted }: Retested): boolean =>
  pauses.some(({ until }) => until === null) ||
  counted.some(({ until, why }) => until === null && why === 'repeated');

const OPEN = ['made', 'opinion'];
/** A plan is told, not asked for. */
const waits = ({ kind, state }: ReplyEvent): boolean => kind !== 'plan' && OPEN.includes(state);

function pausesOf(
  retests: readonly Retested[],
  replies: readonly ReplyEvent[],
  detectedAt: Instant,
): DeadlineFacts['pauses'] {
  const objections = replies.filter(
    ({ kind, state, decided }) => kind === 'objection' && (decided !== null || OPEN.includes(state)),
  );
  const all = [
    ...retests.flatMap(({ pauses }) => pauses).map((one) => ({ kind: 'retest' as const, ...one })),
    ...objections.map(({ made, decided }) => ({
      kind: 'objection' as const,
      from: new Date(made).toISOString(),
      until: instant(decided),
    })),
  ];
  return all
    .filter(({ until }) => until === null || until > detectedAt)
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}

const granted = (replies: readonly ReplyEvent[]): readonly ReplyEvent[] =>
  replies.filter(({ state }) => state === 'granted');

/** Of the latest objection to the grade that was granted. */
function gradeGranted(replies: readonly ReplyEvent[]): ChineseGrade | null {
  const objections = granted(replies).filter(
    ({ kind, ground }) => kind === 'objection' && ground === 'grade',
  );
  return objections.at(-1)?.grade ?? null;
}

/** Later dates that were asked for, or that an objection to the date led to. */
const extensionsOf = (replies: readonly ReplyEvent[]): DeadlineFacts['extensions'] =>
  granted(replies)
    .filter(({ kind, ground }) => kind === 'extension' || (kind === 'objection' && ground === 'deadline'))
    .flatMap(({ until, made, decided }) => {
      const to = instant(until);
      return to === null ? [] : [{ to, at: new Date(decided ?? made).toISOString() }];
    });

import {
  type CheckSet,
  type Claim,
  type Closure,
  closureOf,
  type Identifier,
  type Instant,
  type Link,
  type Need,
  type ProfileRef,
  type Proof,
  proofOf,
  type StandIn,
  type Unsteadiness,
  type Visit,
  type WitnessScan,
} from '@backcheck/core';
import {
  credentialCode,
  evidenceCode,
  methodCode,
  portsOfMultirange,
  severityCode,
  transportCode,
} from './codes.ts';
import type { Tx } from './pool.ts';
import { linksOf } from './register-rows.ts';

/**
 * The closures that `folded` adds: one row for each witness, those of one finding together and in the order of
 * the proof. Ports and checks are narrowed here already: a plugin set of a thousand ranges is not carried out of
 * the database for one number. Plain columns: built as JSON in the database it took five times as long.
 */
const CLOSURES = `
declare closing no scroll cursor for
select d.finding_id, a.identity, f.transport, f.port, k.name as check, f.locus, t.title, t.severity, t.cve,
  n.first, n.last, n.methods, n.credential as need_credential, n.feed_key, n.version_key, n.vantages, n.strong as need_strong, d.samples, d.unsteady,
  encode(ls.sha256, 'hex') as last_scan, lv.identifiers as last_identifiers,
  w.scan_id, v.reached, v.started_at, v.finished_at, v.credential as visit_credential, v.strong, v.identifiers,
  (select one::text from unnest(c.ports) one where one @> f.port) as ports, c.within, c.method, c.credential, c.evidence, c.assumptions,
  c.explicit, e.kind, e.tool, case when e.kind = 'ranges' then (select one::text from unnest(e.numbers) one
    where one @> coalesce((w.stand_in ->> 'number')::int, k.number)) end as numbers, nullif(w.stand_in, 'null') as stand_in, c.lifted
from folded d
join need n on n.finding_id = d.finding_id
join finding f on f.finding_id = d.finding_id and f.organization_id = $1
join asset a on a.organization_id = f.organization_id and a.asset_id = f.asset_id
join check_definition k on k.check_id = f.check_id
join description t on t.description_id = f.description_id
left join certificate o on o.organization_id = f.organization_id and o.certificate_id = f.certificate_id
join (select distinct on (p.finding_id) p.finding_id, p.scan_id, p.visit_no from folded closed join pos p using (finding_id)
  join scan s on s.organization_id = $1 and s.scan_id = p.scan_id where closed.state = 'verified-fixed'
  order by p.finding_id, p.at desc, s.sha256, p.visit_no) l on l.finding_id = d.finding_id
join scan ls on ls.organization_id = $1 and ls.scan_id = l.scan_id
join visit lv on lv.organization_id = $1 and lv.scan_id = l.scan_id and lv.visit_no = l.visit_no
cross join lateral (select (key ->> 'scanId')::bigint as scan_id, (key ->> 'visitNo')::int as visit_no, (key ->> 'coverageNo')::int as coverage_no,
  key -> 'standIn' as stand_in, ordinality from jsonb_array_elements(d.witnesses) with ordinality as one(key, ordinality)) w
join visit v on v.organization_id = $1 and v.scan_id = w.scan_id and v.visit_no = w.visit_no
join coverage c on c.organization_id = $1 and c.scan_id = w.scan_id and c.coverage_no = w.coverage_no
join check_set e on e.check_set_id = c.check_set_id
where d.state = 'verified-fixed'
  and (o.certificate_id is null or (o.witness_scans, o.at, o.evidence, o.asset_id, o.unsteady) is distinct from (d.witness_scans, d.at, d.evidence::smallint, f.asset_id, d.unsteady))
order by d.finding_id, w.ordinality`;

/** The scans that witness, each once: all closures of an import usually rest on one. */
const SCANS = `
select s.scan_id, encode(s.sha256, 'hex') as sha256, s.format, s.tool, s.tool_version, s.feed, s.started_at, s.finished_at, s.time_source,
  s.declared_by, s.submitted_by, s.vantage, s.complete,
  case when p.name is not null then jsonb_build_object('name', p.name, 'version', p.version, 'sha256', encode(p.sha256, 'hex')) end as profile
from scan s left join scan_profile p on p.scan_profile_id = s.scan_profile_id
where s.organization_id = $1 and s.scan_id in (
  select (key ->> 'scanId')::bigint from folded cross join lateral jsonb_array_elements(witnesses) key where state = 'verified-fixed')`;

interface ScanRow {
  readonly scan_id: string;
  readonly sha256: string;
  readonly format: string;
  readonly tool: string;
  readonly tool_version: string | null;
  readonly feed: string | null;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly time_source: WitnessScan['timeSource'];
  readonly declared_by: WitnessScan['declaredBy'];
  readonly submitted_by: WitnessScan['submittedBy'];
  readonly vantage: string;
  readonly complete: boolean;
  readonly profile: ProfileRef | null;
}

interface WitnessRow {
  readonly finding_id: string;
  readonly identity: string;
  readonly transport: number;
  readonly port: number;
  readonly check: string;
  readonly locus: string;
  readonly title: string;
  readonly severity: number;
  readonly cve: string[];
  readonly first: Date;
  readonly last: Date;
  readonly methods: number;
  readonly need_credential: number;
  readonly feed_key: string | null;
  readonly version_key: string | null;
  readonly vantages: string[];
  readonly need_strong: string[];
  readonly samples: number | null;
  readonly unsteady: readonly Unsteadiness[] | null;
  readonly last_scan: string;
  readonly last_identifiers: readonly Identifier[];
  readonly scan_id: string;
  readonly reached: boolean;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly visit_credential: number;
  readonly strong: readonly string[];
  readonly identifiers: readonly Identifier[];
  readonly ports: string;
  readonly within: string[] | null;
  readonly method: number;
  readonly credential: number;
  readonly evidence: number;
  readonly assumptions: string[];
  readonly explicit: boolean;
  readonly kind: 'ids' | 'ranges' | 'all';
  readonly tool: string;
  readonly numbers: string | null;
  readonly stand_in: StandIn | null;
  /** Covers only by the scan's profile. */
  readonly lifted: boolean;
}

const instant = (time: Date | null): Instant | null => time?.toISOString() ?? null;

function checksOf({ kind, tool, check, numbers, stand_in }: WitnessRow): CheckSet {
  switch (kind) {
    case 'ids':
      return { kind, ids: new Set([stand_in?.check ?? check]) };
    case 'all':
      return { kind, tool };
    case 'ranges':
      return { kind, tool, numbers: portsOfMultirange(numbers ?? '') };
  }
}

function claimOf(row: WitnessRow, profile: ProfileRef | null): Claim {
  const visit: Visit = {
    asset: row.identity,
    identifiers: row.identifiers,
    strong: row.strong,
    reached: row.reached,
    reason: null,
    startedAt: instant(row.started_at),
    finishedAt: instant(row.finished_at),
    credential: credentialCode.decode(row.visit_credential),
    leased: false,
  };
  return {
    visit,
    transport: transportCode.decode(row.transport),
    ports: portsOfMultirange(row.ports),
    checks: checksOf(row),
    within: row.within,
    method: methodCode.decode(row.method),
    credential: credentialCode.decode(row.credential),
    evidence: evidenceCode.decode(row.evidence),
    reason: null,
    assumptions: row.assumptions,
    explicit: row.explicit,
    ...(row.lifted && profile !== null ? { profile } : {}),
  };
}

function scanOf(row: ScanRow): WitnessScan {
  return {
    sha256: row.sha256,
    format: row.format,
    tool: { name: row.tool, version: row.tool_version, feed: row.feed },
    startedAt: instant(row.started_at),
    finishedAt: instant(row.finished_at),
    timeSource: row.time_source,
    declaredBy: row.declared_by,
    submittedBy: row.submitted_by,
    complete: row.complete,
    vantage: row.vantage,
  };
}

function needOf(row: WitnessRow): Need {
  return {
    first: row.first.toISOString(),
    last: row.last.toISOString(),
    methods: row.methods,
    credential: credentialCode.decode(row.need_credential),
    feedKey: row.feed_key,
    versionKey: row.version_key,
    vantages: [...row.vantages].sort(),
    strong: [...row.need_strong].sort(),
    ...(row.samples === null ? {} : { samples: row.samples }),
    ...(row.unsteady === null ? {} : { unsteady: row.unsteady }),
  };
}

function findingOf(row: WitnessRow): Closure['finding'] {
  const { identity: asset, port, check, locus } = row;
  return {
    id: row.finding_id,
    asset: row.last_identifiers,
    key: { asset, transport: transportCode.decode(row.transport), port, check, locus },
    title: row.title,
    severity: severityCode.decode(row.severity),
    cve: row.cve,
  };
}

interface Witnessing {
  readonly scan: WitnessScan;
  readonly profile: ProfileRef | null;
}

function provedBy(
  rows: readonly WitnessRow[],
  organization: Closure['organization'],
  scans: ReadonlyMap<string, Witnessing>,
  links: readonly Link[],
): Proof {
  const [row] = rows;
  if (row === undefined) throw new Error('a closure without witnesses');
  const witnesses = rows.map((one) => {
    const witnessing = scans.get(one.scan_id);
    if (witnessing === undefined) throw new Error(`scan ${one.scan_id} witnesses, but is not there`);
    const { scan, profile } = witnessing;
    return { scan, claim: claimOf(one, profile), standIn: one.stand_in };
  });
  const proof = proofOf(
    closureOf({
      organization,
      finding: findingOf(row),
      need: needOf(row),
      lastSeenIn: row.last_scan,
      witnesses,
      links,
    }),
  );
  if (proof.kind === 'proof') return proof;
  throw new Error(`finding ${row.finding_id} was folded to closed, but its review fails at ${proof.message}`);
}

/**
 * The new closures of `folded`, in batches, each reviewed by core before it may become a leaf. The database
 * judged in bulk; this is where the two must agree.
 * @throws when core refuses a closure: a fault of ours, and the import stops whole.
 */
export async function* closuresToProve(
  tx: Tx,
  organization: Closure['organization'],
): AsyncGenerator<Proof[]> {
  const scanRows = (await tx.query<ScanRow>(SCANS, [organization.id])).rows;
  if (scanRows.length === 0) return;
  const links = await linksOf(tx, Number(organization.id));
  const scans = new Map(scanRows.map((row) => [row.scan_id, { scan: scanOf(row), profile: row.profile }]));
  // All rows will be fetched: planned for the first tenth, each batch took longer than the one before.
  await tx.query('set local cursor_tuple_fraction = 1');
  await tx.query(CLOSURES.replaceAll('$1', `${Number(organization.id)}`));
  const fetch = () => tx.query<WitnessRow>('fetch 1000 from closing');
  let waiting: WitnessRow[] = [];
  // One batch ahead: the database looks for the next while these are proved.
  for (let next = await fetch(); ; ) {
    const { rows } = next;
    const ahead = rows.length === 0 ? null : fetch();
    ahead?.catch(() => undefined);
    const groups = [...Map.groupBy([...waiting, ...rows], (row) => row.finding_id).values()];
    // The last group may go on in the next batch.
    const unfinished = ahead === null ? [] : groups.slice(-1);
    waiting = unfinished.flat();
    const finished = groups.slice(0, groups.length - unfinished.length);
    if (finished.length > 0) yield finished.map((group) => provedBy(group, organization, scans, links));
    if (ahead === null) break;
    next = await ahead;
  }
  await tx.query('close closing');
}

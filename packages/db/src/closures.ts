import {
  type Claim,
  type CheckSet,
  type Closure,
  closureOf,
  type Identifier,
  type Instant,
  type Proof,
  proofOf,
  type Visit,
  type WitnessParts,
} from '@backcheck/core';
import { credentialCode, evidenceCode, methodCode, portsOfMultirange, severityCode, transportCode } from './codes.ts';
import type { Tx } from './pool.ts';

/**
 * The closures that `folded` adds, with their witnesses as JSON. Ports and checks are narrowed here already:
 * a plugin set of a thousand ranges is not carried out of the database for one number.
 */
const CLOSURES = `
declare closing no scroll cursor for
select d.finding_id, a.identity, f.transport, f.port, k.name as check, k.number, f.locus, t.title, t.severity, t.cve,
  d.first, d.last, d.methods, d.credential, d.feed_key, d.version_key, d.vantages, d.strong, last.sha256 as last_scan, last.identifiers,
  (select jsonb_agg(jsonb_build_object(
      'scan', to_jsonb(s.*) || jsonb_build_object('sha256', encode(s.sha256, 'hex')),
      'visit', to_jsonb(v.*),
      'claim', to_jsonb(c.*) - 'ports' || jsonb_build_object(
        'ports', (select one::text from unnest(c.ports) one where one @> f.port),
        'checks', case e.kind when 'ids' then jsonb_build_object('ids', jsonb_build_array(k.name))
          when 'all' then '{"all": true}'
          else jsonb_build_object('ranges', (select one::text from unnest(e.numbers) one where one @> k.number)) end,
        'tool', e.tool)) order by ordinality)
    from jsonb_array_elements(d.witnesses) with ordinality as w(key, ordinality)
    join scan s on s.organization_id = f.organization_id and s.scan_id = (w.key ->> 'scanId')::bigint
    join visit v on v.organization_id = f.organization_id and v.scan_id = s.scan_id and v.visit_no = (w.key ->> 'visitNo')::int
    join coverage c on c.organization_id = f.organization_id and c.scan_id = s.scan_id and c.coverage_no = (w.key ->> 'coverageNo')::int
    join check_set e using (check_set_id)) as witnesses
from folded d
join finding f on f.organization_id = $1 and f.finding_id = d.finding_id
join asset a on a.organization_id = f.organization_id and a.asset_id = f.asset_id
join check_definition k using (check_id)
join description t using (description_id)
left join certificate o on o.organization_id = f.organization_id and o.certificate_id = f.certificate_id
join lateral (select encode(s.sha256, 'hex') as sha256, v.identifiers from pos p
  join scan s on s.organization_id = $1 and s.scan_id = p.scan_id
  join visit v on v.organization_id = $1 and v.scan_id = p.scan_id and v.asset_id = f.asset_id
  where p.finding_id = d.finding_id order by p.at desc, s.sha256, v.visit_no limit 1) last on true
where d.state = 'verified-fixed'
  and (o.certificate_id is null or (o.scan_id, o.at, o.evidence) is distinct from (d.scan_id, d.at, d.evidence::smallint))
order by d.finding_id`;

interface ScanRow {
  readonly sha256: string;
  readonly format: string;
  readonly tool: string;
  readonly tool_version: string | null;
  readonly feed: string | null;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly time_source: WitnessParts['scan']['timeSource'];
  readonly declared_by: WitnessParts['scan']['declaredBy'];
  readonly submitted_by: WitnessParts['scan']['submittedBy'];
  readonly vantage: string;
  readonly complete: boolean;
}

interface VisitRow {
  readonly reached: boolean;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly credential: number;
  readonly strong: readonly string[];
  readonly identifiers: readonly Identifier[];
}

interface ClaimRow {
  readonly transport: number;
  readonly ports: string;
  readonly checks: { readonly ids: string[] } | { readonly all: true } | { readonly ranges: string };
  readonly tool: string;
  readonly within: string[] | null;
  readonly method: number;
  readonly credential: number;
  readonly evidence: number;
  readonly assumptions: string[];
  readonly explicit: boolean;
}

interface ClosureRow {
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
  readonly credential: number;
  readonly feed_key: string | null;
  readonly version_key: string | null;
  readonly vantages: string[];
  readonly strong: string[];
  readonly last_scan: string;
  readonly identifiers: readonly Identifier[];
  readonly witnesses: readonly { readonly scan: ScanRow; readonly visit: VisitRow; readonly claim: ClaimRow }[];
}

const instant = (time: string | Date | null): Instant | null => (time === null ? null : new Date(time).toISOString());

function checksOf({ checks, tool }: ClaimRow): CheckSet {
  if ('ids' in checks) return { kind: 'ids', ids: new Set(checks.ids) };
  if ('all' in checks) return { kind: 'all', tool };
  return { kind: 'ranges', tool, numbers: portsOfMultirange(checks.ranges) };
}

function claimOf(row: ClaimRow, visit: Visit): Claim {
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
  };
}

function witnessOf({ scan, visit, claim }: ClosureRow['witnesses'][number], asset: string): WitnessParts {
  const seen: Visit = {
    asset,
    identifiers: visit.identifiers,
    strong: visit.strong,
    reached: visit.reached,
    reason: null,
    startedAt: instant(visit.started_at),
    finishedAt: instant(visit.finished_at),
    credential: credentialCode.decode(visit.credential),
  };
  return {
    claim: claimOf(claim, seen),
    scan: {
      sha256: scan.sha256,
      format: scan.format,
      tool: { name: scan.tool, version: scan.tool_version, feed: scan.feed },
      startedAt: instant(scan.started_at),
      finishedAt: instant(scan.finished_at),
      timeSource: scan.time_source,
      declaredBy: scan.declared_by,
      submittedBy: scan.submitted_by,
      complete: scan.complete,
      vantage: scan.vantage,
    },
  };
}

function closureFrom(row: ClosureRow, organization: Closure['organization']): Closure {
  return closureOf({
    organization,
    finding: {
      id: row.finding_id,
      asset: row.identifiers,
      key: {
        asset: row.identity,
        transport: transportCode.decode(row.transport),
        port: row.port,
        check: row.check,
        locus: row.locus,
      },
      title: row.title,
      severity: severityCode.decode(row.severity),
      cve: row.cve,
    },
    need: {
      first: row.first.toISOString(),
      last: row.last.toISOString(),
      methods: row.methods,
      credential: credentialCode.decode(row.credential),
      feedKey: row.feed_key,
      versionKey: row.version_key,
      vantages: [...row.vantages].sort(),
      strong: [...row.strong].sort(),
    },
    lastSeenIn: row.last_scan,
    witnesses: row.witnesses.map((one) => witnessOf(one, row.identity)),
  });
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
  await tx.query(CLOSURES.replaceAll('$1', `${Number(organization.id)}`));
  for (;;) {
    const { rows } = await tx.query<ClosureRow>('fetch 5000 from closing');
    if (rows.length === 0) break;
    yield rows.map((row) => {
      const proof = proofOf(closureFrom(row, organization));
      if (proof.kind === 'proof') return proof;
      throw new Error(`finding ${row.finding_id} was folded to closed, but its review fails at ${proof.message}`);
    });
  }
  await tx.query('close closing');
}

import { ANCHOR_KINDS, type Instant, STEPS, STRONG_KINDS } from '@backcheck/core';
import type { Tx } from './pool.ts';
import { slot } from './refold.ts';

const among = (kinds: readonly string[]): string => `in (${kinds.map((kind) => `'${kind}'`).join(', ')})`;

const isStrong = (kind: string): string => `${kind} ${among(STRONG_KINDS)}`;

/** An identifier on more assets names no machine: cloned host keys, the hardware address of a router. */
const MAX_SHARED = 8;

/** Addresses that move from machine to machine are expected to be shared. */
const inDhcpRange = (kind: string, value: string): string => `
  ${kind} = 'ip' and exists (select from address_range r where r.organization_id = $1
    and case when pg_input_is_valid(${value}, 'inet') then (${value})::inet <<= r.cidr else false end)`;

const balanced = (identity: string): string =>
  `exists (select from balanced_asset b where b.organization_id = $1 and b.identity = ${identity})`;

/** Identifiers of which this transaction brought a new holder, and that several assets have. */
const SHARED = `
create temp table shared_identifier on commit drop as
select i.kind, i.value from asset_identifier i
where i.organization_id = $1 and (i.kind, i.value) in (select kind, value from fresh_identifier)
  and i.kind ${among([...STRONG_KINDS, 'ip', 'fqdn'])}
group by i.kind, i.value having count(*) between 2 and ${MAX_SHARED}`;

/** Both have strong identifiers of one kind, and none in common: two machines. */
const CONFLICT = `
  select from asset_identifier x join asset_identifier y on y.organization_id = x.organization_id and y.asset_id = p.other_asset_id
    and ${slot(`(x.kind || ':' || x.value)`)} = ${slot(`(y.kind || ':' || y.value)`)}
  where x.organization_id = $1 and x.asset_id = p.asset_id and ${isStrong('x.kind')}
  group by ${slot(`(x.kind || ':' || x.value)`)} having not bool_or(x.value = y.value)`;

const anchored = (identity: string): string => `split_part(${identity}, ':', 1) ${among(ANCHOR_KINDS)}`;
const byName = (identity: string): string => `split_part(${identity}, ':', 1) in ('fqdn', 'url')`;

/**
 * Two assets with one identifier. Different machines: `same-address`. Else perhaps one (`maybe-same`): they share a
 * strong identifier, unless both are names of virtual hosts; or the one is named by an address or name that the
 * other, known by something stronger, had too.
 */
const RAISE_SHARED = `
insert into identity_task (organization_id, kind, asset_id, other_asset_id, identifier_kind, identifier_value, raised_at)
select distinct on (p.asset_id, p.other_asset_id) $1::int, case when p.conflict then 'same-address' else 'maybe-same' end,
  p.asset_id, p.other_asset_id, p.kind, p.value, $2::timestamptz
from (
  select p.*, a.identity, o.identity as other_identity, exists (${CONFLICT}) as conflict
  from (
    select x.asset_id, y.asset_id as other_asset_id, x.kind, x.value from shared_identifier s
    join asset_identifier x on x.organization_id = $1 and x.kind = s.kind and x.value = s.value
    join asset_identifier y on y.organization_id = $1 and y.kind = s.kind and y.value = s.value and y.asset_id > x.asset_id
    where not (${inDhcpRange('s.kind', 's.value')}) and not ${balanced(`(s.kind || ':' || s.value)`)}) p
  join asset a on a.organization_id = $1 and a.asset_id = p.asset_id
  join asset o on o.organization_id = $1 and o.asset_id = p.other_asset_id) p
where not ${balanced('p.identity')} and not ${balanced('p.other_identity')}
  and not exists (select from asset_link l where l.organization_id = $1 and l.withdrawn_at is null
    and (l.identity, l.target) in ((p.identity, p.other_identity), (p.other_identity, p.identity)))
  and case when p.conflict then true
    when ${isStrong('p.kind')} then not (${byName('p.identity')} and ${byName('p.other_identity')})
    else (${anchored('p.identity')} or ${anchored('p.other_identity')}) and (
      p.kind || ':' || p.value in (p.identity, p.other_identity) or ${anchored('p.identity')} and ${anchored('p.other_identity')}) end
order by p.asset_id, p.other_asset_id, ${isStrong('p.kind')} desc, p.kind, p.value
on conflict do nothing`;

/** Asks about the holders of what is in `fresh_identifier`. A pair that was asked about before is not asked again. */
export async function raiseSharedIdentifiers(tx: Tx, organizationId: number, at: Instant): Promise<void> {
  const shared = await tx.query(SHARED, [organizationId]);
  if (shared.rowCount === 0) return;
  await tx.query('analyze shared_identifier');
  await tx.query(RAISE_SHARED, [organizationId, at]);
}

/** A visit could not speak for a finding because another machine answered; named by what that machine showed. */
const RAISE_REFUSED = `
insert into identity_task (organization_id, kind, asset_id, identifier_kind, identifier_value, raised_at)
select distinct $1::int, 'same-address', asset_id, split_part(shown, ':', 1), substr(shown, strpos(shown, ':') + 1), $2::timestamptz
from (
  select n.asset_id, a.identity, (select coalesce(min(one) filter (where one <> all (n.strong)), min(one))
      from unnest(v.strong) one where exists (select from unnest(n.strong) known where ${slot('known')} = ${slot('one')})) as shown
  from answer r join need n using (finding_id)
  join visit v on v.organization_id = $1 and v.scan_id = r.scan_id and v.visit_no = r.visit_no
  join asset a on a.organization_id = $1 and a.asset_id = n.asset_id
  where r.step = ${STEPS.indexOf('identified')}) one
where shown is not null and octet_length(shown) <= 1000 and not ${balanced('identity')}
  and not (${inDhcpRange(`split_part(identity, ':', 1)`, `substr(identity, 4)`)})
on conflict do nothing`;

/** Asks about visits that the last fold refused with IDENTITY_CONFLICT, as far as it folded (`answer`). */
export async function raiseRefusedVisits(tx: Tx, organizationId: number, at: Instant): Promise<void> {
  await tx.query(RAISE_REFUSED, [organizationId, at]);
}

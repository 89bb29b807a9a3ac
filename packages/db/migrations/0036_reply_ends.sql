-- Ends and limits of replies where their findings are another organization's, or another finding's, by now: docs/replies.md.

-- Takes off what a reply laid over its findings. They may have been handed over to an organization that its own does not
-- see, and took along what lay over them. Nothing is given, and nothing happens but what the ended reply itself says: it was
-- judged before under the caller's scope. The row is what happened; the end of the other one is what ends it, so that what
-- else was decided about the finding holds on.
create function lift_overlay(of_organization integer, of_reply bigint) returns void
language sql security definer set search_path = public as $$
  with one as (
    select reply_id, ended_at, coalesce(account_name(ended_by), '') as ended_by, ended_because from reply
    where organization_id = of_organization and reply_id = of_reply and state in ('withdrawn', 'revoked')),
  ended as (
    update decision d set expires_at = one.ended_at from one
    where d.reply_id = one.reply_id and d.kind <> 'revoked' and coalesce(d.expires_at, 'infinity') > one.ended_at
    returning d.organization_id, d.finding_id)
  insert into decision (organization_id, finding_id, kind, decided_at, decided_by, note, expires_at, reply_id)
  select distinct ended.organization_id, ended.finding_id, 'revoked', one.ended_at, one.ended_by, one.ended_because, one.ended_at, one.reply_id
  from ended cross join one
$$;
revoke all on function lift_overlay from public;
grant execute on function lift_overlay to backcheck_app, backcheck_wide;

-- Also what was answered to findings that were merged into these.
create or replace function reply_standing(of_organization integer, of_findings bigint[])
returns table (finding_id bigint, pending text[], grounds text[], extensions integer, interim text)
language sql stable security definer set search_path = public as $$
  select f.id,
    coalesce(array_agg(distinct r.kind) filter (where r.state in ('drafted', 'made', 'opinion')), '{}'),
    coalesce(array_agg(distinct r.terms ->> 'ground') filter (where r.kind = 'objection' and r.state in ('granted', 'refused')), '{}'),
    (count(distinct r.reply_id) filter (where r.kind = 'extension' and r.state = 'granted'))::integer,
    case when bool_or(r.kind = 'interim' and r.state = 'verified') then 'verified'
      when bool_or(r.kind = 'interim' and r.state = 'made') then 'made' end
  from unnest(of_findings) f (id)
  left join lateral (
    select d.cycle_start from finding_determination d where d.organization_id = of_organization and d.finding_id = f.id
    order by d.determination_no desc limit 1) c on true
  cross join lateral (
    select f.id as named union all select a.finding_id from absorbed_finding a
    where a.organization_id = of_organization and a.into_finding_id = f.id) also
  left join reply_finding p on p.organization_id = of_organization and p.finding_id = also.named
  left join reply r on r.organization_id = p.organization_id and r.reply_id = p.reply_id
    and r.made_at >= coalesce(c.cycle_start, '-infinity')
  group by f.id
$$;

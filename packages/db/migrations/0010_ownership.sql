-- Whose is it: claims of ranges and domains, the queue of assets whose owner is in question, hand-overs.
-- docs/decisions/0012-hand-over.md.

-- What an organization says is its own. Rows are added and withdrawn, never changed or deleted.
create table ownership_claim (
  organization_id integer not null references organization,
  ownership_claim_id bigint generated always as identity unique,
  kind text not null check (kind in ('range', 'domain')),
  -- "192.0.2.0/24", "2001:db8::/32", or "example.org" for that name and all below it, in lower case and Punycode
  value text collate "C" not null,
  range cidr generated always as (case kind when 'range' then value::cidr end) stored,
  -- Addresses that everybody uses inside: they tell of no other organization, and overlap nobody's.
  inside boolean not null generated always as (coalesce(kind = 'range' and value::cidr <<= any (
    '{10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,169.254.0.0/16,127.0.0.0/8,fc00::/7,fe80::/10}'::inet[]), false)) stored,
  valid_from date not null default current_date,
  valid_until date check (valid_until >= valid_from),
  note text not null,
  claimed_at timestamptz not null,
  claimed_by text not null,
  withdrawn_at timestamptz,
  withdrawn_by text,
  primary key (organization_id, ownership_claim_id),
  check ((withdrawn_at is null) = (withdrawn_by is null))
);
create unique index ownership_claim_once on ownership_claim (organization_id, value) where withdrawn_at is null;
create index ownership_claim_of_domain on ownership_claim (value) where withdrawn_at is null and kind = 'domain';
create index ownership_claim_of_range on ownership_claim using spgist (range inet_ops) where withdrawn_at is null and kind = 'range';
create index ownership_claim_below on ownership_claim (reverse(value)) where withdrawn_at is null and kind = 'domain';
select protect('ownership_claim');
grant select, insert, update (withdrawn_at, withdrawn_by) on ownership_claim to backcheck_app;

-- Claims of two organizations that speak of the same, each seen from both. Whoever sees the one learns that there is
-- another, and reads it only as a claim of an organization that it sees.
create table ownership_overlap (
  organization_id integer not null references organization,
  ownership_claim_id bigint not null,
  other_organization_id integer not null,
  other_claim_id bigint not null,
  primary key (organization_id, ownership_claim_id, other_claim_id)
);
create index ownership_overlap_of_other on ownership_overlap (other_claim_id);
select protect('ownership_overlap');
grant select on ownership_overlap to backcheck_app;

create function overlaps_found(asked bigint[]) returns void
language sql security definer set search_path = public begin atomic
  with found as (
    select one.organization_id as a_organization, one.ownership_claim_id as a, c.organization_id as b_organization, c.ownership_claim_id as b
    from unnest(asked) as u(id) join ownership_claim one on one.ownership_claim_id = u.id and not one.inside
    cross join lateral (
      select * from ownership_claim c where one.kind = 'range' and c.kind = 'range' and c.withdrawn_at is null and not c.inside and c.range && one.range
      union
      select * from ownership_claim c where one.kind = 'domain' and c.kind = 'domain' and c.withdrawn_at is null and c.value in (
        select array_to_string((string_to_array(one.value, '.'))[n:], '.') from generate_series(1, cardinality(string_to_array(one.value, '.'))) n)
      union
      -- '/' is the character behind '.'
      select * from ownership_claim c where one.kind = 'domain' and c.kind = 'domain' and c.withdrawn_at is null
        and reverse(c.value) > reverse(one.value) || '.' and reverse(c.value) < reverse(one.value) || '/') c
    where c.organization_id <> one.organization_id
      and daterange(c.valid_from, c.valid_until, '[]') && daterange(one.valid_from, one.valid_until, '[]'))
  insert into ownership_overlap (organization_id, ownership_claim_id, other_organization_id, other_claim_id)
    select a_organization, a, b_organization, b from found union select b_organization, b, a_organization, a from found
    on conflict do nothing;
end;
revoke all on function overlaps_found from public;

-- "Not ours."
create table ownership_dispute (
  organization_id integer not null references organization,
  ownership_dispute_id bigint generated always as identity,
  asset_id bigint not null,
  disputed_at timestamptz not null,
  disputed_by text not null,
  reason text not null,
  -- what register_state was before, for "ours after all"
  state_before text,
  ended_at timestamptz,
  ended_by text,
  ended_as text check (ended_as in ('ours', 'handed-over')),
  note text,
  primary key (organization_id, ownership_dispute_id),
  check ((ended_at is null) = (ended_as is null) and (ended_at is null) = (ended_by is null))
);
create unique index ownership_dispute_open on ownership_dispute (organization_id, asset_id) where ended_at is null;
select protect('ownership_dispute', 'asset');
grant select, insert, update on ownership_dispute to backcheck_app;

-- A form or a sheet may say the same by the state of the asset: then that is the word.
create function dispute_follows() returns trigger
language plpgsql security definer set search_path = public as $$
declare speaker text := coalesce(account_name(nullif(current_setting('app.account', true), '')::integer), '');
begin
  if tg_op = 'UPDATE' then
    update ownership_dispute d set ended_at = now(), ended_by = speaker, ended_as = 'ours'
    from after_it n join before_it b using (organization_id, asset_id)
    where b.register_state = 'disputed' and n.register_state is distinct from 'disputed'
      and d.organization_id = n.organization_id and d.asset_id = n.asset_id and d.ended_at is null;
    insert into ownership_dispute (organization_id, asset_id, disputed_at, disputed_by, reason, state_before)
      select n.organization_id, n.asset_id, now(), speaker, '', b.register_state from after_it n join before_it b using (organization_id, asset_id)
      where n.register_state = 'disputed' and b.register_state is distinct from 'disputed'
      on conflict (organization_id, asset_id) where ended_at is null do nothing;
  else
    insert into ownership_dispute (organization_id, asset_id, disputed_at, disputed_by, reason, state_before)
      select organization_id, asset_id, now(), speaker, '', 'candidate' from after_it where register_state = 'disputed';
  end if;
  return null;
end $$;
create trigger dispute_follows_insert after insert on asset referencing new table as after_it for each statement execute function dispute_follows();
create trigger dispute_follows_update after update on asset referencing old table as before_it new table as after_it for each statement execute function dispute_follows();

-- Both sides see that it happened; whom it went to or came from by name only as they see that organization.
create table asset_hand_over (
  -- who gave it
  organization_id integer not null references organization,
  asset_hand_over_id bigint generated always as identity unique,
  asset_id bigint not null,
  to_organization_id integer not null references organization check (to_organization_id <> organization_id),
  -- another one where the receiver had an asset of this identity
  into_asset_id bigint not null,
  identity text not null,
  at timestamptz not null,
  by text not null,
  note text not null,
  primary key (organization_id, asset_hand_over_id)
);
create index asset_hand_over_of_asset on asset_hand_over (asset_id);
create index asset_hand_over_into on asset_hand_over (into_asset_id);
create index asset_hand_over_received on asset_hand_over (to_organization_id);
alter table asset_hand_over enable row level security;
create policy visible on asset_hand_over to backcheck_app using (
  organization_id in (select organization_id from visible_organization)
  or to_organization_id in (select organization_id from visible_organization)
  or into_asset_id in (select asset_id from visible_asset))
  with check (organization_id in (select organization_id from visible_organization)
    and to_organization_id in (select organization_id from visible_organization));
create policy everything on asset_hand_over to backcheck_wide using (true) with check (true);
grant select, insert on asset_hand_over to backcheck_app;

-- Brought by a hand-over: not all that the file says, and so not imported yet (store-scan.ts).
alter table scan add column handed_over boolean not null default false;
create index scan_by_profile on scan (scan_profile_id) where scan_profile_id is not null;
-- Whoever sees a scan sees the profile that its proofs rest on.
drop policy visible on scan_profile;
create policy visible on scan_profile to backcheck_app using (
  organization_id is null or organization_id in (select organization_id from visible_organization)
  or exists (select from scan s where s.scan_profile_id = scan_profile.scan_profile_id))
  with check (organization_id in (select organization_id from visible_organization));

-- A hand-over changes the organization of an asset and of all that hangs on it, one table after the other.
alter table visit alter constraint visit_organization_id_asset_id_fkey deferrable;
alter table coverage alter constraint coverage_organization_id_scan_id_visit_no_fkey deferrable;
alter table sighting alter constraint sighting_organization_id_scan_id_visit_no_fkey deferrable;

-- The queue ---------------------------------------------------------------------------------------------------------

-- Assets whose owner is in question. Asked anew for 200,000 assets it took 16 s, so triggers keep it; what dates change
-- (a claim begins or ends) is kept by refresh_all_ownership.
create table ownership_queue (
  organization_id integer not null references organization,
  asset_id bigint not null,
  reason text not null check (reason in ('unclaimed', 'disputed', 'claimed-elsewhere')),
  since timestamptz not null,
  -- by the most specific claim of another organization; null: none, or several that are equally specific
  guessed_organization_id integer references organization,
  primary key (organization_id, asset_id)
);
create index ownership_queue_by_age on ownership_queue (since, asset_id);
create index ownership_queue_of_reason on ownership_queue (reason, since, asset_id);
create index ownership_queue_of_organization on ownership_queue (organization_id, since, asset_id);
create index ownership_queue_of_guess on ownership_queue (guessed_organization_id, since, asset_id);
create index ownership_queue_of_asset on ownership_queue (asset_id);
select protect('ownership_queue', 'asset');
grant select on ownership_queue to backcheck_app;

-- The host of a URL, without its brackets, port and account (RFC 3986 section 3.2).
create function url_host(url text) returns text language sql immutable parallel safe
  return lower(trim(both '[]' from substring(url from '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(\[[^\]/]*\]|[^/:?#]*)')));

-- What an identifier says of the place: an address or a name, as text.
create function identifier_place(kind text, value text) returns text language sql immutable parallel safe
  return case kind when 'url' then url_host(value) when 'fqdn' then rtrim(lower(value), '.') else value end;

-- Not in SQL: with a constant for `place` the planner would try the cast before the question whether it can succeed.
create function address_or_null(place text) returns inet language plpgsql stable parallel safe as $$
begin
  if pg_input_is_valid(place, 'inet') then return host(place::inet)::inet; end if;
  return null;
end $$;

-- Where these assets are now: by the identifiers of each kind that were seen last, or as registered where none was seen.
create function asset_places(asked bigint[]) returns table (organization_id integer, asset_id bigint, place text)
language sql stable set search_path = public begin atomic
  select distinct one.organization_id, one.asset_id, identifier_place(one.kind, one.value)
  from (
    select i.organization_id, i.asset_id, i.kind, i.value,
      i.last_seen = max(i.last_seen) over (partition by i.organization_id, i.asset_id, i.kind) as current
    from unnest(asked) as u(id) join asset a on a.asset_id = u.id
    join asset_identifier i on i.organization_id = a.organization_id and i.asset_id = a.asset_id
    where i.kind in ('ip', 'fqdn', 'url')
    union all
    select a.organization_id, a.asset_id, i.kind, i.value, true
    from unnest(asked) as u(id) join asset a on a.asset_id = u.id and a.register_state is not null
    cross join lateral jsonb_to_recordset(a.identifiers) as i(kind text, value text)
    where i.kind in ('ip', 'fqdn', 'url')
      and not exists (select from asset_identifier s where s.organization_id = a.organization_id and s.asset_id = a.asset_id)) one
  where one.current;
end;

-- Which claims in force speak of these assets. `width` orders them: a name before a range, a longer one before a shorter one.
create function asset_claims(asked bigint[]) returns table (organization_id integer, asset_id bigint, claimed_by integer, inside boolean, width integer)
language sql stable set search_path = public begin atomic
  select one.organization_id, one.asset_id, c.organization_id, c.inside, c.width
  from (select p.*, address_or_null(p.place) as address from asset_places(asked) p) one
  cross join lateral (
    select c.organization_id, c.inside, c.valid_from, c.valid_until,
      case family(c.range) when 4 then 32 else 128 end - masklen(c.range) as width
    from ownership_claim c
    where c.withdrawn_at is null and c.kind = 'range' and c.range >>= one.address
    union all
    select c.organization_id, c.inside, c.valid_from, c.valid_until, - length(c.value)
    from (select string_to_array(one.place, '.') as labels) l
    cross join generate_series(greatest(1, cardinality(l.labels) - 19), cardinality(l.labels)) n
    join ownership_claim c on c.withdrawn_at is null and c.kind = 'domain' and c.value = array_to_string(l.labels[n:], '.')
    where one.address is null) c
  where c.valid_from <= current_date and (c.valid_until is null or c.valid_until >= current_date);
end;

-- The organization whose claims of these assets are the most specific. Of several that claim the same the one that all
-- others stand above; null where there is none.
create function guess_owners(asked bigint[]) returns table (organization_id integer, asset_id bigint, claimed_here boolean, claimed_by_others boolean, guessed integer)
language sql stable set search_path = public begin atomic
  with claim as (
    select c.*, c.claimed_by = c.organization_id as own,
      rank() over (partition by c.organization_id, c.asset_id, c.claimed_by = c.organization_id or c.inside order by c.width) as place
    from asset_claims(asked) c),
  summary as (
    select c.organization_id, c.asset_id, bool_or(c.own) as claimed_here,
      array_agg(distinct c.claimed_by) filter (where not c.own and not c.inside) as others,
      array_agg(distinct c.claimed_by) filter (where not c.own and not c.inside and c.place = 1) as best
    from claim c group by c.organization_id, c.asset_id)
  select s.organization_id, s.asset_id, s.claimed_here,
    -- who stands above claims for those below
    exists (select from unnest(s.others) as o(id) where not exists (select from organization_ancestor a where a.organization_id = s.organization_id and a.ancestor_id = o.id)),
    case when cardinality(s.best) = 1 then s.best[1] else (
      select b.id from unnest(s.best) as b(id)
      where (select count(*) from organization_ancestor a where a.organization_id = b.id and a.ancestor_id = any (s.best)) = cardinality(s.best)) end
  from summary s;
end;

-- Puts these assets into the queue and takes them out of it. The age of what stays for the same reason stays.
create function refresh_ownership(asked bigint[]) returns void
language plpgsql security definer set search_path = public as $$
begin
  if cardinality(asked) = 0 then return; end if;
  with wanted as (
    select a.organization_id, a.asset_id, g.guessed, coalesce(d.disputed_at, now()) as since,
      case when a.register_state = 'disputed' then 'disputed' when o.collecting then 'unclaimed' else 'claimed-elsewhere' end as reason
    from unnest(asked) as u(id) join asset a on a.asset_id = u.id
    join organization o on o.organization_id = a.organization_id
    left join guess_owners(asked) g on g.organization_id = a.organization_id and g.asset_id = a.asset_id
    left join ownership_dispute d on d.organization_id = a.organization_id and d.asset_id = a.asset_id and d.ended_at is null
    where (a.register_state = 'disputed' or not coalesce(g.claimed_here, false) and (o.collecting or g.claimed_by_others))
      -- what no scan reached and nobody registered may not even be there
      and (a.register_state is not null or exists (select from asset_identifier i where i.organization_id = a.organization_id and i.asset_id = a.asset_id))),
  gone as (
    delete from ownership_queue q where q.asset_id = any (asked)
      and not exists (select from wanted w where w.organization_id = q.organization_id and w.asset_id = q.asset_id))
  insert into ownership_queue as q (organization_id, asset_id, reason, since, guessed_organization_id)
    select organization_id, asset_id, reason, since, guessed from wanted
    on conflict (organization_id, asset_id) do update set reason = excluded.reason, guessed_organization_id = excluded.guessed_organization_id,
      since = case when q.reason = excluded.reason then q.since else excluded.since end
    where (q.reason, q.guessed_organization_id) is distinct from (excluded.reason, excluded.guessed_organization_id);
end $$;
revoke all on function refresh_ownership from public;

-- Once a day: claims begin and end, and two changes side by side may have missed each other.
create function refresh_all_ownership() returns void
language sql security definer set search_path = public as $$
  select refresh_ownership(array(select asset_id from asset));
$$;
revoke all on function refresh_all_ownership from public;
grant execute on function refresh_all_ownership to backcheck_wide;

create function identifiers_changed() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  perform refresh_ownership(array(select distinct asset_id from changed where kind in ('ip', 'fqdn', 'url')));
  return null;
end $$;
create trigger ownership_of_insert after insert on asset_identifier referencing new table as changed for each statement execute function identifiers_changed();
create trigger ownership_of_delete after delete on asset_identifier referencing old table as changed for each statement execute function identifiers_changed();

-- Seen again changes only what has several identifiers of a kind: another one may be the last now.
create function identifiers_seen_again() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  perform refresh_ownership(array(select distinct c.asset_id from changed c where c.kind in ('ip', 'fqdn', 'url') and exists (
    select from asset_identifier i where i.organization_id = c.organization_id and i.asset_id = c.asset_id and i.kind = c.kind and i.value <> c.value)));
  return null;
end $$;
create trigger ownership_of_update after update on asset_identifier referencing new table as changed for each statement execute function identifiers_seen_again();

create function assets_added() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  perform refresh_ownership(array(select asset_id from added where register_state is not null));
  return null;
end $$;
create trigger ownership_of_insert after insert on asset referencing new table as added for each statement execute function assets_added();

create function assets_changed() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  perform refresh_ownership(array(select n.asset_id from after_it n join before_it b using (asset_id)
    where (n.organization_id, n.register_state, n.identifiers) is distinct from (b.organization_id, b.register_state, b.identifiers)));
  return null;
end $$;
create trigger ownership_of_update after update on asset referencing old table as before_it new table as after_it for each statement execute function assets_changed();

create function assets_gone() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  delete from ownership_queue q using gone g where q.organization_id = g.organization_id and q.asset_id = g.asset_id;
  return null;
end $$;
create trigger ownership_of_delete after delete on asset referencing old table as gone for each statement execute function assets_gone();

-- More claims than this at once: asking about every asset is less work than asking every asset about every claim.
create function claims_changed() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'INSERT' then
    perform overlaps_found(array(select ownership_claim_id from changed));
  else
    delete from ownership_overlap o using changed c
    where c.withdrawn_at is not null and c.ownership_claim_id in (o.ownership_claim_id, o.other_claim_id);
  end if;
  if (select count(*) from changed) > 20 then
    perform refresh_all_ownership();
  else
    perform refresh_ownership(array(
      select i.asset_id from (
        select asset_id, identifier_place(kind, value) as place from asset_identifier where kind in ('ip', 'fqdn', 'url')
        union all
        select a.asset_id, identifier_place(one.kind, one.value) from asset a cross join lateral jsonb_to_recordset(a.identifiers) as one(kind text, value text)
        where a.register_state is not null and one.kind in ('ip', 'fqdn', 'url')) i
      where exists (select from changed c where case c.kind when 'range' then address_or_null(i.place) <<= c.range
        else i.place = c.value or i.place like '%.' || c.value end)
      group by i.asset_id));
  end if;
  return null;
end $$;
create trigger ownership_of_insert after insert on ownership_claim referencing new table as changed for each statement execute function claims_changed();
create trigger ownership_of_update after update on ownership_claim referencing new table as changed for each statement execute function claims_changed();

-- Behind organization_moved, by its name: the tree is as it will be.
create function ownership_of_tree() returns trigger
language plpgsql security definer set search_path = public as $$
declare moved integer[] := array(select n.organization_id from after_it n join before_it b using (organization_id)
  where (n.collecting, n.parent_id) is distinct from (b.collecting, b.parent_id));
begin
  if cardinality(moved) > 0 then
    perform refresh_ownership(array(select a.asset_id from asset a where a.organization_id in (
      select organization_id from organization_ancestor where ancestor_id = any (moved))));
  end if;
  return null;
end $$;
create trigger ownership_of_update after update on organization
  referencing old table as before_it new table as after_it for each statement execute function ownership_of_tree();

-- A ladder for each date of a notice, and each rung once for each of its findings: docs/deliveries.md.

-- The findings of notices that have a ladder. Coordinators' own, as the ladder itself.
create table ladder_finding (
  organization_id integer not null,
  notice_id bigint not null,
  finding_id bigint not null,
  -- the date that its rungs are planned for; null: it had none yet, such as under a policy that counts from the receipt
  planned_for timestamptz,
  -- core's ESCALATION_STEPS that came for it
  taken text[] not null default '{}',
  primary key (organization_id, notice_id, finding_id),
  foreign key (organization_id, notice_id) references notice
);
create index ladder_finding_undated on ladder_finding (organization_id, notice_id) where planned_for is null;
alter table ladder_finding enable row level security;
create policy coordinated on ladder_finding to backcheck_app using (organization_id in (select organization_id from coordinated_organization));
create policy everything on ladder_finding to backcheck_wide using (true) with check (true);
grant select, update on ladder_finding to backcheck_app;
grant select, insert, update, delete on ladder_finding to backcheck_wide;

-- So far a notice had one ladder, for its first date: what is due later has had no rung.
insert into ladder_finding (organization_id, notice_id, finding_id, planned_for, taken)
select f.organization_id, f.notice_id, f.finding_id, max(e.due_at) filter (where e.state = 'planned'),
  coalesce(array_agg(e.step order by e.step) filter (where e.state <> 'planned' and (f.due_at is null or f.due_at <= e.due_at)), '{}')
from notice_finding f left join escalation e using (organization_id, notice_id)
where e.step is not null or exists (select from ladder_wanted w where w.organization_id = f.organization_id and w.notice_id = f.notice_id)
group by 1, 2, 3;
drop table ladder_wanted;

alter table escalation drop constraint escalation_pkey;
alter table escalation add column escalation_id bigint generated always as identity primary key;
create unique index escalation_planned on escalation (organization_id, notice_id, step, due_at) where state = 'planned';
create index escalation_of_notice on escalation (organization_id, notice_id);
drop index escalation_proposed;
create index escalation_proposed on escalation (escalation_id) where state = 'proposed';
-- a rung whose date moved was never taken
grant delete on escalation to backcheck_wide;

-- A reminder is of a rung, and so of a date.
alter table notice_delivery add column escalation_id bigint references escalation;
create index notice_delivery_of_rung on notice_delivery (escalation_id) where escalation_id is not null;
drop index notice_delivery_once;
create unique index notice_delivery_once on notice_delivery (organization_id, notice_id, occasion, channel, coalesce(account_id, 0), coalesce(contact_id, 0), coalesce(webhook_id, 0), coalesce(escalation_id, 0))
  where logged_by is null;

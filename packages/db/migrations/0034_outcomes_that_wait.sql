-- The work board over ten thousand organizations: which outcomes of retests wait for somebody is written down and not searched
-- for among all that were ever asked for.

-- When the retest ended that a person asked for; null: it has not, or nobody asked. And whether somebody asked for another one since.
alter table retest_finding add column ended_at timestamptz, add column asked_again boolean not null default false;
update retest_finding q set ended_at = case when r.origin = 'request' then r.finished_at end,
  asked_again = exists (select from retest_finding l join retest s on s.organization_id = l.organization_id and s.retest_id = l.retest_id
    where l.finding_id = q.finding_id and l.retest_id > q.retest_id and s.origin = 'request')
from retest r where r.organization_id = q.organization_id and r.retest_id = q.retest_id;

create function retest_outcomes_ended() returns trigger language plpgsql security definer set search_path = public as $$
begin
  update retest_finding set ended_at = new.finished_at where organization_id = new.organization_id and retest_id = new.retest_id;
  return null;
end $$;
create function retest_asked_again() returns trigger language plpgsql security definer set search_path = public as $$
begin
  update retest_finding q set asked_again = true
  from changed n join retest s on s.organization_id = n.organization_id and s.retest_id = n.retest_id
  where q.finding_id = n.finding_id and q.retest_id < n.retest_id and s.origin = 'request' and not q.asked_again;
  return null;
end $$;
revoke execute on function retest_outcomes_ended, retest_asked_again from public;
create trigger outcomes_ended after update of finished_at on retest for each row
  when (new.origin = 'request' and new.finished_at is distinct from old.finished_at) execute function retest_outcomes_ended();
create trigger asked_again after insert on retest_finding referencing new table as changed
  for each statement execute function retest_asked_again();

create index retest_finding_waiting on retest_finding (outcome, ended_at, finding_id)
  where outcome in ('inconclusive', 'still-present') and ended_at is not null and not asked_again;
create index retest_finding_waiting_of on retest_finding (organization_id, outcome, ended_at)
  where outcome in ('inconclusive', 'still-present') and ended_at is not null and not asked_again;
drop index retest_ended;
create index escalation_proposed on escalation (organization_id, notice_id) where state = 'proposed';

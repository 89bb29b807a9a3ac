-- A certificate ceases to stand when any scan that it rests on does, not only the decisive one.

-- The scans of its closure's witnesses, in the order of the proof; the last is `scan_id`.
alter table certificate add column witness_scans bigint[];

update certificate c set witness_scans = w.scans
from (
  select l.organization_id, l.seq, l.leaf_index, array_agg(s.scan_id order by one.ordinality) as scans
  from certificate x
  join ledger_leaf l using (organization_id, seq, leaf_index)
  cross join lateral jsonb_array_elements(l.record::jsonb -> 'witnesses') with ordinality as one(witness, ordinality)
  join scan s on s.organization_id = l.organization_id and s.sha256 = decode(one.witness -> 'scan' ->> 'sha256', 'hex')
  group by l.organization_id, l.seq, l.leaf_index) w
where (c.organization_id, c.seq, c.leaf_index) = (w.organization_id, w.seq, w.leaf_index);

alter table certificate alter column witness_scans set not null;

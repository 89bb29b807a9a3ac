-- The same orders as before, read backwards. New findings have the highest ids and the latest times: put in at the left end
-- of a descending index they left its pages half empty.
drop index finding_by_severity, finding_by_change;
create index finding_by_severity on finding (severity, finding_id);
create index finding_by_change on finding (changed_at, finding_id);

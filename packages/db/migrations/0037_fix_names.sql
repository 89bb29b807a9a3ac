-- `fix` is shared by all organizations: its subject is what its key says, and no word of one organization's file more
-- (core's `sharedSubject`). The titles that a caller's own findings have stand with the sums of what the caller sees.
update fix set subject = jsonb_build_object('zh', words, 'en', words)
from (select fix_id as id, (regexp_match(key, '^(?:check:|replace:|upgrade:product/)(.*)$'))[1] as words from fix) k
where k.id = fix_id and words is not null;

-- Equal: all findings of it have this title. In one order everywhere, or sums of sums would not be sums.
alter table fix_standing add column first_title text collate "C", add column last_title text collate "C";
alter table fix_standing_below add column first_title text collate "C", add column last_title text collate "C";
insert into fix_unsummed values (0);

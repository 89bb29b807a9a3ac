-- What the rectification feedback form says beside cause and measure (docs/retests.md). Each is null where it was not said.
alter table fix_claim
  -- the day, in the zone of whoever fixed it
  add column fixed_on date,
  -- functions or departments, never names
  add column fixed_by text,
  add column answerable text,
  add column residual_risk text;

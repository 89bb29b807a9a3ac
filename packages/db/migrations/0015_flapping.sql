-- What was seen again after it had been gone closes only by several absences (docs/decisions/0014-flapping.md).

-- Organizations that are there keep the rule under which their certificates were given until somebody switches it
-- (packages/db/src/proof-rules.ts): a state never changes without an entry in the ledger.
alter table organization add column steady_proof boolean not null default false;
alter table organization alter column steady_proof set default true;

-- The rule under which it was given, as the closure's `need.unsteady` names it.
alter table certificate add column unsteady text[];

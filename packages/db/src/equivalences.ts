import { EQUIVALENCES, type EquivalenceMember, mayClose } from '@backcheck/core';
import type pg from 'pg';
import { PROBLEM_JOINS, PROBLEM_KEY } from './problem-key.ts';

const rowOf = (equivalence: string, member: EquivalenceMember) => ({
  equivalence,
  check_name: member.check,
  locus: member.locus === undefined ? '' : member.locus,
  rank: member.rank,
  closes: mayClose(member),
});

const SHIPPED = EQUIVALENCES.flatMap(({ name, members }) => members.map((member) => rowOf(name, member)));

const DIFFERENT = `
with shipped as (select * from jsonb_to_recordset($1) as s(equivalence text, check_name text, locus text, rank smallint, closes boolean))
select exists ((table shipped except table equivalence_member) union all (table equivalence_member except table shipped)) as different`;

const INSERT = `
insert into equivalence_member
  select * from jsonb_to_recordset($1) as s(equivalence text, check_name text, locus text, rank smallint, closes boolean)`;

const REGROUP = `
update finding f set problem = k.problem
from (select n.organization_id, n.finding_id, ${PROBLEM_KEY} as problem from finding n ${PROBLEM_JOINS}) k
where f.organization_id = k.organization_id and f.finding_id = k.finding_id and f.problem <> k.problem`;

/**
 * Brings the equivalences of this version into the database and, where they changed, groups all findings anew.
 * States are not touched: what a new equivalence closes, closes with the next scan or refold of the asset.
 */
export async function syncEquivalences(owner: pg.Client): Promise<void> {
  const shipped = JSON.stringify(SHIPPED);
  const { rows } = await owner.query<{ different: boolean }>(DIFFERENT, [shipped]);
  if (rows[0]?.different === false) return;
  await owner.query('begin');
  try {
    await owner.query('delete from equivalence_member');
    await owner.query(INSERT, [shipped]);
    await owner.query(REGROUP);
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
}

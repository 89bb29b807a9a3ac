import { PACKAGE_IN_LOCUS, PLACE_IN_LOCUS, TRANSPORTS } from '@backcheck/core';

/** A million of them: a search for the mark that the pattern needs is much faster than the pattern. */
const inLocus = (mark: string, pattern: string): string =>
  `case when strpos(n.locus, '${mark}') > 0 then substring(n.locus from '${pattern}') end`;

/** Joins what the key needs to rows `n` that have check_id, description_id, locus, transport and port. */
export const PROBLEM_JOINS = `
  join check_definition pk on pk.check_id = n.check_id
  join description pd on pd.description_id = n.description_id
  left join equivalence_member pe on pe.check_name = pk.name and pe.locus = n.locus
  left join equivalence_member pb on pb.check_name = pk.name and pb.locus = ${inLocus('#', PLACE_IN_LOCUS)}
  left join equivalence_member pa on pa.check_name = pk.name and pa.locus is null`;

const SERVICE = `(array[${TRANSPORTS.map((name) => `'${name}'`).join(',')}])[n.transport + 1] || '/' || n.port`;

/** core/problem/problem.ts `problemOf`, as a hash: a key of any length would not fit an index. */
export const PROBLEM_KEY = `hashtextextended(case
  when coalesce(pe.equivalence, pb.equivalence, pa.equivalence) is not null
    then concat_ws(chr(31), 'weakness', coalesce(pe.equivalence, pb.equivalence, pa.equivalence), ${SERVICE})
  when pd.cve_key <> '' then concat_ws(chr(31), 'cve', pd.cve_key, coalesce(${inLocus('#pkg:', PACKAGE_IN_LOCUS)}, ${SERVICE}))
  else concat_ws(chr(31), 'check', pk.name, ${SERVICE}, n.locus) end, 0)`;

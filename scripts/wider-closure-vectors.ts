import { CLOSURE_RULES, type Closure, type StandIn, type Witness } from '@backcheck/core';
import { profileClosure, standInClosure } from '../packages/core/src/prove/closure.fixture.ts';
import { invalid, signed, statementFor, unproven, type Vector, valid } from './certificate-vectors.ts';

const standIn = standInClosure();
const profile = profileClosure();

function but(closure: Closure, change: Partial<Witness>): Closure {
  return { ...closure, witnesses: closure.witnesses.map((one) => ({ ...one, ...change })) };
}

const standingIn = (check: string, equivalence: string): StandIn => ({ check, locus: '', equivalence });
const [lifted] = profile.witnesses;

/** Closures of rule v2: a witness of another tool, or one that rests on a scan profile. */
export const widerVectors = (): Vector[] => [
  valid('stand-in', signed(statementFor(standIn)), 'sslscan proves for testssl that POODLE is gone'),
  valid('scan-profile', signed(statementFor(profile)), 'a registered profile supplies what E1 would assume'),
  unproven(
    'stand-in-other-equivalence',
    'stand-in',
    but(standIn, { standIn: standingIn('sslscan:ssl3', 'tls-1.0-offered') }),
    'the named equivalence has no such pair',
  ),
  unproven(
    'stand-in-undeclared',
    'stand-in',
    standInClosure(standingIn('sslscan:tls1.0', 'tls-1.0-offered')),
    'no TLS 1.0 says nothing of SSL 3.0',
  ),
  unproven(
    'profile-lifts-nothing',
    'profile',
    but(profile, lifted === undefined ? {} : { claim: { ...lifted.claim, assumptions: [] } }),
    'a profile is named, but nothing was assumed',
  ),
  invalid(
    'stand-in-by-rule-1',
    'statement',
    signed(statementFor({ ...standIn, rule: CLOSURE_RULES[0] })),
    'rule v1 knows no stand-in',
  ),
];

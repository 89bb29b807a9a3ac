import { CREDENTIALS, type Credential, METHODS, type Method } from '../observe/record.ts';

/** One bit for each method, so that the needs of many presences add up by OR. */
export function methodBit(method: Method): number {
  return 1 << METHODS.indexOf(method);
}

/**
 * Which methods a silence by this method answers for. An active probe does not answer for an
 * authenticated look from inside, nor the other way round (COVERAGE.md section 2, method rank).
 */
const ANSWERS_FOR: Record<Method, readonly Method[]> = {
  banner: ['banner'],
  remote: ['banner', 'remote'],
  active: ['banner', 'remote', 'active'],
  local: ['banner', 'remote', 'local'],
};

export function answeredMethods(method: Method): number {
  return ANSWERS_FOR[method].reduce((bits, one) => bits | methodBit(one), 0);
}

/** `needed` is the OR of the bits of all presences. */
export function deepEnough(method: Method, needed: number): boolean {
  return (needed & ~answeredMethods(method)) === 0;
}

export function credentialRank(credential: Credential): number {
  return CREDENTIALS.indexOf(credential);
}

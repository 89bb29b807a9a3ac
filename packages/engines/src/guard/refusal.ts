import { type Authorization, coversTarget, isInForce, type RetestObstacle, windowAt } from '@backcheck/core';

/** A target that was resolved once; whatever its name says later, this is where it is. */
export interface Pinned {
  /** How the asset is known: a name or an address. */
  readonly host: string;
  readonly address: string;
}

/** What decides whether a connection may be made at this moment. */
export interface Bounds {
  readonly authorization: Authorization;
  readonly ownAddresses: readonly string[];
  readonly clock: () => Date;
}

/** Asked before each single connection: null when it may be made. */
export function refusalOf(pinned: Pinned, bounds: Bounds): RetestObstacle | null {
  return (
    hoursRefusal(bounds) ??
    coversTarget(bounds.authorization, { ...pinned, ownAddresses: bounds.ownAddresses })
  );
}

/** Null while the authorization is in force and its hours are open. */
export function hoursRefusal({ authorization, clock }: Bounds): RetestObstacle | null {
  const now = clock().toISOString();
  if (authorization.stoppedAt !== null) return 'STOPPED';
  if (now >= authorization.expiresAt) return 'WINDOW_CLOSED';
  if (!isInForce(authorization, now)) return 'NOT_AUTHORIZED';
  return windowAt(authorization, now).open ? null : 'WINDOW_CLOSED';
}

/** A connection that was not made, because the authorization does not allow it. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: RetestObstacle;

  constructor(code: RetestObstacle, target: string) {
    super(`${code}: ${target}`);
    this.code = code;
  }
}

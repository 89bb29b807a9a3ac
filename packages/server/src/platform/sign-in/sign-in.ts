import { ROLES, sideOf } from '@backcheck/core';
import type { Pool, TwoFactorRule } from '@backcheck/db';
import type { Mailer } from '../mail/mailer.ts';
import { type Auth, type AuthSettings, makeAuth } from './auth.ts';
import { type OidcSettings, SingleSignOn } from './single-sign-on.ts';

export type RequireTotp = TwoFactorRule['of'];

export interface SignInSettings extends AuthSettings {
  readonly requireTotp: RequireTotp;
  /** Null: there is no identity provider. */
  readonly oidc: OidcSettings | null;
  /** Null: links are passed on by hand. */
  readonly mailer: Mailer | null;
}

/** The part of the server that knows who somebody is. */
export interface SignIn {
  readonly pool: Pool;
  readonly secret: string;
  readonly rule: TwoFactorRule;
  readonly publicUrl: string | null;
  readonly mailer: Mailer | null;
  readonly auth: Auth;
  readonly singleSignOn: SingleSignOn | null;
}

/** Whoever inspects others or runs the installation can do more harm than one organization can. */
const PRIVILEGED = ROLES.filter((role) => sideOf(role) !== 'organization');

export function openSignIn(settings: SignInSettings): SignIn {
  const { pool, secret, requireTotp, publicUrl, mailer, oidc } = settings;
  return {
    pool,
    secret,
    rule: { of: requireTotp, privilegedRoles: PRIVILEGED },
    publicUrl,
    mailer,
    auth: makeAuth(settings),
    singleSignOn: oidc === null ? null : new SingleSignOn(settings, oidc),
  };
}

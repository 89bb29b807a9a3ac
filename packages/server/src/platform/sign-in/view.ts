import {
  type Account,
  type ApiKey,
  CreateGrant,
  type Invitation,
  type OpenSession,
} from '@backcheck/contract';
import type { ApiKeyRow, InvitationRow, SessionRow, VisibleAccount } from '@backcheck/db';

export function viewApiKey({ apiKeyId, name, scope, createdAt, expiresAt, lastUsedAt }: ApiKeyRow): ApiKey {
  return {
    id: apiKeyId,
    name,
    scope,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}

export function viewSession(row: SessionRow, current: string): OpenSession {
  const { sessionId, startedAt, seenAt, expiresAt, address, userAgent } = row;
  return {
    id: sessionId,
    startedAt: startedAt.toISOString(),
    seenAt: seenAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    address,
    userAgent,
    current: sessionId === current,
  };
}

export function viewAccount(row: VisibleAccount): Account {
  const { accountId, name, email, language, twoFactor, createdAt, disabledAt, lastSignInAt, grants } = row;
  return {
    id: String(accountId),
    name,
    email,
    language,
    state: disabledAt === null ? 'active' : 'disabled',
    twoFactor,
    createdAt: createdAt.toISOString(),
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
    grants: grants.map((grant) => ({
      ...grant,
      // PostgreSQL's own form of a time inside JSON has an offset.
      expiresAt: grant.expiresAt === null ? null : new Date(grant.expiresAt).toISOString(),
    })),
  };
}

export function viewInvitation(row: InvitationRow): Invitation {
  const {
    invitationId,
    email,
    name,
    language,
    twoFactorRequired,
    invitedAt,
    expiresAt,
    sentAt,
    mailFailure,
  } = row;
  return {
    id: String(invitationId),
    email,
    name,
    language,
    twoFactorRequired,
    grants: row.grants.map(viewGrant),
    invitedAt: invitedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    sentAt: sentAt?.toISOString() ?? null,
    mailFailure,
  };
}

function viewGrant({
  role,
  organizationId,
  systemId,
  campaignId,
  expiresAt,
}: InvitationRow['grants'][number]): CreateGrant {
  const text = (id: number | null) => (id === null ? null : String(id));
  return CreateGrant.parse({
    role,
    organizationId: text(organizationId),
    systemId: text(systemId),
    campaignId: text(campaignId),
    expiresAt,
  });
}

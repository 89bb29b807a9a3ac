import { z } from 'zod';
import { CreateGrant } from './access.ts';
import { Email } from './session.ts';
import { LANGUAGES } from './text.ts';
import { Cursor, Id, Instant, limit, line, NextCursor } from './wire.ts';

/** In short; `GET /accounts/{id}/grants` says the rest. */
export const AccountGrant = z
  .object({
    id: Id,
    role: z.string(),
    organizationId: Id.nullable(),
    organizationName: z.string().nullable(),
    systemId: Id.nullable(),
    campaignId: Id.nullable(),
    expiresAt: Instant.nullable(),
  })
  .meta({ id: 'AccountGrant' });

export const Account = z
  .object({
    id: Id,
    name: z.string(),
    email: z.string().nullable().describe('Null for the account of whoever starts the server'),
    language: z.enum(LANGUAGES),
    state: z.enum(['active', 'disabled']),
    twoFactor: z.boolean(),
    createdAt: Instant,
    lastSignInAt: Instant.nullable(),
    grants: z.array(AccountGrant),
  })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof Account>;

export const AccountQuery = z.object({
  text: line(200).optional().describe('Part of the name or the address'),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});
export const AccountPage = z.object({ items: z.array(Account), nextCursor: NextCursor });

export const CreateInvitation = z.object({
  email: Email,
  name: line(200),
  language: z.enum(LANGUAGES),
  grants: z.array(CreateGrant).min(1).max(50),
  twoFactorRequired: z.boolean().default(false).describe('Also where the roles would not ask for it'),
});

export const Invitation = z
  .object({
    id: Id,
    email: z.string(),
    name: z.string(),
    language: z.enum(LANGUAGES),
    twoFactorRequired: z.boolean(),
    grants: z.array(CreateGrant),
    invitedAt: Instant,
    expiresAt: Instant,
    sentAt: Instant.nullable().describe('When the mail server took the mail'),
    mailFailure: z.string().nullable().describe('What the mail server said instead; the server tries again'),
  })
  .meta({ id: 'Invitation' });
export type Invitation = z.infer<typeof Invitation>;

export const SentInvitation = Invitation.extend({
  link: z
    .string()
    .nullable()
    .describe(
      'Path of the link to pass on by hand, shown this once; null where the server sends mail itself',
    ),
}).meta({ id: 'SentInvitation' });
export type SentInvitation = z.infer<typeof SentInvitation>;

export const InvitationList = z.object({ items: z.array(Invitation) });

/** What an invited person sees before choosing a password. */
export const InvitationGreeting = z
  .object({ email: z.string(), name: z.string(), language: z.enum(LANGUAGES), expiresAt: Instant })
  .meta({ id: 'InvitationGreeting' });
export type InvitationGreeting = z.infer<typeof InvitationGreeting>;

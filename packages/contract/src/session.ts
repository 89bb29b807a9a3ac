import { z } from 'zod';
import { Id, Instant, line } from './wire.ts';

export const SESSION_COOKIE = 'backcheck_session';

/**
 * Cookie-authenticated requests that change something must carry this header with any value.
 * A page of another origin cannot send it without a preflight, which this server never grants.
 */
export const CSRF_HEADER = 'x-backcheck-request';

/** In lower case, because mail servers of today do not tell the difference. */
export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email())
  .meta({ example: 'wang@example.org' });

/** Any characters; the rules for a new one are NewPassword's and the problem PASSWORD_WEAK. */
const Password = z.string().min(1).max(128);

/** NIST SP 800-63B-4 section 3.1.1.2: length counts, composition does not. */
export const NewPassword = z.string().min(12).max(128);

/** `required`: it has none yet, and nothing but setting it up is allowed. */
export const TwoFactorState = z.enum(['on', 'off', 'required']);

export const Session = z
  .object({
    account: z.object({ id: Id, name: z.string() }),
    email: z.string().nullable().describe('Null for the account of whoever starts the server'),
    language: z.enum(['zh', 'en']),
    twoFactor: TwoFactorState,
    hasPassword: z.boolean().describe('False: signs in by a link or by single sign-on only'),
  })
  .meta({
    id: 'Session',
    example: {
      account: { id: '1', name: 'Local administrator' },
      email: null,
      language: 'zh',
      twoFactor: 'off',
      hasPassword: false,
    },
  });
export type Session = z.infer<typeof Session>;

/** What the page for signing in offers. */
export const WaysToSignIn = z
  .object({ singleSignOn: z.boolean(), passwordReset: z.boolean().describe('The server can send mail') })
  .meta({ id: 'WaysToSignIn' });
export type WaysToSignIn = z.infer<typeof WaysToSignIn>;

export const SignIn = z.object({ email: Email, password: Password });

/** `two-factor`: the password was right, and there is no session yet: `POST /sign-in/two-factor` comes next. */
export const SignedIn = z.object({ next: z.enum(['signed-in', 'two-factor']) }).meta({ id: 'SignedIn' });
export type SignedIn = z.infer<typeof SignedIn>;

const TotpCode = z.string().regex(/^[0-9]{6}$/, 'six digits');
export const SecondStep = z.union([
  z.strictObject({ code: TotpCode }),
  z.strictObject({ recoveryCode: z.string().trim().min(1).max(40) }),
]);

export const SingleSignOnStart = z.object({ url: z.url() }).meta({ id: 'SingleSignOnStart' });

export const ConfirmWithPassword = z.object({ password: Password });

/** Shown this once. The same secret is in `uri`, for a QR code. */
export const TwoFactorSetup = z
  .object({
    uri: z.string().describe('otpauth://totp/…'),
    secret: z.string().describe('Base32, to be typed in'),
    recoveryCodes: z.array(z.string()).describe('Each works once, instead of a code'),
  })
  .meta({ id: 'TwoFactorSetup' });
export type TwoFactorSetup = z.infer<typeof TwoFactorSetup>;
export const TwoFactorConfirm = z.object({ code: TotpCode });
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) }).meta({ id: 'RecoveryCodes' });

export const ChangePassword = z.object({ current: Password, password: NewPassword });
export const AskPasswordReset = z.object({ email: Email });
/** The token of a link in a mail, from behind its `#`. */
const MailToken = z.string().min(1).max(100);
export const MailTokenOnly = z.object({ token: MailToken });
export const PasswordByLink = z.object({ token: MailToken, password: NewPassword });

export const OpenSession = z
  .object({
    id: z.uuid(),
    startedAt: Instant,
    seenAt: Instant.describe('To the minute'),
    expiresAt: Instant,
    address: z.string().nullable(),
    userAgent: z.string().nullable(),
    current: z.boolean().describe('The one that asks'),
  })
  .meta({ id: 'OpenSession' });
export type OpenSession = z.infer<typeof OpenSession>;
export const OpenSessionList = z.object({ items: z.array(OpenSession) });
export const BySessionId = z.object({ id: z.uuid() });

/** What a key may do; never more than its account. `import` sends scans and sees what became of them. */
export const API_KEY_SCOPES = ['read', 'import', 'all'] as const;

export const CreateApiKey = z.object({
  name: line(200),
  scope: z.enum(API_KEY_SCOPES).default('all'),
  expiresAt: z.iso
    .datetime()
    .optional()
    .describe('At most a year from now, which is also what it is when it is not given'),
});

export const ApiKey = z
  .object({
    id: Id,
    name: z.string(),
    scope: z.enum(API_KEY_SCOPES),
    createdAt: Instant,
    expiresAt: Instant.nullable().describe('Null for keys of the first version, which have no end'),
    lastUsedAt: Instant.nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;

export const CreatedApiKey = ApiKey.extend({
  key: z.string().describe('Shown this once; the server keeps only its SHA-256.'),
}).meta({ id: 'CreatedApiKey' });

export const ApiKeyList = z.object({ items: z.array(ApiKey) });

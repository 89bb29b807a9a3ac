import { ProblemDocument } from '@backcheck/contract';
import type { Pool } from '@backcheck/db';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { EvidenceParts } from './files/evidence-parts.ts';
import type { FileStore } from './files/file-store.ts';
import type { SigningKey } from './keys/signing-key.ts';
import type { Mailbox } from './mail/mailbox.ts';
import type { SignIn } from './sign-in/sign-in.ts';

/** The parts that features are built from; made once in start-server.ts, or by a test. */
export interface Parts {
  /** Sees no organization outside of a request's scope. */
  readonly pool: Pool;
  /** Sees all of them: for jobs, sign-in and the checks of access, never for what a request asks. */
  readonly widePool: Pool;
  readonly signIn: SignIn;
  readonly files: FileStore;
  readonly evidence: EvidenceParts;
  readonly signingKey: SigningKey;
  readonly clock: () => Date;
  readonly log: FastifyBaseLogger;
  readonly maxUploadBytes: number;
  /** Ranges that are not global and may get webhooks all the same. */
  readonly webhookAllow?: readonly string[];
  /** To which mails come back; null: to none that is read. */
  readonly mailbox?: Mailbox | null;
  /** Addresses and ranges of reverse proxies in front of this server. */
  readonly trustedProxies: readonly string[];
  /** Browsers reach us by https: the cookie must never travel in clear. */
  readonly secureCookie: boolean;
  /** Folder of the built screens; null where there is none. */
  readonly webFolder: string | null;
}

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What every operation may answer besides its own statuses. */
export const PROBLEM_RESPONSES = {
  default: {
    description: 'A refusal (RFC 9457); docs/problems.md lists the codes',
    content: { 'application/problem+json': { schema: ProblemDocument } },
  },
} as const;

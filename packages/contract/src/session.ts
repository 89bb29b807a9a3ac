import { z } from 'zod';
import { Id, Instant, line } from './wire.ts';

export const SESSION_COOKIE = 'backcheck_session';

/**
 * Cookie-authenticated requests that change something must carry this header with any value.
 * A page of another origin cannot send it without a preflight, which this server never grants.
 */
export const CSRF_HEADER = 'x-backcheck-request';

export const Session = z
  .object({ account: z.object({ id: Id, name: z.string() }) })
  .meta({ id: 'Session', example: { account: { id: '1', name: 'Local administrator' } } });
export type Session = z.infer<typeof Session>;

export const CreateApiKey = z.object({ name: line(200) });

export const ApiKey = z
  .object({ id: Id, name: z.string(), createdAt: Instant, lastUsedAt: Instant.nullable() })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;

export const CreatedApiKey = ApiKey.extend({
  key: z.string().describe('Shown this once; the server keeps only its SHA-256.'),
}).meta({ id: 'CreatedApiKey' });

export const ApiKeyList = z.object({ items: z.array(ApiKey) });

import { ApiKeyList, ById, CreateApiKey, CreatedApiKey } from '@backcheck/contract';
import { insertApiKey, listApiKeys, revokeApiKey } from '@backcheck/db';
import { z } from 'zod';
import { type App, type Parts, PROBLEM_RESPONSES } from '../parts.ts';
import { Problem } from '../problem.ts';
import { accountOf, sessionOf } from './guard.ts';
import { API_KEY_LIFETIME, API_KEY_PREFIX, newSecret } from './tokens.ts';
import { viewApiKey } from './view.ts';

const TAGS = ['Sign-in'];

export function apiKeyRoutes(app: App, { signIn: { pool }, clock }: Parts): void {
  app.post(
    '/api-keys',
    {
      config: { access: 'self' },
      schema: {
        tags: TAGS,
        summary: 'Create an API key; it is shown only in this answer',
        body: CreateApiKey,
        response: { 201: CreatedApiKey, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { secret, hash } = newSecret(API_KEY_PREFIX);
      const { accountId } = sessionOf(request);
      const { name, scope } = request.body;
      const expiresAt = endOf(request.body.expiresAt, clock());
      const row = await insertApiKey(pool, { accountId, name, scope, expiresAt, hash });
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...viewApiKey(row), key: secret });
    },
  );

  app.get(
    '/api-keys',
    {
      config: { access: 'self' },
      schema: { tags: TAGS, summary: 'My API keys', response: { 200: ApiKeyList, ...PROBLEM_RESPONSES } },
    },
    async (request) => ({ items: (await listApiKeys(pool, accountOf(request).accountId)).map(viewApiKey) }),
  );

  app.delete(
    '/api-keys/:id',
    {
      config: { access: 'self' },
      schema: {
        tags: TAGS,
        summary: 'Revoke an API key',
        params: ById,
        response: { 204: z.undefined().describe('Revoked'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const revoked = await revokeApiKey(pool, sessionOf(request).accountId, request.params.id);
      if (!revoked) throw new Problem('NOT_FOUND');
      return reply.code(204).send();
    },
  );
}

function endOf(wanted: string | undefined, now: Date): Date {
  const latest = new Date(now.getTime() + API_KEY_LIFETIME);
  if (wanted === undefined) return latest;
  const end = new Date(wanted);
  if (end <= now || end > latest) throw new Problem('API_KEY_EXPIRY');
  return end;
}

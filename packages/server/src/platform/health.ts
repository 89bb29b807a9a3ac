import { ping } from '@backcheck/db';
import { z } from 'zod';
import { type App, type Parts, PROBLEM_RESPONSES } from './parts.ts';

/** For load balancers and start scripts: the process answers and its database does. */
export function healthRoute(app: App, { pool }: Parts): void {
  app.get(
    '/healthz',
    {
      schema: {
        tags: ['Operation'],
        security: [],
        summary: 'Whether the server can work',
        response: { 200: z.object({ status: z.literal('ok') }), ...PROBLEM_RESPONSES },
      },
    },
    async () => {
      await ping(pool);
      return { status: 'ok' as const };
    },
  );
}

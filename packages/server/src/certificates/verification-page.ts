import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';

const FILE = 'verify/page.html';
/** The page states its own policy, which names its one script and its one style by their hashes. */
const POLICY = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/;

/**
 * The page that verifies certificates in the browser of whoever opens it; without sign-in. It is one file that works
 * from a disk as well, so that what is kept is what was seen.
 */
export function verificationPage(app: App, { webFolder }: Pick<Parts, 'webFolder'>): void {
  app.get(
    '/verify',
    {
      config: { access: 'anyone' },
      schema: {
        tags: ['Certificates'],
        summary: 'The page that verifies certificates: one HTML file, which also works offline',
        response: {
          200: { description: 'HTML', content: { 'text/html': { schema: z.string() } } },
          ...PROBLEM_RESPONSES,
        },
      },
      // After the one for all answers, whose policy would forbid the script in the page.
      onSend: async (_request, reply, payload) => {
        const policy = typeof payload === 'string' ? POLICY.exec(payload)?.[1] : undefined;
        if (policy !== undefined) {
          reply.header('content-security-policy', `${policy}; frame-ancestors 'none'`);
        }
      },
    },
    async (_request, reply) => {
      const page = await pageIn(webFolder);
      return reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-cache')
        .serializer(String)
        .send(page as never);
    },
  );
}

async function pageIn(webFolder: string | null): Promise<string> {
  if (webFolder === null) throw new Problem('VERIFICATION_PAGE_MISSING');
  try {
    return await readFile(join(webFolder, FILE), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new Problem('VERIFICATION_PAGE_MISSING');
    throw error;
  }
}

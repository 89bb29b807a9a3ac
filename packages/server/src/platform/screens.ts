import { existsSync } from 'node:fs';
import { join } from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyRequest } from 'fastify';
import type { App } from './parts.ts';
import { Problem } from './problem.ts';

/**
 * The built screens, and their one page for every address that a person may open or reload. An address under
 * /api, a missing asset and anything but a page visit stay a plain "not found".
 */
export async function serveScreens(app: App, folder: string | null): Promise<void> {
  const built = folder !== null && existsSync(join(folder, 'index.html'));
  if (!built) app.log.warn('the screens are not built; only the API answers');
  else {
    await app.register(staticFiles, {
      root: folder,
      setHeaders: (reply, path) => {
        // Vite names assets by their content; the page itself must be asked for each time.
        reply.header(
          'cache-control',
          path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    if (!built || !isPageVisit(request)) throw new Problem('NOT_FOUND');
    reply.header('cache-control', 'no-cache').sendFile('index.html');
  });
}

function isPageVisit({ method, url, headers }: FastifyRequest): boolean {
  return method === 'GET' && !url.startsWith('/api/') && headers.accept?.includes('text/html') === true;
}

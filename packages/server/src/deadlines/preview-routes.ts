import { ById, DatesPreview } from '@backcheck/contract';
import { findPreview } from '@backcheck/db';
import { found } from '../organizations/refusal.ts';
import { callerOf } from '../platform/access/guard.ts';
import { type App, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { viewPreview } from './preview.ts';

export function previewRoutes(app: App): void {
  app.get(
    '/deadline-previews/:id',
    {
      config: { access: { object: 'policy', action: 'approve' } },
      schema: {
        tags: ['Deadlines'],
        summary: 'How far a preview is that the caller asked for, and what came of it; kept for a day',
        params: ById,
        response: { 200: DatesPreview, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const by = callerOf(request).account.accountId;
      return request.inScope(async (tx) =>
        viewPreview(tx, found(await findPreview(tx, request.params.id, by))),
      );
    },
  );
}

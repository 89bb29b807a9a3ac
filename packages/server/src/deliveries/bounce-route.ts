import { BounceTaken } from '@backcheck/contract';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { MOST_REPORT_BYTES, readReport, takeBounce } from './take-bounce.ts';

const MAIL = 'message/rfc822';

/** Takes mails that came back, as a mail server's pipe or a mailbox's rule hands them on. */
export function bounceRoute(app: App, { clock }: Parts): void {
  app.addContentTypeParser(
    MAIL,
    { parseAs: 'buffer', bodyLimit: MOST_REPORT_BYTES },
    (_request, body, done) => done(null, body),
  );
  app.post(
    '/bounces',
    {
      config: { access: { object: 'notice', action: 'update' } },
      bodyLimit: MOST_REPORT_BYTES,
      schema: {
        tags: ['Deliveries'],
        summary: 'Hand on a mail that came back, whole, as message/rfc822 (RFC 3464)',
        consumes: [MAIL],
        response: { 200: BounceTaken, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      if (!Buffer.isBuffer(request.body)) throw new Problem('BOUNCE_UNREADABLE');
      const report = await readReport(request.body).catch(() => {
        throw new Problem('BOUNCE_UNREADABLE');
      });
      if (report === null) return { outcome: 'not-a-report' as const, noticeId: null };
      return request.inScope(async (tx) => {
        const taken = await takeBounce(tx, report, clock().toISOString());
        if (taken.organizationId !== null) request.audit.organizationId = taken.organizationId;
        return { outcome: taken.outcome, noticeId: taken.noticeId };
      });
    },
  );
}

import {
  ById,
  FindingNotices,
  NoticeDetail,
  NoticeList,
  NoticeQuery,
  NoticeSeriesList,
} from '@backcheck/contract';
import { findFinding, listNoticeSeries, listNotices, noticesOfFinding } from '@backcheck/db';
import { pageOf, readKeyset } from '../organizations/keyset.ts';
import { found } from '../organizations/refusal.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { noticeBatchRoutes } from './batch-routes.ts';
import { noticeBatchStepRoutes } from './batch-step-routes.ts';
import { noticeCopyRoutes } from './copy-routes.ts';
import { noticeDraftRoutes } from './draft-routes.ts';
import { noticeStepRoutes } from './step-routes.ts';
import { viewNotice, viewNoticeDetail } from './view.ts';

const TAGS = ['Notices'];
const READ = { access: { object: 'notice', action: 'read' } } as const;
/** Of one finding; more is not shown. */
const MOST_OF_A_FINDING = 100;

export function noticeRoutes(app: App, parts: Parts): void {
  listRoute(app);
  readRoute(app, parts);
  ofFindingRoute(app);
  seriesRoute(app);
  noticeDraftRoutes(app, parts);
  noticeStepRoutes(app, parts);
  noticeCopyRoutes(app, parts);
  noticeBatchRoutes(app, parts);
  noticeBatchStepRoutes(app, parts);
}

const LATEST = [/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/, /^[1-9][0-9]{0,17}$/] as const;
const IN_SERIES = [/^[1-9][0-9]{0,8}$/, /^[1-9][0-9]{0,17}$/] as const;

function listRoute(app: App): void {
  app.get(
    '/notices',
    {
      config: READ,
      schema: {
        tags: TAGS,
        summary:
          'Notices, latest first, or in the order of a series of numbers; the inspected side sees what was issued',
        querystring: NoticeQuery,
        response: { 200: NoticeList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, kind, state, cursor, limit, ...filter } = request.query;
      const shapes = filter.seriesId === undefined ? LATEST : IN_SERIES;
      const [first = '', second = ''] = cursor === undefined ? [] : readKeyset(cursor, shapes);
      const rows = await request.inScope((tx) =>
        listNotices(tx, {
          ...filter,
          organizationId: organizationId === undefined ? undefined : Number(organizationId),
          kinds: kind,
          states: state,
          after: cursor === undefined ? undefined : [first, second],
          limit: limit + 1,
        }),
      );
      return pageOf(rows, limit, {
        view: viewNotice,
        key: ({ draftedAt, sequence, id }) => [filter.seriesId === undefined ? draftedAt : `${sequence}`, id],
      });
    },
  );
}

function readRoute(app: App, { clock }: Parts): void {
  app.get(
    '/notices/:id',
    {
      config: { ...READ, audited: true },
      schema: {
        tags: TAGS,
        summary: 'One notice with what its paper says',
        params: ById,
        response: { 200: NoticeDetail, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      const detail = await request.inScope((tx) => viewNoticeDetail(tx, request, { id, now: clock() }));
      request.audit.organizationId = Number(detail.organization.id);
      return detail;
    },
  );
}

function ofFindingRoute(app: App): void {
  app.get(
    '/findings/:id/notices',
    {
      config: READ,
      schema: {
        tags: TAGS,
        summary: 'The notices that name a finding, latest first',
        params: ById,
        response: { 200: FindingNotices, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      const rows = await request.inScope(async (tx) => {
        found(await findFinding(tx, id));
        return noticesOfFinding(tx, id, MOST_OF_A_FINDING);
      });
      return { items: rows.map(viewNotice) };
    },
  );
}

function seriesRoute(app: App): void {
  app.get(
    '/notice-series',
    {
      config: READ,
      schema: {
        tags: TAGS,
        summary: 'The register of numbers: each series by issuing node, kind and year',
        response: { 200: NoticeSeriesList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const rows = await request.inScope((tx) => listNoticeSeries(tx));
      return {
        items: rows.map(({ organizationId, ...row }) => ({
          ...row,
          organizationId: organizationId === null ? null : String(organizationId),
        })),
      };
    },
  );
}

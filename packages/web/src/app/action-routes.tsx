import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readFixesSearch, readFixSearch } from '../fixes/search.ts';
import { readBatchSearch, readNoticeSearch, readProposalSearch } from '../notices/search.ts';
import { readReplySearch } from '../replies/search.ts';
import { readWorkSearch } from '../work/search.ts';
import { root } from './root-route.tsx';

const feedsScreen = createRoute({
  getParentRoute: () => root,
  path: '/feeds',
  component: lazyRouteComponent(() => import('../feeds/FeedsScreen.tsx'), 'FeedsScreen'),
});

const policiesScreen = createRoute({
  getParentRoute: () => root,
  path: '/policies',
  component: lazyRouteComponent(() => import('../deadlines/PoliciesScreen.tsx'), 'PoliciesScreen'),
});

const newPolicyScreen = createRoute({
  getParentRoute: () => root,
  path: '/policies/new',
  validateSearch: ({ from }): { readonly from?: string } => (typeof from === 'string' ? { from } : {}),
  component: lazyRouteComponent(() => import('../deadlines/NewPolicyScreen.tsx'), 'NewPolicyScreen'),
});

const policyScreen = createRoute({
  getParentRoute: () => root,
  path: '/policies/$policyId',
  component: lazyRouteComponent(() => import('../deadlines/PolicyScreen.tsx'), 'PolicyScreen'),
});

const calendarsScreen = createRoute({
  getParentRoute: () => root,
  path: '/calendars',
  component: lazyRouteComponent(() => import('../deadlines/CalendarsScreen.tsx'), 'CalendarsScreen'),
});

const noticesScreen = createRoute({
  getParentRoute: () => root,
  path: '/notices',
  validateSearch: readNoticeSearch,
  component: lazyRouteComponent(() => import('../notices/NoticesScreen.tsx'), 'NoticesScreen'),
});

const newNoticeScreen = createRoute({
  getParentRoute: () => root,
  path: '/notices/new',
  validateSearch: readProposalSearch,
  component: lazyRouteComponent(() => import('../notices/NewNoticeScreen.tsx'), 'NewNoticeScreen'),
});

const noticeOfficeScreen = createRoute({
  getParentRoute: () => root,
  path: '/notices/office',
  component: lazyRouteComponent(() => import('../notices/NoticeOfficeScreen.tsx'), 'NoticeOfficeScreen'),
});

const noticeScreen = createRoute({
  getParentRoute: () => root,
  path: '/notices/$noticeId',
  component: lazyRouteComponent(() => import('../notices/NoticeScreen.tsx'), 'NoticeScreen'),
});

const noticeBatchScreen = createRoute({
  getParentRoute: () => root,
  path: '/notice-batches/$batchId',
  component: lazyRouteComponent(() => import('../notices/NoticeBatchScreen.tsx'), 'NoticeBatchScreen'),
});

const noticeBatchesScreen = createRoute({
  getParentRoute: () => root,
  path: '/notice-batches',
  component: lazyRouteComponent(() => import('../notices/NoticeBatchesScreen.tsx'), 'NoticeBatchesScreen'),
});

const newBatchScreen = createRoute({
  getParentRoute: () => root,
  path: '/notice-batches/new',
  validateSearch: readBatchSearch,
  component: lazyRouteComponent(() => import('../notices/NewBatchScreen.tsx'), 'NewBatchScreen'),
});

const noticeCheckScreen = createRoute({
  getParentRoute: () => root,
  path: '/notice-check',
  component: lazyRouteComponent(() => import('../notices/NoticeCheckScreen.tsx'), 'NoticeCheckScreen'),
});

const webhooksScreen = createRoute({
  getParentRoute: () => root,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('../deliveries/WebhooksScreen.tsx'), 'WebhooksScreen'),
});

const repliesScreen = createRoute({
  getParentRoute: () => root,
  path: '/replies',
  validateSearch: readReplySearch,
  component: lazyRouteComponent(() => import('../replies/RepliesScreen.tsx'), 'RepliesScreen'),
});

const replyScreen = createRoute({
  getParentRoute: () => root,
  path: '/replies/$replyId',
  component: lazyRouteComponent(() => import('../replies/ReplyScreen.tsx'), 'ReplyScreen'),
});

const retentionScreen = createRoute({
  getParentRoute: () => root,
  path: '/retention',
  component: lazyRouteComponent(() => import('../evidence/RetentionScreen.tsx'), 'RetentionScreen'),
});

const workScreen = createRoute({
  getParentRoute: () => root,
  path: '/work',
  validateSearch: readWorkSearch,
  component: lazyRouteComponent(() => import('../work/WorkScreen.tsx'), 'WorkScreen'),
});

const fixesScreen = createRoute({
  getParentRoute: () => root,
  path: '/fixes',
  validateSearch: readFixesSearch,
  component: lazyRouteComponent(() => import('../fixes/FixesScreen.tsx'), 'FixesScreen'),
});

const fixScreen = createRoute({
  getParentRoute: () => root,
  path: '/fixes/$fixId',
  validateSearch: readFixSearch,
  component: lazyRouteComponent(() => import('../fixes/FixScreen.tsx'), 'FixScreen'),
});

/** From finding to action: priorities, deadlines, notices, replies. */
export const actionRoutes = [
  feedsScreen,
  policiesScreen,
  newPolicyScreen,
  policyScreen,
  calendarsScreen,
  noticesScreen,
  newNoticeScreen,
  noticeOfficeScreen,
  noticeScreen,
  noticeBatchScreen,
  noticeBatchesScreen,
  newBatchScreen,
  noticeCheckScreen,
  webhooksScreen,
  repliesScreen,
  replyScreen,
  retentionScreen,
  workScreen,
  fixesScreen,
  fixScreen,
] as const;

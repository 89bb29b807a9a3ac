import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { readAssetSearch } from '../assets/search.ts';
import { readAuditFilters } from '../audit/filters.ts';
import { readFilters } from '../findings/filters.ts';
import { readOrganizationSearch } from '../organizations/search.ts';
import { readQueueSearch } from '../ownership/search.ts';
import { readPeopleSearch } from '../people/search.ts';
import { readRetestSearch } from '../retests/search.ts';
import { actionRoutes } from './action-routes.tsx';
import { Broken } from './Broken.tsx';
import { Home } from './Home.tsx';
import { root } from './root-route.tsx';

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  // what went wrong at a single sign-on
  validateSearch: ({ problem }): { readonly problem?: string } =>
    typeof problem === 'string' ? { problem } : {},
  component: Home,
});

const imports = createRoute({
  getParentRoute: () => root,
  path: '/imports',
  component: lazyRouteComponent(() => import('../imports/ImportScreen.tsx'), 'ImportScreen'),
});

const findings = createRoute({
  getParentRoute: () => root,
  path: '/findings',
  validateSearch: readFilters,
  component: lazyRouteComponent(() => import('../findings/FindingsScreen.tsx'), 'FindingsScreen'),
});

const finding = createRoute({
  getParentRoute: () => root,
  path: '/findings/$findingId',
  component: lazyRouteComponent(() => import('../findings/FindingScreen.tsx'), 'FindingScreen'),
});

const assets = createRoute({
  getParentRoute: () => root,
  path: '/assets',
  validateSearch: readAssetSearch,
  component: lazyRouteComponent(() => import('../assets/AssetsScreen.tsx'), 'AssetsScreen'),
});

const identityQuestions = createRoute({
  getParentRoute: () => root,
  path: '/assets/questions',
  validateSearch: readAssetSearch,
  component: lazyRouteComponent(() => import('../assets/QuestionsScreen.tsx'), 'QuestionsScreen'),
});

const assetSettings = createRoute({
  getParentRoute: () => root,
  path: '/assets/settings',
  validateSearch: readAssetSearch,
  component: lazyRouteComponent(() => import('../assets/SettingsScreen.tsx'), 'SettingsScreen'),
});

const asset = createRoute({
  getParentRoute: () => root,
  path: '/assets/$assetId',
  component: lazyRouteComponent(() => import('../assets/AssetScreen.tsx'), 'AssetScreen'),
});

const unownedAssets = createRoute({
  getParentRoute: () => root,
  path: '/assets/unowned',
  validateSearch: readQueueSearch,
  component: lazyRouteComponent(() => import('../ownership/QueueScreen.tsx'), 'QueueScreen'),
});

const organizations = createRoute({
  getParentRoute: () => root,
  path: '/organizations',
  validateSearch: readOrganizationSearch,
  component: lazyRouteComponent(
    () => import('../organizations/OrganizationsScreen.tsx'),
    'OrganizationsScreen',
  ),
});

const noOrganization = createRoute({
  getParentRoute: () => organizations,
  path: '/',
  component: lazyRouteComponent(() => import('../organizations/NoneChosen.tsx'), 'NoneChosen'),
});

const organization = createRoute({
  getParentRoute: () => organizations,
  path: '$organizationId',
  component: lazyRouteComponent(
    () => import('../organizations/OrganizationScreen.tsx'),
    'OrganizationScreen',
  ),
});

const keyLists = createRoute({
  getParentRoute: () => root,
  path: '/key-lists',
  component: lazyRouteComponent(() => import('../organizations/KeyListsScreen.tsx'), 'KeyListsScreen'),
});

const keyList = createRoute({
  getParentRoute: () => root,
  path: '/key-lists/$keyListId',
  component: lazyRouteComponent(() => import('../organizations/KeyListScreen.tsx'), 'KeyListScreen'),
});

const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: lazyRouteComponent(() => import('../sign-in/JoinScreen.tsx'), 'JoinScreen'),
});

const forgottenPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgotten-password',
  component: lazyRouteComponent(
    () => import('../sign-in/ForgottenPasswordScreen.tsx'),
    'ForgottenPasswordScreen',
  ),
});

const newPassword = createRoute({
  getParentRoute: () => root,
  path: '/new-password',
  component: lazyRouteComponent(() => import('../sign-in/NewPasswordScreen.tsx'), 'NewPasswordScreen'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('../account/AccountScreen.tsx'), 'AccountScreen'),
});

const people = createRoute({
  getParentRoute: () => root,
  path: '/people',
  validateSearch: readPeopleSearch,
  component: lazyRouteComponent(() => import('../people/PeopleScreen.tsx'), 'PeopleScreen'),
});

const invitations = createRoute({
  getParentRoute: () => root,
  path: '/people/invitations',
  component: lazyRouteComponent(() => import('../people/InvitationsScreen.tsx'), 'InvitationsScreen'),
});

const roles = createRoute({
  getParentRoute: () => root,
  path: '/people/roles',
  component: lazyRouteComponent(() => import('../people/RolesScreen.tsx'), 'RolesScreen'),
});

const person = createRoute({
  getParentRoute: () => root,
  path: '/people/$accountId',
  component: lazyRouteComponent(() => import('../people/PersonScreen.tsx'), 'PersonScreen'),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: readAuditFilters,
  component: lazyRouteComponent(() => import('../audit/AuditScreen.tsx'), 'AuditScreen'),
});

const registerImports = createRoute({
  getParentRoute: () => root,
  path: '/registers/import',
  component: lazyRouteComponent(
    () => import('../registers/RegisterImportsScreen.tsx'),
    'RegisterImportsScreen',
  ),
});

const registerImport = createRoute({
  getParentRoute: () => root,
  path: '/registers/import/$id',
  component: lazyRouteComponent(
    () => import('../registers/RegisterImportScreen.tsx'),
    'RegisterImportScreen',
  ),
});

const retests = createRoute({
  getParentRoute: () => root,
  path: '/retests',
  validateSearch: readRetestSearch,
  component: lazyRouteComponent(() => import('../retests/RetestsScreen.tsx'), 'RetestsScreen'),
});

const retest = createRoute({
  getParentRoute: () => root,
  path: '/retests/$retestId',
  component: lazyRouteComponent(() => import('../retests/RetestScreen.tsx'), 'RetestScreen'),
});

const authorizations = createRoute({
  getParentRoute: () => root,
  path: '/authorizations',
  component: lazyRouteComponent(
    () => import('../authorizations/AuthorizationsScreen.tsx'),
    'AuthorizationsScreen',
  ),
});

const draftAuthorization = createRoute({
  getParentRoute: () => root,
  path: '/authorizations/new',
  component: lazyRouteComponent(() => import('../authorizations/DraftScreen.tsx'), 'DraftScreen'),
});

const authorization = createRoute({
  getParentRoute: () => root,
  path: '/authorizations/$authorizationId',
  component: lazyRouteComponent(
    () => import('../authorizations/AuthorizationScreen.tsx'),
    'AuthorizationScreen',
  ),
});

const runners = createRoute({
  getParentRoute: () => root,
  path: '/runners',
  component: lazyRouteComponent(() => import('../runners/RunnersScreen.tsx'), 'RunnersScreen'),
});

const lookBacks = createRoute({
  getParentRoute: () => root,
  path: '/look-backs',
  component: lazyRouteComponent(() => import('../look-backs/LookBacksScreen.tsx'), 'LookBacksScreen'),
});

const newLookBack = createRoute({
  getParentRoute: () => root,
  path: '/look-backs/new',
  component: lazyRouteComponent(() => import('../look-backs/NewLookBackScreen.tsx'), 'NewLookBackScreen'),
});

const lookBack = createRoute({
  getParentRoute: () => root,
  path: '/look-backs/$lookBackId',
  component: lazyRouteComponent(() => import('../look-backs/LookBackScreen.tsx'), 'LookBackScreen'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    imports,
    findings,
    finding,
    assets,
    identityQuestions,
    assetSettings,
    asset,
    unownedAssets,
    organizations.addChildren([noOrganization, organization]),
    keyLists,
    keyList,
    join,
    forgottenPassword,
    newPassword,
    account,
    people,
    invitations,
    roles,
    person,
    audit,
    registerImports,
    registerImport,
    retests,
    retest,
    authorizations,
    draftAuthorization,
    authorization,
    runners,
    lookBacks,
    newLookBack,
    lookBack,
    ...actionRoutes,
  ]),
  // Plain `state=open,regressed`, as the API writes it: an address that a person can read, shorten and mail.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(
      Object.entries(search).map(([key, value]) => [key, String(value)]),
    ).toString();
    return text === '' ? '' : `?${text.replaceAll('%2C', ',')}`;
  },
  // What no screen understands is taken out of the address; otherwise a screen would get it beside what its reader left.
  search: { strict: true },
  defaultErrorComponent: Broken,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

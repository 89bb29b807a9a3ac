import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { readAssetSearch } from '../assets/search.ts';
import { readFilters } from '../findings/filters.ts';
import { Broken } from './Broken.tsx';
import { NotFound } from './NotFound.tsx';
import { Shell } from './Shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/findings', replace: true });
  },
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
  ]),
  // Plain `state=open,regressed`, as the API writes it: an address that a person can read, shorten and mail.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(
      Object.entries(search).map(([key, value]) => [key, String(value)]),
    ).toString();
    return text === '' ? '' : `?${text.replaceAll('%2C', ',')}`;
  },
  defaultErrorComponent: Broken,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

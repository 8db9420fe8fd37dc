import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { reportNames } from '../lib/report-view';
import { parseSearch, pickTexts, writeSearch } from '../lib/search-params';
import { conversionFilterNames } from '../features/conversions/conversion';
import { deliveryFilterNames } from '../features/deliveries/delivery';
import { logSearchNames } from '../features/log/postbacks';
import { NotFound, RouteError, RoutePending } from './boundaries';
import { Shell } from './shell/shell';

/** Every address of the page, its search parameters, and the piece of code that it loads. The whole
 * view is in the address. */

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: RouteError });
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: pickTexts('next'),
  component: lazyRouteComponent(() => import('../features/sign-in/sign-in-page'), 'SignInPage'),
});
const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  validateSearch: pickTexts('code'),
  component: lazyRouteComponent(() => import('../features/sign-in/join-page'), 'JoinPage'),
});

const pages = [
  createRoute({
    getParentRoute: () => shell,
    path: '/',
    validateSearch: pickTexts('range'),
    component: lazyRouteComponent(() => import('../features/overview/overview-page'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/setup',
    validateSearch: pickTexts('network', 'source', 'offer', 'campaign'),
    component: lazyRouteComponent(() => import('../features/setup/setup-page'), 'SetupPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/log',
    validateSearch: pickTexts(...logSearchNames),
    component: lazyRouteComponent(() => import('../features/log/log-page'), 'LogPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/clicks/$id',
    component: lazyRouteComponent(() => import('../features/clicks/click-page'), 'ClickPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/conversions',
    validateSearch: pickTexts(...conversionFilterNames, 'range', 'from', 'to'),
    component: lazyRouteComponent(() => import('../features/conversions/conversions-page'), 'ConversionsPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/conversions/$id',
    validateSearch: pickTexts('asOf'),
    component: lazyRouteComponent(() => import('../features/conversions/conversion-page'), 'ConversionPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/deliveries',
    validateSearch: pickTexts(...deliveryFilterNames, 'range', 'from', 'to', 'open'),
    component: lazyRouteComponent(() => import('../features/deliveries/deliveries-page'), 'DeliveriesPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/destinations/$key',
    validateSearch: pickTexts('open', 'range'),
    component: lazyRouteComponent(() => import('../features/deliveries/destination-page'), 'DestinationPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/reports',
    validateSearch: pickTexts(...reportNames),
    component: lazyRouteComponent(() => import('../features/reports/reports-page'), 'ReportsPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/uploads',
    validateSearch: pickTexts('job'),
    component: lazyRouteComponent(() => import('../features/uploads/uploads-page'), 'UploadsPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/jobs',
    validateSearch: pickTexts('open'),
    component: lazyRouteComponent(() => import('../features/jobs/jobs-page'), 'JobsPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/people',
    component: lazyRouteComponent(() => import('../features/people/people-page'), 'PeoplePage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/account',
    component: lazyRouteComponent(() => import('../features/people/account-page'), 'AccountPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/audit',
    validateSearch: pickTexts('kind', 'key'),
    component: lazyRouteComponent(() => import('../features/audit/audit-page'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/catalog/$kind',
    component: lazyRouteComponent(() => import('../features/catalog/catalog-list-page'), 'CatalogListPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/catalog/$kind/$key',
    component: lazyRouteComponent(() => import('../features/catalog/entry-page'), 'EntryPage'),
  }),
];

export const router = createRouter({
  routeTree: root.addChildren([signIn, join, shell.addChildren(pages)]),
  parseSearch,
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  defaultPendingComponent: RoutePending,
  defaultErrorComponent: RouteError,
  scrollRestoration: true,
});

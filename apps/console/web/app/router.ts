import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { parseSearch, pickTexts, writeSearch } from '../lib/search-params';
import { logSearchNames } from '../features/log/postbacks';
import { NotFound, RouteError, RoutePending } from './boundaries';
import { Shell } from './shell/shell';

/** Every address of the page, its search parameters, and the piece of code that it loads. The whole view is in the address. */

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
    path: '/log',
    validateSearch: pickTexts(...logSearchNames),
    component: lazyRouteComponent(() => import('../features/log/log-page'), 'LogPage'),
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

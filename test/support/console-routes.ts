import type { DynamicModule, Type } from '@nestjs/common';
import { ConsoleModule } from '../../apps/console/console.module.js';
import { routesOf, type Route } from '../../apps/console/http/document/routes.js';

const metadataOf = <Item>(module: Type, name: string): Item[] =>
  (Reflect.getMetadata(name, module) as Item[] | undefined) ?? [];

const controllersOf = (module: Type | DynamicModule): Type[] => {
  const { type, own } = 'module' in module ? { type: module.module, own: module } : { type: module, own: null };
  const imports = [...metadataOf<Type | DynamicModule>(type, 'imports'), ...((own?.imports ?? []) as DynamicModule[])];
  return [...metadataOf<Type>(type, 'controllers'), ...(own?.controllers ?? []), ...imports.flatMap(controllersOf)];
};

/** Every controller of console, found through the modules that Nest starts it with, so that none
 *  can be left out. That of the page's files is not among them. */
export const everyConsoleController = (): Type[] => [
  ...new Set(controllersOf(ConsoleModule.of({ ports: {} as never, close: () => Promise.resolve() }))),
];

export const everyConsoleRoute = (): Route[] => routesOf(everyConsoleController());

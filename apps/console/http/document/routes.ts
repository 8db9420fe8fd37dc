import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { operationKey, type OperationSettings } from '../operation.js';

/** One route of the API, as its document and the table of roles describe it. */
export type Route = {
  method: string;
  /** With `:name` for parameters. */
  path: string;
  /** First part of the path below `/api/v1`. */
  tag: string;
  /** In one style for all: `listPostbacks`, `readPostback`, `createNetwork`. */
  operationId: string;
  settings: OperationSettings;
};

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const camel = (text: string): string => text.replace(/[-.](\w)/g, (_whole, letter: string) => letter.toUpperCase());
const singular = (noun: string): string => noun.replace(/ies$/, 'y').replace(/(?<!s)s$/, '');

/** A verb and its noun. A handler that is a verb alone gets the noun of its path, which is singular
 *  where one thing is meant; a handler that names its noun is the id itself. */
const operationIdOf = (handler: string, path: string, tag: string): string => {
  if (/[A-Z]/.test(handler)) return handler;
  const noun = capitalised(camel(tag));
  const isOne = /\/:\w+/.test(path) || handler === 'create';
  return `${handler}${isOne ? singular(noun) : noun}`;
};

/** Every route of these controllers, from the metadata that Nest itself routes by. */
export const routesOf = (controllers: readonly Type[]): Route[] =>
  controllers.flatMap((controller) => {
    const root = Reflect.getMetadata(PATH_METADATA, controller) as string;
    const prototype = controller.prototype as Record<string, unknown>;
    return Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const handler = name === 'constructor' ? undefined : prototype[name];
      if (typeof handler !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, handler)) return [];
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod].toLowerCase();
      const path = `/${root}/${Reflect.getMetadata(PATH_METADATA, handler) as string}`
        .replace(/\/+/g, '/')
        .replace(/\/$/, '');
      const tag = path.split('/')[3] ?? 'api';
      const settings = Reflect.getMetadata(operationKey, handler) as OperationSettings;
      return [{ method, path, tag, operationId: operationIdOf(name, path, tag), settings }];
    });
  });

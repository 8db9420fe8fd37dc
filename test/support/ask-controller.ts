import 'reflect-metadata';
import { operationKey, type Actor, type OperationSettings } from '../../apps/console/http/operation.js';

/** Asks a handler of the console by the text of a query, which its own schema reads: what HTTP
 * would ask, without a server.
 *
 * @param actor where the handler looks at who asks */
export const askController =
  <Answer>(controller: object, method: string, actor?: Actor): ((query: string) => Promise<Answer>) =>
  (text) => {
    const handler = (controller as Record<string, ((given: unknown) => Promise<Answer>) | undefined>)[method];
    if (!handler) throw new Error(`the controller has no ${method}`);
    const { query } = Reflect.getMetadata(operationKey, handler) as OperationSettings;
    const read = query?.parse(Object.fromEntries(new URLSearchParams(text)));
    return handler.call(controller, { query: read, actor });
  };

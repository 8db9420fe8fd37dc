import { setTimeout as wait } from 'node:timers/promises';
import type { ServiceName } from '../../stack/system/services.js';
import type { Service } from '../support/service.js';

/** What a service answered on its health side; status 0: nothing within three seconds. */
type Look = { name: ServiceName; atMs: number; live: number; ready: number; said: string };

type HealthWatch = {
  looks: Look[];
  close: () => Promise<void>;
};

const ask = async ({ healthUrl }: Service, what: 'live' | 'ready'): Promise<{ status: number; text: string }> => {
  try {
    const answer = await fetch(`${healthUrl}/health/${what}`, { signal: AbortSignal.timeout(3_000) });
    return { status: answer.status, text: await answer.text() };
  } catch {
    return { status: 0, text: '' };
  }
};

/** Asks each service again and again, as an orchestrator does. Times are those of
 * `performance.now()`. */
export const watchHealth = (services: readonly Service[], everyMs = 250): HealthWatch => {
  const looks: Look[] = [];
  let isOpen = true;
  const watch = async (service: Service): Promise<void> => {
    while (isOpen) {
      const atMs = performance.now();
      const [live, ready] = await Promise.all([ask(service, 'live'), ask(service, 'ready')]);
      const said = live.status === 200 ? ready.text : live.text;
      looks.push({ name: service.name, atMs, live: live.status, ready: ready.status, said });
      await wait(everyMs);
    }
  };
  const watching = services.map(watch);
  return {
    looks,
    close: async () => {
      isOpen = false;
      await Promise.all(watching);
    },
  };
};

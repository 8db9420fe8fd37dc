import type { Server } from 'node:net';
import { addressGroup, isAddressIn } from '#domain';
import type { Metrics } from '#runtime';

/** Limits the open connections, in total and per address, so that one caller cannot take those of
 *  all others. A connection beyond a limit is closed at once; callers behind a trusted proxy share
 *  the proxy's connections, so these count for the total only. */
export const limitConnections = (
  server: Server,
  limits: { total: number; perAddress: number; trustedProxies: readonly string[] },
  metrics: Metrics,
): void => {
  const refused = metrics.counter('carom_ingest_connections_refused_total', 'Connections closed at a limit', ['limit']);
  const openByAddress = new Map<string, number>();
  let open = 0;
  metrics.lookup('carom_ingest_connections_open', 'Open connections of callers', () => open);
  server.maxConnections = limits.total;
  server.on('drop', () => refused.inc({ limit: 'total' }));
  server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => (open -= 1));
    const address = socket.remoteAddress ?? null;
    if (isAddressIn(address, limits.trustedProxies)) return;
    const group = addressGroup(address);
    const ofAddress = openByAddress.get(group) ?? 0;
    if (ofAddress >= limits.perAddress) {
      refused.inc({ limit: 'address' });
      socket.destroy();
      return;
    }
    openByAddress.set(group, ofAddress + 1);
    socket.once('close', () => {
      const left = (openByAddress.get(group) ?? 1) - 1;
      if (left === 0) openByAddress.delete(group);
      else openByAddress.set(group, left);
    });
  });
};

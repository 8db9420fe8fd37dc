import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type LossyProxy = {
  /** The database's address, by way of the proxy. */
  url: string;
  /** The next statement that fits is carried out, and its answer lost with the connection: the
   * client cannot know the outcome. Resolves when that has happened. */
  loseAnswerTo: (statement: RegExp) => Promise<void>;
  /** Drops every packet in both directions, like a host that died without closing its
   * connections. New connections reach the database again. */
  blackhole: () => void;
  close: () => Promise<void>;
};

/** A proxy between a service and Postgres that forwards everything until a test makes it lose
 * an answer. */
export const startLossyProxy = async (databaseUrl: string): Promise<LossyProxy> => {
  const database = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const silent = new Set<Socket>();
  let armed: { statement: RegExp; lost: () => void } | null = null;

  const server = createServer((client) => {
    const postgres = connect(Number(database.port), database.hostname);
    let losing: (() => void) | null = null;
    for (const socket of [client, postgres]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    client.on('data', (piece: Buffer) => {
      if (silent.has(client)) return;
      if (armed?.statement.test(piece.toString('latin1'))) {
        losing = armed.lost;
        armed = null;
      }
      postgres.write(piece);
    });
    postgres.on('data', (piece: Buffer) => {
      if (silent.has(client)) return;
      if (!losing) return void client.write(piece);
      // ReadyForQuery: what was asked is done, and committed if it was to be.
      if (!piece.includes(Buffer.from([0x5a, 0, 0, 0, 5]))) return;
      client.destroy();
      postgres.destroy();
      losing();
    });
    client.on('close', () => postgres.destroy());
    postgres.on('close', () => silent.has(client) || client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    loseAnswerTo: (statement) => new Promise((resolve) => (armed = { statement, lost: resolve })),
    blackhole: () => sockets.forEach((socket) => silent.add(socket)),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

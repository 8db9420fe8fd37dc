import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type LossyProxy = {
  /** The database's address, by way of the proxy. */
  url: string;
  /** The next statement that fits is carried out, and its answer lost with the connection: the
   * client cannot know the outcome. Resolves when that has happened. */
  loseAnswerTo: (statement: RegExp) => Promise<void>;
  /** Drops every packet in both directions, like a host that died without closing its
   * connections. New connections reach the database again, as another host at this address. */
  blackhole: () => void;
  /** As `blackhole`, and until `recover` new connections get no answer either: no host is at the
   * address. The database closes the sessions of the lost ones, as a dead host has. */
  vanish: () => void;
  /** A host is at the address again. Connections from before stay silent. */
  recover: () => void;
  /** Another database is at the address from now on. */
  moveTo: (databaseUrl: string) => void;
  close: () => Promise<void>;
};

/** A proxy between a service and Postgres that forwards everything until a test makes it lose
 * an answer. */
export const startLossyProxy = async (databaseUrl: string): Promise<LossyProxy> => {
  let database = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const toDatabase = new Set<Socket>();
  const silent = new Set<Socket>();
  let isVanished = false;
  let armed: { statement: RegExp; lost: () => void } | null = null;

  const server = createServer((client) => {
    if (isVanished) {
      sockets.add(client);
      client.on('error', () => undefined).on('close', () => sockets.delete(client));
      return void client.resume();
    }
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
    toDatabase.add(postgres);
    postgres.on('close', () => toDatabase.delete(postgres));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const blackhole = (): void => sockets.forEach((socket) => silent.add(socket));
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    loseAnswerTo: (statement) => new Promise((resolve) => (armed = { statement, lost: resolve })),
    blackhole,
    vanish: () => {
      isVanished = true;
      blackhole();
      for (const socket of toDatabase) socket.destroy();
    },
    recover: () => void (isVanished = false),
    moveTo: (other) => void (database = new URL(other)),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

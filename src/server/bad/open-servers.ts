import type { Server, Socket } from 'node:net';
import { addressOf, type ListenAddress, listenOn } from '../listen.js';

/** Servers that end together, with all connections to them. */
export class OpenServers {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  /** Where it listens from now on. @throws SslapiError ERR_LISTEN */
  async listen(server: Server, wish: ListenAddress): Promise<ListenAddress> {
    server.maxConnections = MAX_CONNECTIONS;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    await listenOn(server, wish);
    this.#servers.push(server);
    return addressOf(server);
  }

  async close(): Promise<void> {
    const closed = this.#servers
      .splice(0)
      .map((server) => new Promise<void>((done) => server.close(() => done())));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }
}

/** Of each server. */
const MAX_CONNECTIONS = 256;

import { createServer, type Server, type Socket } from 'node:net';

/** Servers that do wrong on purpose, each on a port of 127.0.0.1. */
export class FaultyServers {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  /** @param behave what to do with each connection */
  listen(behave: (socket: Socket) => void): Promise<number> {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
      behave(socket);
    });
    this.#servers.push(server);
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers.splice(0)) server.close();
  }
}

/** Answers the first octets that come with these. */
export function answering(bytes: Uint8Array | string): (socket: Socket) => void {
  return (socket) => {
    socket.once('data', () => socket.write(bytes));
  };
}

/** Says these as soon as it is connected to. */
export function greeting(bytes: Uint8Array | string): (socket: Socket) => void {
  return (socket) => {
    socket.resume();
    socket.write(bytes);
  };
}

/** Says these again and again, as fast as they go or with a pause between. */
export function repeating(bytes: Uint8Array, pauseMs = 0): (socket: Socket) => void {
  return (socket) => {
    const timer = setInterval(() => socket.writableLength < 65_536 && socket.write(bytes), pauseMs);
    socket.resume();
    socket.on('close', () => clearInterval(timer));
  };
}

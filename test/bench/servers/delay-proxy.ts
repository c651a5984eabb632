import { connect, createServer, type Server, type Socket } from 'node:net';

/** A proxy on 127.0.0.1 that is as far away as it is told: every octet takes half a round trip each way, and a connection one
 *  round trip more before its first octet is on its way, as the handshake of TCP would take. */
export interface DelayProxy {
  readonly port: number;
  /** How many connections came. */
  readonly connections: () => number;
  readonly close: () => void;
}

/** @param roundTripMs 0 for none */
export async function delayProxy(targetPort: number, roundTripMs: number): Promise<DelayProxy> {
  const sockets = new Set<Socket>();
  let count = 0;
  const server: Server = createServer({ noDelay: true }, (client) => {
    count += 1;
    const upstream = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    const opensAt = performance.now() + roundTripMs;
    relay(client, upstream, () => Math.max(0, opensAt - performance.now()) + roundTripMs / 2);
    relay(upstream, client, () => roundTripMs / 2);
    for (const socket of [client, upstream]) sockets.add(socket.on('close', () => sockets.delete(socket)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 1024, resolve));
  return {
    port: (server.address() as { port: number }).port,
    connections: () => count,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Passes on octets and how they end, all in order, for timers of one length fire in the order that they were set in. */
function relay(from: Socket, to: Socket, delayMs: () => number): void {
  let last = 0;
  const later = (work: () => void): void => {
    last = Math.max(last, performance.now() + delayMs());
    setTimeout(work, last - performance.now());
  };
  from.on('data', (chunk) => later(() => to.writable && to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => {});
  from.on('close', (hadError) => later(() => (hadError ? to.resetAndDestroy() : to.destroy())));
}

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands behind a proxy and tells what the proxy made of a request. */
export interface EchoUpstream {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts an upstream on loopback that answers every request with the header fields that came, as a JSON object.
 *  @param own header fields of its answers, for a proxy that adds none */
export async function startEchoUpstream(own: Readonly<Record<string, string>> = {}): Promise<EchoUpstream> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    for (const [name, value] of Object.entries(own)) response.setHeader(name, value);
    response.end(JSON.stringify(request.headers satisfies IncomingHttpHeaders));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stunnel } from '../../src/config/stunnel.js';
import { programOf, type RealServer } from './real-servers.js';
import type { Answer } from './running-server.js';

/** stunnel, which needs something behind it to answer. */
export const STUNNEL: RealServer = {
  ...programOf(stunnel),
  refuses: ({ status, error }: Answer) => status === 0 && /alert|not connected|reset by peer/i.test(error),
  saysExpired: /certificate has expired/,
  surroundings: (site) =>
    `foreground = yes\npid =\nsyslog = no\n[other]\nclient = yes\naccept = 127.0.0.1:0\nconnect = 127.0.0.1:1\n${site}`,
};

/** What stands behind stunnel: it hears nothing of the client, and tells browsers itself to stay with TLS. */
export interface PlainUpstream {
  readonly url: string;
  readonly seen: IncomingMessage[];
  readonly close: () => void;
}

export async function startPlainUpstream(): Promise<PlainUpstream> {
  const seen: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    seen.push(request);
    response.setHeader('Strict-Transport-Security', 'max-age=63072000').end('from behind\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `tcp://127.0.0.1:${port}`, seen, close: () => server.close() };
}

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { connect, type SecureVersion, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionCertificate } from '../../src/server/session-certificate.js';
import { type ApiLab, apiLab, type ClientFiles } from './api-lab.js';

let lab: ApiLab;
let alice: ClientFiles;
beforeAll(async () => {
  lab = await apiLab();
  alice = await lab.issue('alice');
});
afterAll(() => lab?.remove());

describe('the certificate in a TLS session', () => {
  it.each<SecureVersion>(['TLSv1.2', 'TLSv1.3'])(
    'is the one that the client proved to have (%s)',
    async (version) => {
      const socket = await accepted(version, alice);
      const read = sessionCertificate(socket.getSession());

      expect(Buffer.from(read!)).toEqual(socket.getPeerX509Certificate()!.raw);
      socket.destroy();
    },
  );

  it('is not there where the client showed none', async () => {
    const socket = await accepted('TLSv1.3', null);
    expect(sessionCertificate(socket.getSession())).toBeNull();
    socket.destroy();
  });

  it.each([
    ['nothing', undefined],
    ['no octets', Buffer.alloc(0)],
    ['no DER', Buffer.from('no session')],
    ['something cut off', Buffer.from('3082ffff0201', 'hex')],
  ])('is not found in %s', (_what, octets) => {
    expect(sessionCertificate(octets)).toBeNull();
  });
});

/** The server's end of a connection. */
async function accepted(version: SecureVersion, client: ClientFiles | null): Promise<TLSSocket> {
  const pki = lab.ca.folder;
  const { fullchain, privkey } = lab.ca.filesOf({ name: 'localhost', folder: null });
  const tcp = createServer().listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as { port: number };
  const other = connect({
    host: '127.0.0.1',
    port,
    servername: 'localhost',
    ca: readFileSync(pki.at('ca.crt')),
    minVersion: version,
    maxVersion: version,
    ...(client && { cert: readFileSync(client.cert), key: readFileSync(client.key) }),
  });
  other.on('error', () => undefined);
  const [raw] = await once(tcp, 'connection');
  const socket = new TLSSocket(raw, {
    isServer: true,
    requestCert: true,
    rejectUnauthorized: false,
    cert: readFileSync(fullchain),
    key: readFileSync(privkey!),
    ca: readFileSync(pki.at('ca.crt')),
  });
  await once(socket, 'secure');
  tcp.close();
  socket.once('close', () => other.destroy());
  return socket;
}

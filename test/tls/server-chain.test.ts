import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverChain } from '../../src/tls/server-chain.js';
import { decodePem } from '../../src/x509/pem.js';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';
import { type LabCertificates, labCertificates } from './lab-certificates.js';
import { LabServers } from './lab-servers.js';

describe.runIf(peer('openssl'))('the chain that a server shows', () => {
  let lab: LabCertificates;
  let servers: LabServers;
  beforeAll(() => {
    lab = labCertificates();
    lab.issue('server');
    servers = new LabServers(lab);
  });
  afterAll(() => {
    servers?.close();
    lab?.close();
  });

  it.each([
    ['in TLS 1.3', 'TLSv1.3', ['-tls1_3']],
    ['in TLS 1.2', 'TLSv1.2', ['-tls1_2']],
    ['in TLS 1.0', 'TLSv1', ['-tls1', '-cipher', 'ALL:@SECLEVEL=0']],
    ['though it demands a client certificate', 'TLSv1.3', ['-Verify', '1']],
    ['though it wants another group than ours', 'TLSv1.3', ['-groups', 'P-521']],
  ])('%s', async (_how, version, flags) => {
    const files = [
      '-cert',
      lab.path('server.crt'),
      '-cert_chain',
      lab.path('ca.crt'),
      '-key',
      lab.path('server.key'),
    ];
    const port = await servers.openssl(...files, ...flags);

    const shown = await serverChain({ host: '127.0.0.1', port }, null);

    const sent = ['server.crt', 'ca.crt'].map(
      (name) => decodePem(readFileSync(lab.path(name), 'latin1'))[0]!.der,
    );
    expect(shown).toMatchObject({ kind: 'chain', version });
    expect('certificates' in shown && shown.certificates.map(hex)).toEqual(sent.map(hex));
  });

  it('is none where nobody listens, and where no TLS is spoken', async () => {
    const plain = createServer((socket) =>
      socket.end('220 mail.test ESMTP\r\n').on('error', () => undefined),
    );
    await new Promise<void>((ready) => plain.listen(0, '127.0.0.1', ready));
    const { port } = plain.address() as { port: number };

    const [closed, mail] = await Promise.all([
      serverChain({ host: '127.0.0.1', port: await freePort() }, null),
      serverChain({ host: '127.0.0.1', port }, null),
    ]);
    plain.close();

    expect(closed).toMatchObject({ kind: 'unreachable', why: 'refused' });
    expect(mail).toMatchObject({ kind: 'not-tls', protocol: 'smtp' });
  });
});

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

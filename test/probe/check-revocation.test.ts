import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../../src/probe/probe.js';
import { encodeRevokedCertificate } from '../../src/x509/certificate-list.js';
import type { Extension } from '../../src/x509/extension.js';
import { authorityInfoAccess } from '../../src/x509/extensions/authority-info-access.js';
import { crlDistributionPoints } from '../../src/x509/extensions/crl-distribution-points.js';
import { OID } from '../../src/x509/oid.js';
import { freePort } from '../free-port.js';
import { type Made, makeCrl } from '../path/certificate-maker.js';
import { peer } from '../peers/peer.js';
import { LabChain, pemOf, RESPONDER } from './lab-chain.js';

const HOUR_MS = 3_600_000;

describe.skipIf(!peer('openssl'))('--check-revocation, against the responder of OpenSSL', () => {
  let lab: LabChain;
  const asked: string[] = [];
  const servers: Array<Server | TlsServer> = [];
  let responder: ChildProcess;
  let good: Made;
  let revoked: Made;
  let unknown: Made;
  let crl: Uint8Array;

  beforeAll(async () => {
    lab = new LabChain();
    const ocspPort = await freePort();
    const crls = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(crl);
    });
    const more = (port: number, crlPath: string | null): Extension[] => [
      authorityInfoAccess([
        {
          accessMethod: OID.ocsp,
          accessLocation: { type: 'uniformResourceIdentifier', value: `http://127.0.0.1:${port}` },
        },
      ]),
      ...(crlPath === null ? [] : [crlDistributionPoints([`http://127.0.0.1:${portOf(crls)}${crlPath}`])]),
    ];
    await listen(crls);
    servers.push(crls);
    good = lab.server({ more: more(ocspPort, '/good.crl') });
    revoked = lab.server({ more: more(ocspPort, '/revoked.crl') }, 'revoked');
    unknown = lab.server({ more: more(await freePort(), null) });
    const entry = encodeRevokedCertificate(
      revoked.certificate.serialNumber,
      new Date(Date.now() - HOUR_MS),
      'keyCompromise',
    );
    crl = makeCrl(lab.issuing, {
      thisUpdate: new Date(Date.now() - HOUR_MS),
      nextUpdate: new Date(Date.now() + HOUR_MS),
      revokedCertificates: [entry],
    });
    responder = spawn('openssl', ['ocsp', ...RESPONDER, '-port', String(ocspPort), '-ndays', '1'], {
      cwd: lab.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await once(responder.stderr!, 'data'); // a connection without a request would stop it
  });
  afterAll(async () => {
    responder?.kill('SIGKILL');
    for (const server of servers) server.close();
    lab?.remove();
  });

  const judged = async (leaf: Made, checkRevocation: boolean) => {
    asked.length = 0;
    const server = createTlsServer({ cert: leaf.pem + lab.issuing.pem, key: pemOf(leaf) }, (socket) =>
      socket.on('error', () => undefined).end(),
    );
    server.on('tlsClientError', () => undefined);
    await listen(server);
    const report = await probe(`localhost:${portOf(server)}`, {
      trust: [{ name: 'the lab', certificates: () => [lab.root.der] }],
      checkRevocation,
    });
    server.close();
    return report.checks.find(({ id }) => id === 'certificate-not-revoked')!;
  };

  it('hears that a certificate is good, from both', async () => {
    const { status, evidence } = await judged(good, true);

    expect(evidence).toMatch(/^http:\/\/127.*: not revoked; http:\/\/127.*\/good.crl.*: not revoked$/);
    expect(status).toBe('pass');
    expect(asked).toEqual(['/good.crl']);
  });

  it('hears that one is revoked, since when and why', async () => {
    const { status, evidence } = await judged(revoked, true);

    expect(status).toBe('fail');
    expect(evidence).toMatch(/is revoked since .* \(keyCompromise\), by OCSP; .*\(keyCompromise\)$/);
  });

  it('goes nowhere without being told to', async () => {
    expect(await judged(revoked, false)).toMatchObject({
      status: 'not-applicable',
      evidence: 'ask with --check-revocation',
    });
    expect(asked).toEqual([]);
  });

  it('is undecided where nobody answers', async () => {
    expect(await judged(unknown, true)).toMatchObject({
      status: 'inconclusive',
      evidence: expect.stringMatching(/ECONNREFUSED$/),
    });
  });
});

async function listen(server: Server | TlsServer): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

function portOf(server: Server | TlsServer): number {
  return (server.address() as { port: number }).port;
}

import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIALS } from '../../src/credentials/index.js';
import { presentedCredential } from '../../src/credentials/presented-credential.js';
import { type ProbeOptions, probe } from '../../src/probe/probe.js';
import type { ProbeReport } from '../../src/probe/probe-report.js';
import { CRL_SERVERS, REAL_SERVERS, type RealServer, start } from '../config/real-servers.js';
import { startServer } from '../config/running-server.js';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';
import type { LabCertificates } from '../tls/lab-certificates.js';
import { LabServers } from '../tls/lab-servers.js';
import { makeProbePki, type ProbePki } from './probe-pki.js';

let pki: ProbePki;
let server: { readonly port: number; readonly stop: () => Promise<unknown> } | undefined;

beforeAll(async () => {
  pki = await makeProbePki();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
afterAll(() => pki.close());

const prove = (options: ProbeOptions = {}): Promise<ProbeReport> =>
  probe(`localhost:${server!.port}`, { ca: pki.ca, proveMtls: true, ...options });

/** Ids of the credentials with that status, each once. */
const ids = ({ proof }: ProbeReport, status: string): string[] => [
  ...new Set(proof!.filter((row) => row.status === status).map(({ credential }) => credential)),
];
const row = ({ proof }: ProbeReport, id: string) => proof!.filter(({ credential }) => credential === id);
const OTHERS = CREDENTIALS.map(({ id }) => id).filter((id) => id !== 'good');
const SESSIONS = ['resumed-stranger', 'resumed-without-certificate'];
/** What a row's request went over; one that was refused before ALPN, or in clear, tells by what was offered. */
const overHttp = ({ alpn }: { readonly alpn: string | null }): string => alpn ?? 'http/1.1';
/** Rows of credentials that must be refused, and that there was something to show of. */
const mustRows = ({ proof }: ProbeReport) =>
  proof!.filter(({ expected, status }) => expected !== 'either' && status !== 'not-applicable');

describe.each(CRL_SERVERS)('$target, configured by us', (real: RealServer) => {
  const there = peer(real.program);

  it.runIf(there)('lets in the good client and nobody else, in both versions', async () => {
    server = await start(real, pki.served, {});

    const report = await prove();

    expect(report).toMatchObject({ verdict: 'pass' });
    expect(report).not.toHaveProperty('error');
    const undecided = report.checks.filter(({ status }) => status === 'inconclusive');
    expect(undecided).toEqual([]); // what only a client gets to see is looked at as `good`
    for (const [version, alpn, detours] of [
      ['TLSv1.2', 'http/1.1', ['spoofed-header', 'other-servername', ...SESSIONS]],
      ['TLSv1.3', 'http/1.1', ['spoofed-header', 'plain-http', 'other-servername', ...SESSIONS]],
      ...(real.target === 'haproxy'
        ? [['TLSv1.3', 'h2', ['spoofed-header', 'other-servername']] as const]
        : []),
    ] as const) {
      const rows = report.proof!.filter((row) => row.tlsVersion === version && overHttp(row) === alpn);
      expect(rows.map(({ credential }) => credential)).toEqual(['good', ...OTHERS, ...detours, 'good']);
    }
    const behindIntermediates = mustRows(report).filter(({ status }) => status === 'advisory');
    expect(mustRows(report).every(({ status }) => status === 'pass' || status === 'advisory')).toBe(true);
    for (const { evidence } of behindIntermediates)
      expect(evidence).toMatch(/^refused, but so is its faultless twin: no CRL for a fresh intermediate/);
    for (const one of mustRows(report)) {
      if (one.expected !== 'refuse') continue;
      expect(one).toMatchObject({
        observed: 'refused',
        twin: one.status === 'pass' ? 'accepted' : 'refused',
      });
    }
    expect(ids(report, 'not-applicable')).toEqual(['revoked-latest', ...SESSIONS]); // no session is given
    expect(report.clientAuth).toMatchObject({
      requested: true,
      required: true,
      enforcedBy: real.target === 'nginx' ? 'http' : 'tls',
    });
    expect(report.clientAuth.acceptableCAs).toHaveLength(2);
    expect(report.protocols).toEqual({
      SSLv2: false,
      SSLv3: false,
      TLSv1: false,
      'TLSv1.1': false,
      'TLSv1.2': true,
      'TLSv1.3': true,
    });
  });

  it.runIf(there)('with certificates optional fails at none', async () => {
    server = await start(real, pki.served, { clientAuth: 'optional' });

    const report = await prove();

    expect(report).toMatchObject({ verdict: 'fail', clientAuth: { requested: true, required: false } });
    expect(ids(report, 'fail')).toEqual(['none']);
    expect(row(report, 'none')[0]!.evidence).toMatch(/optional here.*--path.*--expect/);
  });

  it.runIf(there)('that asks for no certificate fails for that reason', async () => {
    server = await start(real, pki.served, { clientAuth: 'off' });

    const report = await prove();

    expect(report).toMatchObject({
      verdict: 'fail',
      clientAuth: { requested: false, required: false, enforcedBy: null, acceptableCAs: [] },
    });
    expect(ids(report, 'fail')).toEqual(['none']);
    expect(row(report, 'none')[0]!.evidence).toContain('no certificate is asked for');
    expect(row(report, 'revoked')[0]).toMatchObject({ observed: 'not-sent', status: 'inconclusive' });
  });

  it.runIf(there)(
    'without a CRL fails at what is revoked, and sees the faults of intermediates',
    async () => {
      server = await start(real, pki.served, {}, withoutCrl);

      const report = await prove();

      expect(report.verdict).toBe('fail');
      expect(ids(report, 'fail')).toEqual(['revoked', 'revoked-issuer']);
      expect(row(report, 'revoked')[0]!.evidence).toContain('deploy crl-chain.pem first');
      for (const id of ['issuer-without-basic-constraints', 'issuer-without-cert-sign', 'expired-issuer'])
        expect(row(report, id)[0]).toMatchObject({ status: 'pass', twin: 'accepted' });
    },
  );
});

const nginx = REAL_SERVERS.find(({ target }) => target === 'nginx')!;
const apache = REAL_SERVERS.find(({ target }) => target === 'apache')!;
const haproxy = REAL_SERVERS.find(({ target }) => target === 'haproxy')!;

describe('an open door is found by its row', () => {
  it.runIf(peer('nginx'))('nginx, optional_no_ca: none and self-signed', async () => {
    server = await start(nginx, pki.served, {}, (text) =>
      withoutCrl(text).replace(/ssl_verify_client +on;/, 'ssl_verify_client optional_no_ca;'),
    );

    expect(ids(await prove(), 'fail')).toEqual(expect.arrayContaining(['none', 'self-signed']));
  });

  it.runIf(peer('apache2'))('Apache, optional_no_ca: none and self-signed', async () => {
    server = await start(apache, pki.served, {}, (text) =>
      withoutCrl(text).replace(/SSLVerifyClient +require/, 'SSLVerifyClient optional_no_ca'),
    );

    expect(ids(await prove(), 'fail')).toEqual(expect.arrayContaining(['none', 'self-signed']));
  });

  it.runIf(peer('haproxy'))('HAProxy, crt-ignore-err all: whoever has a certificate', async () => {
    server = await start(haproxy, pki.served, {}, (text) =>
      text.replace(/verify required ca-file/, 'verify required crt-ignore-err all ca-ignore-err all ca-file'),
    );

    const failed = ids(await prove(), 'fail');

    expect(failed).toEqual(expect.arrayContaining(['self-signed', 'expired', 'eku-server-only', 'revoked']));
    expect(failed).not.toContain('none');
  });
});

describe('Apache that asks for one location only', () => {
  it.runIf(peer('apache2'))('is proven by renegotiation in TLS 1.2; in 1.3 it stays undecided', async () => {
    const { fullchain, privkey, caChain, crlChain } = pki.served.files;
    const lab = new LabServers({ path: (name) => join(pki.served.folder, name) } as LabCertificates);
    const port = await lab.apache(`SSLCertificateFile ${fullchain}
SSLCertificateKeyFile ${privkey}
SSLCACertificateFile ${caChain}
SSLCARevocationFile ${crlChain}
SSLCARevocationCheck chain
<Location /private>
SSLVerifyClient require
SSLVerifyDepth 2
</Location>`);
    server = { port, stop: async () => lab.close() };

    const report = await prove({ paths: ['/private/'] });

    const statuses = (version: string) => [
      ...new Set(
        mustRows(report)
          .filter(({ tlsVersion, status }) => tlsVersion === version && status !== 'advisory')
          .map(({ status }) => status),
      ),
    ];
    expect(report.clientAuth.requested).toBe(true);
    expect(statuses('TLSv1.2')).toEqual(['pass']);
    expect(statuses('TLSv1.3')).toEqual(['inconclusive']);
    expect(report.proof!.at(-1)!.evidence).toContain('after the handshake');
    expect(report.verdict).toBe('inconclusive');
  });
});

describe('Caddy', () => {
  it.runIf(peer('caddy'))('has no CRLs, and fails at revoked alone', async () => {
    const port = await freePort();
    const { fullchain, privkey, caChain } = pki.served.files;
    const roots = join(pki.served.folder, 'caddy-ca.pem');
    writeFileSync(roots, readFileSync(caChain));
    const caddyfile = `{
  admin off
  auto_https off
  storage file_system ${pki.served.folder}/caddy
}
https://localhost:${port} {
  bind 127.0.0.1
  tls ${fullchain} ${privkey} {
    client_auth {
      mode require_and_verify
      trusted_ca_cert_file ${roots}
    }
  }
  respond "hello"
}
`;
    const caddy = {
      target: 'caddy',
      program: 'caddy',
      args: (file: string) => ['run', '--adapter', 'caddyfile', '--config', file],
      reload: () => undefined,
    };
    server = await startServer(caddy, caddyfile, join(pki.served.folder, 'Caddyfile'), port);

    const report = await prove();

    expect(report.clientAuth).toMatchObject({ requested: true, required: true, enforcedBy: 'tls' });
    expect(ids(report, 'fail')).toEqual(['revoked']);
    expect(ids(report, 'inconclusive')).toEqual([]);
  });
});

describe('an expired CRL', () => {
  let expired: ProbePki;
  beforeAll(async () => {
    expired = await makeProbePki({ name: 'Expired', nextUpdateSeconds: 1 });
    await new Promise((resolve) => setTimeout(resolve, 2100));
  });
  afterAll(() => expired.close());

  it.runIf(peer('nginx'))('refuses everyone, and the good row says why', async () => {
    server = await start(nginx, expired.served, {});

    const report = await prove({ ca: expired.ca });

    expect(report.verdict).toBe('fail');
    expect(ids(report, 'fail')).toEqual(['good']);
    expect(row(report, 'good')[0]!.evidence).toMatch(
      /HTTP 400.*the CRL of CN=Expired Issuing CA.* expired on 20/,
    );
    expect(row(report, 'self-signed')[0]).toMatchObject({
      status: 'inconclusive',
      httpStatus: 400,
      twin: 'refused',
    });
  });

  it.runIf(peer('haproxy'))('is told from the alert too, where ours is fresh', async () => {
    server = await start(haproxy, expired.served, {});

    const { proof } = await prove({ ca: expired.ca });

    expect(proof![0]).toMatchObject({
      credential: 'good',
      status: 'fail',
      how: 'alert',
      alert: 'certificate_expired',
    });
  });
});

describe('a server that accepts another CA', () => {
  it.runIf(peer('nginx'))('fails at good with that reason, and foreign-client-ca names it', async () => {
    const other = await makeProbePki({ name: 'Other' });
    try {
      server = await start(nginx, other.served, {});

      const report = await prove();

      expect(row(report, 'good')[0]!.evidence).toMatch(/the server accepts other CAs \(CN=Other/);
      expect(report.checks.find(({ id }) => id === 'foreign-client-ca')).toMatchObject({
        status: 'fail',
        evidence: expect.stringContaining('CN=Other Root CA'),
      });
    } finally {
      await server!.stop();
      await other.close();
    }
  });
});

describe('node:https', () => {
  const startNode = async (options: ServerOptions, status: (socket: TLSSocket) => number = () => 200) => {
    const { fullchain, privkey, caChain, crlChain } = pki.served.files;
    const read = (path: string): string => readFileSync(path, 'latin1');
    const crls = read(crlChain).match(/-----BEGIN[\s\S]*?-----END X509 CRL-----/g)!;
    const node = createServer(
      {
        cert: read(fullchain),
        key: read(privkey),
        ca: read(caChain),
        crl: crls,
        requestCert: true,
        ...options,
      },
      (request, response) => {
        response.statusCode = status(request.socket as TLSSocket);
        response.end('hello\n');
      },
    ).listen(0, '127.0.0.1');
    node.on('tlsClientError', () => undefined);
    await new Promise((resolve) => node.once('listening', resolve));
    const stop = () => new Promise((resolve) => node.close(resolve));
    server = { port: (node.address() as AddressInfo).port, stop };
  };

  it('with rejectUnauthorized: true passes, though it closes without a word', async () => {
    await startNode({ rejectUnauthorized: true });

    const report = await prove();

    expect(report.verdict).toBe('pass');
    expect(row(report, 'expired').map(({ how }) => how)).toEqual(['closed', 'closed']);
    expect(report.clientAuth).toMatchObject({ required: true, enforcedBy: 'tls' });
  });

  it('with rejectUnauthorized: false lets in whoever comes', async () => {
    await startNode({ rejectUnauthorized: false });

    const report = await prove();

    expect(report.verdict).toBe('fail');
    expect(ids(report, 'fail')).toEqual(
      expect.arrayContaining(['none', 'self-signed', 'expired', 'eku-server-only', 'revoked']),
    );
  });

  it('whose application says 403 to who is not authorized, or shows nothing, passes', async () => {
    // who resumes in TLS 1.3 is authorized in Node's eyes, whether or not there ever was a certificate
    await startNode({ rejectUnauthorized: false }, (socket) =>
      socket.authorized && socket.getPeerCertificate().subject !== undefined ? 200 : 403,
    );

    const report = await prove();

    expect(report).toMatchObject({ verdict: 'pass', clientAuth: { required: true, enforcedBy: 'http' } });
  });

  it('that says 403 to everyone proves nothing', async () => {
    await startNode({ rejectUnauthorized: false }, () => 403);

    const report = await prove();

    expect(report.verdict).toBe('inconclusive');
    expect(row(report, 'good')[0]!.evidence).toMatch(/--client NAME.*--header-file/);
    expect(ids(report, 'pass')).toEqual([]);
  });

  it('for RSA keys alone is shown RSA keys', async () => {
    await startNode({
      rejectUnauthorized: true,
      sigalgs: 'rsa_pss_rsae_sha256:rsa_pkcs1_sha256:ECDSA+SHA256',
    });

    const report = await prove();

    expect(report.verdict).toBe('pass');
  });

  it('is shown the client that was named, and the bad ones bear its name', async () => {
    const seen = new Set<string>();
    await startNode({ rejectUnauthorized: false }, () => 200);
    const { certificate, files } = await pki.ca.issueClient({ commonName: 'billing' });
    const client = await presentedCredential(readFileSync(files.fullchain), readFileSync(files.privkey!));

    const report = await prove({
      client,
      onResult: (result) => 'credential' in result && seen.add(result.credential),
    });

    expect(certificate.subject).toBe('CN=billing');
    expect(row(report, 'good').every(({ status }) => status === 'pass')).toBe(true);
    expect([...seen]).toEqual(expect.arrayContaining(CREDENTIALS.map(({ id }) => id)));
  });
});

it('every credential that was minted is in the audit before the proof is over', async () => {
  await (async () => {
    const { fullchain, privkey, caChain } = pki.served.files;
    const node = createServer(
      {
        cert: readFileSync(fullchain),
        key: readFileSync(privkey),
        ca: readFileSync(caChain),
        requestCert: true,
      },
      (_, response) => response.end('hello'),
    );
    node.listen(0, '127.0.0.1');
    await new Promise((resolve) => node.once('listening', resolve));
    server = {
      port: (node.address() as AddressInfo).port,
      stop: () => new Promise((resolve) => node.close(resolve)),
    };
  })();
  const before = (await pki.ca.events()).length;

  await prove();

  const minted = (await pki.ca.events()).slice(before).filter(({ what }) => what === 'minted');
  const leaves = minted
    .map(({ details }) => String(details['credential']))
    .filter((what) => !/, issuer$|^twin/.test(what));
  const shownAgain = ['wrong-key', 'missing-intermediate', 'very-long-chain']; // the good certificate itself
  const withoutAny = ['none', 'malformed', 'revoked-latest'];
  expect(leaves.sort()).toEqual(
    CREDENTIALS.map(({ id }) => id)
      .filter((id) => !shownAgain.includes(id) && !withoutAny.includes(id))
      .sort(),
  );
  expect(minted.map(({ details }) => details['credential'])).toEqual(
    expect.arrayContaining([
      'twin fresh-intermediate',
      'twin fresh-intermediate, issuer',
      'expired-issuer, issuer',
    ]),
  );
  expect(minted.some(({ serialNumber }) => serialNumber === pki.ca.issuing.reservedSerial)).toBe(true);
});

/** Takes the CRL out of any of the three configurations. */
function withoutCrl(configuration: string): string {
  return configuration
    .replace(/^.*ssl_crl.*$/m, '')
    .replace(/^.*SSLCARevocation.*$/gm, '')
    .replace(/ crl-file (?:"[^"]*"|\S+)/, '');
}

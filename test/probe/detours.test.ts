import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createTcp, connect as tcpConnect } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { presentedCredential } from '../../src/credentials/presented-credential.js';
import { DETOURS } from '../../src/probe/detour-list.js';
import { type ProbeOptions, probe } from '../../src/probe/probe.js';
import type { ProbeReport } from '../../src/probe/probe-report.js';
import { adviceOnAccepted } from '../../src/probe/proof-advice.js';
import type { ProofRow } from '../../src/probe/proof-row.js';
import { DETOUR_CLAIMS } from '../../src/report/finding.js';
import { CRL_SERVERS, REAL_SERVERS, start } from '../config/real-servers.js';
import { type RunningServer, startServer } from '../config/running-server.js';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';
import { makeProbePki, type ProbePki } from './probe-pki.js';

let pki: ProbePki;
const stops: Array<() => unknown> = [];
beforeAll(async () => {
  pki = await makeProbePki();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
afterAll(() => pki.close());

const prove = (port: number, options: ProbeOptions = {}): Promise<ProbeReport> =>
  probe(`localhost:${port}`, { ca: pki.ca, proveMtls: true, ...options });
const rows = ({ proof }: ProbeReport, id: string): ProofRow[] =>
  proof!.filter(({ credential }) => credential === id);
const statuses = (report: ProbeReport, id: string): string[] => [
  ...new Set(rows(report, id).map(({ status }) => status)),
];
const failed = ({ proof }: ProbeReport): string[] => [
  ...new Set(proof!.filter(({ status }) => status === 'fail').map(({ credential }) => credential)),
];

const read = (path: string): string => readFileSync(path, 'latin1');
const crlsOf = (): string[] =>
  read(pki.served.files.crlChain).match(/-----BEGIN[\s\S]*?-----END X509 CRL-----/g)!;
const tlsOptions = (): ServerOptions => ({
  cert: read(pki.served.files.fullchain),
  key: read(pki.served.files.privkey),
  ca: read(pki.served.files.caChain),
  crl: crlsOf(),
  requestCert: true,
  rejectUnauthorized: true,
});
const listening = async (server: ReturnType<typeof createTcp>): Promise<number> => {
  server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  stops.push(() => {
    (server as ReturnType<typeof createHttp>).closeAllConnections?.();
    server.close();
  });
  return (server.address() as AddressInfo).port;
};
const isAuthorized = ({ socket }: IncomingMessage): boolean => (socket as TLSSocket).authorized;
const commonName = ({ socket }: IncomingMessage): string =>
  String((socket as TLSSocket).getPeerCertificate().subject?.CN);

/** nginx on the certificates of the PKI. @param servers takes the port, and what every server block needs */
const nginx = async (servers: (port: number, certificates: string) => string): Promise<RunningServer> => {
  const { fullchain, privkey, caChain, crlChain } = pki.served.files;
  const { folder } = pki.served;
  const port = await freePort();
  const certificates = `ssl_certificate ${fullchain}; ssl_certificate_key ${privkey}; ssl_protocols TLSv1.2 TLSv1.3;
ssl_client_certificate ${caChain}; ssl_crl ${crlChain}; ssl_verify_depth 2;`;
  const server = await startServer(
    {
      target: 'nginx',
      program: 'nginx',
      args: (file) => ['-e', 'stderr', '-c', file, '-g', 'daemon off;'],
      reload: (child) => child.kill('SIGHUP'),
    },
    `pid ${folder}/nginx-${port}.pid; error_log stderr; events {}\nhttp { access_log off;\n${servers(port, certificates)}\n}`,
    join(folder, `nginx-${port}.conf`),
    port,
  );
  stops.push(() => server.stop());
  return server;
};

it('every detour file is in the list, once, under its own file name', () => {
  const onDisk = readdirSync('src/probe/detours').map((file) => file.replace('.ts', ''));

  expect(DETOURS.map(({ id }) => id).sort()).toEqual(onDisk.sort());
});

it('reports claim of each what it claims itself, and say what to change where it leads in', () => {
  const advice = { requested: true, othersOnly: [], crls: [], likely: [], at: new Date() };
  const fallback = adviceOnAccepted('no such id', advice);

  expect(DETOUR_CLAIMS).toEqual(Object.fromEntries(DETOURS.map(({ id, title }) => [id, title])));
  for (const { id, expected } of DETOURS)
    if (expected === 'refuse') expect([id, adviceOnAccepted(id, advice)]).not.toEqual([id, fallback]);
});

describe.each(CRL_SERVERS)('$target, configured by us', (real) => {
  it.runIf(peer(real.program))('has no way around the handshake, over any version of HTTP', async () => {
    const server = await start(real, pki.served, {});
    stops.push(() => server.stop());

    const report = await prove(server.port);

    for (const id of ['spoofed-header', 'plain-http', 'other-servername'])
      expect([id, statuses(report, id)]).toEqual([id, ['pass']]);
    for (const row of rows(report, 'resumed-stranger'))
      expect(row.status, row.evidence).toMatch(/^(pass|not-applicable)$/);
    const protocols = [...new Set(report.proof!.map(({ tlsVersion, alpn }) => `${tlsVersion} ${alpn}`))];
    const hasH2 = real.target === 'haproxy';
    expect(protocols.includes('TLSv1.3 h2')).toBe(hasH2);
    expect(protocols).not.toContain('TLSv1.2 h2');
  });
});

describe('spoofed-header', () => {
  /** An application behind nginx, which believes what its proxy says, and what another one said that is long gone. */
  const behindNginx = async (more: string): Promise<number> => {
    const app = await listening(
      createHttp(({ headers }: IncomingMessage, response: ServerResponse) => {
        const isClient = headers['x-ssl-client-verify'] === 'SUCCESS';
        response.statusCode = isClient || headers['x-forwarded-client-cert'] ? 200 : 403;
        response.end('hello\n');
      }),
    );
    const { port } = await nginx(
      (at, certificates) => `server { listen 127.0.0.1:${at} ssl; server_name localhost; ${certificates}
ssl_verify_client optional;
location / { proxy_pass http://127.0.0.1:${app}; proxy_set_header X-SSL-Client-Verify $ssl_client_verify; ${more} } }`,
    );
    return port;
  };

  it.runIf(peer('nginx'))('fails where an application believes a field that nobody takes out', async () => {
    const report = await prove(await behindNginx(''));

    expect(failed(report)).toEqual(['spoofed-header']);
    expect(rows(report, 'spoofed-header')[0]).toMatchObject({
      observed: 'accepted',
      severity: 'critical',
      httpStatus: 200,
      evidence: expect.stringContaining('as Envoy'),
    });
    expect(report.verdict).toBe('fail');
  });

  it.runIf(peer('nginx'))('passes where the proxy takes it out', async () => {
    const report = await prove(await behindNginx('proxy_set_header X-Forwarded-Client-Cert "";'));

    expect(failed(report)).toEqual([]);
    expect(statuses(report, 'spoofed-header')).toEqual(['pass']);
  });
});

describe('plain-http', () => {
  it.runIf(peer('nginx'))('fails where the same port serves it in clear', async () => {
    const open = (line: string) => (at: number, certificates: string) =>
      `server { listen 127.0.0.1:${at} ssl; server_name localhost; ${certificates} ssl_verify_client on;
${line} location / { return 200 "for clients\\n"; } location = /in-clear { internal; return 200 "for clients\\n"; } }`;
    const faulty = await nginx(open('error_page 497 =200 /in-clear;'));
    const right = await nginx(open(''));

    expect(failed(await prove(faulty.port))).toEqual(['plain-http']);
    const report = await prove(right.port);
    expect(rows(report, 'plain-http')).toMatchObject([
      { status: 'pass', httpStatus: 400, alpn: null, tlsVersion: 'TLSv1.3' },
    ]);
  });

  it('fails where a port takes both, whatever the first octet', async () => {
    const answer = (_: IncomingMessage, response: ServerResponse): void => void response.end('for clients');
    const encrypted = await listening(createHttps(tlsOptions(), answer));
    const clear = await listening(createHttp(answer));
    const both = await listening(
      createTcp((socket) => {
        socket.once('data', (first) => {
          const behind = tcpConnect(first[0] === 22 ? encrypted : clear, '127.0.0.1');
          behind.on('error', () => undefined).write(first);
          socket.pipe(behind).pipe(socket);
        });
        socket.on('error', () => undefined);
      }),
    );

    expect(failed(await prove(both))).toEqual(['plain-http']);
    expect(failed(await prove(encrypted))).toEqual([]);
  });
});

describe('other-servername', () => {
  const twoHosts = (other: string) => (at: number, certificates: string) =>
    `
server { listen 127.0.0.1:${at} ssl; server_name localhost; ${certificates} ssl_verify_client on;
location / { return 200 "for clients\\n"; } }
server { listen 127.0.0.1:${at} ssl default_server; server_name _; ${certificates} ${other} }`;

  it.runIf(peer('nginx'))('fails where another server block serves the same to everyone', async () => {
    const { port } = await nginx(twoHosts('location / { return 200 "for clients\\n"; }'));

    const report = await prove(port);

    expect(failed(report)).toEqual(['other-servername']);
    expect(rows(report, 'other-servername')[0]!.evidence).toMatch(
      /server_name and Host sslapi-probe\.invalid/,
    );
  });

  it.runIf(peer('nginx'))('passes where the other one serves something of its own, or nothing', async () => {
    const welcome = await nginx(twoHosts('location / { return 200 "welcome\\n"; }'));
    const none = await nginx(twoHosts('ssl_reject_handshake on;'));

    expect(failed(await prove(welcome.port))).toEqual([]);
    const report = await prove(none.port);
    expect(failed(report)).toEqual([]);
    expect(rows(report, 'other-servername')[0]!.evidence).toContain('unrecognized_name');
  });

  it.runIf(peer('nginx'))('is told by --expect where the two answers differ in other things', async () => {
    const { port } = await nginx(twoHosts('location / { return 200 "for clients, $request_id\\n"; }'));

    expect(failed(await prove(port))).toEqual([]);
    expect(failed(await prove(port, { expect: /for clients/ }))).toEqual(['other-servername']);
  });
});

describe('resumed-stranger', () => {
  const app = (isClient: (request: IncomingMessage) => boolean): Promise<number> =>
    listening(
      createHttps({ ...tlsOptions(), rejectUnauthorized: false }, (request, response) => {
        response.statusCode = isClient(request) ? 200 : 403;
        response.end('hello\n');
      }),
    );

  it('fails where Node takes who resumes in TLS 1.3 for authorized', async () => {
    const report = await prove(await app(isAuthorized));

    expect(failed(report)).toEqual(['resumed-stranger']);
    const [older, newer] = rows(report, 'resumed-stranger');
    expect([older!.status, newer!.status]).toEqual(['pass', 'fail']);
    expect(newer!.evidence).toContain('resumed by pre-shared key');
  });

  it('passes where the application wants to see a certificate as well', async () => {
    const report = await prove(
      await app((request) => isAuthorized(request) && commonName(request) !== 'undefined'),
    );

    expect(failed(report)).toEqual([]);
    expect(statuses(report, 'resumed-stranger')).toEqual(['pass']);
  });
});

describe('resumed-without-certificate', () => {
  it.runIf(peer('nginx'))('is advice, with the kind of session and how long it is good', async () => {
    const { port } = await nginx(
      (at, certificates) => `ssl_session_cache shared:S:1m; ssl_session_timeout 7m;
server { listen 127.0.0.1:${at} ssl; server_name localhost; ${certificates} ssl_verify_client on;
location / { return 200 "for clients\\n"; } }`,
    );

    const report = await prove(port);

    expect(report.verdict).toBe('pass');
    const [older, newer] = rows(report, 'resumed-without-certificate');
    expect(older).toMatchObject({ status: 'advisory', expected: 'either', tlsVersion: 'TLSv1.2' });
    expect(older!.evidence).toMatch(/HTTP 200 \(resumed by ticket, good for 420 s, resumed by session id/);
    expect(newer!.evidence).toMatch(/resumed by pre-shared key, good for 420 s/);
  });

  it.runIf(peer('haproxy'))('does not apply where no session is given', async () => {
    const haproxy = REAL_SERVERS.find(({ target }) => target === 'haproxy')!;
    const server = await start(haproxy, pki.served, {}, (text) =>
      text.replace(/^global$/m, 'global\n  tune.ssl.cachesize 0\n  ssl-default-bind-options no-tls-tickets'),
    );
    stops.push(() => server.stop());

    const report = await prove(server.port);

    for (const row of rows(report, 'resumed-without-certificate'))
      expect(row.status, row.evidence).toMatch(/^(not-applicable|pass)$/);
  });
});

describe('wrong-identity', () => {
  const app = (mayHave: (commonName: string, path: string) => boolean): Promise<number> =>
    listening(
      createHttps(tlsOptions(), (request, response) => {
        response.statusCode = request.url === '/' || mayHave(commonName(request), request.url!) ? 200 : 403;
        response.end(`hello ${commonName(request)}\n`);
      }),
    );
  const identities = [
    { name: 'alice', path: '/alice' },
    { name: 'bob', path: '/bob' },
  ];
  beforeAll(async () => {
    for (const { name } of identities) await pki.ca.issueClient({ commonName: name });
  });

  it('fails where every client of the CA may have everything', async () => {
    const report = await prove(await app(() => true), { identities });

    expect(failed(report)).toEqual(['wrong-identity']);
    const found = rows(report, 'wrong-identity').filter(({ tlsVersion }) => tlsVersion === 'TLSv1.3');
    expect(found.map(({ path }) => path)).toEqual(['/alice', '/bob']);
    expect(found[0]!.evidence).toMatch(/good on alice’s path, bob on alice’s path/);
    expect(found[0]!.keyType).toBe('ec-p256');
  });

  it('fails for the one who is let in and should not be', async () => {
    const report = await prove(await app((name, path) => path === `/${name}` || name === 'bob'), {
      identities,
    });

    const [alices, bobs] = rows(report, 'wrong-identity');
    expect([alices!.status, bobs!.status]).toEqual(['fail', 'pass']);
    expect(alices!.evidence).toMatch(/bob on alice’s path/);
    expect(alices!.evidence).not.toContain('good on');
  });

  it('passes where each may have its own alone, and for the good client that is one of them', async () => {
    const port = await app((name, path) => path === `/${name}`);
    const files = pki.ca.filesOf({ name: 'alice', folder: null });
    const client = await presentedCredential(readFileSync(files.fullchain), readFileSync(files.privkey!));

    const report = await prove(port, { identities });
    const asAlice = await prove(port, { identities: identities.slice(0, 1), client });

    expect(report.verdict).toBe('pass');
    expect(statuses(report, 'wrong-identity')).toEqual(['pass']);
    expect(statuses(asAlice, 'wrong-identity')).toEqual(['pass']);
    expect(rows(asAlice, 'wrong-identity')[0]!.evidence).toContain('another client on alice’s path');
  });

  it('proves nothing where the owner is turned away too', async () => {
    const report = await prove(await app(() => false), { identities });

    expect(statuses(report, 'wrong-identity')).toEqual(['inconclusive']);
    expect(rows(report, 'wrong-identity')[0]!.evidence).toContain('alice, whose path it is, was not let in');
  });

  it('is for names that are there', async () => {
    await expect(prove(1, { identities: [{ name: 'nobody', path: '/' }] })).rejects.toMatchObject({
      code: 'ERR_CERTIFICATE_UNKNOWN',
    });
  });
});

describe('a revocation while the proof looks on', () => {
  const site = (sessions: string) => (at: number, certificates: string) =>
    `${sessions}
server { listen 127.0.0.1:${at} ssl; server_name localhost; ${certificates} ssl_verify_client on;
location / { return 200 "for clients\\n"; } }`;

  it.runIf(peer('nginx'))('passes nginx, which forgets its keys when it reads the CRL anew', async () => {
    const server = await nginx(site(''));
    const before = await pki.ca.list({ profile: 'probe' });

    const report = await prove(server.port, {
      revokeLive: true,
      deployCrl: async (file) => {
        expect(file).toBe(pki.served.files.crlChain);
        server.reload();
        return null;
      },
    });

    expect(failed(report)).toEqual([]);
    const found = rows(report, 'resumed-after-revocation');
    expect(found.map(({ tlsVersion, status }) => [tlsVersion, status])).toEqual([
      ['TLSv1.2', 'pass'],
      ['TLSv1.3', 'pass'],
    ]);
    for (const { evidence } of found) expect(evidence).toMatch(/\d\.\d s after the revocation/);
    expect(rows(report, 'open-connection-after-revocation')).toHaveLength(2);
    expect(report.proof!.at(-1)!.credential).toBe('good');
    const minted = (await pki.ca.list({ profile: 'probe' })).slice(before.length);
    expect(minted.map(({ status, subject }) => [status, subject])).toEqual([
      ['revoked', 'CN=sslapi-probe'],
      ['revoked', 'CN=sslapi-probe'],
    ]);
    expect((await pki.ca.list({ status: 'revoked' })).length).toBe(0);
  });

  it.runIf(peer('nginx'))('fails nginx with keys of tickets that outlive the reload', async () => {
    const keys = join(pki.served.folder, 'ticket.key');
    writeFileSync(keys, randomBytes(80));
    const server = await nginx(site(`ssl_session_cache shared:S:1m; ssl_session_ticket_key ${keys};`));
    const deployCrl = async (): Promise<null> => {
      server.reload();
      return null;
    };

    const report = await prove(server.port, { revokeLive: true, deployCrl });

    expect(failed(report)).toEqual(['resumed-after-revocation']);
    expect(rows(report, 'resumed-after-revocation')[0]!.evidence).toMatch(
      /resumed by (ticket|session id), \d/,
    );
  });

  it('fails a server that never hears of it, and says that nobody was told to deploy', async () => {
    const port = await listening(createHttps(tlsOptions(), (_, response) => response.end('hello')));

    const report = await prove(port, { revokeLive: true });

    expect(failed(report)).toEqual(['resumed-after-revocation']);
    expect(rows(report, 'resumed-after-revocation')[0]!.evidence).toMatch(
      /a full handshake, 1\d\.\d s .*--on-crl/,
    );
    expect(rows(report, 'open-connection-after-revocation')[0]).toMatchObject({ status: 'advisory' });
  }, 60_000);

  it('tells how long an open connection lasts in Node, and that nothing is resumed', async () => {
    const server = createHttps(tlsOptions(), (_, response) => response.end('hello'));
    const port = await listening(server);
    const deployCrl = async (): Promise<null> => {
      server.setSecureContext({ ...tlsOptions(), crl: crlsOf() });
      return null;
    };

    const report = await prove(port, { revokeLive: true, deployCrl, concurrency: 1 });

    expect(failed(report)).toEqual([]);
    for (const row of rows(report, 'open-connection-after-revocation'))
      expect(row).toMatchObject({
        status: 'advisory',
        evidence: expect.stringMatching(/HTTP 200 \(\d\.\d s/),
      });
    expect(statuses(report, 'resumed-after-revocation')).toEqual(['pass']);
  });

  it('decides nothing where the CRL could not be deployed', async () => {
    const port = await listening(createHttps(tlsOptions(), (_, response) => response.end('hello')));

    const report = await prove(port, { revokeLive: true, deployCrl: async () => 'the disk is full' });

    expect(rows(report, 'resumed-after-revocation')[0]).toMatchObject({
      status: 'inconclusive',
      evidence: 'the new CRL was not deployed: the disk is full (nothing was tried)',
    });
    expect(report.verdict).toBe('inconclusive');
  });

  it('needs the CA, and says so before anybody is asked', async () => {
    await expect(probe('localhost:1', { proveMtls: true, revokeLive: true })).rejects.toMatchObject({
      code: 'ERR_CA_NOT_FOUND',
      message: expect.stringContaining('--revoke-live'),
    });
    await expect(
      probe('localhost:1', { proveMtls: true, identities: [{ name: 'alice', path: '/' }] }),
    ).rejects.toMatchObject({ message: expect.stringContaining('--identity') });
  });

  it('happens only where it was asked for', async () => {
    const port = await listening(createHttps(tlsOptions(), (_, response) => response.end('hello')));

    const report = await prove(port);

    expect(rows(report, 'resumed-after-revocation')).toEqual([]);
    expect(rows(report, 'open-connection-after-revocation')).toEqual([]);
  });
});

describe('HTTP/2', () => {
  /** An application that forgot to ask who it is in one of the two protocols. */
  const app = (open: '1.1' | '2.0' | null): Promise<number> =>
    listening(
      createSecureServer(
        { ...tlsOptions(), rejectUnauthorized: false, allowHTTP1: true },
        (request, response) => {
          const { socket } = request.stream?.session ?? request;
          const { authorized } = socket as TLSSocket;
          const isKnown = authorized && (socket as TLSSocket).getPeerCertificate().subject !== undefined;
          response.statusCode = isKnown || request.httpVersion === open ? 200 : 403;
          response.end('hello\n');
        },
      ) as never,
    );
  const doors = (report: ProbeReport): string[] =>
    rows(report, 'none').map(({ tlsVersion, alpn, status }) => `${tlsVersion} ${alpn} ${status}`);

  it('is proven beside HTTP/1.1 in the newest version, or alone', async () => {
    const port = await app(null);

    const [both, older, newer] = await Promise.all([
      prove(port),
      prove(port, { http: '1.1' }),
      prove(port, { http: '2' }),
    ]);

    expect([both, older, newer].map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
    expect(doors(both)).toEqual(['TLSv1.2 http/1.1 pass', 'TLSv1.3 http/1.1 pass', 'TLSv1.3 h2 pass']);
    expect(doors(older)).toEqual(['TLSv1.2 http/1.1 pass', 'TLSv1.3 http/1.1 pass']);
    expect(doors(newer)).toEqual(['TLSv1.2 h2 pass', 'TLSv1.3 h2 pass']);
    const wrongKey = rows(both, 'wrong-key').map(({ alpn, observed }) => `${alpn} ${observed}`);
    expect(wrongKey).toEqual(['http/1.1 refused', 'http/1.1 refused', 'h2 refused']);
  });

  it('with a door that it alone has fails there', async () => {
    expect(doors(await prove(await app('2.0')))).toEqual([
      'TLSv1.2 http/1.1 pass',
      'TLSv1.3 http/1.1 pass',
      'TLSv1.3 h2 fail',
    ]);
  });

  it('that is not there proves nothing', async () => {
    const port = await listening(createHttps(tlsOptions(), (_, response) => response.end('hello')));

    const report = await prove(port, { http: '2' });

    expect(report.verdict).toBe('inconclusive');
    expect(rows(report, 'good')[0]!.evidence).toMatch(/HTTP\/2|no_application_protocol/);
  });
});

it('never more than so many connections are open at once', async () => {
  const port = await listening(createHttps(tlsOptions(), (_, response) => response.end('hello')));
  let [open, most] = [0, 0];
  const counter = createTcp((socket) => {
    open += 1;
    // a close that came before this connection may be told after it
    setTimeout(() => {
      most = Math.max(most, open);
    }, 2);
    const behind = tcpConnect(port, '127.0.0.1');
    for (const one of [socket, behind]) one.on('error', () => undefined);
    socket.on('close', () => {
      open -= 1;
      behind.destroy();
    });
    behind.on('close', () => socket.destroy());
    socket.pipe(behind).pipe(socket);
  });
  const counted = await listening(counter);

  await prove(counted, { concurrency: 3, revokeLive: true, deployCrl: async () => 'not now' });

  expect(most).toBeLessThanOrEqual(3);
  expect(most).toBeGreaterThan(1);
});

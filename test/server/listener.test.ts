import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Credential } from '../../src/credentials/credential.js';
import { ekuServerOnly } from '../../src/credentials/eku-server-only.js';
import { expired } from '../../src/credentials/expired.js';
import { good } from '../../src/credentials/good.js';
import { revoked } from '../../src/credentials/revoked.js';
import { rogueCa } from '../../src/credentials/rogue-ca.js';
import { selfSigned } from '../../src/credentials/self-signed.js';
import { accessRules } from '../../src/server/access-rules.js';
import { FRESH_MS } from '../../src/server/client-standing.js';
import { serverEventLine } from '../../src/server/server-event.js';
import { peer } from '../peers/peer.js';
import { TIMED } from '../timed.js';
import { type ApiLab, apiLab, type ClientFiles, curl, GET_WHOAMI, open } from './api-lab.js';

const hasCurl = peer('curl');
let lab: ApiLab;
let alice: ClientFiles;

beforeAll(async () => {
  lab = await apiLab();
  alice = await lab.issue('alice');
});
beforeEach(() => {
  lab.events.length = 0;
});
afterEach(() => lab.stopServers());
afterAll(() => lab?.remove());

const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
const CURL_VERSION = { 'TLSv1.2': ['--tls-max', '1.2'], 'TLSv1.3': ['--tlsv1.3'] } as const;

const EVERYTHING = accessRules({ rules: [{ identity: '*', methods: ['*'], paths: ['*'] }] });
const WRONG: ReadonlyArray<readonly [body: string, message: RegExp]> = [
  ['{}', /^body has no "message"$/],
  ['{"message":1}', /^body\.message is no string$/],
  ['{"message":"x","tags":["a",""]}', /^body\.tags\.1 must NOT have fewer than 1 characters$/],
  ['{"message":"x","more":1}', /^body has "more", which is no field of it$/],
  ['{"message":', /^the body is no JSON: /],
  ['{"message":"x","__proto__":{}}', /^the body has a name that is not taken: "__proto__"/],
  ['['.repeat(21) + ']'.repeat(21), /^the body is deeper than 20$/],
];

function lines(): string[] {
  return lab.events.map(serverEventLine);
}

describe.skipIf(!hasCurl)('a client of our CA', () => {
  it.each(VERSIONS)('is told who it is, its certificate and the handshake (%s)', async (version) => {
    const server = await lab.start();

    const { status, body } = await curl(lab, server, alice, ...CURL_VERSION[version]);

    const [view] = await lab.ca.list({ name: 'alice' });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      identity: 'alice',
      authenticated: true,
      commonName: 'alice',
      certificate: {
        serialNumber: view!.serialNumber,
        subject: 'CN=alice',
        issuer: view!.issuer,
        notBefore: view!.notBefore,
        notAfter: view!.notAfter,
        fingerprint256: view!.fingerprint256,
      },
      handshake: { protocol: version, resumed: false },
    });
    expect(lines()).toEqual([]);
  });

  it('minted in memory is let in too: the signature counts, not a list', async () => {
    const server = await lab.start();
    expect((await curl(lab, server, await lab.mint(good, 'sslapi-probe'))).status).toBe(200);
  });

  it('gets 404 for what is not there, 403 for what changes things, an empty body for HEAD', async () => {
    const server = await lab.start();

    expect((await curl(lab, server, alice, '/nothing')).status).toBe(404);
    expect((await curl(lab, server, alice, '-X', 'DELETE')).status).toBe(403);
    expect((await curl(lab, server, alice, '-X', 'POST', '-d', 'x=1')).status).toBe(403);
    expect(await curl(lab, server, alice, '/healthz?deep')).toMatchObject({ status: 200 });
    expect(await curl(lab, server, alice, '-I')).toMatchObject({ status: 200, exitCode: 0 });
  });

  it('that may do everything is told what can be done, and what was wrong with what it sent', async () => {
    const server = await lab.start({ access: EVERYTHING });
    const json = ['-H', 'Content-Type: application/json', '-d'] as const;
    const post = (body: string) => curl(lab, server, alice, '/echo', ...json, body);

    const wrongMethod = await curl(lab, server, alice, '-X', 'DELETE', '/whoami', '-i');
    expect(wrongMethod).toMatchObject({ status: 405 });
    expect(wrongMethod.body).toMatch(/^allow: GET, HEAD\r$/m);
    const said = await post('{"message":"hello","tags":["a"]}');
    expect(said.status).toBe(200);
    expect(JSON.parse(said.body)).toEqual({ identity: 'alice', message: 'hello', tags: ['a'] });
    expect(await curl(lab, server, alice, '/admin')).toMatchObject({ status: 200 });
    for (const [body, message] of WRONG) {
      const { status, body: answer } = await post(body);
      expect([status, JSON.parse(answer).error.message]).toEqual([400, expect.stringMatching(message)]);
    }
  });
});

describe.skipIf(!hasCurl)('where a certificate is required', () => {
  it.each(VERSIONS)('nobody without one is let in, to any path (%s)', async (version) => {
    const server = await lab.start();

    const answers = await Promise.all(
      ['/whoami', '/healthz', '/nothing'].map((path) =>
        curl(lab, server, null, path, ...CURL_VERSION[version]),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(JSON.parse(answers[0]!.body).error.code).toBe('no-certificate');
    expect(lines()).toHaveLength(3);
    expect(lines()[0]).toMatch(
      /^refused 127\.0\.0\.1:\d+: no client certificate was presented \(no-certificate\); fix: .*issue-client/,
    );
  });

  it.each<[string, Credential, string]>([
    ['one that it signed itself', selfSigned, 'root-not-trusted|issuer-not-found'],
    [
      'one of a CA that bears our name',
      rogueCa,
      'signature-invalid|authority-key-identifier-mismatch|issuer-not-found',
    ],
    ['one that has expired', expired, 'cert-expired'],
    ['one that is for servers', ekuServerOnly, 'eku-missing'],
    ['one whose serial number was revoked from birth', revoked, 'cert-revoked'],
  ])(
    'nobody is let in with %s (TLS 1.3), and the log says whose, why and what helps',
    async (_kind, credential, code) => {
      const server = await lab.start();

      const { status, body } = await curl(lab, server, await lab.mint(credential), '--tlsv1.3');

      expect(status).toBe(403);
      expect(JSON.parse(body).error.code).toMatch(new RegExp(`^(${code})$`));
      expect(lines()).toEqual([
        expect.stringMatching(
          new RegExp(`^refused 127\\.0\\.0\\.1:\\d+: .+ \\((${code})\\) CN=alice serial [0-9a-f]+; fix: .+`),
        ),
      ]);
    },
  );

  it.each([selfSigned, rogueCa, expired, ekuServerOnly, revoked])(
    'nobody is let in with $id on TLS 1.2',
    async (credential) => {
      const server = await lab.start();

      const { status } = await curl(lab, server, await lab.mint(credential), '--tls-max', '1.2');

      expect([0, 403]).toContain(status); // OpenSSL itself ends a handshake with a broken signature
      expect(lines()).toEqual([expect.stringMatching(/^refused .*; fix: /)]);
    },
  );

  it('no header makes an identity', async () => {
    const server = await lab.start();
    const forged = [
      'X-SSL-Client-Verify: SUCCESS',
      'X-SSL-Client-S-DN: CN=root',
      'X-Forwarded-Client-Cert: Subject="CN=root"',
      'X-Client-Cert: root',
      'Authorization: Bearer root',
      'Forwarded: for=root',
    ];
    const headers = forged.flatMap((header) => ['-H', header]);

    expect((await curl(lab, server, null, ...headers)).status).toBe(401);
    expect(JSON.parse((await curl(lab, server, alice, ...headers)).body).identity).toBe('alice');
  });

  it('a key that is not the certificate’s ends the handshake', async () => {
    const server = await lab.start();
    const other = await lab.mint(good, 'other');

    // curl notices by itself that the pair does not match
    expect((await curl(lab, server, { cert: alice.cert, key: other.key })).status).toBe(0);
  });

  it('the first octets of a stranger are never parsed', async () => {
    const server = await lab.start();
    const connection = await open(lab, server, null);

    const answer = await connection.ask('\0\0 not HTTP at all');

    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    await connection.closed;
  });
});

describe.skipIf(!hasCurl)('where a certificate is optional', () => {
  it('who has none is anonymous, who has a good one is known, who has a bad one is refused', async () => {
    const server = await lab.start({ clientAuth: 'optional' });

    const anonymous = await curl(lab, server, null);
    const known = await curl(lab, server, alice);
    const bad = await curl(lab, server, await lab.mint(selfSigned));

    expect(JSON.parse(anonymous.body)).toMatchObject({
      identity: 'anonymous',
      authenticated: false,
      certificate: null,
    });
    expect(JSON.parse(known.body)).toMatchObject({ identity: 'alice', authenticated: true });
    expect(bad.status).toBe(403);
  });
});

describe.skipIf(!hasCurl)('where no certificate is asked for', () => {
  it('everybody is anonymous', async () => {
    const server = await lab.start({ clientAuth: 'off' });
    expect(JSON.parse((await curl(lab, server, alice)).body)).toMatchObject({
      identity: 'anonymous',
      authenticated: false,
    });
  });
});

describe('a client revoked by another process', () => {
  let leavers = 0;
  it.each(VERSIONS)(
    'is out within a second: open connection, resumed session, new one (%s)',
    TIMED,
    async (version) => {
      const server = await lab.start();
      const name = `leaver-${version}-${++leavers}`;
      const leaver = await lab.issue(name);
      const idle = await open(lab, server, leaver, { version });
      const busy = await open(lab, server, leaver, { version });
      expect(await busy.ask()).toMatch(/^HTTP\/1\.1 200 /);
      expect(await idle.ask()).toMatch(/^HTTP\/1\.1 200 /);
      const session = busy.session();
      const resumedBefore = await open(lab, server, leaver, { version, session: session! });
      expect(resumedBefore.resumed).toBe(true);
      expect(await resumedBefore.ask()).toMatch(/^HTTP\/1\.1 200 [\s\S]*"resumed": true/);

      await lab.revokeElsewhere(name);
      const since = performance.now();
      await sleep(FRESH_MS);
      const onBusy = await busy.ask();
      const resumed = await open(lab, server, leaver, { version, session: session! });
      const onResumed = await resumed.ask();
      await idle.closed;

      expect(performance.now() - since).toBeLessThan(1_000);
      expect(onBusy).not.toContain('200 OK');
      expect(resumed.resumed).toBe(true);
      expect(onResumed).toMatch(/^HTTP\/1\.1 403 [\s\S]*cert-revoked/);
      expect(lines().filter((line) => line.includes('revoked on'))).toHaveLength(lab.events.length);
      await Promise.all([busy.closed, resumed.closed, resumedBefore.closed]);
    },
  );

  it('is out on its next request, before anybody has looked at open connections', async () => {
    const server = await lab.start();
    const leaver = await lab.issue('next');
    const connection = await open(lab, server, leaver);
    await connection.ask();

    await lab.ca.revoke(await lab.ca.find('next'));
    await sleep(FRESH_MS);

    expect(await connection.ask()).toMatch(/^(HTTP\/1\.1 403 [\s\S]*cert-revoked|$)/);
    await connection.closed;
  });
});

describe('a store that cannot be asked', () => {
  it('lets nobody in', async () => {
    const { root, issuing } = lab.ca;
    const gone = () => Promise.reject(new Error('disk gone'));
    const ca = {
      root,
      issuing,
      revocationOf: gone,
      storeVersion: gone,
      revocationEdition: gone,
      crlEnds: gone,
    };
    const server = await lab.start({ ca });

    const connection = await open(lab, server, alice);

    const answer = await connection.ask();
    expect(answer).toMatch(/^HTTP\/1\.1 503 [\s\S]*store-unavailable/);
    expect(answer).not.toContain('disk gone'); // what is told of the machine is for the log
    await connection.closed;
  });
});

describe('a client that takes its time', () => {
  const limits = { headersMs: 500, requestMs: 1_000, keepAliveMs: 500, idleMs: 2_000 };

  it('is closed if it never shakes hands', async () => {
    const server = await lab.start({ limits: { ...limits, handshakeMs: 500 } });
    const socket = connectTcp(server.address.port, '127.0.0.1');

    await once(socket, 'close');

    expect(lines()).toEqual([expect.stringContaining('(tls-handshake-timeout)')]);
  });

  it('is closed if its header fields drip in', async () => {
    const server = await lab.start({ limits });
    const { socket, closed } = await open(lab, server, alice);
    socket.write('GET /whoami HTTP/1.1\r\nHost: localhost\r\n');
    const drip = setInterval(() => socket.write('X-Slow: 1\r\n'), 100);
    socket.resume();

    await closed;

    clearInterval(drip);
  });

  it('is closed if it says nothing, known or not', async () => {
    const server = await lab.start({ limits });
    const known = await open(lab, server, alice);
    const stranger = await open(lab, server, null);
    known.socket.resume();
    stranger.socket.resume();

    await Promise.all([known.closed, stranger.closed]);
  });

  it('is answered without its body being read, and closed', async () => {
    const server = await lab.start({ limits });
    const { ask, closed } = await open(lab, server, alice);

    const answer = await ask(
      'POST /whoami HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\nabc',
    );

    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    await closed;
  });

  it('is refused with too many header fields', async () => {
    const server = await lab.start({ limits });
    const { ask, socket, closed } = await open(lab, server, alice);

    const answer = ask(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`);
    await closed;

    expect(await answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(socket.destroyed).toBe(true);
  });
});

describe('the server', () => {
  it('speaks nothing older than TLS 1.2', async () => {
    const server = await lab.start();
    const socket = connect({
      port: server.address.port,
      host: '127.0.0.1',
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
      rejectUnauthorized: false,
    });

    await expect(once(socket, 'secureConnect')).rejects.toThrow(/alert number 70\b/);
  });

  it('tells a client that speaks plain HTTP', async () => {
    const server = await lab.start();
    const socket = connectTcp(server.address.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(GET_WHOAMI);

    await once(socket, 'close');

    expect(lines()).toEqual([expect.stringContaining('plain HTTP on a TLS port (not-tls)')]);
  });

  it.skipIf(!hasCurl).each(VERSIONS)('tells that it was the client who broke off (%s)', async (version) => {
    const server = await lab.start();
    const { cert } = await lab.mint(selfSigned);

    const { exitCode } = await curl(lab, server, alice, '--cacert', cert, ...CURL_VERSION[version]);

    expect(exitCode).toBe(60);
    await expect.poll(lines).toHaveLength(1);
    expect(lines()[0]).toMatch(
      /^refused .+: TLS handshake failed: .*alert unknown ca \(tls-handshake-failed\); fix: it was the client/,
    );
  });

  it('takes no second handshake in TLS 1.2, which could change the certificate', async () => {
    const server = await lab.start();
    const { socket, closed } = await open(lab, server, alice, { version: 'TLSv1.2' });

    let isRenegotiated = false;
    const since = performance.now();
    socket.renegotiate({ rejectUnauthorized: true }, (error) => {
      isRenegotiated = error === null;
    });
    socket.resume();
    await closed;

    expect(isRenegotiated).toBe(false);
    expect(performance.now() - since).toBeLessThan(1_000);
  });

  it('ends while a client keeps its connection open', async () => {
    const server = await lab.start();
    const { ask, closed } = await open(lab, server, alice);
    await ask();

    await server.close();
    await closed;
  });

  it('says what is in the way of listening', async () => {
    const server = await lab.start();
    await expect(lab.start({ listen: server.address })).rejects.toMatchObject({
      code: 'ERR_LISTEN',
      message: expect.stringContaining('something listens there already'),
    });
  });
});

describe('a single CA', () => {
  it.skipIf(!hasCurl)('lets its clients in, and nobody else', async () => {
    const single = await apiLab({ noIntermediate: true });
    try {
      const server = await single.start();
      expect((await curl(single, server, await single.issue('bob'))).status).toBe(200);
      expect((await curl(single, server, alice)).status).not.toBe(200);
      expect((await curl(single, server, await single.mint(revoked))).status).toBe(403);
    } finally {
      await single.remove();
    }
  });
});

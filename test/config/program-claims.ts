import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Agent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { peer } from '../peers/peer.js';
import { makeProbePki, type ProbePki } from '../probe/probe-pki.js';
import { FORGED } from './forged-headers.js';
import { makeOpensslPki, type OpensslPki } from './openssl-pki.js';
import { ask, type Caller, type Program, type RunningProgram, startProgram } from './programs.js';
import { sClient } from './running-server.js';

/** What a program does beside the handshake, with files in a folder whose name a careless string breaks at.
 *  @param reloads whether to wait for what it does about changes of its files, too: seconds */
export function keepsItsPromises(program: Program, { reloads }: { readonly reloads: boolean }): void {
  describe.runIf(program.needs.every(peer))(`${program.target}, as it is written`, () => {
    let pki: OpensslPki;
    const caller = (name?: string): Caller => ({
      ca: join(pki.folder, 'root.crt'),
      ...(name !== undefined && {
        cert: join(pki.folder, `${name}.crt`),
        key: join(pki.folder, `${name}.key`),
      }),
    });
    beforeAll(() => {
      pki = makeOpensslPki(AWKWARD);
    });
    afterAll(() => pki.remove());

    describe('with an application in it', () => {
      let running: RunningProgram;
      beforeAll(async () => {
        running = await startProgram(program, dirname(pki.folder), { files: pki.files });
      });
      afterAll(() => running?.stop());
      const get = (name: string | undefined, options = {}) => ask(running.port, caller(name), options);

      it('knows its client, and tells browsers to stay with TLS', async () => {
        const { status, headers, body } = await get('alice');

        expect({ status, hsts: headers['strict-transport-security'] }).toEqual({
          status: 200,
          hsts: 'max-age=63072000',
        });
        expect(body).toContain('CN=alice');
        expect(await get(undefined)).toMatchObject({ status: 0 });
      });

      it('looks at its input before it uses it', async () => {
        const echo = (body: string) =>
          get('alice', {
            path: '/echo',
            method: 'POST',
            body,
            headers: { 'Content-Type': 'application/json' },
          });

        expect(await echo('{"text": "hello"}')).toMatchObject({
          status: 200,
          body: expect.stringContaining('{"text":"hello"}'),
        });
        for (const wrong of ['{"text": 7}', '{"text"', '[]', 'null', `{"text": "${'x'.repeat(1001)}"}`])
          expect(await echo(wrong)).toMatchObject({ status: 400 });
        expect((await echo('x'.repeat(2 ** 21))).status).toBeOneOf([413, 0]);
        const long = { 'X-Long': 'x'.repeat(100_000) };
        expect((await get('alice', { headers: long })).status).toBeOneOf([431, 0]);
        expect(await get('alice')).toMatchObject({ status: 200 });
      });

      it('shows what is for admins to nobody who is not named for it, however the path is written', async () => {
        const answers = await Promise.all(ADMIN_PATHS.map((path) => get('alice', { path })));

        expect(answers.map(({ status }) => status)).not.toContain(200);
        expect(answers.map(({ body }) => body).join()).not.toContain('for admins alone');
      });

      it.runIf(reloads)('takes a renewed certificate by itself, and half of one not at all', async () => {
        const serial = async () => {
          const socket = await opened(running.port, caller('alice'));
          const { serialNumber } = socket.getPeerCertificate();
          socket.destroy();
          return serialNumber;
        };
        const before = await serial();
        const renewed = pki.renewed();

        copyFileSync(renewed.privkey, pki.files.privkey);
        await running.says(/not reloaded/);
        expect(await serial()).toBe(before);

        const from = running.log().length;
        copyFileSync(renewed.fullchain, pki.files.fullchain);
        await running.says(RELOADED, from);
        expect(await serial()).not.toBe(before);
      });

      it.runIf(reloads)('refuses a revoked client on connections and sessions of before', async () => {
        const { port, log, says } = running;
        const open = await opened(port, caller('bob'));
        open.write(GET);
        expect(await heard(open)).toMatch(/^HTTP\/1\.1 200 /);
        for (const version of VERSIONS)
          await sClient(pki, port, 'bob', version, ['-sess_out', `${version}.session`]);

        const from = log().length;
        pki.revoke('bob');
        await says(RELOADED, from);

        open.write(GET);
        expect(await heard(open)).not.toMatch(/^HTTP\/1\.1 2/);
        expect(await get('bob')).not.toMatchObject({ status: 200 });
        for (const version of VERSIONS) {
          const kept = existsSync(join(pki.folder, `${version}.session`))
            ? ['-sess_in', `${version}.session`]
            : [];
          const again = await sClient(pki, port, 'bob', version, kept);
          expect(again).toMatchObject({ reused: false, status: expect.not.toBeOneOf([200]) });
        }
        expect(await get('alice')).toMatchObject({ status: 200 });
      });
    });

    it('holds its clients to a list of names, takes no part for the whole, and ends open answers before it stops', async () => {
      const ours = await makeNamedClients();
      const running = await startProgram(program, ours.pki.served.folder, {
        files: ours.pki.served.files,
        allow: ['CN=alice', 'URI:spiffe://acme/billing'],
      });
      try {
        const answers = await Promise.all(
          ours.clients.map(async ({ name, caller: client }) => {
            const { status } = await ask(running.port, client);
            return [name, status];
          }),
        );
        expect(Object.fromEntries(answers)).toEqual({
          alice: 200,
          billing: 200,
          'alice,O=Evil': 403,
          'alice\nx': 403,
          'CN=alice': 403,
          'URI:spiffe://acme/billing': 403,
          other: 403,
        });
        expect(await lateAnswer(running, ours.clients[0]!.caller)).toMatch(/^HTTP\/1\.1 200 /);
        expect(await running.stop()).toBe(0);
      } finally {
        await running.stop();
        await ours.pki.close();
      }
    });

    describe('in front of an upstream', () => {
      let upstream: Server;
      let running: RunningProgram;
      const seen: IncomingMessage[] = [];
      beforeAll(async () => {
        upstream = createServer((request, response) => {
          seen.push(request);
          const answer = `${request.method} ${request.url}`;
          request.resume().on('end', () => response.setHeader('X-Upstream', 'yes').end(answer));
        });
        await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
        const { port } = upstream.address() as AddressInfo;
        const wishes = { clientAuth: 'optional', upstream: `http://127.0.0.1:${port}` } as const;
        running = await startProgram(
          program,
          dirname(pki.folder),
          { files: pki.files, ...wishes },
          (text) => {
            const few = text.replace(/\b(requests: |requestsPerWindow = )1000\b/, `$1${FEW}`);
            expect(few).not.toBe(text);
            return few;
          },
        );
      });
      afterEach(() => seen.splice(0));
      afterAll(async () => {
        await running?.stop();
        upstream.close();
      });
      const send = (name: string | undefined, options = {}) => ask(running.port, caller(name), options);

      it('says who the client is, and nothing that the client says of itself', async () => {
        const names = [...FORGED, ...FORGED.map((name) => name.replaceAll('-', '_')), 'X-SSL_Client-Verify'];
        const headers = {
          ...Object.fromEntries(names.map((name) => [name, 'forged'])),
          Connection: 'close, X-SSL-Client-Verify, X-SSL-Client-Subject',
        };

        const answer = await send('alice', { path: '/a?b=c', headers });
        expect(answer).toMatchObject({ status: 200, body: 'GET /a?b=c', headers: { 'x-upstream': 'yes' } });
        expect(await send(undefined, { headers })).toMatchObject({ status: 200 });
        expect(await send('self-signed', { headers })).not.toMatchObject({ status: 200 });
        expect(await send('expired', { headers })).not.toMatchObject({ status: 200 });

        const got = seen.map((request) => request.headers);
        expect(got.filter((one) => JSON.stringify(one).includes('forged'))).toEqual([]);
        expect(got).toMatchObject([
          {
            'x-ssl-client-verify': 'SUCCESS',
            'x-ssl-client-subject': 'CN=alice',
            'x-ssl-client-issuer': 'CN=Test Issuing CA',
            'x-ssl-client-serial': expect.stringMatching(/^[0-9A-F]{30,40}$/),
            'x-ssl-client-fingerprint': expect.stringMatching(/^[0-9a-f]{64}$/),
            'client-cert': expect.stringMatching(/^:[A-Za-z0-9+/=]+:$/),
            'x-forwarded-for': '127.0.0.1',
            'x-forwarded-proto': 'https',
          },
          { 'x-ssl-client-verify': 'NONE' },
        ]);
        expect(got[1]).not.toHaveProperty('x-ssl-client-subject');
      });

      it('passes bodies on as they are, and none that is too large', async () => {
        const chunked = { 'Transfer-Encoding': 'chunked' };
        const inner = 'GET /inner HTTP/1.1\r\nHost: x\r\n\r\n';

        expect(await send('alice', { method: 'POST', body: 'hello' })).toMatchObject({ body: 'POST /' });
        expect(await send('alice', { body: inner, headers: chunked })).toMatchObject({ body: 'GET /' });
        const large = { method: 'POST', body: Buffer.alloc(2 ** 21) };
        expect((await send('alice', large)).status).toBeOneOf([413, 0]);
        expect((await send('alice', { ...large, headers: chunked })).status).toBeOneOf([413, 502, 0]);

        expect(seen.filter(({ complete }) => complete).map(({ url }) => url)).toEqual(['/', '/']);
      });

      it('lets each client have so many requests in ten seconds, and others theirs', async () => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        let served = 0;
        let last = await send(undefined, { agent });
        for (; last.status === 200 && served <= 2 * FEW; served += 1) last = await send(undefined, { agent });
        agent.destroy();

        expect(last).toMatchObject({ status: 429, headers: { 'retry-after': '10' } });
        expect(served).toBeGreaterThan(FEW / 2); // two at most were asked for before
        expect(await send('alice')).toMatchObject({ status: 200 });
      });
    });

    it.runIf(reloads)('lets nobody in when its CRLs have run out', async () => {
      const running = await startProgram(program, dirname(pki.folder), { files: pki.files });
      try {
        expect(await ask(running.port, caller('alice'))).toMatchObject({ status: 200 });
        pki.expireCrls();
        await running.says(RELOADED);
        await sleep(1500);
        expect(await ask(running.port, caller('alice'))).not.toMatchObject({ status: 200 });
      } finally {
        await running.stop();
      }
    });
  });
}

/** What comes of a request whose body ends after its server was told to stop. */
async function lateAnswer({ port, says, stop }: RunningProgram, client: Caller): Promise<string> {
  const socket = await opened(port, client);
  const body = '{"text": "late"}';
  const head = ['POST /echo HTTP/1.1', 'Host: localhost', 'Content-Type: application/json'];
  socket.write(`${[...head, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body.slice(0, 5)}`);
  await sleep(100);
  void stop();
  await says(/stopping/);
  socket.write(body.slice(5));
  const answer = await heard(socket);
  socket.destroy();
  return answer;
}

/** Clients whose names could be taken for one another. */
export async function makeNamedClients(): Promise<{
  pki: ProbePki;
  clients: Array<{ name: string; caller: Caller }>;
}> {
  const pki = await makeProbePki({ name: 'Names' });
  const names = [
    'alice',
    'billing',
    'alice,O=Evil',
    'alice\nx',
    'CN=alice',
    'URI:spiffe://acme/billing',
    'other',
  ];
  const clients = [];
  for (const [index, name] of names.entries()) {
    const value =
      name === 'billing' ? 'spiffe://acme/billing' : 'spiffe://acme/billing/x,URI:spiffe://acme/billing';
    await pki.ca.issueClient({
      commonName: name,
      name: `client-${index}`,
      subjectAltName: name === 'alice' ? [] : [{ type: 'uniformResourceIdentifier', value }],
    });
    const { fullchain, privkey } = pki.ca.filesOf({ name: `client-${index}`, folder: null });
    clients.push({ name, caller: { ca: pki.ca.folder.at('ca.crt'), cert: fullchain, key: privkey! } });
  }
  return { pki, clients };
}

/** A connection of a client, handshake done. */
function opened(port: number, { ca, cert, key }: Caller): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: readFileSync(ca),
      cert: readFileSync(cert!),
      key: readFileSync(key!),
    });
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** What comes next over it: an answer, or nothing where it is closed. */
function heard(socket: TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    if (socket.destroyed || socket.readableEnded) return resolve('');
    socket.once('data', (chunk) => resolve(chunk.toString('latin1')));
    for (const event of ['end', 'close', 'error']) socket.once(event, () => resolve(''));
  });
}

/** Requests in a window, instead of the thousand that no slow machine comes to in one. */
const FEW = 30;
/** Not `not reloaded`. */
const RELOADED = /"reloaded"|:\d\d reloaded/;
const VERSIONS = ['-tls1_2', '-tls1_3'] as const;
/** /admin, and what a careless router or filter takes for it or for something else. */
export const ADMIN_PATHS = [
  '/admin',
  '//admin',
  '/%61dmin',
  '/ADMIN',
  '/admin/',
  '/x/../admin',
  '/admin;x',
  '/admin?x',
  '/admin%2f',
];
const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
/** What means something in one syntax or another. */
const AWKWARD = `my "pki" 'ünï' \\ ; { # % & \`\${1}\` \u2028`;

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConfigRequest } from '../../src/config/config-request.js';
import { renderConfig } from '../../src/config/render.js';
import { peer } from '../peers/peer.js';
import { makeProbePki, type ProbePki } from '../probe/probe-pki.js';
import { makeOpensslPki, type OpensslPki } from './openssl-pki.js';
import { ask } from './programs.js';
import { reloadUntilRefused, start } from './real-servers.js';
import { curl, type RunningServer, sClient } from './running-server.js';
import { type PlainUpstream, STUNNEL, startPlainUpstream } from './stunnel.js';

const FILES = { fullchain: '/f', privkey: '/k', caChain: '/c', crlChain: '/r' };
const there = peer('stunnel') && peer('openssl') && peer('curl');
let upstream: PlainUpstream;
let server: RunningServer | undefined;
beforeAll(async () => {
  upstream = await startPlainUpstream();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
afterAll(() => upstream.close());

describe.runIf(there)('stunnel, configured by us', () => {
  let pki: OpensslPki;
  beforeEach(() => {
    pki = makeOpensslPki(`my "pki" 'ünï' \\ ; { # % & \${1} = [x]`);
  });
  afterEach(() => pki.remove());
  const run = async (wishes: Partial<ConfigRequest> = {}, change?: (configuration: string) => string) => {
    server = await start(STUNNEL, pki, { upstream: upstream.url, ...wishes }, change);
  };
  const get = (client: Parameters<typeof curl>[2], ...options: string[]) =>
    curl(pki, server!.port, client, ...options);

  it.each(['modern', 'intermediate'] as const)('%s: the good client alone gets through', async (level) => {
    await run({ level });

    expect(await get('alice')).toMatchObject({ status: 200, body: 'from behind\n' });
    for (const client of ['none', 'expired', 'self-signed'] as const) {
      const answer = await get(client);
      expect({ client, refused: STUNNEL.refuses(answer), answer }).toMatchObject({ refused: true });
    }
    expect(server!.log()).toMatch(STUNNEL.saysExpired);
    const tls12 = await get('alice', '--tls-max', '1.2');
    expect(tls12.status).toBe(level === 'modern' ? 0 : 200);
    const old = await get('alice', '--tls-max', '1.1', '--ciphers', 'DEFAULT@SECLEVEL=0');
    expect(old.status).toBe(0);
  });

  it.each([
    ['standalone', { standalone: true }],
    ["at the end of somebody's own file", { standalone: false }],
  ])('a revoked client is out after SIGHUP, sessions of before included: %s', async (_where, wishes) => {
    await run(wishes);
    for (const version of VERSIONS)
      expect(
        await sClient(pki, server!.port, 'bob', version, ['-sess_out', `bob${version}.session`]),
      ).toMatchObject({ status: 200 });

    pki.revoke('bob');
    expect(await reloadUntilRefused(STUNNEL, server!, pki, 'bob')).toBe(true);

    for (const version of VERSIONS) {
      const session = `bob${version}.session`;
      const kept = existsSync(join(pki.folder, session)) ? ['-sess_in', session] : [];
      const after = await sClient(pki, server!.port, 'bob', version, kept);
      expect({ version, after }).toMatchObject({ after: { reused: false, status: 0 } });
    }
    expect((await get('alice')).status).toBe(200);

    pki.expireCrls();
    expect(await reloadUntilRefused(STUNNEL, server!, pki, 'alice')).toBe(true);
  });

  it.each([
    ['are not kept by our lines, though somebody adds the keys of tickets', false],
    ['would let a revoked client in without our lines', true],
  ])('sessions over SIGHUP %s', async (_what, isKept) => {
    await run({}, (configuration) => {
      const bare = configuration.replace('sessionResume = no', '').replace('options = NO_TICKET', '');
      return `${isKept ? bare : configuration}ticketKeySecret = ${SECRET}\nticketMacSecret = ${SECRET}\n`;
    });
    await sClient(pki, server!.port, 'bob', '-tls1_2', ['-sess_out', 'bob.session']);

    pki.revoke('bob');
    expect(await reloadUntilRefused(STUNNEL, server!, pki, 'bob')).toBe(true);

    const kept = existsSync(join(pki.folder, 'bob.session')) ? ['-sess_in', 'bob.session'] : [];
    const { reused, output } = await sClient(pki, server!.port, 'bob', '-tls1_2', kept);
    expect({ reused, served: output.includes('from behind') }).toEqual({ reused: isKept, served: isKept });
  });

  it('optional lets strangers through and bad certificates not; off asks for none', async () => {
    await run({ clientAuth: 'optional' });
    expect([(await get('none')).status, (await get('alice')).status]).toEqual([200, 200]);
    expect(STUNNEL.refuses(await get('expired'))).toBe(true);
    expect(STUNNEL.refuses(await get('self-signed'))).toBe(true);
    await server!.stop();

    await run({ clientAuth: 'off' });
    expect((await get('none')).status).toBe(200);
    const { output } = await sClient(pki, server!.port, 'alice', '-tls1_2', []);
    expect(output).toContain('No client certificate CA names sent');
  });
});

describe.runIf(there)('stunnel that holds its clients to a list of names', () => {
  let pki: ProbePki;
  const caller = (name: string) => {
    const { fullchain, privkey } = pki.ca.filesOf({ name, folder: null });
    return { ca: pki.ca.folder.at('ca.crt'), cert: fullchain, key: privkey! };
  };
  beforeAll(async () => {
    pki = await makeProbePki({ name: 'Names' });
    const clients = {
      billing: [{ type: 'dNSName', value: 'billing.acme.test' }],
      mail: [{ type: 'rfc822Name', value: 'alice@acme.test' }],
      machine: [{ type: 'iPAddress', octets: new Uint8Array([10, 0, 0, 7]) }],
      longer: [{ type: 'dNSName', value: 'billing.acme.test.evil.test' }],
      other: [{ type: 'dNSName', value: 'other.acme.test' }],
      'billing.acme.test': [{ type: 'dNSName', value: 'own.acme.test' }], // by its commonName alone
      none: [],
    } as const;
    for (const [name, subjectAltName] of Object.entries(clients))
      await pki.ca.issueClient({ commonName: name, subjectAltName: [...subjectAltName] });
  });
  afterAll(() => pki?.close());

  it('lets in whose subjectAltName has one of them, and nobody else', async () => {
    server = await start(STUNNEL, pki.served, {
      upstream: upstream.url,
      allow: ['DNS:billing.acme.test', 'email:alice@acme.test', 'IP:10.0.0.7'],
    });

    const answers = await Promise.all(
      ['billing', 'mail', 'machine', 'longer', 'other', 'billing.acme.test', 'none'].map(async (name) => [
        name,
        (await ask(server!.port, caller(name))).status,
      ]),
    );

    expect(Object.fromEntries(answers)).toEqual({
      billing: 200,
      mail: 200,
      machine: 200,
      longer: 0,
      other: 0,
      'billing.acme.test': 0,
      none: 0,
    });
  });

  it.each(['CN=alice', 'URI:spiffe://acme/billing', 'DNS:a b'])('cannot tell %s, and says so', (name) => {
    expect(() => renderConfig({ ...request(), allow: [name] })).toThrow(UNFIT);
  });
});

describe('what stunnel cannot be told', () => {
  it.each([
    ['an upstream that wants TLS', { upstream: 'https://app.test' }],
    ['an upstream without a port', { upstream: 'tcp://app.test' }],
    ['a path that ends in a space', { files: { ...FILES, caChain: '/pki/ca ' } }],
  ])('%s', (_what, wishes) => expect(() => renderConfig({ ...request(), ...wishes })).toThrow(UNFIT));

  it.each([
    ['*', 'accept = 0.0.0.0:8443'],
    ['::1', 'accept = ::1:8443'],
  ])('is said in its own way: %s', (host, line) =>
    expect(renderConfig({ ...request(), listen: { host, port: 8443 } })).toContain(line),
  );
});

const VERSIONS = ['-tls1_2', '-tls1_3'] as const;
const SECRET = '00112233445566778899aabbccddeeff'.repeat(2);
const UNFIT = expect.objectContaining({ code: 'ERR_CONFIG_VALUE' });

function request(): ConfigRequest {
  return {
    target: 'stunnel',
    level: 'intermediate',
    clientAuth: 'require',
    serverName: 'api.test',
    listen: { host: '127.0.0.1', port: 8443 },
    files: FILES,
    standalone: false,
  };
}

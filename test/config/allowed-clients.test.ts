import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { renderConfig } from '../../src/config/render.js';
import type { GeneralName } from '../../src/x509/general-name.js';
import { parseName } from '../../src/x509/name.js';
import { encodePem } from '../../src/x509/pem.js';
import { peer } from '../peers/peer.js';
import { makeProbePki, type ProbePki } from '../probe/probe-pki.js';
import { ask, type Caller } from './programs.js';
import { REAL_SERVERS, start } from './real-servers.js';
import type { RunningServer } from './running-server.js';

/** Whole subjects that may come in; the second one with all that means something in one syntax or another. */
const ALLOWED = [
  'CN=alice,O=Acme Inc.',
  String.raw`CN=müller\, \"the\" \\one\+ $1 %{X} $x #'(.*)|,STREET=Hauptstraße {1}\;,O=Söhne & Co`,
];
/** Others, each close to one that may. */
const NOT_ALLOWED = [
  'CN=alice',
  'CN=alice,O=Acme Inc.,C=DE',
  'OU=x,CN=alice,O=Acme Inc.',
  'CN=Alice,O=Acme Inc.',
  'CN=alice,O=Acme IncX',
  'O=Acme Inc.,CN=alice',
  String.raw`CN=alice\,O=Acme Inc.`,
  'CN=bob,O=Acme Inc.',
];
const SERVERS = REAL_SERVERS.filter(({ target }) => ['nginx', 'apache', 'haproxy'].includes(target));

describe.each(SERVERS)('$target, told whom to let in', (real) => {
  const there = peer(real.program);
  let pki: ProbePki;
  let server: RunningServer | undefined;
  let count = 0;
  beforeAll(async () => {
    pki = await makeProbePki({ name: 'Allowed' });
  });
  afterEach(async () => server?.stop());
  afterAll(() => pki.close());

  async function client(subject: string, subjectAltName: readonly GeneralName[] = []): Promise<Caller> {
    const wish = {
      subject: parseName(subject),
      subjectAltName,
      keyType: 'ec-p256',
      lifetimeMs: 600_000,
    } as const;
    const { chain, privateKey } = await pki.ca.mintProbeClient(wish);
    count += 1;
    const [cert, key] = ['crt', 'key'].map((end) => join(pki.served.folder, `${count}.${end}`)) as [
      string,
      string,
    ];
    writeFileSync(cert, chain.map((der) => encodePem('CERTIFICATE', der)).join(''));
    writeFileSync(key, privateKey);
    return { ca: pki.ca.folder.at('ca.crt'), cert, key };
  }
  const statusOf = async (caller: Caller): Promise<number> => (await ask(server!.port, caller)).status;

  it.runIf(there).each([
    ['require', undefined],
    ['require', 'http://127.0.0.1:1'],
    ['optional', undefined],
  ] as const)('lets in those subjects alone: %s, upstream %s', async (clientAuth, upstream) => {
    server = await start(real, pki.served, { clientAuth, upstream, allow: ALLOWED });
    const served = upstream === undefined ? 200 : expect.toBeOneOf([502, 503]); // nobody listens behind it

    for (const subject of ALLOWED) expect(await statusOf(await client(subject))).toEqual(served);
    for (const subject of NOT_ALLOWED)
      expect({ subject, status: await statusOf(await client(subject)) }).toEqual({ subject, status: 403 });
    const nameless = await statusOf({ ca: pki.ca.folder.at('ca.crt') });
    if (clientAuth === 'optional') expect(nameless).toBe(200);
    else expect(nameless).toBeOneOf([0, 400]);
  });

  it.runIf(there && real.target === 'apache')('lets in by a name of the subjectAltName, too', async () => {
    const allow = ['DNS:billing.acme.test', 'email:alice@acme.test', 'CN=root'];
    server = await start(real, pki.served, { allow });
    const dns = (value: string): GeneralName => ({ type: 'dNSName', value });
    const mail = (value: string): GeneralName => ({ type: 'rfc822Name', value });

    expect(await statusOf(await client('CN=x', [dns('other.test'), dns('billing.acme.test')]))).toBe(200);
    expect(await statusOf(await client('CN=x', [mail('alice@acme.test')]))).toBe(200);
    expect(await statusOf(await client('CN=root'))).toBe(200);
    for (const name of ['xbilling.acme.test', 'billing.acme.test.evil.test', 'billingxacme.test'])
      expect(await statusOf(await client('CN=x', [dns(name)]))).toBe(403);
    expect(await statusOf(await client('CN=billing.acme.test', [mail('alice@acmextest')]))).toBe(403);
  });

  it('says which names it cannot tell', () => {
    const render = (name: string) => () =>
      renderConfig({
        target: real.target,
        level: 'modern',
        clientAuth: 'require',
        serverName: 'api.test',
        listen: { host: '*', port: 443 },
        files: pki.served.files,
        standalone: true,
        allow: [name],
      });

    const names = ['URI:spiffe://acme/billing', 'IP:10.0.0.7', 'CN=a+OU=b', '1.2.3.4=x', 'alice'];
    for (const name of [...names, ...(real.target === 'apache' ? [] : ['DNS:a.test', 'email:a@b.test'])])
      expect(render(name)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});

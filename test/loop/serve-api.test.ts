import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CertificateAuthority } from '../../src/ca/certificate-authority.js';
import { type ServedApi, serveApi } from '../../src/loop/serve-api.js';
import { LOCAL_NAMES } from '../../src/loop/served-certificate.js';
import { type ServerEvent, serverEventLine } from '../../src/server/server-event.js';
import { type ApiLab, apiLab, type ClientFiles, curl, type OpenConnection, open } from '../server/api-lab.js';

let lab: ApiLab;
let alice: ClientFiles;
let access: string;
let api: ServedApi;
const events: ServerEvent[] = [];
beforeEach(async () => {
  lab = await apiLab();
  alice = await lab.issue('alice');
  access = join(lab.folder, 'access.json');
  allow('GET', '/whoami');
  api = await serveApi({
    ca: lab.ca,
    serverName: 'localhost',
    accessFile: access,
    listen: { host: '127.0.0.1', port: 0 },
    clientAuth: 'require',
    limits: { keepAliveMs: 60_000 },
    onEvent: (event) => events.push(event),
  });
  events.length = 0;
});
afterEach(async () => {
  await api?.close();
  await lab?.remove();
});

const allow = (method: string, ...paths: string[]): void =>
  replace(access, JSON.stringify({ rules: [{ identity: 'alice', methods: [method], paths }] }));
const status = async (path: string) => (await curl(lab, api, alice, path)).status;
const told = (kind: ServerEvent['kind']) =>
  events.filter((event) => event.kind === kind).map((event) => serverEventLine(event));
/** As all careful writers do. */
function replace(path: string, content: string): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}
const shown = ({ socket }: OpenConnection) => socket.getPeerX509Certificate()!.serialNumber.toLowerCase();
/** On a busy machine. */
const LONG = { timeout: 15_000 };
const OK = /^HTTP\/1\.1 200 /;

describe('a server that follows its files', () => {
  it('takes other access rules, keeps the old ones where they are no good, and says so once', async () => {
    expect([await status('/whoami'), await status('/healthz')]).toEqual([200, 403]);

    allow('GET', '/healthz');
    await expect.poll(() => status('/healthz'), LONG).toBe(200);
    expect(await status('/whoami')).toBe(403);
    expect(told('reloaded')).toEqual([`reloaded the access rules: from ${access}`]);

    replace(access, '{"rules": [{"identity": "alice"}]}');
    await expect.poll(() => told('kept'), LONG).toHaveLength(1);
    expect(told('kept')[0]).toMatch(
      /^kept the access rules of before: .*at \/rules\/0: "methods" is missing.*; fix: /,
    );
    expect(await status('/healthz')).toBe(200);

    rmSync(access);
    await expect.poll(() => told('kept'), LONG).toHaveLength(2);
    expect(await status('/healthz')).toBe(200);
    allow('GET', '/whoami');
    await expect.poll(() => status('/whoami'), LONG).toBe(200);
  });

  it('shows a renewed certificate from then on, and drops no connection for it', async () => {
    const before = await open(lab, api, alice);
    expect(await before.ask()).toMatch(OK);

    const { certificate } = await lab.ca.renew((await lab.ca.find('localhost')).at(-1)!, { rekey: true });
    await expect
      .poll(async () => {
        const fresh = await open(lab, api, alice);
        expect(await fresh.ask()).toMatch(OK);
        const certificate = shown(fresh);
        fresh.socket.destroy();
        return certificate;
      }, LONG)
      .toBe(certificate.serialNumber);

    expect(await before.ask()).toMatch(OK);
    expect(shown(before)).not.toBe(certificate.serialNumber);
    expect(told('reloaded')).toEqual([
      expect.stringMatching(`^reloaded the server certificate: serial ${certificate.serialNumber}, until 20`),
    ]);
    expect(told('kept')).toEqual([]);
  });

  it('says that its own certificate was revoked, until it has another', async () => {
    await lab.ca.revoke(await lab.ca.find('localhost'), { reason: 'superseded' });

    await expect.poll(() => told('kept'), LONG).toHaveLength(1);
    expect(told('kept')[0]).toMatch(
      /^kept the server certificate of before: the server's certificate was revoked on 20.* \(superseded\).*; fix: make a new one/,
    );
    allow('GET', '/readyz');
    await expect.poll(() => status('/readyz'), LONG).toBe(503);
    const { body } = await curl(lab, api, alice, '/readyz');
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'server-certificate-revoked' } });

    await lab.ca.issueServer({ commonName: 'localhost', subjectAltName: LOCAL_NAMES, force: true });
    await expect.poll(() => status('/readyz'), LONG).toBe(200);
    expect(told('kept')).toHaveLength(1);
  });

  it('never shows half a pair: what it has it keeps, and says why', async () => {
    const { privkey } = lab.ca.filesOf({ name: 'localhost', folder: null });
    const right = readFileSync(privkey!, 'utf8');

    replace(privkey!, readFileSync(alice.key, 'utf8'));
    await expect.poll(() => told('kept'), LONG).toHaveLength(1);
    expect(told('kept')[0]).toMatch(/^kept the server certificate of before: the server's key is not that/);
    expect(await status('/whoami')).toBe(200);

    replace(privkey!, right);
    await expect.poll(() => told('reloaded'), LONG).toHaveLength(1);
  });

  it('lets in the clients of another CA that lies in its folder, and those of the old one no more', async () => {
    const old = await open(lab, api, alice);
    expect(await old.ask()).toMatch(OK);
    const pki = lab.ca.folder.path;
    const other = join(lab.folder, 'other');
    const { ca } = await CertificateAuthority.create({ pki: other, passphrase: null, name: 'Other' });
    await ca.issueServer({ commonName: 'localhost' });
    const bob = await ca.issueClient({ commonName: 'alice' });
    await ca.close();
    const kept = { cert: join(lab.folder, 'alice.pem'), key: join(lab.folder, 'alice.key') };
    cpSync(alice.cert, kept.cert);
    cpSync(alice.key, kept.key);

    renameSync(pki, join(lab.folder, 'away'));
    renameSync(other, pki);
    await old.closed;
    await expect
      .poll(() => told('reloaded').join())
      .toContain(`reloaded the certificate authority: from ${pki}`);

    expect(existsSync(bob.files.cert.replace(other, pki))).toBe(true);
    expect(await status('/whoami')).toBe(200);
    expect((await curl(lab, api, kept)).status).toBe(403);
    expect(told('refused').join()).toMatch(/issuer-not-found|root-not-trusted/);
  });

  it('reads everything again when it is told to', async () => {
    await api.reload();

    expect(told('reloaded').map((line) => line.split(':')[0])).toEqual([
      'reloaded the certificate authority',
      'reloaded the server certificate',
      'reloaded the access rules',
    ]);
    expect(await status('/whoami')).toBe(200);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nssStores } from '../../../src/host/trust-stores/nss.js';
import { performSteps } from '../../../src/host/trust-stores/perform-steps.js';
import { entryName, type TrustStore } from '../../../src/host/trust-stores/trust-store.js';
import { peer } from '../../peers/peer.js';

const there = ['certutil', 'openssl'].every(peer);
const home = mkdtempSync(join(tmpdir(), 'sslapi-nss-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

let root: { readonly pem: string; readonly fingerprint256: string };
beforeAll(() => {
  if (there) root = { pem: selfSigned('root'), fingerprint256: 'a1b2c3d4e5f60718'.repeat(4) };
});

describe.runIf(there)('a database of NSS', () => {
  it('is found where Firefox and Chromium have it, the old place and the new', () => {
    const under = join(home, 'places');
    const profile = database(under, '.mozilla/firefox/abc.default-release');
    const old = database(under, '.pki/nssdb');
    const recent = database(under, '.local/share/pki/nssdb');

    const found = nssStores(under, {}, true).map(({ place, readers }) => [place, readers.split(',')[0]]);

    expect(found).toEqual([
      [old, 'Chromium'],
      [recent, 'Chromium'],
      [profile, 'Firefox'],
    ]);
  });

  it('is made where a Chromium has none yet', async () => {
    const under = join(home, 'fresh');
    mkdirSync(under);
    const [store] = nssStores(under, {}, true);

    await performSteps((await store!.look(root)).install);

    expect((await only(under).look(root)).state).toBe('trusted');
    expect(nssStores(join(home, 'none'), {}, false)).toEqual([]);
  });

  it('keeps another certificate that has our name', async () => {
    const store = only(withDatabase('foreign'));
    add(store, selfSigned('stranger'), entryName(root), 'C,,');

    expect(await store.look(root)).toMatchObject({ state: 'foreign', install: [], uninstall: [] });
  });

  it('keeps our root under the name that others gave it, and the trust that they gave it', async () => {
    const trusted = only(withDatabase('by-hand'));
    add(trusted, root.pem, 'by hand', 'C,,');
    const untrusted = only(withDatabase('untrusted'));
    add(untrusted, root.pem, 'by hand', ',,');

    expect(await trusted.look(root)).toMatchObject({ state: 'trusted', install: [], uninstall: [] });
    expect(await untrusted.look(root)).toMatchObject({ state: 'foreign', install: [], uninstall: [] });
  });

  it('that holds our root without trust is not called one that trusts it', async () => {
    const store = only(withDatabase('distrusted'));
    add(store, root.pem, entryName(root), ',,');

    const sight = await store.look(root);
    await performSteps(sight.install);

    expect(sight.state).toBe('absent');
    expect((await store.look(root)).state).toBe('trusted');
  });

  it('forgets our root and nothing else', async () => {
    const store = only(withDatabase('both'));
    add(store, selfSigned('neighbour'), 'neighbour', 'C,,');
    await performSteps((await store.look(root)).install);

    await performSteps((await store.look(root)).uninstall);

    expect((await store.look(root)).state).toBe('absent');
    expect(execFileSync('certutil', ['-L', '-d', `sql:${store.place}`], { encoding: 'utf8' })).toMatch(
      /^neighbour +C,,/m,
    );
  });
});

function withDatabase(name: string): string {
  database(join(home, name), '.pki/nssdb');
  return join(home, name);
}

function database(under: string, folder: string): string {
  const path = join(under, folder);
  mkdirSync(path, { recursive: true });
  execFileSync('certutil', ['-N', '-d', `sql:${path}`, '--empty-password']);
  return path;
}

function only(under: string): TrustStore {
  const stores = nssStores(under, {}, false);
  expect(stores).toHaveLength(1);
  return stores[0]!;
}

function add({ place }: TrustStore, pem: string, name: string, trust: string): void {
  execFileSync('certutil', ['-A', '-d', `sql:${place}`, '-n', name, '-t', trust, '-a'], { input: pem });
}

function selfSigned(name: string): string {
  const [key, out] = [join(home, `${name}.key`), join(home, `${name}.pem`)];
  const asked = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${name}`];
  execFileSync('openssl', ['req', '-x509', ...asked, '-keyout', key, '-out', out], { stdio: 'ignore' });
  return readFileSync(out, 'utf8');
}

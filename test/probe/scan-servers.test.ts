import { execFileSync } from 'node:child_process';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Connections } from '../../src/probe/connections.js';
import { startScan } from '../../src/probe/scan/run-scan.js';
import type { Scan } from '../../src/probe/scan.js';
import { cipherSuite } from '../../src/tls/cipher-suite.js';
import { groupName } from '../../src/tls/group.js';
import { signatureSchemeName } from '../../src/tls/signature-scheme.js';
import type { TlsVersion } from '../../src/tls/version.js';
import { type DelayProxy, delayProxy } from '../bench/servers/delay-proxy.js';
import { peer } from '../peers/peer.js';
import { type LabCertificates, labCertificates } from '../tls/lab-certificates.js';
import { LabServers } from '../tls/lab-servers.js';

let lab: LabCertificates;
let servers: LabServers;
const closing: Array<() => unknown> = [];
beforeAll(() => {
  lab = labCertificates();
  lab.issue('rsa', { keyType: 'rsa' });
  lab.issue('ec');
  lab.issue('other', { extensions: 'subjectAltName=DNS:other.test' });
  execFileSync('openssl', ['dhparam', '-dsaparam', '-out', 'dh.pem', '1024'], {
    cwd: lab.folder,
    stdio: 'pipe',
  });
  servers = new LabServers(lab);
});
afterAll(() => {
  for (const close of closing) close();
  servers?.close();
  lab?.close();
});

interface Scanned {
  readonly scan: Scan;
  readonly connections: number;
}
const scanned = async (port: number, gentle = false): Promise<Scanned> => {
  const connections = new Connections({ host: '127.0.0.1', port }, gentle ? 2 : 32, 5000);
  const request = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  const { finish } = await startScan(connections, { servername: 'localhost', request, gentle });
  const scan = await finish();
  return { scan, connections: connections.count };
};
const afar = async (port: number, roundTripMs = 25): Promise<DelayProxy> => {
  const proxy = await delayProxy(port, roundTripMs);
  closing.push(proxy.close);
  return proxy;
};

const spoken = ({ protocols }: Scan): string[] =>
  Object.entries(protocols).flatMap(([version, { value }]) => (value ? [version] : []));
const suites = ({ cipherSuites }: Scan, version: TlsVersion): string[] =>
  cipherSuites.get(version)?.ids.map((id) => cipherSuite(id)!.opensslName!) ?? [];
const groups = (scan: Scan, version: TlsVersion): string[] =>
  (scan.groups.get(version)?.ids ?? []).map(groupName).sort();
const schemes = (scan: Scan, version: TlsVersion): string[] =>
  (scan.signatureSchemes.get(version)?.ids ?? []).map(signatureSchemeName).sort();
/** What OpenSSL makes of a list, for servers with a key of that kind and temporary keys of every kind. */
const listed = (list: string, ...versions: string[]): string[] =>
  execFileSync('openssl', ['ciphers', '-s', ...versions, `${list}:@SECLEVEL=0`], { encoding: 'utf8' })
    .trim()
    .split(':');
const OPENSSL_GROUPS = ['secp256r1', 'secp384r1', 'secp521r1', 'x25519', 'x448'];
const FFDHE = ['ffdhe2048', 'ffdhe3072', 'ffdhe4096', 'ffdhe6144', 'ffdhe8192'];
const WITHOUT_RSA_KEY = '!PSK:!SRP:!aDSS:!aECDSA';

const weak = () =>
  servers.nginx(`ssl_certificate ${lab.path('rsa.crt')}; ssl_certificate_key ${lab.path('rsa.key')};
ssl_protocols TLSv1 TLSv1.1; ssl_dhparam ${lab.path('dh.pem')}; ssl_prefer_server_ciphers on;
ssl_ciphers ALL:COMPLEMENTOFALL:@SECLEVEL=0;`);
const modern = () =>
  servers.nginx(`ssl_certificate ${lab.path('ec.crt')}; ssl_certificate_key ${lab.path('ec.key')};
ssl_prefer_server_ciphers off;
ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305;`);

const MANNERS = [
  ['near', (port: number) => scanned(port)],
  ['afar', async (port: number) => scanned((await afar(port)).port)],
  ['gently', (port: number) => scanned(port, true)],
] as const;

describe.runIf(peer('nginx'))('nginx with everything that OpenSSL has, in its own order', () => {
  it.each(MANNERS)('is told wholly, %s', async (_manner, scanOf) => {
    const { scan } = await scanOf(await weak());

    expect(spoken(scan)).toEqual(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
    expect(suites(scan, 'TLSv1.3')).toEqual(listed('aNULL', '-tls1_3').slice(0, 3));
    expect(suites(scan, 'TLSv1.2')).toEqual(listed(`ALL:COMPLEMENTOFALL:${WITHOUT_RSA_KEY}`, '-tls1_2'));
    for (const version of ['TLSv1', 'TLSv1.1'] as const) {
      expect(suites(scan, version)).toEqual(listed(`ALL:COMPLEMENTOFALL:${WITHOUT_RSA_KEY}`, '-tls1_1'));
    }
    for (const { serverOrder, incomplete } of scan.cipherSuites.values()) {
      expect({ serverOrder: serverOrder.value, incomplete }).toEqual({ serverOrder: true, incomplete: null });
    }
    expect(groups(scan, 'TLSv1.2')).toEqual(OPENSSL_GROUPS);
    expect(schemes(scan, 'TLSv1.2')).toEqual([
      'rsa_pkcs1_sha1',
      'rsa_pkcs1_sha256',
      'rsa_pkcs1_sha384',
      'rsa_pkcs1_sha512',
      'rsa_pss_rsae_sha256',
      'rsa_pss_rsae_sha384',
      'rsa_pss_rsae_sha512',
      'rsa_sha224',
    ]);
    expect(scan.dhParameters.map(({ primeBits }) => primeBits)).toEqual([1024]);
    expect(scan.hello).toMatchObject({
      compression: { value: false },
      secureRenegotiation: { value: true },
      extendedMasterSecret: { value: true },
      encryptThenMac: { value: true },
      fallbackScsv: { value: true },
      downgradeSentinel: { value: true },
      toleratesGrease: { value: true },
      toleratesUnknownVersion: { value: true },
    });
  });
});

describe.runIf(peer('nginx'))('nginx as it should be', () => {
  it.each(MANNERS)('is told wholly, %s', async (_manner, scanOf) => {
    const { scan } = await scanOf(await modern());

    expect(spoken(scan)).toEqual(['TLSv1.2', 'TLSv1.3']);
    expect(suites(scan, 'TLSv1.2')).toEqual([
      'ECDHE-ECDSA-AES128-GCM-SHA256',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
      'ECDHE-ECDSA-CHACHA20-POLY1305',
    ]);
    expect(suites(scan, 'TLSv1.3').sort()).toEqual(listed('aNULL', '-tls1_3').sort().slice(0, 3));
    expect([...scan.cipherSuites.values()].map(({ serverOrder }) => serverOrder.value)).toEqual([
      false,
      false,
    ]);
    expect(groups(scan, 'TLSv1.2')).toEqual(OPENSSL_GROUPS);
    expect(groups(scan, 'TLSv1.3')).toEqual([...FFDHE, ...OPENSSL_GROUPS]);
    expect(scan.groups.get('TLSv1.2')!.incomplete).toBeNull();
    expect(schemes(scan, 'TLSv1.3')).toEqual(['ecdsa_secp256r1_sha256']);
    expect(scan.hello.alpn.value).toEqual(['http/1.1', 'http/1.0']);
    expect(scan.chains.map(({ asked }) => asked)).toEqual(['by-name']);
  });

  it('is told in few rounds, and gently in few connections', async () => {
    const port = await modern();
    const proxy = await afar(port, 100);

    const startedAt = performance.now();
    const far = await scanned(proxy.port);
    const tookMs = performance.now() - startedAt;
    const gentle = await scanned(port, true);

    expect(tookMs).toBeLessThan(23 * 200); // one suite after the other would be 46 of 200 ms
    expect(far.connections).toBeLessThan(125);
    expect(gentle.connections).toBeLessThan(80);
    expect(proxy.connections()).toBe(far.connections);
  });
});

describe('behind client authentication', () => {
  it.runIf(peer('haproxy'))('HAProxy that demands certificates in TLS 1.2 shows all its suites', async () => {
    const list =
      'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA:ECDHE-RSA-CHACHA20-POLY1305';
    const pem = lab.path('haproxy.pem');
    execFileSync('sh', ['-c', `cat rsa.crt rsa.key > ${pem}`], { cwd: lab.folder });
    const port = await servers.haproxy(
      `ssl crt ${pem} ca-file ${lab.path('ca.crt')} verify required ssl-min-ver TLSv1.2 ssl-max-ver TLSv1.2 ciphers ${list}`,
    );

    for (const [, scanOf] of MANNERS) {
      const { scan } = await scanOf(port);

      expect(spoken(scan)).toEqual(['TLSv1.2']);
      expect(suites(scan, 'TLSv1.2')).toEqual(list.split(':')); // in an order that is nobody's default
      expect(scan.cipherSuites.get('TLSv1.2')!.serverOrder.value).toBe(true);
    }
  });
});

describe.runIf(peer('openssl'))('openssl s_server', () => {
  const own = ['-cert', 'rsa.crt', '-key', 'rsa.key'];

  it('of one version alone, TLS 1.0', async () => {
    const { scan } = await scanned(await servers.openssl(...own, '-tls1', '-cipher', 'ALL:@SECLEVEL=0'));

    expect(spoken(scan)).toEqual(['TLSv1']);
    expect(suites(scan, 'TLSv1').sort()).toEqual(listed(`ALL:${WITHOUT_RSA_KEY}`, '-tls1').sort());
    expect(groups(scan, 'TLSv1')).toEqual(OPENSSL_GROUPS);
    expect(scan.hello.fallbackScsv.value).toBeNull();
  });

  it('of TLS 1.3 alone, with one suite and two groups', async () => {
    const settings = ['-tls1_3', '-ciphersuites', 'TLS_AES_128_CCM_8_SHA256', '-groups', 'P-384:ffdhe3072'];
    const { scan } = await scanned((await afar(await servers.openssl(...own, ...settings))).port);

    expect(spoken(scan)).toEqual(['TLSv1.3']);
    expect(scan.cipherSuites.get('TLSv1.3')!.ids).toEqual([0x1305]);
    expect(scan.cipherSuites.get('TLSv1.3')!.serverOrder.value).toBeNull();
    expect(groups(scan, 'TLSv1.3')).toEqual(['ffdhe3072', 'secp384r1']);
    expect(schemes(scan, 'TLSv1.3')).toEqual([
      'rsa_pss_rsae_sha256',
      'rsa_pss_rsae_sha384',
      'rsa_pss_rsae_sha512',
    ]);
  });

  it('with anonymous suites only, which no ordinary hello offers', async () => {
    const { scan } = await scanned(
      await servers.openssl(
        '-nocert',
        '-no_tls1_3',
        '-cipher',
        'ADH-AES128-SHA:@SECLEVEL=0',
        '-dhparam',
        'dh.pem',
      ),
    );

    expect(suites(scan, 'TLSv1.2')).toEqual(['ADH-AES128-SHA']);
    expect(scan.protocols['TLSv1.2'].value).toBe(true);
    expect(scan.dhParameters.map(({ primeBits }) => primeBits)).toEqual([1024]);
  });

  it('with signature algorithms and protocols of its own', async () => {
    const settings = ['-sigalgs', 'RSA-PSS+SHA384:RSA+SHA256', '-alpn', 'imap,h2'];
    const { scan } = await scanned(await servers.openssl(...own, ...settings));

    expect(schemes(scan, 'TLSv1.3')).toEqual(['rsa_pss_rsae_sha384']);
    expect(schemes(scan, 'TLSv1.2')).toEqual(['rsa_pkcs1_sha256', 'rsa_pss_rsae_sha384']);
    expect([...scan.hello.alpn.value!].sort()).toEqual(['h2', 'imap']);
  });

  it('shows another certificate where no name is asked for', async () => {
    const second = ['-cert2', 'other.crt', '-key2', 'other.key', '-servername', 'localhost'];

    const { scan } = await scanned(await servers.openssl(...own, ...second));

    expect(scan.chains.map(({ asked, chain }) => [asked, Buffer.from(chain[0]!)])).toEqual([
      ['by-name', lab.der('other')],
      ['without-name', lab.der('rsa')],
    ]);
  });
});

describe.runIf(peer('nginx'))('a server with a key of each kind', () => {
  it.each(MANNERS)(
    'shows both certificates, and every curve and scheme of both, %s',
    async (_manner, scanOf) => {
      const files = ['rsa', 'ec'].map(
        (name) =>
          `ssl_certificate ${lab.path(`${name}.crt`)}; ssl_certificate_key ${lab.path(`${name}.key`)};`,
      );
      const { scan } = await scanOf(await servers.nginx(files.join('\n')));

      expect(scan.chains.map(({ asked, chain }) => [asked, Buffer.from(chain[0]!)])).toEqual([
        ['by-name', lab.der('ec')],
        ['for-rsa', lab.der('rsa')],
      ]);
      expect(schemes(scan, 'TLSv1.3')).toEqual([
        'ecdsa_secp256r1_sha256',
        'rsa_pss_rsae_sha256',
        'rsa_pss_rsae_sha384',
        'rsa_pss_rsae_sha512',
      ]);
      expect(groups(scan, 'TLSv1.2')).toEqual(OPENSSL_GROUPS);
    },
  );
});

describe('a server with the curve of its own key alone', () => {
  it.each(MANNERS)(
    'hides none behind it: who does not offer it is turned away, %s',
    async (_manner, scanOf) => {
      const server = createServer({
        cert: lab.pem('ec.crt'),
        key: lab.pem('ec.key'),
        ecdhCurve: 'P-256',
        honorCipherOrder: false,
      });
      server.listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      closing.push(() => server.close());

      const { scan } = await scanOf((server.address() as AddressInfo).port);

      expect(groups(scan, 'TLSv1.2')).toEqual(['secp256r1']);
      expect(scan.groups.get('TLSv1.2')!.incomplete).toBeNull();
    },
  );
});

describe('Node, which prefers groups by its own order', () => {
  it('may hide curves behind that of its own key, and says so', async () => {
    const server = createServer({ cert: lab.pem('ec.crt'), key: lab.pem('ec.key') });
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    closing.push(() => server.close());

    const { scan } = await scanned((server.address() as AddressInfo).port);

    expect(groups(scan, 'TLSv1.2')).toEqual(['secp256r1', 'x25519']);
    expect(scan.groups.get('TLSv1.2')!.incomplete).toMatch(/may hide/);
    expect(groups(scan, 'TLSv1.3')).toEqual([...FFDHE, ...OPENSSL_GROUPS]);
    expect(scan.groups.get('TLSv1.3')!.incomplete).toBeNull();
  });
});

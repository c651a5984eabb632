import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cipherSuiteNamed } from '../../src/tls/cipher-suite.js';
import { groupName } from '../../src/tls/group.js';
import { TLS_VERSIONS, type TlsVersion } from '../../src/tls/version.js';
import type { LabServer } from './lab-server.js';
import type { Rival, RivalCertificate, RivalView } from './rival-view.js';

/** Runs another scanner on a port of 127.0.0.1, and tells what it says in our words. */
export const ASK: Readonly<Record<Rival, (port: number, server: LabServer) => Promise<RivalView>>> = {
  sslscan,
  nmap,
  testssl,
};

async function sslscan(port: number, { starttls }: LabServer): Promise<RivalView> {
  const options = ['--xml=-', '--no-colour', '--show-certificate', '--sni-name=localhost'];
  const first = starttls === undefined ? [] : [`--starttls-${starttls === 'postgres' ? 'psql' : starttls}`];
  const xml = await run('sslscan', [...options, ...first, `127.0.0.1:${port}`]);
  const protocols = [...xml.matchAll(/<protocol type="(ssl|tls)" version="([\d.]+)" enabled="1"/g)];
  const suites = [...xml.matchAll(/<cipher [^>]*sslversion="([^"]+)"[^>]* id="(0x\w+)"/g)];
  const groups = [...xml.matchAll(/<group sslversion="([^"]+)"[^>]* id="(0x\w+)"/g)];
  const findings = [...xml.matchAll(/<(renegotiation|heartbleed|compression|fallback) ([^>]*?) ?\/>/g)];
  return {
    version: /<document [^>]*version="([^"]+)"/.exec(xml)?.[1] ?? 'unknown',
    protocols: inOrder(protocols.map(([, type, version]) => versionNamed(`${type}v${version}`))),
    cipherSuites: byVersion(suites.map(([, version, id]) => [versionNamed(version!), id!.toLowerCase()])),
    groups: byVersion(groups.map(([, version, id]) => [versionNamed(version!), groupName(Number(id))])),
    certificates: certificatesIn(xml),
    findings: Object.fromEntries(findings.map(([, what, said]) => finding(what!, said!))),
  };
}

/** sslscan says heartbleed once for each version. */
function finding(what: string, said: string): [string, string] {
  const version = /sslversion="([^"]+)" (.*)/.exec(said);
  return version === null ? [what, said] : [`${what} ${version[1]}`, version[2]!];
}

async function nmap(port: number, { starttls }: LabServer): Promise<RivalView> {
  const scripts = [
    '--script',
    '+ssl-enum-ciphers,+ssl-cert,+sslv2',
    '--script-args',
    'tls.servername=localhost',
  ];
  const first = starttls === undefined ? [] : ['-sV']; // it talks its way to TLS where it knows the service
  const xml = await run('nmap', [
    '-Pn',
    '-n',
    '-p',
    String(port),
    ...first,
    ...scripts,
    '-oX',
    '-',
    '127.0.0.1',
  ]);
  const said = decoded(/<script id="ssl-enum-ciphers" output="([^"]*)"/.exec(xml)?.[1] ?? '');
  const sections = [...said.matchAll(/^ {2}((?:TLS|SSL)v[\d.]+):[^\n]*\n((?: {4}.*\n?)*)/gm)];
  const suites = sections.flatMap(([, version, section]) =>
    [...section!.matchAll(/^ {6}(TLS_\w+) .*- [A-F]$/gm)].map(([, name]): [TlsVersion, string] => [
      versionNamed(version!),
      idOf(name!),
    ]),
  );
  const isSsl2 = /<script id="sslv2" output="[^"]*SSLv2 supported/.test(xml);
  const told = sections.flatMap(([, version, section]) =>
    [...section!.matchAll(/^ {4}cipher preference: (.*)$/gm)].map(([, preference]): [string, string] => [
      `cipher preference ${versionNamed(version!)}`,
      preference!,
    ]),
  );
  return {
    version: /<nmaprun [^>]* version="([^"]+)"/.exec(xml)?.[1] ?? 'unknown',
    protocols: inOrder([...(isSsl2 ? (['SSLv2'] as const) : []), ...suites.map(([version]) => version)]),
    cipherSuites: byVersion(suites),
    groups: null,
    certificates: certificatesIn(decoded(xml)),
    findings: Object.fromEntries(told),
  };
}

/** nmap puts AKE, authenticated key exchange, into the names of TLS 1.3. */
function idOf(nmapName: string): string {
  const suite = cipherSuiteNamed(nmapName.replace('TLS_AKE_WITH_', 'TLS_'));
  if (suite === null) throw new Error(`nmap's ${nmapName} is no suite of IANA's`);
  return `0x${suite.id.toString(16).padStart(4, '0')}`;
}

async function testssl(port: number, { starttls }: LabServer): Promise<RivalView> {
  const folder = mkdtempSync(join(tmpdir(), 'sslapi-testssl-'));
  const file = join(folder, 'said.json');
  const options = ['-p', '-E', '-f', '--quiet', '--warnings', 'off', '--color', '0', '--ip', '127.0.0.1'];
  const first = starttls === undefined ? [] : ['--starttls', starttls];
  try {
    await run('testssl', [...options, ...first, '--jsonfile', file, `localhost:${port}`]);
    const said: { id: string; finding: string }[] = JSON.parse(readFileSync(file, 'utf8'));
    return { version: await testsslVersion(), ...testsslView(said) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function testsslView(said: readonly { id: string; finding: string }[]): Omit<RivalView, 'version'> {
  const offered = said.filter(
    ({ id, finding }) => id in TESTSSL_VERSIONS && /^(supported|offered)/.test(finding),
  );
  const suites = said.flatMap(({ id }): [TlsVersion, string][] => {
    const [, version, code] = /^cipher-(\w+)_x([0-9a-f]+)$/.exec(id) ?? [];
    const name = TESTSSL_SUITE_VERSIONS[version ?? ''];
    return name === undefined || code === undefined ? [] : [[name, `0x${code.padStart(4, '0')}`]];
  });
  const groups = said
    .filter(({ id }) => id === 'PFS_ECDHE_curves' || id === 'DH_groups')
    .flatMap(({ finding }) => finding.match(/ffdhe\d+|(prime|secp|X|brainpool)\d\w*/g) ?? [])
    .map((name) => (name === 'prime256v1' ? 'secp256r1' : name.replace(/^X/, 'x')));
  return {
    protocols: inOrder(offered.map(({ id }) => TESTSSL_VERSIONS[id]!)),
    cipherSuites: byVersion(suites),
    groups: groups.length === 0 ? {} : { any: groups.sort() },
    certificates: null,
    findings: Object.fromEntries(
      said.filter(({ id }) => id === 'ALPN' || id === 'NPN').map(({ id, finding }) => [id, finding]),
    ),
  };
}

async function testsslVersion(): Promise<string> {
  const banner = await run('testssl', ['--version', '--color', '0']);
  return /testssl(?:\.sh)?\s+(?:version\s+)?(\d[\w.]*)/.exec(banner)?.[1] ?? 'unknown';
}

function certificatesIn(text: string): RivalCertificate[] {
  const distinct = new Map<string, RivalCertificate>();
  for (const [pem] of text.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)) {
    const { subject, publicKey } = new X509Certificate(pem);
    const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
    const type = publicKey.asymmetricKeyType ?? 'unknown';
    const size = namedCurve === undefined ? modulusLength : (CURVES[namedCurve] ?? namedCurve);
    distinct.set(subject, { subject, keyType: size === undefined ? type : `${type}-${size}` });
  }
  return [...distinct.values()];
}

function decoded(xml: string): string {
  return xml
    .replace(/&#x([0-9a-f]+);/gi, (_all, code) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&#(\d+);/g, (_all, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

function versionNamed(name: string): TlsVersion {
  const plain = name
    .replace(/^ssl/i, 'SSL')
    .replace(/^tls/i, 'TLS')
    .replace(/v1\.0$/, 'v1');
  const version = TLS_VERSIONS.find((known) => known === plain);
  if (version === undefined) throw new Error(`${name} is no version of TLS`);
  return version;
}

function inOrder(versions: readonly TlsVersion[]): TlsVersion[] {
  return TLS_VERSIONS.filter((version) => versions.includes(version));
}

function byVersion(pairs: readonly (readonly [TlsVersion, string])[]): Partial<Record<TlsVersion, string[]>> {
  return Object.fromEntries(
    inOrder(pairs.map(([version]) => version)).map((version) => {
      const values = pairs.filter(([of]) => of === version).map(([, value]) => value);
      return [version, [...new Set(values)].sort()];
    }),
  );
}

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 2 ** 26, timeout: 600_000 };
    execFile(program, args, options, (_error, stdout) => resolve(stdout)); // findings make exit codes too
  });
}

const CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'p256',
  secp384r1: 'p384',
  secp521r1: 'p521',
};
const TESTSSL_VERSIONS: Readonly<Record<string, TlsVersion>> = {
  SSLv2: 'SSLv2',
  SSLv3: 'SSLv3',
  TLS1: 'TLSv1',
  TLS1_1: 'TLSv1.1',
  TLS1_2: 'TLSv1.2',
  TLS1_3: 'TLSv1.3',
};
const TESTSSL_SUITE_VERSIONS: Readonly<Record<string, TlsVersion>> = {
  ssl3: 'SSLv3',
  tls1: 'TLSv1',
  tls1_1: 'TLSv1.1',
  tls1_2: 'TLSv1.2',
  tls1_3: 'TLSv1.3',
};

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Connections } from '../../src/probe/connections.js';
import { probe } from '../../src/probe/probe.js';
import type { ProbeReport } from '../../src/probe/probe-report.js';
import { startScan } from '../../src/probe/scan/run-scan.js';
import type { Scan } from '../../src/probe/scan.js';
import { groupName } from '../../src/tls/group.js';
import { signatureSchemeName } from '../../src/tls/signature-scheme.js';
import { TLS_VERSIONS } from '../../src/tls/version.js';
import { fingerprint256 } from '../../src/x509/fingerprint.js';
import { delayProxy } from '../bench/servers/delay-proxy.js';
import { peer } from '../peers/peer.js';
import { DIFFERENCES } from './differences.js';
import { type Lab, openLab } from './lab.js';
import type { LabServer } from './lab-server.js';
import { disagreements, ourView } from './our-view.js';
import { RIVALS, type Rival, readFixture } from './rival-view.js';
import { startAll } from './start-all.js';
import { trueReport } from './true-report.js';

const SERVERS = peer('openssl') ? (await import('./servers.js')).SERVERS : [];
const HERE = SERVERS.filter(({ program }) => peer(program));

let lab: Lab;
let ports: ReadonlyMap<string, number>;
const reports = new Map<string, ProbeReport | Error>();

beforeAll(async () => {
  if (HERE.length === 0) return;
  lab = openLab();
  ports = await startAll(lab, HERE);
  const waiting = [...HERE];
  const probeNext = async (): Promise<void> => {
    for (let server = waiting.shift(); server !== undefined; server = waiting.shift()) {
      reports.set(server.name, await probed(server).catch((error: Error) => error));
    }
  };
  await Promise.all([probeNext(), probeNext(), probeNext()]);
}, 120_000);

afterAll(() => lab?.close());

function probed({ name, starttls }: LabServer): Promise<ProbeReport> {
  const target = { host: '127.0.0.1', port: ports.get(name)!, ...(starttls && { starttls }) };
  const root = { name: 'the root of the lab', certificates: () => [lab.certificates.der('ca')] };
  return probe(target, { servername: 'localhost', trust: [root] });
}

async function scanned(
  { name, starttls }: LabServer,
  { port = ports.get(name)!, gentle = true } = {},
): Promise<Scan> {
  const target = { host: '127.0.0.1', port, ...(starttls && { starttls }) };
  const started = await startScan(new Connections(target, 32, 5_000), {
    servername: 'localhost',
    request: new Uint8Array(),
    gentle,
  });
  return started.finish();
}

function report(name: string): ProbeReport {
  const found = reports.get(name);
  if (found instanceof Error) throw found;
  return found!;
}

it('the lab is large enough to mean something', () => {
  expect(SERVERS.length === 0 || SERVERS.length >= 25).toBe(true);
  expect(new Set(SERVERS.map(({ name }) => name)).size).toBe(SERVERS.length);
  expect(SERVERS.filter(({ testssl }) => testssl).length === 6 || SERVERS.length === 0).toBe(true);
});

describe.each(HERE.map((server) => [server.name, server] as const))('%s', (name, server) => {
  const { truth } = server;

  it('what is reported is what is true', () => {
    const { protocols, cipherSuites, serverOrder, groups, certificates, clientAuth } = trueReport(
      lab,
      server,
    );
    const found = report(name);
    const newestBefore13 = TLS_VERSIONS.filter((version) => version !== 'TLSv1.3' && protocols[version]).at(
      -1,
    );

    expect.soft(found.error).toBeUndefined();
    expect.soft(found.protocols).toEqual(protocols);
    expect.soft(suitesOf(found, server)).toEqual(cipherSuites);
    expect.soft(found.serverOrder).toMatchObject(serverOrder);
    for (const version of TLS_VERSIONS) {
      // The newest version before TLS 1.3 is asked for all of them; what the older ones show on the way is not all they have
      const isAsked = version === 'TLSv1.3' || version === newestBefore13;
      const inReport = [...(found.groups[version] ?? [])].sort();
      if (isAsked) expect.soft(inReport, version).toEqual(groups[version] ?? []);
      else expect.soft(groups[version] ?? [], version).toEqual(expect.arrayContaining(inReport));
    }
    expect.soft(found.certificates).toMatchObject(certificates);
    expect.soft(found.certificates.length).toBe(certificates.length);
    expect.soft(found.clientAuth).toEqual(clientAuth);
  });

  it.runIf(truth.dhBits ?? truth.otherLeaves)('a scan holds what a report leaves out', async () => {
    const { dhParameters, chains } = await scanned(server);
    const leaves = chains.map(({ chain: [leaf] }) => fingerprint256(leaf!));
    const isTrue = [truth.chain[0]!, ...(truth.otherLeaves ?? [])];

    expect([...new Set(dhParameters.map(({ primeBits }) => primeBits))].sort(ascending)).toEqual(
      truth.dhBits ?? [],
    );
    expect([...new Set(leaves)].sort()).toEqual(
      isTrue
        .filter((name) => name !== undefined)
        .map((name) => fingerprint256(lab.certificates.der(name)))
        .sort(),
    );
  });

  // What begins in the clear is scanned gently, however far away it is.
  it.skipIf(server.starttls)('is told the same from afar, where everything is asked at once', async () => {
    const { protocols, cipherSuites, groups, signatureAlgorithms } = report(name);
    const proxy = await delayProxy(ports.get(name)!, AFAR_MS);
    const afar = await scanned(server, { port: proxy.port, gentle: false });
    proxy.close();
    const byVersion = (
      lists: ReadonlyMap<string, { readonly ids: readonly number[] }>,
      name: (id: number) => string,
    ) => Object.fromEntries([...lists].map(([version, { ids }]) => [version, ids.map(name)]));

    expect
      .soft(Object.entries(protocols).map(([version, spoken]) => [version, spoken]))
      .toEqual(TLS_VERSIONS.map((version) => [version, afar.protocols[version].value]));
    expect
      .soft(byVersion(afar.cipherSuites, (id) => `0x${id.toString(16).padStart(id > 0xffff ? 6 : 4, '0')}`))
      .toEqual(
        Object.fromEntries(
          Object.entries(cipherSuites).map(([version, suites]) => [version, suites.map(({ id }) => id)]),
        ),
      );
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      expect.soft(byVersion(afar.groups, groupName)[version] ?? []).toEqual(groups[version] ?? []);
      expect
        .soft(byVersion(afar.signatureSchemes, signatureSchemeName)[version] ?? [])
        .toEqual(signatureAlgorithms[version] ?? []);
    }
  });

  it.runIf(truth.mustFail)('the checks say what is wrong with it', () => {
    const failed = report(name)
      .checks.filter(({ status }) => status === 'fail')
      .map(({ id }) => id);

    expect(failed).toEqual(expect.arrayContaining([...truth.mustFail!]));
  });

  it.runIf(truth.good)('nothing that matters is found wrong with it', () => {
    const wrong = report(name).checks.filter(
      ({ status, severity }) => status === 'fail' && MATTERS.has(severity),
    );

    expect(wrong.map(({ id, evidence }) => `${id}: ${evidence}`)).toEqual([]);
  });

  it('is not found to have faults that nobody has had for years', () => {
    const tolerant = ON_OPENSSL.has(server.program) ? ['tolerates-grease', 'tolerates-unknown-versions'] : [];
    const blamed = report(name).checks.filter(
      ({ id, status }) =>
        status === 'fail' &&
        (id.startsWith('not-vulnerable-to-') || id === 'refuses-compression' || tolerant.includes(id)),
    );

    expect(blamed.map(({ id, evidence }) => `${id}: ${evidence}`)).toEqual([]);
  });

  it.each(RIVALS.filter((rival) => rival !== 'testssl' || server.testssl))(
    'agrees with %s, but for what is explained',
    async (rival) => {
      const theirs = readFixture(name)[rival];
      expect(theirs, 'npm run lab:record').toBeDefined();
      const lines = disagreements(rival, ourView(report(name)), theirs!);
      const explanations = explanationsOf(rival, name);

      expect(lines.filter((line) => !explanations.some(({ lines: of }) => of.test(line)))).toEqual([]);
      for (const { lines: of, why, evidence } of explanations) {
        expect
          .soft(
            lines.some((line) => of.test(line)),
            `this no longer occurs: ${why}`,
          )
          .toBe(true);
        const isSo = await evidence({
          server: name,
          port: ports.get(name)!,
          folder: lab.certificates.folder,
        });
        expect.soft(isSo, `this is no longer so: ${why}`).toBe(true);
      }
    },
  );
});

describe('differences', () => {
  it('are of servers that there are', () => {
    const names = SERVERS.map(({ name }) => name);
    for (const { servers } of SERVERS.length > 0 ? DIFFERENCES : [])
      expect(names).toEqual(expect.arrayContaining([...servers]));
  });
});

describe.runIf(HERE.some(({ name }) => name === 'haproxy-verify-required'))(
  'behind client authentication',
  () => {
    it('in TLS 1.2 all suites are found, where sslscan finds none', () => {
      const { cipherSuites, protocols } = report('haproxy-verify-required');
      const { sslscan } = readFixture('haproxy-verify-required');

      expect(protocols).toMatchObject({ 'TLSv1.2': true, 'TLSv1.3': false });
      expect(cipherSuites['TLSv1.2']!.length).toBe(13);
      expect(sslscan!.protocols).toEqual(['TLSv1.2']);
      expect(sslscan!.cipherSuites).toEqual({});
    });
  },
);

function explanationsOf(rival: Rival, server: string) {
  return DIFFERENCES.filter(
    (difference) => difference.rival === rival && difference.servers.includes(server),
  );
}

/** In the server's order where it has one. */
function suitesOf({ cipherSuites }: ProbeReport, { truth }: LabServer): Record<string, string[]> {
  const entries = TLS_VERSIONS.flatMap((version) => {
    const names = cipherSuites[version]?.map((suite) => suite.name) ?? [];
    if (names.length === 0) return [];
    return [[version, truth.serverOrder?.[version] ? names : names.sort()]];
  });
  return Object.fromEntries(entries);
}

/** More than any answer of a server at hand takes. */
const AFAR_MS = 15;
const ascending = (a: number, b: number): number => a - b;
/** Go's crypto/tls takes a version yet to come for TLS 1.3 without its extension; these do not. */
const ON_OPENSSL = new Set([
  'nginx',
  'apache2',
  'haproxy',
  'stunnel4',
  'openssl',
  'node',
  'pg_ctlcluster',
  'dovecot',
]);
const MATTERS = new Set(['medium', 'high', 'critical']);

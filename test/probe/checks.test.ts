import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/ca/profiles.js';
import { signCertificate } from '../../src/ca/sign-certificate.js';
import { generateKey } from '../../src/keys/generate-key.js';
import { type Signer, signerOfPkcs8 } from '../../src/keys/signer.js';
import { CHECKS } from '../../src/probe/checks/index.js';
import type { Observations } from '../../src/probe/observations.js';
import type { HandshakeOutcome } from '../../src/tls/exchange.js';
import type { TlsVersion } from '../../src/tls/version.js';
import { type Certificate, parseCertificate } from '../../src/x509/certificate.js';
import { commonNameOnly, parseName } from '../../src/x509/name.js';
import { sampleScan, untoldScan } from './sample-scan.js';

const AT = new Date('2026-06-01T00:00:00Z');
const DAY_MS = 86_400_000;
const days = (count: number): Date => new Date(AT.getTime() + count * DAY_MS);

let ca: Certificate;
let signer: Signer;
let leaf: Certificate;
const sign = async (role: 'root' | 'server', from: Date, to: Date, own?: Signer) =>
  parseCertificate(
    await signCertificate(
      {
        profile: PROFILES[role],
        subject: commonNameOnly(role),
        subjectAltName: role === 'server' ? [{ type: 'dNSName', value: 'api.test' }] : [],
        subjectPublicKeyInfo: (own ?? signer).subjectPublicKeyInfo,
        validity: { notBefore: from, notAfter: to },
        issuer: {
          subject: commonNameOnly('root'),
          subjectPublicKeyInfo: signer.subjectPublicKeyInfo,
          role: 'root',
        },
        urls: {},
      },
      signer,
    ),
  );
const serverCertificate = async (from: Date, to: Date) => {
  const key = await generateKey('ec-p256');
  return sign('server', from, to, signerOfPkcs8(key.pkcs8, key.subjectPublicKeyInfo));
};
beforeAll(async () => {
  const key = await generateKey('ec-p256');
  signer = signerOfPkcs8(key.pkcs8, key.subjectPublicKeyInfo);
  ca = await sign('root', days(-100), days(1000));
  leaf = await serverCertificate(days(-10), days(80));
});

const hello = (version: TlsVersion, cipherSuite = 0x1301): HandshakeOutcome =>
  ({ kind: 'server-hello', serverHello: { version, cipherSuite } }) as HandshakeOutcome;
const ALERT: HandshakeOutcome = { kind: 'alert', level: 2, alert: 70 };
const observed = (change: Partial<Observations> & { certificate?: Certificate } = {}): Observations => {
  const own = change.certificate ?? leaf;
  return {
    at: AT,
    name: { type: 'dns', value: 'api.test' },
    handshakes: new Map<TlsVersion, HandshakeOutcome>([
      ['TLSv1', ALERT],
      ['TLSv1.1', ALERT],
      ['TLSv1.2', hello('TLSv1.2', 0xc02b)],
      ['TLSv1.3', hello('TLSv1.3')],
    ]),
    scan: sampleScan(),
    chain: [own.der],
    certificates: [own],
    trust: [{ name: 'the lab', certificates: () => [ca.der] }],
    clientAuth: { requested: true, required: true, enforcedBy: 'tls', acceptableCAs: ['CN=root'] },
    acceptableCAs: [commonNameOnly('root')],
    ownCAs: [commonNameOnly('root')],
    ...change,
  };
};
const run = (id: string, observations: Observations): string =>
  CHECKS.find((check) => check.id === id)!.run(observations).status;
describe('the checks', () => {
  it('are listed once each, under the names of their files', () => {
    const onDisk = readdirSync('src/probe/checks').map((file) => file.replace('.ts', ''));

    expect(CHECKS.map(({ id }) => id).sort()).toEqual(onDisk.filter((name) => name !== 'index').sort());
  });

  it('all pass where everything is right', () => {
    expect(CHECKS.filter((check) => check.run(observed()).status !== 'pass').map(({ id }) => id)).toEqual([]);
  });

  it('say what they rest on and what to do', () => {
    for (const check of CHECKS) {
      expect(check.citation, check.id).toMatch(/^(RFC \d+ §|CWE-\d+|CVE-\d+|FIPS )/);
      expect(check.remediation.length, check.id).toBeGreaterThan(20);
      expect(check.title, check.id).toMatch(/^[A-Z].*[^.]$/);
    }
  });

  it('none passes where nothing was seen', () => {
    const nothing = observed({
      handshakes: new Map(),
      scan: untoldScan(),
      chain: [],
      certificates: [],
      clientAuth: { requested: null, required: null, enforcedBy: null, acceptableCAs: [] },
      acceptableCAs: [],
    });

    for (const check of CHECKS) expect(check.run(nothing).status, check.id).toBe('inconclusive');
  });
});

describe('a certificate', () => {
  it('of a root that is not among those trusted', async () => {
    const { pkcs8, subjectPublicKeyInfo } = await generateKey('ec-p256');
    const stranger = await sign('root', days(-1), days(1), signerOfPkcs8(pkcs8, subjectPublicKeyInfo));
    const [none, another, right] = [[], [stranger.der], [ca.der]].map((certificates, at) => ({
      name: `source ${at}`,
      certificates: () => certificates,
    }));

    expect(run('certificate-trusted', observed({ trust: [none!, another!] }))).toBe('fail');
    expect(run('certificate-trusted', observed({ trust: [none!] }))).toBe('inconclusive');
    expect(
      CHECKS[0]!.run(observed({ trust: [none!, another!, right!] })),
      'the report says which matched',
    ).toEqual({ status: 'pass', evidence: 'a path of 2 certificates, anchored in source 2' });
  });

  it('for another name', () => {
    expect(run('certificate-matches-hostname', observed({ name: { type: 'dns', value: 'b.test' } }))).toBe(
      'fail',
    );
    expect(run('certificate-matches-hostname', observed({ name: { type: 'ip', value: '127.0.0.1' } }))).toBe(
      'fail',
    );
  });

  it.each([
    ['the last second of its life', -90, 0, 'pass'],
    ['a day after it', -90, -1, 'fail'],
    ['a day before it', 1, 90, 'fail'],
  ])('in %s', async (_when, from, to, status) => {
    expect(
      run(
        'certificate-not-expired',
        observed({ certificate: await serverCertificate(days(from), days(to)) }),
      ),
    ).toBe(status);
  });

  it.each([
    ['a year, 31 days to go', -334, 31, 'pass'],
    ['a year, 29 days to go', -336, 29, 'fail'],
    ['six days, two to go', -4, 2, 'pass'],
    ['six days, one to go', -5, 1, 'fail'],
    ['none left', -5, -1, 'not-applicable'],
  ])('of %s', async (_life, from, to, status) => {
    expect(
      run(
        'certificate-expires-later',
        observed({ certificate: await serverCertificate(days(from), days(to)) }),
      ),
    ).toBe(status);
  });
});

describe('client certificates', () => {
  const asks = (clientAuth: Partial<Observations['clientAuth']>): Observations =>
    observed({ clientAuth: { ...observed().clientAuth, ...clientAuth } });

  it('that are not asked for are no fault by themselves', () => {
    const open = asks({ requested: false, required: false, enforcedBy: null });
    expect(run('requests-client-certificate', open)).toBe('not-applicable');
    expect(run('requires-client-certificate', open)).toBe('not-applicable');
  });

  it('that are asked for and not required', () => {
    expect(run('requires-client-certificate', asks({ required: false, enforcedBy: null }))).toBe('fail');
    expect(run('requires-client-certificate', asks({ required: null, enforcedBy: null }))).toBe(
      'inconclusive',
    );
  });

  it('of a CA that is not ours', () => {
    const foreign = [commonNameOnly('root'), parseName('CN=Partner CA,O=Other')];
    expect(run('foreign-client-ca', observed({ acceptableCAs: foreign }))).toBe('fail');
    expect(run('foreign-client-ca', observed({ acceptableCAs: foreign, ownCAs: foreign }))).toBe('pass');
    expect(run('foreign-client-ca', observed({ acceptableCAs: [] }))).toBe('not-applicable');
    expect(run('foreign-client-ca', observed({ ownCAs: null }))).toBe('not-applicable');
  });
});

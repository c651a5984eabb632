import { beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/ca/profiles.js';
import { signCertificate } from '../../src/ca/sign-certificate.js';
import type { ConfigRequest } from '../../src/config/config-request.js';
import { renderConfig } from '../../src/config/render.js';
import { generateKey } from '../../src/keys/generate-key.js';
import { type Signer, signerOfPkcs8 } from '../../src/keys/signer.js';
import { CONFIG_LEVELS, POLICIES, policyOf } from '../../src/policy/policies.js';
import type { Policy, PolicyId } from '../../src/policy/policy.js';
import { type CheckResult, runCheck } from '../../src/probe/check.js';
import { CHECKS } from '../../src/probe/checks/index.js';
import type { JudgedChain } from '../../src/probe/judged-chain.js';
import type { Observations } from '../../src/probe/observations.js';
import { type Scan, told, untold } from '../../src/probe/scan.js';
import { cipherSuiteNamed } from '../../src/tls/cipher-suite.js';
import { groupNumber } from '../../src/tls/group.js';
import { type Certificate, parseCertificate } from '../../src/x509/certificate.js';
import { commonNameOnly } from '../../src/x509/name.js';
import {
  groups,
  onlyVersion,
  protocols,
  SUITES_OF_1_2,
  SUITES_OF_1_3,
  sampleScan,
  schemes,
  seen,
  speaking,
  suites,
  untoldScan,
  withDh,
  withSuites,
  withVersion,
} from './sample-scan.js';

const POLICY_CHECKS = CHECKS.filter(({ id }) => id.startsWith('policy-'));
const HSTS = { 'strict-transport-security': 'max-age=63072000; includeSubDomains' };

let leaf: Certificate;
let issuer: Signer;
/** The endpoint of the sample scan, with a certificate of 90 days and HSTS, held against a policy. */
const endpoint = (policy: PolicyId | Policy | null, change: Partial<Observations> = {}): Observations => ({
  ...seen(sampleScan()),
  name: { type: 'dns', value: 'api.test' },
  chains: [chainOf(leaf)],
  http: { answers: [page(HSTS)], plain: { kind: 'not-asked', why: 'not port 443' } },
  policy: typeof policy === 'string' ? policyOf(policy) : policy,
  ...change,
});
const scanned = (policy: PolicyId | Policy, scan: Scan) => endpoint(policy, { scan });
const result = (id: string, observations: Observations): CheckResult =>
  runCheck(POLICY_CHECKS.find((check) => check.id === id)!, observations);
const failing = (observations: Observations) =>
  POLICY_CHECKS.filter((check) => check.run(observations).status === 'fail').map(({ id }) => id);

beforeAll(async () => {
  issuer = await signerOf('ec-p256');
  leaf = await certificate('ec-p256', 90);
});

describe('the checks of a policy', () => {
  it('judge nothing where no policy was asked for', () => {
    expect(POLICY_CHECKS).toHaveLength(8);
    for (const check of POLICY_CHECKS)
      expect(check.run(endpoint(null)), check.id).toEqual({
        status: 'not-applicable',
        evidence: 'no policy was asked for (--policy)',
      });
  });

  it.each(POLICIES)('of $title cite it, its version and its source', (policy) => {
    for (const { id } of POLICY_CHECKS) {
      const { citation, remediation } = result(id, endpoint(policy));

      expect(citation).toBe(`${policy.title} ${policy.version}, ${policy.source}`);
      expect(remediation, id).not.toMatch(/undefined|null|NaN|…/);
    }
  });

  it.each(POLICIES)('of $title pass nothing where nothing was seen', (policy) => {
    const nothing = endpoint(policy, {
      scan: untoldScan(),
      chains: [],
      http: { answers: [], plain: { kind: 'not-asked', why: 'not port 443' } },
    });

    for (const check of POLICY_CHECKS)
      expect(['inconclusive', 'not-applicable'], check.id).toContain(check.run(nothing).status);
    expect(result('policy-protocols', nothing).status).toBe('inconclusive');
    expect(result('policy-cipher-suites', nothing).status).toBe('inconclusive');
  });

  it.each([
    ['modern', ['policy-protocols']],
    ['intermediate', []],
    ['nist', ['policy-cipher-suites', 'policy-groups']],
    ['bcp195', []],
  ] as const)('of %s tell what a good endpoint of today lacks', (policy, outside) => {
    const clientsOrder = suites(
      { 'TLSv1.3': SUITES_OF_1_3, 'TLSv1.2': SUITES_OF_1_2 },
      { serverOrder: told(false) },
    );

    expect(failing(scanned(policy, sampleScan({ cipherSuites: clientsOrder })))).toEqual(outside);
  });

  it('name the right lines of a configuration, and the command that writes them where it can', () => {
    const own = { ...policyOf('nist'), id: 'acme' };

    expect(result('policy-protocols', endpoint('modern')).remediation).toBe(
      '`sslapi config nginx --level modern` writes the whole; by hand: nginx: ssl_protocols TLSv1.3; Apache: SSLProtocol -all +TLSv1.3; HAProxy: ssl-min-ver TLSv1.3.',
    );
    expect(result('policy-groups', endpoint(own)).remediation).toMatch(
      /^nginx: ssl_ecdh_curve prime256v1:secp384r1;/,
    );
  });
});

describe('protocol versions', () => {
  it.each([
    ['TLS 1.0 offered', withVersion('TLSv1'), 'fail', 'outside of Mozilla intermediate: offers TLSv1'],
    ['SSL 2.0 offered', withVersion('SSLv2'), 'fail', 'outside of Mozilla intermediate: offers SSLv2'],
    [
      'TLS 1.3 required and missing',
      onlyVersion('TLSv1.2'),
      'fail',
      'Mozilla intermediate requires: TLSv1.3',
    ],
    ['TLS 1.2 left out', onlyVersion('TLSv1.3'), 'pass', 'TLSv1.3'],
    [
      'nobody could tell whether TLS 1.0 is offered',
      { protocols: protocols(['TLSv1.2', 'TLSv1.3'], ['TLSv1']) },
      'inconclusive',
      'TLSv1: no answer came in time',
    ],
    [
      'nobody could tell whether TLS 1.2 is, which may be or not',
      { protocols: protocols(['TLSv1.3'], ['TLSv1.2']) },
      'pass',
      'TLSv1.3',
    ],
  ])('%s', (_what, change, status, evidence) =>
    expect(result('policy-protocols', scanned('intermediate', sampleScan(change)))).toMatchObject({
      status,
      evidence,
      severity: 'high',
    }),
  );
});

describe('cipher suites, groups and schemes', () => {
  it.each([
    ['a CBC suite, which is not Mozilla’s', 'intermediate', 'fail'],
    ['the same, which NIST takes', 'nist', 'pass'],
    ['the same, which BCP 195 does not', 'bcp195', 'fail'],
  ] as const)('%s', (_what, policy, status) => {
    const cbc = 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256';
    const cipherSuites = suites({ 'TLSv1.3': ['TLS_AES_128_GCM_SHA256'], 'TLSv1.2': [cbc] });
    const found = result('policy-cipher-suites', scanned(policy, sampleScan({ cipherSuites })));

    expect(found.status).toBe(status);
    if (status === 'fail') expect(found.evidence).toContain(`TLSv1.2 takes ${cbc}`);
  });

  it('in a version that is not allowed are that version’s finding alone', () => {
    const scan = sampleScan(withVersion('TLSv1', 'TLS_RSA_WITH_RC4_128_SHA'));

    expect(failing(scanned('bcp195', scan))).toEqual(['policy-protocols']);
  });

  it('of which more may be there are inconclusive, unless one of those seen is not allowed', () => {
    const incomplete = (...names: string[]) =>
      sampleScan({
        ...onlyVersion('TLSv1.3'),
        groups: new Map([
          [
            'TLSv1.3',
            { ids: names.map((name) => groupNumber(name)!), incomplete: 'the server stopped answering' },
          ],
        ]),
      });

    expect(result('policy-groups', scanned('modern', incomplete('x25519')))).toMatchObject({
      status: 'inconclusive',
      evidence: 'TLSv1.3: the server stopped answering',
    });
    expect(result('policy-groups', scanned('modern', incomplete('x448')))).toMatchObject({
      status: 'fail',
      evidence: 'outside of Mozilla modern: TLSv1.3 takes x448',
    });
  });

  it('must have one of the groups that NIST names', () => {
    const scan = sampleScan({ ...onlyVersion('TLSv1.3'), groups: groups({ 'TLSv1.3': ['secp521r1'] }) });

    expect(result('policy-groups', scanned('nist', scan))).toMatchObject({
      status: 'fail',
      evidence: 'NIST SP 800-52 requires: one of secp256r1, secp384r1 in TLSv1.3',
    });
  });

  it('of a hybrid group are within every policy', () => {
    for (const { id } of POLICIES) {
      const scan = sampleScan({
        ...onlyVersion('TLSv1.3'),
        groups: groups({ 'TLSv1.3': ['X25519MLKEM768', 'secp256r1'] }),
      });
      expect(result('policy-groups', scanned(id as PolicyId, scan)).status, id).toBe('pass');
    }
  });

  it.each([
    ['ecdsa_sha1', 'fail'],
    ['ed25519', 'fail'],
    ['ecdsa_secp521r1_sha512', 'pass'],
  ])('%s under NIST: %s', (scheme, status) => {
    const change = { ...onlyVersion('TLSv1.3'), signatureSchemes: schemes({ 'TLSv1.3': [scheme] }) };

    expect(result('policy-signature-schemes', scanned('nist', sampleScan(change))).status).toBe(status);
    expect(result('policy-signature-schemes', scanned('modern', sampleScan(change))).status).toBe(
      'not-applicable',
    );
  });
});

describe('finite-field Diffie-Hellman', () => {
  const unseenPrime = sampleScan(withSuites('TLS_DHE_RSA_WITH_AES_128_GCM_SHA256'));
  it.each([
    ['a prime of 2040 bits', 'intermediate', sampleScan(withDh(2040)), 'fail'],
    ['a prime of 2048 bits', 'intermediate', sampleScan(withDh(2048)), 'pass'],
    ['any prime where none is allowed', 'modern', sampleScan(withDh(4096)), 'fail'],
    ['a prime that was not seen', 'intermediate', unseenPrime, 'inconclusive'],
    ['no suite of that kind', 'intermediate', sampleScan(), 'not-applicable'],
  ] as const)('%s: %s', (_what, policy, scan, status) =>
    expect(result('policy-dh', scanned(policy, scan)).status).toBe(status),
  );
});

describe('the order of suites', () => {
  const ordered = (serverOrder: Scan['cipherSuites'] extends ReadonlyMap<unknown, infer O> ? O : never) =>
    sampleScan({ cipherSuites: new Map([['TLSv1.2', serverOrder]]), protocols: speaking('TLSv1.2') });
  const list = [...suites({ 'TLSv1.2': SUITES_OF_1_2 }).values()][0]!;
  const strict: Policy = { ...policyOf('intermediate'), id: 'acme', serverPreference: true };

  it.each([
    ['the server’s, where the client’s is wanted', 'intermediate', told(true), 'fail', 'low'],
    ['the client’s, where it is wanted', 'intermediate', told(false), 'pass', 'low'],
    ['the client’s, where the server’s is wanted', strict, told(false), 'fail', 'high'],
    ['one that nobody saw', strict, untold('reset'), 'inconclusive', 'high'],
    ['any, where it is left open', 'nist', told(true), 'not-applicable', 'high'],
  ] as const)('%s', (_what, policy, serverOrder, status, severity) =>
    expect(
      result('policy-server-preference', scanned(policy, ordered({ ...list, serverOrder }))),
    ).toMatchObject({ status, severity }),
  );

  it('of a single suite is none', () => {
    const scan = ordered({ ...list, ids: list.ids.slice(0, 1), serverOrder: untold('a single suite') });

    expect(result('policy-server-preference', scanned(strict, scan)).status).toBe('not-applicable');
  });
});

describe('the certificate', () => {
  it.each([
    ['an EC key and 90 days', 'modern', 'ec-p256', 90, null],
    ['a day too many', 'modern', 'ec-p256', 91, 'ec-p256: valid for 91 days, more than 90'],
    ['366 days, the most of the wider level', 'intermediate', 'ec-p256', 366, null],
    ['a day more', 'intermediate', 'ec-p256', 367, 'ec-p256: valid for 367 days, more than 366'],
    ['an RSA key where EC is wanted', 'modern', 'rsa-2048', 90, 'a key of kind rsa-2048, not one of ec'],
    ['an RSA key of the least length', 'nist', 'rsa-2048', 90, null],
    ['an Ed25519 key', 'nist', 'ed25519', 90, 'a key of kind ed25519, not one of ec, rsa'],
    ['no limit of days', 'bcp195', 'ed25519', 3000, null],
  ] as const)('with %s', async (_what, policy, keyType, days, outside) => {
    const found = result('policy-certificate', shown(policy, await certificate(keyType, days)));

    expect(found.status).toBe(outside === null ? 'pass' : 'fail');
    if (outside !== null) expect(found.evidence).toContain(`: ${outside}`);
  });

  it('on a curve, of a length or with a signature that the policy does not name', async () => {
    const { certificate: rules, ...rest } = policyOf('intermediate');
    const own = { ...rest, certificate: { ...rules, curves: ['secp384r1'], minimumRsaBits: 3072 } };
    const signed = { ...own, certificate: { ...rules, signatureAlgorithms: ['ecdsaWithSHA384'] } };

    expect(result('policy-certificate', shown(own, leaf)).evidence).toContain(
      'on secp256r1, not on secp384r1',
    );
    expect(result('policy-certificate', shown(own, await certificate('rsa-2048', 90))).evidence).toContain(
      'an RSA key of 2048 bits, fewer than 3072',
    );
    expect(result('policy-certificate', shown(signed, leaf)).evidence).toContain(
      'signed with ecdsaWithSHA256, not ecdsaWithSHA384',
    );
  });

  it('for clients that name no server is another’s; one that cannot be read decides nothing', async () => {
    const bad = await certificate('ed25519', 3000);
    const strangers = endpoint('modern', {
      chains: [chainOf(leaf), { ...chainOf(bad), asked: 'without-name' }],
    });
    const unreadable = endpoint('modern', { chains: [{ ...chainOf(leaf), certificates: [null] }] });

    expect(result('policy-certificate', strangers).status).toBe('pass');
    expect(result('policy-certificate', unreadable).status).toBe('inconclusive');
  });
});

describe('Strict-Transport-Security', () => {
  it.each([
    ['two years', 'max-age=63072000', 'pass'],
    ['a second less', 'max-age=63071999', 'fail'],
    ['in quotes, with more', 'includeSubDomains; Max-Age="63072000" ; preload', 'pass'],
    ['none that counts', 'includeSubDomains', 'fail'],
    ['the first of two', 'max-age=0, max-age=63072000', 'fail'],
    ['no number', 'max-age=63072000s', 'fail'],
    ['two numbers', 'max-age=63072000; max-age=0', 'fail'],
  ])('%s', (_what, value, status) => {
    const answers = [page({ 'strict-transport-security': value })];
    const http: Observations['http'] = { answers, plain: { kind: 'not-asked', why: 'not port 443' } };

    expect(result('policy-hsts', endpoint('modern', { http })).status).toBe(status);
  });

  it('is missed on one path of two, and asked of no address and no mail server', () => {
    const answers = [page(HSTS), { ...page({}), path: '/api' }];
    const http: Observations['http'] = { answers, plain: { kind: 'not-asked', why: 'not port 443' } };

    expect(result('policy-hsts', endpoint('modern', { http })).evidence).toBe(
      'Mozilla modern requires: Strict-Transport-Security: max-age=63072000, and /api has none that counts',
    );
    expect(
      result('policy-hsts', endpoint('modern', { http, name: { type: 'ip', value: '127.0.0.1' } })).status,
    ).toBe('not-applicable');
    expect(
      result('policy-hsts', endpoint('modern', { starttls: { protocol: 'smtp', leftover: false } })).status,
    ).toBe('not-applicable');
    expect(result('policy-hsts', endpoint('nist', { http })).status).toBe('not-applicable');
  });
});

it('Strict-Transport-Security that a refusal lacks may be there for others', () => {
  const { path, answer } = page({});
  const http: Observations['http'] = {
    answers: [{ path, answer: { ...answer, status: 403 } }],
    plain: { kind: 'not-asked', why: 'not port 443' },
  };

  expect(result('policy-hsts', endpoint('modern', { http }))).toMatchObject({
    status: 'inconclusive',
    evidence: '/: HTTP 403 has none, and others may have it',
  });
});

/** Their configuration says all of it in OpenSSL's words. Every other target is held to its level by a scan while it runs. */
const IN_WORDS_OF_OPENSSL = ['nginx', 'apache', 'haproxy'] as const;

describe.each(IN_WORDS_OF_OPENSSL)('what `sslapi config %s` writes', (target) => {
  it.each(CONFIG_LEVELS)('at level %s is within the policy of that name', (level) => {
    const scan = scanOf(renderConfig({ ...REQUEST, target, level }));

    expect(failing(scanned(level, scan))).toEqual([]);
    expect(result('policy-protocols', scanned(level, scan)).status).toBe('pass');
    expect(result('policy-groups', scanned(level, scan)).status).toBe('pass');
  });
});

const REQUEST: Omit<ConfigRequest, 'target' | 'level'> = {
  clientAuth: 'require',
  serverName: 'api.test',
  listen: { host: '0.0.0.0', port: 8443 },
  files: {
    fullchain: '/pki/fullchain.pem',
    privkey: '/pki/privkey.pem',
    caChain: '/pki/ca-chain.crt',
    crlChain: '/pki/crl-chain.pem',
  },
  standalone: true,
};

/** What a server offers that is told so: the versions, suites and groups that stand in its configuration. */
function scanOf(configuration: string): Scan {
  const lines = configuration.split('\n').filter((line) => !/^\s*#/.test(line));
  const words = lines.flatMap((line) => line.split(/[\s:;"]+/));
  const named = words.flatMap((word) => cipherSuiteNamed(word)?.name ?? []);
  const agreed = words.map((word) => ({ X25519: 'x25519', prime256v1: 'secp256r1' })[word] ?? word);
  const known = [...new Set(agreed.filter((word) => groupNumber(word) !== null))];
  const has13Alone =
    lines.some((line) => /TLSv1\.3/.test(line)) && !lines.some((line) => /TLSv1\.2/.test(line));
  const older = [...new Set(named.filter((name) => name.includes('_WITH_')))];

  expect(known.length, configuration).toBeGreaterThan(1);
  return sampleScan({
    protocols: has13Alone ? speaking('TLSv1.3') : speaking('TLSv1.2', 'TLSv1.3'),
    cipherSuites: suites(
      { 'TLSv1.3': SUITES_OF_1_3, ...(has13Alone ? {} : { 'TLSv1.2': older }) },
      {
        serverOrder: told(
          !/ssl_prefer_server_ciphers off|SSLHonorCipherOrder off|prefer-client-ciphers/i.test(configuration),
        ),
      },
    ),
    groups: groups({ 'TLSv1.3': known, ...(has13Alone ? {} : { 'TLSv1.2': known }) }),
    dhParameters: older.some((name) => name.startsWith('TLS_DHE')) ? withDh(2048).dhParameters : [],
  });
}

function shown(policy: PolicyId | Policy, own: Certificate): Observations {
  return endpoint(policy, { chains: [chainOf(own)] });
}

function chainOf(own: Certificate): JudgedChain {
  return {
    asked: 'by-name',
    chain: [own.der],
    certificates: [own],
  } as Partial<JudgedChain> as JudgedChain;
}

function page(headers: Readonly<Record<string, string>>) {
  return { path: '/', answer: { status: 200, headers, body: new Uint8Array(), title: null, whole: true } };
}

async function signerOf(keyType: Parameters<typeof generateKey>[0]): Promise<Signer> {
  const { pkcs8, subjectPublicKeyInfo } = await generateKey(keyType);
  return signerOfPkcs8(pkcs8, subjectPublicKeyInfo);
}

/** As our own CA issues it: from five minutes ago, for so many days. */
async function certificate(keyType: Parameters<typeof generateKey>[0], days: number): Promise<Certificate> {
  const now = Date.parse('2026-06-01T00:00:00Z');
  const own = await signerOf(keyType);
  const der = await signCertificate(
    {
      profile: PROFILES.server,
      subject: commonNameOnly('api.test'),
      subjectAltName: [{ type: 'dNSName', value: 'api.test' }],
      subjectPublicKeyInfo: own.subjectPublicKeyInfo,
      validity: { notBefore: new Date(now - 300_000), notAfter: new Date(now + days * 86_400_000) },
      issuer: {
        subject: commonNameOnly('root'),
        subjectPublicKeyInfo: issuer.subjectPublicKeyInfo,
        role: 'root',
      },
      urls: {},
    },
    issuer,
  );
  return parseCertificate(der);
}

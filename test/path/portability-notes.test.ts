import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Extension } from '../../src/x509/extension.js';
import { certificatePolicies } from '../../src/x509/extensions/certificate-policies.js';
import { extKeyUsage } from '../../src/x509/extensions/ext-key-usage.js';
import { inhibitAnyPolicy } from '../../src/x509/extensions/inhibit-any-policy.js';
import { keyUsage } from '../../src/x509/extensions/key-usage.js';
import { nameConstraints } from '../../src/x509/extensions/name-constraints.js';
import { policyConstraints } from '../../src/x509/extensions/policy-constraints.js';
import { subjectAltName } from '../../src/x509/extensions/subject-alt-name.js';
import { parseGeneralName } from '../../src/x509/general-name.js';
import { OID } from '../../src/x509/oid.js';
import { goVerdicts } from '../interop/go-verdicts.js';
import { peer } from '../peers/peer.js';
import { type Made, make, makeCa, makeLeaf } from './certificate-maker.js';
import { verifyMade } from './verify-made.js';

interface Chain {
  readonly leaf: Made;
  readonly trusted: readonly Made[];
  readonly untrusted: readonly Made[];
  readonly purpose: 'server' | 'client';
  readonly at: Date;
}

const now = new Date(Math.floor(Date.now() / 1000) * 1000);
/** GnuTLS has the clock alone to judge by, so that the moment to come is not its affair. */
const later = new Date(now.getTime() + 3_600_000);
const root = makeCa('CN=Root');
const issuing = makeCa('CN=Issuing', { issuer: root });
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sslapi-notes-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Each: the note expected, and who refuses the chain for it. Where no one is named, all accept. */
const CHAINS: ReadonlyArray<[string, () => Partial<Chain>, note: string, refusedBy: readonly Stack[]]> = [
  ['a plain chain', () => ({}), 'none', []],
  [
    'an intermediate of the same key that leads nowhere comes first',
    () => ({ untrusted: [makeCa('CN=Issuing', { issuer: makeCa('CN=Else'), key: issuing.key }), issuing] }),
    'openssl-no-backtracking',
    ['openssl', 'gnutls'],
  ],
  [
    'the same, but it comes last',
    () => ({ untrusted: [issuing, makeCa('CN=Issuing', { issuer: makeCa('CN=Else'), key: issuing.key })] }),
    'none',
    [],
  ],
  [
    'one that has expired comes first',
    () => ({
      untrusted: [
        makeCa('CN=Issuing', { issuer: root, key: issuing.key, notAfter: new Date(now.getTime() - 1000) }),
        issuing,
      ],
    }),
    'gnutls-no-backtracking',
    ['gnutls'],
  ],
  [
    'one whose constraints forbid the name comes first',
    () => ({
      untrusted: [
        makeCa('CN=Issuing', { issuer: root, key: issuing.key, more: [permits('DNS:b.test')] }),
        issuing,
      ],
    }),
    'openssl-no-backtracking',
    ['openssl', 'gnutls'],
  ],
  [
    'the anchor is an intermediate',
    () => ({ trusted: [issuing], untrusted: [] }),
    'openssl-partial-chain',
    ['openssl'],
  ],
  [
    'the leaf is its own anchor',
    () => ({ ...selfSigned(), untrusted: [] }),
    'gnutls-anchor-not-ca',
    ['gnutls'],
  ],
  [
    'extKeyUsage is anyExtendedKeyUsage alone',
    () => ({ leaf: leafWith(extKeyUsage([OID.anyExtendedKeyUsage])) }),
    'openssl-any-extended-key-usage',
    ['openssl'],
  ],
  [
    'keyUsage does not fit, and there is no extKeyUsage',
    () => ({
      leaf: makeLeaf(issuing, 'api.test', {
        more: [keyUsage(['dataEncipherment'])],
        without: [OID.extKeyUsage],
      }),
    }),
    'openssl-key-usage',
    ['openssl'],
  ],
  [
    'it is the last second',
    () => ({ at: later, leaf: makeLeaf(issuing, 'api.test', { notAfter: later }) }),
    'openssl-not-after',
    ['openssl'],
  ],
  [
    'the commonName of a client is a host outside of the constraints',
    () => ({
      ...below(permits('DNS:internal.test'), (ca) =>
        makeLeaf(ca, 'EMAIL:a@mail.test', {
          subject: 'CN=alice.b.test',
          more: [extKeyUsage([OID.clientAuth])],
        }),
      ),
      purpose: 'client',
    }),
    'openssl-common-name',
    ['openssl'],
  ],
  [
    'the commonName of a server does not look like a host, and is outside of the constraints',
    () =>
      below(permits('DNS:internal.test'), (ca) =>
        makeLeaf(ca, 'IP:10.0.0.1', { subject: 'CN=billing', more: [extKeyUsage([OID.serverAuth])] }),
      ),
    'gnutls-common-name',
    ['gnutls'],
  ],
  [
    'policyConstraints are critical',
    () => below([certificatePolicies(['1.2.3.4']), policyConstraints({ requireExplicitPolicy: 5 })]),
    'gnutls-policy-extensions',
    ['gnutls', 'go'],
  ],
  [
    'inhibitAnyPolicy is critical',
    () => below([certificatePolicies(['1.2.3.4']), inhibitAnyPolicy(0)]),
    'go-policy-extensions',
    ['go'],
  ],
  [
    'nameConstraints are on directories',
    () => below(permits('DIRNAME:O=Acme'), (ca) => makeLeaf(ca, 'api.test', { subject: 'CN=x,O=Acme' })),
    'go-directory-name-constraints',
    ['go'],
  ],
];

describe.skipIf(!(peer('openssl') && peer('certtool') && peer('go')))('a path that is good', () => {
  it.each(CHAINS)('%s', (_what, wish, note, refusedBy) => {
    const chain: Chain = {
      leaf: makeLeaf(issuing, 'api.test'),
      trusted: [root],
      untrusted: [issuing],
      purpose: 'server',
      at: now,
      ...wish(),
    };

    const result = verifyMade(chain.leaf, chain);
    const codes = result.ok ? result.notes.map(({ code }) => code) : [result.reason];

    expect(codes.length === 0 ? ['none'] : codes).toContain(note);
    expect(refusing(chain)).toEqual(refusedBy);
    expect([...new Set(codes.map((code) => code.split('-')[0]))].sort()).toEqual([...refusedBy].sort());
  });

  it('is too deep for nginx and Apache with two intermediates: OpenSSL at their default depth of 1 refuses it', () => {
    const second = makeCa('CN=Second', { issuer: issuing });
    const chain: Chain = {
      ...{ leaf: makeLeaf(second, 'api.test'), trusted: [root], untrusted: [issuing, second] },
      ...{ purpose: 'client', at: now },
    };

    const result = verifyMade(chain.leaf, chain);

    expect(result.ok && result.notes.map(({ code }) => code)).toEqual(['openssl-verify-depth']);
    expect(askOpenssl(chain)).toBe(true);
    expect(askOpenssl(chain, ['-verify_depth', '1'])).toBe(false);
  });
});

type Stack = 'openssl' | 'gnutls' | 'go';

function refusing(chain: Chain): Stack[] {
  const [go] = goVerdicts([lineOf(chain)]);
  const verdicts = { openssl: askOpenssl(chain), gnutls: askGnutls(chain), go: go === 'accepted' };
  return (['openssl', 'gnutls', 'go'] as const).filter((stack) => !verdicts[stack]);
}

function askOpenssl({ leaf, trusted, untrusted, purpose, at }: Chain, more: readonly string[] = []): boolean {
  const sent = untrusted.length > 0 ? ['-untrusted', file('untrusted.pem', untrusted)] : [];
  const trust = ['-no-CApath', '-no-CAstore', '-CAfile', file('trusted.pem', trusted)];
  const when = ['-attime', String(at.getTime() / 1000), '-purpose', `ssl${purpose}`];
  return (
    spawnSync('openssl', ['verify', ...trust, ...sent, ...when, ...more, file('leaf.pem', [leaf])]).status ===
    0
  );
}

/** certtool 3.7 judges by its own clock. */
function askGnutls({ leaf, trusted, untrusted, purpose }: Chain): boolean {
  const trust = ['--load-ca-certificate', file('trusted.pem', trusted)];
  const chain = ['--infile', file('chain.pem', [leaf, ...untrusted])];
  const use = ['--verify-purpose', purpose === 'server' ? OID.serverAuth : OID.clientAuth];
  return spawnSync('certtool', ['--verify', ...trust, ...chain, ...use]).status === 0;
}

function lineOf({ leaf, trusted, untrusted, purpose, at }: Chain): string {
  const pem = (list: readonly Made[]) => list.map((one) => one.pem);
  return JSON.stringify({ leaf: leaf.pem, trusted: pem(trusted), untrusted: pem(untrusted), purpose, at });
}

function file(name: string, certificates: readonly Made[]): string {
  writeFileSync(join(folder, name), certificates.map(({ pem }) => pem).join(''));
  return join(folder, name);
}

function permits(name: string): Extension {
  return nameConstraints({ permittedSubtrees: [parseGeneralName(name)], excludedSubtrees: [] });
}

function leafWith(extension: Extension): Made {
  return makeLeaf(issuing, 'api.test', { more: [extension] });
}

/** A leaf below a CA of its own with those extensions. */
function below(
  more: Extension | readonly Extension[],
  leafOf = (ca: Made) => makeLeaf(ca, 'api.test'),
): Partial<Chain> {
  const ca = makeCa('CN=Special', { issuer: root, more: [more].flat() });
  return { leaf: leafOf(ca), untrusted: [ca] };
}

function selfSigned(): Partial<Chain> {
  const leaf = make({ subject: 'CN=self' }, [
    keyUsage(['digitalSignature']),
    extKeyUsage([OID.serverAuth]),
    subjectAltName([parseGeneralName('api.test')]),
  ]);
  return { leaf, trusted: [leaf] };
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RefusalReason } from '../../src/path/path-result.js';
import type { Purpose } from '../../src/path/verify-options.js';
import { encodeRevokedCertificate } from '../../src/x509/certificate-list.js';
import type { Extension } from '../../src/x509/extension.js';
import { basicConstraints } from '../../src/x509/extensions/basic-constraints.js';
import { extKeyUsage } from '../../src/x509/extensions/ext-key-usage.js';
import { keyUsage } from '../../src/x509/extensions/key-usage.js';
import { nameConstraints } from '../../src/x509/extensions/name-constraints.js';
import { subjectAltName } from '../../src/x509/extensions/subject-alt-name.js';
import { parseGeneralName } from '../../src/x509/general-name.js';
import { OID } from '../../src/x509/oid.js';
import { encodePem } from '../../src/x509/pem.js';
import {
  type Made,
  makeCa,
  makeCrl,
  makeEd25519Key,
  makeKey,
  makeLeaf,
  makeRsaKey,
  NOW,
  type TestKey,
  type Wish,
} from '../path/certificate-maker.js';
import { verdictOf } from '../path/verify-made.js';
import { peer } from '../peers/peer.js';
import { goVerdicts } from './go-verdicts.js';

/** How many chains; each has a fault at a random place, or none. */
const CHAINS = Number(process.env['SSLAPI_AGREEMENT_CHAINS'] ?? 150);
const SEED = Number(process.env['SSLAPI_FUZZ_SEED'] ?? 20260601);

interface Plan {
  readonly fault: Fault;
  /** Intermediates between the root and the leaf. */
  readonly intermediates: number;
  /** Which certificate has the fault: 0 is the leaf, then upwards. */
  readonly place: number;
  readonly keys: readonly TestKey[];
}

interface Chain {
  readonly leaf: Made;
  readonly trusted: readonly Made[];
  readonly untrusted: readonly Made[];
  readonly purpose: Purpose;
  readonly host: string;
  readonly crls: readonly Uint8Array[];
}

/** A fault, what we say of it, and who says otherwise, by which clause. */
interface Fault {
  readonly name: string;
  readonly places: 'leaf' | 'ca' | 'any';
  readonly wish: (context: { readonly host: string }) => Wish;
  readonly ours: RefusalReason | 'accepted';
  readonly question?: Partial<Chain>;
  readonly differs?: { readonly openssl?: string; readonly go?: string };
}

const HOUR = 3_600_000;
const unknown = (critical: boolean): Extension => ({
  oid: '1.3.6.1.4.1.55738.1',
  critical,
  value: Uint8Array.of(5, 0),
});
const constraint = (name: string) =>
  nameConstraints({ permittedSubtrees: [parseGeneralName(name)], excludedSubtrees: [] });

const FAULTS: readonly Fault[] = [
  { name: 'none', places: 'any', wish: () => ({}), ours: 'accepted' },
  {
    name: 'expired',
    places: 'any',
    wish: () => ({ notAfter: new Date(NOW.getTime() - HOUR) }),
    ours: 'cert-expired',
  },
  {
    name: 'not yet valid',
    places: 'any',
    wish: () => ({ notBefore: new Date(NOW.getTime() + HOUR) }),
    ours: 'cert-not-yet-valid',
  },
  {
    name: 'unknown critical extension',
    places: 'any',
    wish: () => ({ more: [unknown(true)] }),
    ours: 'unknown-critical-extension',
  },
  { name: 'unknown extension', places: 'any', wish: () => ({ more: [unknown(false)] }), ours: 'accepted' },
  {
    name: 'no CA',
    places: 'ca',
    wish: () => ({ more: [basicConstraints({ ca: false }), keyUsage(['digitalSignature'])] }),
    ours: 'issuer-not-ca',
  },
  {
    name: 'no keyCertSign',
    places: 'ca',
    wish: () => ({ more: [keyUsage(['cRLSign'])] }),
    ours: 'key-cert-sign-missing',
  },
  {
    name: 'constraint kept',
    places: 'ca',
    wish: () => ({ more: [constraint('DNS:test')] }),
    ours: 'accepted',
  },
  {
    name: 'constraint broken',
    places: 'ca',
    wish: () => ({ more: [constraint('DNS:other.example')] }),
    ours: 'name-constraint-violation',
  },
  {
    name: 'purpose missing',
    places: 'leaf',
    wish: () => ({ more: [extKeyUsage([OID.clientAuth])] }),
    ours: 'eku-missing',
  },
  {
    name: 'purpose missing above',
    places: 'ca',
    wish: () => ({ more: [extKeyUsage([OID.clientAuth])] }),
    ours: 'eku-missing',
  },
  { name: 'no extKeyUsage', places: 'leaf', wish: () => ({ without: [OID.extKeyUsage] }), ours: 'accepted' },
  {
    name: 'any purpose',
    places: 'leaf',
    wish: () => ({ more: [extKeyUsage([OID.anyExtendedKeyUsage])] }),
    ours: 'accepted',
    differs: { openssl: 'RFC 5280 §4.2.1.12 leaves it to the application; we note it' },
  },
  {
    name: 'another host',
    places: 'leaf',
    wish: () => ({ more: [subjectAltName([parseGeneralName('b.test')])] }),
    ours: 'name-mismatch',
  },
  {
    name: 'a wildcard',
    places: 'leaf',
    wish: () => ({ more: [subjectAltName([parseGeneralName('*.host.test')])] }),
    ours: 'accepted',
  },
  {
    name: 'SHA-1',
    places: 'leaf',
    wish: () => ({ digest: 'sha1' }),
    ours: 'weak-hash',
    differs: {
      openssl: 'accepted at the security level of `openssl verify`; NIST SP 800-131A §3 disallows it',
    },
  },
  {
    name: 'no authorityKeyIdentifier',
    places: 'leaf',
    wish: () => ({ without: [OID.authorityKeyIdentifier] }),
    ours: 'authority-key-identifier-missing',
    differs: {
      openssl: 'only with -x509_strict; RFC 5280 §4.2.1.1 has it MUST',
      go: 'not asked; RFC 5280 §4.2.1.1 has it MUST',
    },
  },
  {
    name: 'serial number zero',
    places: 'leaf',
    wish: () => ({ serialNumber: 0n }),
    ours: 'serial-number-invalid',
    differs: {
      openssl: 'not asked; RFC 5280 §4.1.2.2 wants it positive',
      go: 'not asked; RFC 5280 §4.1.2.2 wants it positive',
    },
  },
  {
    name: 'an underscore',
    places: 'leaf',
    wish: () => ({
      more: [subjectAltName([{ type: 'dNSName', value: 'a_b.test' }, parseGeneralName('api.host.test')])],
    }),
    ours: 'name-syntax-invalid',
    differs: {
      openssl: 'not asked; RFC 5280 §4.2.1.6 wants preferred name syntax',
      go: 'not asked; RFC 5280 §4.2.1.6 wants preferred name syntax',
    },
  },
];

describe.skipIf(!(peer('openssl') && peer('go')))(`random chains with random faults, seed ${SEED}`, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sslapi-agreement-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(`our verdict is OpenSSL's and Go's on ${CHAINS} of them, but for what a clause explains`, () => {
    const plans = Array.from({ length: CHAINS }, (_, index) => planOf(index));
    const chains = plans.map(chainOf);

    const ours = chains.map((chain) =>
      verdictOf(chain.leaf, { ...chain, names: [{ type: 'dns', value: chain.host }] }),
    );
    const openssl = chains.map((chain) => askOpenssl(chain, folder));
    const go = goVerdicts(chains.map(lineOf));

    const told = plans.map(({ fault, place, intermediates }, index) => ({
      what: `${index}: ${fault.name} at ${place} below ${intermediates}`,
      ours: ours[index],
      openssl: openssl[index],
      go: go[index] === 'accepted',
    }));
    const expected = plans.map(({ fault }, index) => {
      const good = fault.ours === 'accepted';
      const differs = fault.differs ?? {};
      return {
        ...told[index]!,
        ours: fault.ours,
        openssl: differs.openssl ? !good : good,
        go: differs.go ? !good : good,
      };
    });
    expect(told).toEqual(expected);
  });

  it('every fault was met, at the leaf and above it', () => {
    const met = new Set(Array.from({ length: CHAINS }, (_, index) => planOf(index).fault.name));

    expect(FAULTS.map(({ name }) => name).filter((name) => !met.has(name))).toEqual([]);
  });

  it('revocation: our verdict is that of `openssl verify -crl_check_all`', () => {
    const chains = REVOCATIONS.map(([, chain]) => chain());

    const ours = chains.map((chain) => verdictOf(chain.leaf, chain) === 'accepted');
    const openssl = chains.map((chain) => askOpenssl(chain, folder));

    expect(ours).toEqual(REVOCATIONS.map(([, , good]) => good));
    expect(openssl).toEqual(ours);
  });
});

const HOST = 'api.host.test';
const KEYS: readonly TestKey[] = [
  makeKey(),
  makeKey('secp384r1'),
  makeRsaKey(),
  makeEd25519Key(),
  makeKey(),
  makeKey(),
];

function planOf(index: number): Plan {
  const random = seeded(SEED + index * 7919);
  const fault = FAULTS[index % FAULTS.length]!;
  const needsCa = fault.places === 'ca' ? 1 : 0;
  const intermediates = needsCa + Math.floor(random() * 3);
  const places = { leaf: [0], ca: range(1, intermediates), any: range(0, intermediates) }[fault.places];
  const place = places[Math.floor(random() * places.length)]!;
  const usable = KEYS.filter(
    ({ privateKey }) => fault.name !== 'SHA-1' || privateKey.asymmetricKeyType !== 'ed25519',
  );
  const keys = usable.sort(() => random() - 0.5);
  return { fault, intermediates, place, keys };
}

function chainOf({ fault, intermediates, place, keys }: Plan): Chain {
  const wishAt = (here: number): Wish => (here === place ? fault.wish({ host: HOST }) : {});
  const root = makeCa('CN=Root', { key: keys[0]! });
  const cas = [root];
  for (let depth = intermediates; depth > 0; depth -= 1) {
    const key = keys[1 + (depth % (keys.length - 1))]!;
    cas.push(makeCa(`CN=CA ${depth}`, { issuer: cas.at(-1)!, key, ...wishAt(depth) }));
  }
  const leaf = makeLeaf(cas.at(-1)!, HOST, wishAt(0));
  return {
    leaf,
    trusted: [root],
    untrusted: cas.slice(1),
    purpose: 'server',
    host: HOST,
    crls: [],
    ...fault.question,
  };
}

/** Chains of three with the CRLs of both CAs. */
const REVOCATIONS: ReadonlyArray<[string, () => Chain, boolean]> = (() => {
  const root = makeCa('CN=Root');
  const issuing = makeCa('CN=Issuing', { issuer: root });
  const leaf = makeLeaf(issuing, HOST);
  const entry = ({ certificate }: Made) =>
    encodeRevokedCertificate(certificate.serialNumber, NOW, 'keyCompromise');
  const late = { nextUpdate: new Date(NOW.getTime() - HOUR) };
  const chain =
    (...crls: Uint8Array[]) =>
    (): Chain => ({
      ...{ leaf, trusted: [root], untrusted: [issuing], purpose: 'server', host: HOST, crls },
    });
  return [
    ['nothing revoked', chain(makeCrl(root), makeCrl(issuing)), true],
    ['the leaf', chain(makeCrl(root), makeCrl(issuing, { revokedCertificates: [entry(leaf)] })), false],
    ['the CA', chain(makeCrl(root, { revokedCertificates: [entry(issuing)] }), makeCrl(issuing)), false],
    ['another', chain(makeCrl(root), makeCrl(issuing, { revokedCertificates: [entry(root)] })), true],
    ['a CRL past its time', chain(makeCrl(root), makeCrl(issuing, late)), false],
    ['no CRL of the root', chain(makeCrl(issuing)), false],
    ['a CRL of another key', chain(makeCrl(root), makeCrl(issuing, { key: root.key })), false],
  ];
})();

function askOpenssl({ leaf, trusted, untrusted, host, crls }: Chain, folder: string): boolean {
  const file = (name: string, pems: readonly string[]): string => {
    writeFileSync(join(folder, name), pems.join(''));
    return join(folder, name);
  };
  const pem = (list: readonly Made[]) => list.map((one) => one.pem);
  const sent = untrusted.length > 0 ? ['-untrusted', file('untrusted.pem', pem(untrusted))] : [];
  const revocation =
    crls.length > 0
      ? [
          '-crl_check_all',
          '-CRLfile',
          file(
            'crls.pem',
            crls.map((der) => encodePem('X509 CRL', der)),
          ),
        ]
      : [];
  const result = spawnSync('openssl', [
    ...[
      'verify',
      '-no-CApath',
      '-no-CAstore',
      '-CAfile',
      file('trusted.pem', pem(trusted)),
      ...sent,
      ...revocation,
    ],
    ...['-purpose', 'sslserver', '-verify_hostname', host, '-attime', String(NOW.getTime() / 1000)],
    file('leaf.pem', [leaf.pem]),
  ]);
  return result.status === 0;
}

function lineOf({ leaf, trusted, untrusted, purpose, host }: Chain): string {
  const pem = (list: readonly Made[]) => list.map((one) => one.pem);
  const names = [{ type: 'dns', value: host }];
  return JSON.stringify({
    leaf: leaf.pem,
    trusted: pem(trusted),
    untrusted: pem(untrusted),
    purpose,
    names,
    at: NOW,
  });
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state >>> 8) & 0xffff) / 0x10000;
  };
}

import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lintCertificate, lintFindings } from '../../src/lint/lint-certificate.js';
import { LINTS } from '../../src/lint/lints/index.js';
import { algorithmIdentifier } from '../../src/x509/algorithm-identifier.js';
import { bitString, DerReader, element, explicit, sequence, TAG } from '../../src/x509/der.js';
import type { Extension } from '../../src/x509/extension.js';
import { basicConstraints } from '../../src/x509/extensions/basic-constraints.js';
import { extKeyUsage } from '../../src/x509/extensions/ext-key-usage.js';
import { keyUsage } from '../../src/x509/extensions/key-usage.js';
import { nameConstraints } from '../../src/x509/extensions/name-constraints.js';
import { subjectAltName } from '../../src/x509/extensions/subject-alt-name.js';
import { parseGeneralName } from '../../src/x509/general-name.js';
import { makeName } from '../../src/x509/name.js';
import { OID } from '../../src/x509/oid.js';
import { encodeSigned } from '../../src/x509/signed.js';
import {
  type Made,
  madeOf,
  makeCa,
  makeEd25519Key,
  makeLeaf,
  makeRsaKey,
  remake,
  type Wish,
} from '../path/certificate-maker.js';

const root = makeCa('CN=Test Root CA,O=Acme,C=DE');
const issuing = makeCa('CN=Test Issuing CA,O=Acme,C=DE', { issuer: root, pathLength: 0 });
const rsa = makeRsaKey();
const rsaRoot = makeCa('CN=RSA Root CA', { key: rsa });

describe('the list of lints', () => {
  it('has every lint file once, under its own file name', () => {
    const onDisk = readdirSync('src/lint/lints').filter((file) => file !== 'index.ts');
    expect(LINTS.map(({ id }) => `${id}.ts`).sort()).toEqual(onDisk.sort());
  });

  it('plants a fault for each of them', () => {
    expect(Object.keys(FAULTS).sort()).toEqual(LINTS.map(({ id }) => id).sort());
  });
});

describe('a good certificate', () => {
  const twoMonths = { notBefore: new Date('2026-05-01'), notAfter: new Date('2026-07-01') };
  it.each<[string, Made]>([
    ['a root', root],
    ['an issuing CA', issuing],
    ['an RSA root', rsaRoot],
    ['a server', makeLeaf(issuing, 'api.test', { subject: 'CN=api.test', ...twoMonths })],
    ['a server of a wildcard', makeLeaf(issuing, '*.api.test', { subject: 'CN=*.api.test', ...twoMonths })],
    ['a server of an address', makeLeaf(issuing, '10.0.0.7', { subject: 'CN=10.0.0.7', ...twoMonths })],
    ['a server of 397 days', makeLeaf(issuing, 'api.test', { subject: 'CN=api.test', ...days(397) })],
    ['an Ed25519 client', client('CN=alice', { key: makeEd25519Key() })],
    ['an RSA client', client('CN=bob', { key: rsa, ...twoMonths })],
    ['a certificate without a subject', nameless(true)],
    ['a CA with name constraints', constrained(true)],
  ])('%s has no findings', (_kind, { certificate }) => {
    expect(lintFindings(certificate)).toEqual([]);
  });

  it('passes each lint with what was seen', () => {
    const reports = lintCertificate(makeLeaf(issuing, 'api.test', { subject: 'CN=api.test' }).certificate);
    expect(reports.filter(({ evidence }) => evidence === '')).toEqual([]);
  });
});

describe('a planted fault fires', () => {
  it.each(LINTS.map(({ id }) => [id] as const))('%s', (id) => {
    const { certificate } = FAULTS[id]!();
    const found = lintFindings(certificate).map((finding) => finding.id);
    expect(found).toContain(id);
  });
});

describe('both sides of an edge', () => {
  it.each<[string, string, Made, boolean]>([
    ['825 days', 'server-lives-825-days-at-most', server(days(825)), false],
    ['825 days and a second', 'server-lives-825-days-at-most', server(days(825, 1)), true],
    ['398 days', 'server-lives-398-days-at-most', server(days(398)), false],
    ['398 days and a second', 'server-lives-398-days-at-most', server(days(398, 1)), true],
    [
      'a serial of 20 octets',
      'serial-number-is-positive',
      server({ serialNumber: (1n << 159n) - 1n }),
      false,
    ],
    ['a serial of 21 octets', 'serial-number-is-positive', server({ serialNumber: 1n << 159n }), true],
    ['a serial of 7 octets', 'serial-number-is-long', server({ serialNumber: 1n << 55n }), false],
    ['a serial of 6 octets', 'serial-number-is-long', server({ serialNumber: (1n << 48n) - 1n }), true],
    ['the same instant twice', 'validity-is-ordered', server(days(0)), false],
    ['an old server of ten years', 'server-lives-825-days-at-most', old(), false],
    ['a self-signed SHA-1', 'signature-hash-is-strong', makeCa('CN=Old Root', { digest: 'sha1' }), false],
    ['a name for people', 'subject-cn-is-among-names', server({ subject: 'CN=Build server' }), false],
    ['RSA with keyEncipherment', 'key-usage-fits-key', withUsage({ key: rsa }), false],
  ])('%s', (_edge, id, { certificate }, fires) => {
    expect(lintFindings(certificate).some((finding) => finding.id === id)).toBe(fires);
  });
});

/** A certificate with the fault that the lint of that id is there for. */
const FAULTS: Record<string, () => Made> = {
  'version-is-3': () =>
    remake(server(), issuing, ([, serial, algorithm, issuer, validity, subject, key]) => [
      serial!,
      algorithm!,
      issuer!,
      validity!,
      subject!,
      key!,
    ]),
  'serial-number-is-positive': () => server({ serialNumber: -5n }),
  'serial-number-is-long': () => server({ serialNumber: 1n }),
  'validity-is-ordered': () => server(days(-1)),
  'times-are-encoded-right': () =>
    remake(server(), issuing, (parts) => parts.with(4, sequence(LATE_UTC_TIME, GENERALIZED_TIME))),
  'ca-basic-constraints-are-critical': () =>
    makeCa('CN=CA', { more: [{ ...basicConstraints({ ca: true }), critical: false }] }),
  'ca-may-sign-certificates': () => makeCa('CN=CA', { more: [keyUsage(['cRLSign'])] }),
  'leaf-signs-no-certificates': () => server({ more: [keyUsage(['digitalSignature', 'keyCertSign'])] }),
  'ca-leaves-purposes-open': () => makeCa('CN=CA', { more: [extKeyUsage([OID.serverAuth])] }),
  'ca-has-key-identifier': () => makeCa('CN=CA', { without: [OID.subjectKeyIdentifier] }),
  'names-key-of-issuer': () => server({ without: [OID.authorityKeyIdentifier] }),
  'authority-key-identifier-is-plain': () => server({ more: [WORDY_AKI] }),
  'key-is-strong': () => server({ key: makeRsaKey(1024) }),
  'signature-hash-is-strong': () => server({ digest: 'sha1' }),
  'extensions-are-unique': () =>
    server({ extensions: [extKeyUsage([OID.serverAuth]), extKeyUsage([OID.clientAuth])] }),
  'extensions-are-well-formed': () =>
    server({ more: [{ ...keyUsage([]), value: Uint8Array.of(TAG.null, 0) }] }),
  'leaf-says-its-purpose': () => server({ without: [OID.extKeyUsage] }),
  'tls-key-may-sign': () => server({ more: [keyUsage(['keyAgreement'])] }),
  'server-has-names': () => server({ without: [OID.subjectAltName] }),
  'subject-cn-is-among-names': () => server({ subject: 'CN=www.api.test' }),
  'server-lives-825-days-at-most': () => server(days(826)),
  'server-lives-398-days-at-most': () => server(days(399)),
  'wildcard-is-whole-label': () => server({ more: [dns('w*.api.test')] }),
  'dns-names-are-well-formed': () => server({ more: [dns('my_host.api.test')] }),
  'dns-names-are-no-addresses': () => server({ more: [dns('10.0.0.7')] }),
  'nameless-subject-has-critical-names': () => nameless(false),
  'key-usage-is-critical': () => server({ more: [{ ...keyUsage(['digitalSignature']), critical: false }] }),
  'name-constraints-are-critical': () => constrained(false),
  'rsa-signature-has-null': () => withoutNull(),
  'signature-algorithms-are-equal': () =>
    remake(server(), issuing, (parts) => parts.with(2, algorithmIdentifier(OID.ecdsaWithSHA384, 'absent'))),
  'country-is-two-letters': () =>
    remake(server(), issuing, (parts) =>
      parts.with(5, makeName([[{ type: OID.countryName, value: 'Germany' }]]).der),
    ),
  'key-usage-fits-key': () => withUsage({}),
  'has-no-unique-identifiers': () =>
    remake(server(), issuing, (parts) => [
      ...parts.slice(0, 7),
      element(0x81, bitString(Uint8Array.of(1)).subarray(2)),
      ...parts.slice(7),
    ]),
};

function server(wish: Wish = {}): Made {
  return makeLeaf(issuing, 'api.test', { subject: 'CN=api.test', ...days(90), ...wish });
}

function client(subject: string, wish: Wish): Made {
  return makeLeaf(issuing, 'alice@api.test', { subject, more: [extKeyUsage([OID.clientAuth])], ...wish });
}

function withUsage(wish: Wish): Made {
  return server({ more: [keyUsage(['digitalSignature', 'keyEncipherment'])], ...wish });
}

function nameless(critical: boolean): Made {
  return server({ subject: '', more: [subjectAltName([parseGeneralName('api.test')], critical)] });
}

function constrained(critical: boolean): Made {
  const constraints = nameConstraints({
    permittedSubtrees: [{ type: 'dNSName', value: 'api.test' }],
    excludedSubtrees: [],
  });
  return makeCa('CN=CA', { more: [{ ...constraints, critical }] });
}

function old(): Made {
  return server({ notBefore: new Date('2015-01-01'), notAfter: new Date('2026-01-01') });
}

/** Names RSA's signature algorithm without its NULL, inside and outside. */
function withoutNull(): Made {
  const { certificate, key } = makeLeaf(rsaRoot, 'api.test');
  const bare = algorithmIdentifier(OID.sha256WithRSAEncryption, 'absent');
  const [withNull, without] = [Buffer.from(certificate.signature.der), Buffer.from(bare)];
  const parts = elementsOf(certificate.tbs).map((part) => (withNull.equals(part) ? without : part));
  return madeOf(encodeSigned(sequence(...parts), bare, certificate.signatureValue), key);
}

function elementsOf(encoded: Uint8Array): Uint8Array[] {
  const reader = new DerReader(encoded).enter(TAG.sequence);
  const parts: Uint8Array[] = [];
  while (!reader.done) parts.push(reader.element());
  return parts;
}

function dns(value: string): Extension {
  return subjectAltName([{ type: 'dNSName', value }]);
}

function days(count: number, seconds = 0): Pick<Wish, 'notBefore' | 'notAfter'> {
  const notBefore = new Date('2026-05-01T00:00:00Z');
  return { notBefore, notAfter: new Date(notBefore.getTime() + (count * 86_400 + seconds) * 1000) };
}

const LATE_UTC_TIME = element(TAG.utcTime, Buffer.from('260501000000Z'));
const GENERALIZED_TIME = element(TAG.generalizedTime, Buffer.from('20260701000000Z'));
/** authorityKeyIdentifier with the serial number of the issuer's certificate beside its key. */
const WORDY_AKI: Extension = {
  oid: OID.authorityKeyIdentifier,
  critical: false,
  value: sequence(
    element(0x80, Uint8Array.of(1, 2, 3)),
    element(0xa1, explicit(4, root.certificate.subject.der)),
    element(0x82, Uint8Array.of(7)),
  ),
};

import { describe, expect, it } from 'vitest';
import type { RefusalReason } from '../../src/path/path-result.js';
import {
  bitString,
  boolean,
  DerReader,
  element,
  explicit,
  integer,
  oid,
  sequence,
  setOf,
  TAG,
  utf8String,
} from '../../src/x509/der.js';
import type { Extension } from '../../src/x509/extension.js';
import { authorityKeyIdentifier } from '../../src/x509/extensions/authority-key-identifier.js';
import { basicConstraints } from '../../src/x509/extensions/basic-constraints.js';
import { certificatePolicies } from '../../src/x509/extensions/certificate-policies.js';
import { extKeyUsage } from '../../src/x509/extensions/ext-key-usage.js';
import { freshestCrl } from '../../src/x509/extensions/freshest-crl.js';
import { inhibitAnyPolicy } from '../../src/x509/extensions/inhibit-any-policy.js';
import { issuerAltName } from '../../src/x509/extensions/issuer-alt-name.js';
import { keyUsage } from '../../src/x509/extensions/key-usage.js';
import { nameConstraints } from '../../src/x509/extensions/name-constraints.js';
import { policyConstraints } from '../../src/x509/extensions/policy-constraints.js';
import { policyMappings } from '../../src/x509/extensions/policy-mappings.js';
import { subjectAltName } from '../../src/x509/extensions/subject-alt-name.js';
import type { GeneralName } from '../../src/x509/general-name.js';
import { OID } from '../../src/x509/oid.js';
import { encodeSigned } from '../../src/x509/signed.js';
import {
  type EditTbs,
  makeCa,
  makeKey,
  makeLeaf,
  makeRsaKey,
  remake,
  remakeDer,
  type TestKey,
  type Wish,
} from './certificate-maker.js';
import { verdictOf } from './verify-made.js';

const root = makeCa('CN=Root');

/** The verdict on a leaf that differs from a good one as wished. */
function leafVerdict(wish: Wish, profile: 'rfc5280' | 'webpki' = 'rfc5280'): RefusalReason | 'accepted' {
  return verdictOf(makeLeaf(root, 'api.test', wish), { trusted: [root], profile });
}

/** The same for an intermediate above a good leaf. */
function caVerdict(wish: Wish & { pathLength?: number }, question = {}): RefusalReason | 'accepted' {
  const ca = makeCa('CN=Issuing', { issuer: root, ...wish });
  return verdictOf(makeLeaf(ca, 'api.test'), { trusted: [root], untrusted: [ca], ...question });
}

const NULL = Uint8Array.of(TAG.null, 0);
const dns = (value: string): GeneralName => ({ type: 'dNSName', value });
const mail = (value: string): GeneralName => ({ type: 'rfc822Name', value });
const uri = (value: string): GeneralName => ({ type: 'uniformResourceIdentifier', value });
const critical = (extension: Extension): Extension => ({ ...extension, critical: true });
const notCritical = (extension: Extension): Extension => ({ ...extension, critical: false });
const raw = (oid: string, ...value: number[]): Extension => ({
  oid,
  critical: false,
  value: Uint8Array.from(value),
});

it('a certificate as it should be is accepted', () => {
  expect(leafVerdict({})).toBe('accepted');
  expect(caVerdict({})).toBe('accepted');
});

describe('serial numbers are positive and have at most 20 octets (RFC 5280 §4.1.2.2)', () => {
  it.each<[string, bigint, RefusalReason | 'accepted']>([
    ['zero', 0n, 'serial-number-invalid'],
    ['one', 1n, 'accepted'],
    ['negative', -1n, 'serial-number-invalid'],
    ['20 octets', (1n << 159n) - 1n, 'accepted'],
    ['21 octets', 1n << 159n, 'serial-number-invalid'],
  ])('%s', (_what, serialNumber, verdict) => expect(leafVerdict({ serialNumber })).toBe(verdict));
});

describe('extensions', () => {
  it.each<[string, readonly Extension[], RefusalReason | 'accepted']>([
    ['an unknown one is let pass', [raw('1.2.3.4', 5, 0)], 'accepted'],
    ['an unknown critical one is refused', [critical(raw('1.2.3.4', 5, 0))], 'unknown-critical-extension'],
    ['one kind twice', [raw('1.2.3.4', 5, 0), raw('1.2.3.4', 5, 0)], 'duplicate-extension'],
    ['an empty keyUsage', [raw(OID.keyUsage, 3, 1, 0)], 'extension-malformed'],
    ['an empty extKeyUsage', [raw(OID.extKeyUsage, 0x30, 0)], 'extension-malformed'],
    ['an empty subjectAltName', [raw(OID.subjectAltName, 0x30, 0)], 'extension-malformed'],
    ['an access extension that is none', [raw(OID.authorityInfoAccess, 0x30, 0)], 'extension-malformed'],
    ['data behind a value', [raw(OID.subjectKeyIdentifier, 4, 1, 7, 0)], 'extension-malformed'],
    ['a policy twice', [certificatePolicies(['1.2.3', '1.2.3'])], 'extension-malformed'],
    ['keyCertSign without cA', [keyUsage(['keyCertSign'])], 'extension-misplaced'],
    [
      'nameConstraints without cA',
      [nameConstraints({ permittedSubtrees: [dns('test')], excludedSubtrees: [] })],
      'extension-misplaced',
    ],
    ['critical freshestCRL', [critical(freshestCrl(['http://crl.test/d']))], 'extension-criticality-wrong'],
    ['critical issuerAltName', [critical(issuerAltName([dns('ca.test')]))], 'extension-criticality-wrong'],
    [
      'critical extKeyUsage with anyExtendedKeyUsage',
      [critical(extKeyUsage([OID.serverAuth, OID.anyExtendedKeyUsage]))],
      'extension-criticality-wrong',
    ],
    [
      'critical subjectAltName beside a subject',
      [subjectAltName([dns('api.test')], true)],
      'extension-criticality-wrong',
    ],
    ['pathLenConstraint without cA', [raw(OID.basicConstraints, 0x30, 3, 2, 1, 0)], 'extension-misplaced'],
    [
      'policyMappings without cA',
      [
        certificatePolicies(['1.2.3']),
        policyMappings([{ issuerDomainPolicy: '1.2.3', subjectDomainPolicy: '1.2.4' }]),
      ],
      'extension-misplaced',
    ],
    [
      'the poison of a precertificate, critical or not',
      [raw(OID.precertificatePoison, 5, 0)],
      'unknown-critical-extension',
    ],
    ['a policy qualifier that nobody knows', [policyWith('1.2.3', '1.2.9', false)], 'accepted'],
    ['the same in a critical extension', [policyWith('1.2.3', '1.2.9', true)], 'extension-malformed'],
    ['the same with anyPolicy', [policyWith(OID.anyPolicy, '1.2.9', false)], 'extension-malformed'],
    ['a CPS that is no IA5String', [policyWith('1.2.3', '1.3.6.1.5.5.7.2.1', false)], 'extension-malformed'],
    ['inhibitAnyPolicy that is not critical', [inhibitAnyPolicy(0, false)], 'extension-criticality-wrong'],
  ])('%s', (_what, more, verdict) => expect(leafVerdict({ more })).toBe(verdict));
});

describe('key identifiers (RFC 5280 §4.2.1.1, §4.2.1.2)', () => {
  it('authorityKeyIdentifier is missed', () => {
    expect(leafVerdict({ without: [OID.authorityKeyIdentifier] })).toBe('authority-key-identifier-missing');
  });

  it('but not in a self-signed anchor', () => {
    const bare = makeCa('CN=Bare', { without: [OID.authorityKeyIdentifier] });

    expect(verdictOf(makeLeaf(bare, 'api.test'), { trusted: [bare] })).toBe('accepted');
  });

  it('subjectKeyIdentifier is missed in a CA, not in a leaf', () => {
    expect(leafVerdict({ without: [OID.subjectKeyIdentifier] })).toBe('accepted');
    expect(caVerdict({ without: [OID.subjectKeyIdentifier] })).toBe('subject-key-identifier-missing');
  });

  it('a key that is not the issuer’s', () => {
    expect(leafVerdict({ more: [authorityKeyIdentifier(new Uint8Array(20))] })).toBe(
      'authority-key-identifier-mismatch',
    );
  });

  it('one of issuer and serial number alone', () => {
    const ski = root.certificate.extensions.find(({ oid }) => oid === OID.subjectKeyIdentifier)!.value;
    const body = [0x80, ...ski.subarray(1), 0x82, 1, 7];

    expect(leafVerdict({ more: [raw(OID.authorityKeyIdentifier, 0x30, body.length, ...body)] })).toBe(
      'extension-malformed',
    );
  });

  it('an issuer and serial number that are not those of the issuer', () => {
    const [issuer, other] = [root.certificate.serialNumber, root.certificate.serialNumber + 1n];
    const aki = (serial: bigint) => {
      const octets = Buffer.from(serial.toString(16), 'hex');
      const [named] = [Uint8Array.of(0xa1, 8, 0x82, 6, ...Buffer.from('a.test'))];
      const ski = root.certificate.extensions.find(({ oid }) => oid === OID.subjectKeyIdentifier)!.value;
      const body = [0x80, ...ski.subarray(1), ...named!, 0x82, octets.length, ...octets];
      return raw(OID.authorityKeyIdentifier, 0x30, body.length, ...body);
    };

    expect(leafVerdict({ more: [aki(issuer)] })).toBe('accepted');
    expect(leafVerdict({ more: [aki(other)] })).toBe('authority-key-identifier-mismatch');
  });
});

describe('names (RFC 5280 §4.1.2.6, §4.2.1.6)', () => {
  it.each<[string, GeneralName, RefusalReason | 'accepted']>([
    ['a host', dns('api.test'), 'accepted'],
    ['a wildcard', dns('*.api.test'), 'accepted'],
    ['a wildcard that is all', dns('*'), 'name-syntax-invalid'],
    ['a wildcard inside a label', dns('a*.api.test'), 'name-syntax-invalid'],
    ['a wildcard further right', dns('api.*.test'), 'name-syntax-invalid'],
    ['an underscore', dns('a_b.test'), 'name-syntax-invalid'],
    ['a period at the end', dns('api.test.'), 'name-syntax-invalid'],
    ['an empty label', dns('api..test'), 'name-syntax-invalid'],
    ['a label of 64 characters', dns(`${'a'.repeat(64)}.test`), 'name-syntax-invalid'],
    ['a mailbox', mail('a.b+c@mail.test'), 'accepted'],
    ['a quoted mailbox', mail('"a b"@mail.test'), 'accepted'],
    ['a mailbox without a host', mail('a'), 'name-syntax-invalid'],
    ['a mailbox with two at signs', mail('a@b@mail.test'), 'name-syntax-invalid'],
    ['a URI', uri('spiffe://acme/api'), 'accepted'],
    ['a URN', uri('urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6'), 'accepted'],
    ['a URI without a scheme', uri('api.test/x'), 'name-syntax-invalid'],
    ['an http URI without a host', uri('http:/x'), 'name-syntax-invalid'],
    ['an address of 5 octets', { type: 'iPAddress', octets: new Uint8Array(5) }, 'name-syntax-invalid'],
  ])('%s', (_what, name, verdict) => {
    expect(leafVerdict({ more: [subjectAltName([name])] })).toBe(verdict);
  });

  it('an empty subject wants a critical subjectAltName', () => {
    expect(leafVerdict({ subject: '' })).toBe('subject-name-empty');
    expect(leafVerdict({ subject: '', more: [subjectAltName([dns('api.test')], true)] })).toBe('accepted');
    expect(leafVerdict({ subject: '', without: [OID.subjectAltName] })).toBe('subject-name-empty');
  });

  it('a wildcard in the commonName that no dNSName bears out', () => {
    const wish = { subject: 'CN=*.api.test' };

    expect(leafVerdict({ ...wish, more: [subjectAltName([mail('a@mail.test')])] })).toBe(
      'name-syntax-invalid',
    );
    expect(leafVerdict({ ...wish, more: [subjectAltName([dns('*.api.test')])] })).toBe('accepted');
  });
});

describe('keys and hashes by our default policy', () => {
  it.each<[string, Wish, RefusalReason | 'accepted']>([
    ['P-384', { key: makeKey('secp384r1') }, 'accepted'],
    ['P-521', { key: makeKey('secp521r1') }, 'accepted'],
    ['P-192', { key: makeKey('prime192v1') }, 'weak-key'],
    ['secp256k1', { key: makeKey('secp256k1') }, 'weak-key'],
    ['RSA 2048', { key: makeRsaKey(2048) }, 'accepted'],
    ['RSA 1024', { key: makeRsaKey(1024) }, 'weak-key'],
    ['SHA-1', { digest: 'sha1' }, 'weak-hash'],
  ])('%s', (_what, wish, verdict) => expect(leafVerdict(wish)).toBe(verdict));

  it('a point that is not on its curve', () => {
    const key = makeKey();
    const bent = Uint8Array.from(key.subjectPublicKeyInfo);
    bent[bent.length - 1] = bent[bent.length - 1]! ^ 1;

    expect(leafVerdict({ key: { ...key, subjectPublicKeyInfo: bent } })).toBe('public-key-invalid');
  });
});

describe('CAs', () => {
  it.each<[string, Wish, RefusalReason | 'accepted']>([
    ['without basicConstraints', { without: [OID.basicConstraints, OID.keyUsage] }, 'issuer-not-ca'],
    ['without cA', { more: [basicConstraints({ ca: false }), keyUsage(['cRLSign'])] }, 'issuer-not-ca'],
    ['without keyCertSign', { more: [keyUsage(['cRLSign'])] }, 'key-cert-sign-missing'],
    ['without keyUsage', { without: [OID.keyUsage] }, 'accepted'],
    [
      'with basicConstraints that are not critical: §6.1.4 (k) does not ask',
      { more: [notCritical(basicConstraints({ ca: true }))] },
      'accepted',
    ],
    [
      'with nameConstraints that are not critical',
      { more: [notCritical(nameConstraints({ permittedSubtrees: [dns('test')], excludedSubtrees: [] }))] },
      'extension-criticality-wrong',
    ],
    [
      'with a constraint that is no address with a mask',
      {
        more: [
          nameConstraints({
            permittedSubtrees: [{ type: 'iPAddress', octets: Uint8Array.of(10, 0, 0, 0, 255, 0, 255, 0) }],
            excludedSubtrees: [],
          }),
        ],
      },
      'extension-malformed',
    ],
    [
      'with a constraint on a registeredID',
      {
        more: [
          nameConstraints({
            permittedSubtrees: [{ type: 'registeredID', oid: '1.2.3' }],
            excludedSubtrees: [],
          }),
        ],
      },
      'name-constraint-unsupported',
    ],
    [
      'that maps a policy that it does not have',
      {
        more: [
          certificatePolicies(['1.2.3']),
          policyMappings([{ issuerDomainPolicy: '1.2.5', subjectDomainPolicy: '1.2.4' }]),
        ],
      },
      'policy-mapping-invalid',
    ],
    [
      'with policyMappings that are not critical',
      {
        more: [
          certificatePolicies(['1.2.3']),
          policyMappings([{ issuerDomainPolicy: '1.2.3', subjectDomainPolicy: '1.2.4' }], false),
        ],
      },
      'extension-criticality-wrong',
    ],
    ...['.api.test', '*.api.test'].map((name): [string, Wish, RefusalReason] => [
      `with a constraint written as ${name}`,
      { more: [nameConstraints({ permittedSubtrees: [dns(name)], excludedSubtrees: [] })] },
      'extension-malformed',
    ]),
    [
      'that maps anyPolicy',
      {
        more: [
          certificatePolicies(['1.2.3']),
          policyMappings([{ issuerDomainPolicy: '1.2.3', subjectDomainPolicy: OID.anyPolicy }]),
        ],
      },
      'policy-mapping-invalid',
    ],
  ])('%s', (_what, wish, verdict) => expect(caVerdict(wish)).toBe(verdict));

  it('an anchor is held to the same: its basicConstraints must be critical', () => {
    const soft = makeCa('CN=Soft', { more: [notCritical(basicConstraints({ ca: true }))] });

    expect(verdictOf(makeLeaf(soft, 'api.test'), { trusted: [soft] })).toBe('extension-criticality-wrong');
  });

  it('but the serial number and the dates of an anchor bind nobody: roots of old have them wrong', () => {
    const zero = makeCa('CN=Zero', { serialNumber: 0n });
    const dates = ['260101000000Z', '270101000000Z'].map((date) =>
      element(TAG.generalizedTime, Buffer.from(`20${date}`)),
    );
    const generalized = remake(root, root, (parts) => parts.with(4, sequence(...dates)));

    expect(verdictOf(makeLeaf(zero, 'api.test'), { trusted: [zero] })).toBe('accepted');
    expect(verdictOf(makeLeaf(root, 'api.test'), { trusted: [generalized] })).toBe('accepted');
    expect(caVerdict({ serialNumber: 0n })).toBe('serial-number-invalid');
  });

  it('policyConstraints that are not critical pass where the caller has policies processed', () => {
    const wish = { more: [policyConstraints({ requireExplicitPolicy: 9 }, false)] };
    const policy = {
      initialSet: [OID.anyPolicy],
      requireExplicit: false,
      inhibitMapping: false,
      inhibitAny: false,
    };

    expect(caVerdict(wish)).toBe('extension-criticality-wrong');
    expect(caVerdict(wish, { policy })).toBe('accepted');
  });

  it('a certificate signed by another leaf is refused', () => {
    const signer = makeLeaf(root, 'api.test', { subject: 'CN=signer' });

    expect(verdictOf(makeLeaf(signer, 'b.test'), { trusted: [root], untrusted: [signer] })).toBe(
      'issuer-not-ca',
    );
  });
});

describe('what only a signed part made by hand can say', () => {
  const edited = (edit: EditTbs): string => {
    const leaf = { ...root, der: remakeDer(makeLeaf(root, 'api.test'), root, edit) };
    return verdictOf(leaf, { trusted: [root] });
  };
  const name = (text: Uint8Array, tag: number) =>
    sequence(setOf(sequence(oid(OID.commonName), element(tag, text))));
  const abc = Buffer.from('abc');

  it.each<[string, EditTbs, RefusalReason | 'accepted']>([
    ['all as it was', (parts) => parts, 'accepted'],
    ['version 2 with extensions', (parts) => parts.with(0, explicit(0, integer(1))), 'version-invalid'],
    ['version 1 with extensions', (parts) => parts.slice(1), 'version-invalid'],
    ['version 4', (parts) => parts.with(0, explicit(0, integer(3))), 'version-invalid'],
    ['version 1 written out', (parts) => parts.with(0, explicit(0, integer(0))), 'der-invalid'],
    ['version 1 without extensions', (parts) => parts.slice(1, -1), 'accepted'],
    [
      'another algorithm than it is signed with',
      (parts) => parts.with(2, sequence(oid(OID.ed25519))),
      'signature-algorithm-mismatch',
    ],
    ['an empty issuer', (parts) => parts.with(3, sequence()), 'issuer-name-empty'],
    [
      'a TeletexString in the subject',
      (parts) => parts.with(5, name(abc, TAG.teletexString)),
      'name-syntax-invalid',
    ],
    ['a PrintableString in it', (parts) => parts.with(5, name(abc, TAG.printableString)), 'accepted'],
    [
      'a PrintableString with an @ in it',
      (parts) => parts.with(5, name(Buffer.from('a@b'), TAG.printableString)),
      'der-invalid',
    ],
    ['a unique identifier', (parts) => parts.toSpliced(7, 0, element(0x82, Uint8Array.of(0, 1))), 'accepted'],
    [
      'a unique identifier in version 1',
      (parts) => [...parts.slice(1, 7), element(0x82, Uint8Array.of(0, 1))],
      'version-invalid',
    ],
  ])('%s', (_what, edit, verdict) => expect(edited(edit)).toBe(verdict));

  it.each<[string, Uint8Array, RefusalReason]>([
    [
      'RSA without NULL',
      sequence(sequence(oid(OID.rsaEncryption)), rsaBits(makeRsaKey())),
      'public-key-invalid',
    ],
    [
      'an RSA key that is no SEQUENCE',
      sequence(sequence(oid(OID.rsaEncryption), NULL), bitString(Uint8Array.of(4, 1, 1))),
      'public-key-invalid',
    ],
    ['a negative RSA modulus', rsa(integer(-(2n ** 2047n) + 1n), integer(65537)), 'public-key-invalid'],
    ['an even RSA modulus', rsa(integer(2n ** 2048n - 2n), integer(65537)), 'public-key-invalid'],
    ['an RSA exponent of 1', rsa(integer(2n ** 2048n - 1n), integer(1)), 'public-key-invalid'],
    [
      'an EC key without a named curve',
      sequence(sequence(oid(OID.ecPublicKey), NULL), bitString(new Uint8Array(65))),
      'public-key-invalid',
    ],
    [
      'Ed25519 with parameters',
      sequence(sequence(oid(OID.ed25519), NULL), bitString(new Uint8Array(32))),
      'public-key-invalid',
    ],
    [
      'Ed25519 of 31 octets',
      sequence(sequence(oid(OID.ed25519)), bitString(new Uint8Array(31))),
      'public-key-invalid',
    ],
    [
      'a kind of key that nobody knows',
      sequence(sequence(oid('1.2.3.4')), bitString(new Uint8Array(32))),
      'weak-key',
    ],
  ])('%s', (_what, key, verdict) => expect(edited((parts) => parts.with(6, key))).toBe(verdict));

  it.each<[string, Uint8Array]>([
    ['an algorithm that nobody knows', sequence(oid('1.2.3.4'))],
    ['parameters where there are none', sequence(oid(OID.ecdsaWithSHA256), NULL)],
  ])('signed with %s', (_what, algorithm) => {
    const made = remake(makeLeaf(root, 'api.test'), root, (parts) => parts.with(2, algorithm));
    const der = encodeSigned(made.certificate.tbs, algorithm, made.certificate.signatureValue);

    expect(verdictOf({ ...made, der }, { trusted: [root] })).toBe('signature-algorithm-unknown');
  });

  it('a CA of version 1 is one only where it is trusted itself', () => {
    const old = remake(makeCa('CN=Old', { issuer: root }), root, (parts) => parts.slice(1, -1));
    const below = makeLeaf(old, 'api.test');

    expect(verdictOf(below, { trusted: [old] })).toBe('accepted');
    expect(verdictOf(below, { trusted: [root], untrusted: [old] })).toBe('issuer-not-ca');
  });

  it('a CA whose subject is empty', () => {
    const nameless = makeCa('', { issuer: root, more: [subjectAltName([dns('ca.test')], true)] });
    const below = makeLeaf(nameless, 'api.test', { issuerName: root.certificate.subject });

    expect(verdictOf(nameless, { trusted: [root] })).toBe('subject-name-empty');
    expect(verdictOf(below, { trusted: [root], untrusted: [nameless] })).not.toBe('accepted');
  });

  it('FALSE is not written out where it is the default', () => {
    const value = sequence(Uint8Array.of(1, 1, 0));

    expect(leafVerdict({ more: [{ oid: OID.basicConstraints, critical: true, value }] })).toBe(
      'extension-malformed',
    );
    expect(boolean(false)).toEqual(Uint8Array.of(1, 1, 0));
  });
});

describe('dates (RFC 5280 §4.1.2.5)', () => {
  it('a notAfter before 2050 is a UTCTime, a notBefore need not be', () => {
    expect(verdictWithTimes(true, false)).toBe('accepted');
    expect(verdictWithTimes(false, true)).toBe('time-encoding-invalid');
  });
});

describe('the CA/Browser Forum’s baseline, by --profile webpki', () => {
  it.each<[string, Wish, RefusalReason | 'accepted']>([
    ['the commonName is a copy of a name', { subject: 'CN=api.test' }, 'accepted'],
    ['the commonName is not', { subject: 'CN=other.test' }, 'baseline-violation'],
    ['its case counts', { subject: 'CN=API.test' }, 'baseline-violation'],
    ['no extKeyUsage', { subject: 'CN=api.test', without: [OID.extKeyUsage] }, 'baseline-violation'],
    ['no subjectAltName', { subject: 'CN=api.test', without: [OID.subjectAltName] }, 'baseline-violation'],
    [
      'subjectAltName with a URI',
      { subject: 'CN=api.test', more: [subjectAltName([dns('api.test'), uri('spiffe://a/b')])] },
      'baseline-violation',
    ],
    [
      'a wildcard below a public suffix',
      { subject: '', more: [subjectAltName([dns('*.co.uk')], true)] },
      'baseline-violation',
    ],
    ['an RSA key of 2052 bits', { subject: 'CN=api.test', key: makeRsaKey(2052) }, 'baseline-violation'],
  ])('%s', (_what, wish, verdict) => {
    expect(leafVerdict(wish, 'webpki')).toBe(verdict);
    expect(leafVerdict(wish)).toBe('accepted');
  });

  it('nameConstraints need not be critical', () => {
    const wish = {
      more: [notCritical(nameConstraints({ permittedSubtrees: [dns('test')], excludedSubtrees: [] }))],
    };
    const ca = makeCa('CN=Issuing', { issuer: root, ...wish });
    const leaf = makeLeaf(ca, 'api.test', { subject: 'CN=api.test' });

    expect(verdictOf(leaf, { trusted: [root], untrusted: [ca], profile: 'webpki' })).toBe('accepted');
    expect(verdictOf(leaf, { trusted: [root], untrusted: [ca] })).toBe('extension-criticality-wrong');
  });
});

/** A SubjectPublicKeyInfo of RSA with those numbers. */
function rsa(modulus: Uint8Array, exponent: Uint8Array): Uint8Array {
  return sequence(sequence(oid(OID.rsaEncryption), NULL), bitString(sequence(modulus, exponent)));
}

/** The BIT STRING of a key. */
function rsaBits({ subjectPublicKeyInfo }: TestKey): Uint8Array {
  const reader = new DerReader(subjectPublicKeyInfo).enter(TAG.sequence);
  reader.element();
  return reader.element();
}

/** certificatePolicies of one policy with one qualifier, a UTF8String. */
function policyWith(policy: string, qualifier: string, isCritical: boolean): Extension {
  const information = sequence(oid(policy), sequence(sequence(oid(qualifier), utf8String('a'))));
  return { oid: OID.certificatePolicies, critical: isCritical, value: sequence(information) };
}

/** A leaf with its dates in GeneralizedTime where told, else in UTCTime. */
function verdictWithTimes(...generalized: readonly [notBefore: boolean, notAfter: boolean]): string {
  const made = remake(makeLeaf(root, 'api.test'), root, (parts) => {
    const dates = ['260101000000Z', '270101000000Z'].map((date, index) =>
      generalized[index]
        ? element(TAG.generalizedTime, Buffer.from(`20${date}`))
        : element(TAG.utcTime, Buffer.from(date)),
    );
    return parts.with(4, sequence(...dates));
  });
  return verdictOf(made, { trusted: [root] });
}

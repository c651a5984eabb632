import { describe, expect, it } from 'vitest';
import type { RefusalReason } from '../../src/path/path-result.js';
import { encodeRevokedCertificate } from '../../src/x509/certificate-list.js';
import { contextTag, element, explicit, integer, oid, sequence, time } from '../../src/x509/der.js';
import { type Extension, encodeExtensions } from '../../src/x509/extension.js';
import { certificateIssuer } from '../../src/x509/extensions/certificate-issuer.js';
import { deltaCrlIndicator } from '../../src/x509/extensions/delta-crl-indicator.js';
import { issuingDistributionPoint } from '../../src/x509/extensions/issuing-distribution-point.js';
import { keyUsage } from '../../src/x509/extensions/key-usage.js';
import { type CrlReason, reasonCode } from '../../src/x509/extensions/reason-code.js';
import { encodeGeneralName, type GeneralName } from '../../src/x509/general-name.js';
import { parseName } from '../../src/x509/name.js';
import { OID } from '../../src/x509/oid.js';
import {
  type CrlWish,
  type Made,
  make,
  makeCa,
  makeCrl,
  makeLeaf,
  makeRsaKey,
  NOW,
} from './certificate-maker.js';
import { type Question, verdictOf } from './verify-made.js';

const root = makeCa('CN=Root');
const issuing = makeCa('CN=Issuing', { issuer: root });
const leaf = makeLeaf(issuing, 'api.test');
const [DAY, YESTERDAY] = [86_400_000, new Date(NOW.getTime() - 86_400_000)];
const rootCrl = makeCrl(root);

/** An entry for a certificate. */
function entry({ certificate }: Made, reason: CrlReason = 'unspecified'): Uint8Array {
  return encodeRevokedCertificate(certificate.serialNumber, YESTERDAY, reason);
}

/** An entry with any extensions. */
function entryWith({ certificate }: Made, ...extensions: readonly Extension[]): Uint8Array {
  return sequence(integer(certificate.serialNumber), time(YESTERDAY), encodeExtensions(extensions));
}

/** The verdict on the leaf with the root's CRL and one of the issuing CA. */
function verdict(
  wish: CrlWish,
  question: Partial<Question> = {},
  subject = leaf,
): RefusalReason | 'accepted' {
  return verdictOf(subject, {
    trusted: [root],
    untrusted: [issuing],
    crls: [rootCrl, makeCrl(issuing, wish)],
    ...question,
  });
}

describe('a complete CRL (RFC 5280 §6.3)', () => {
  it.each<[string, CrlWish, RefusalReason | 'accepted']>([
    ['that is empty', {}, 'accepted'],
    ['that names another', { revokedCertificates: [entry(root)] }, 'accepted'],
    ['that names the leaf', { revokedCertificates: [entry(root), entry(leaf)] }, 'cert-revoked'],
    ['that holds it', { revokedCertificates: [entry(leaf, 'certificateHold')] }, 'cert-revoked'],
    ['due yesterday', { nextUpdate: YESTERDAY }, 'crl-expired'],
    ['due this very second', { nextUpdate: NOW }, 'accepted'],
    ['of tomorrow', { thisUpdate: new Date(NOW.getTime() + DAY) }, 'crl-not-yet-valid'],
    ['by another key', { key: root.key }, 'crl-signature-invalid'],
    ['by another name', { issuer: makeCa('CN=Else').certificate.subject }, 'crl-missing'],
    ['with SHA-1', { digest: 'sha1' }, 'weak-hash'],
    [
      'with an extension twice',
      { more: [unknownExtension(false), unknownExtension(false)] },
      'crl-malformed',
    ],
    ['with a name for its issuer that is empty', { issuer: parseName('') }, 'crl-malformed'],
    ['without a number', { extensions: [unknownExtension(false)] }, 'crl-malformed'],
    ['with an unknown extension', { more: [unknownExtension(false)] }, 'accepted'],
    ['with an unknown critical one', { more: [unknownExtension(true)] }, 'crl-unknown-critical-extension'],
    [
      'with an unknown critical one in the entry of another',
      { revokedCertificates: [entryWith(root, unknownExtension(true))] },
      'crl-unknown-critical-extension',
    ],
    [
      'with a reason that does not exist',
      { revokedCertificates: [entryWith(root, badReason())] },
      'crl-malformed',
    ],
    [
      'with an issuer in an entry, and not indirect',
      { revokedCertificates: [entryWith(root, certificateIssuer([directoryName(root)]))] },
      'crl-malformed',
    ],
  ])('%s', (_what, wish, outcome) => expect(verdict(wish)).toBe(outcome));

  it('that promises no next one', () => {
    const endless = makeCrl(issuing, { edit: (parts) => parts.toSpliced(4, 1) });

    expect(verdictOf(leaf, { trusted: [root], untrusted: [issuing], crls: [rootCrl, endless] })).toBe(
      'crl-malformed',
    );
  });

  it('that names two algorithms', () => {
    const torn = makeCrl(issuing, { edit: (parts) => parts.with(1, sequence(oid(OID.ed25519))) });

    expect(verdictOf(leaf, { trusted: [root], untrusted: [issuing], crls: [rootCrl, torn] })).toBe(
      'crl-malformed',
    );
  });

  it('whose signer is nowhere to be found', () => {
    const bureau = makeCa('CN=Bureau', { issuer: root });
    const subject = makeLeaf(issuing, 'api.test', { more: [pointOfIssuer(bureau)] });
    const indirect = makeCrl(bureau, { more: [issuingDistributionPoint({ indirectCRL: true })] });

    expect(verdictOf(subject, { trusted: [root], untrusted: [issuing], crls: [rootCrl, indirect] })).toBe(
      'crl-issuer-not-trusted',
    );
  });

  it('is asked of every CA of the path', () => {
    const question = { trusted: [root], untrusted: [issuing] };
    const revokedCa = makeCrl(root, { revokedCertificates: [entry(issuing, 'cACompromise')] });

    expect(verdictOf(leaf, { ...question, crls: [makeCrl(issuing)] })).toBe('crl-missing');
    expect(verdictOf(leaf, { ...question, crls: [makeCrl(issuing), revokedCa] })).toBe('cert-revoked');
    expect(verdictOf(leaf, question)).toBe('accepted');
    expect(verdictOf(leaf, { ...question, requireCrl: true })).toBe('crl-missing');
  });

  it('the newest of several counts', () => {
    const older = makeCrl(issuing, {
      thisUpdate: new Date(NOW.getTime() - 2 * DAY),
      revokedCertificates: [entry(leaf, 'certificateHold')],
    });
    const newer = makeCrl(issuing, { number: 2n });
    const question = { trusted: [root], untrusted: [issuing] };

    expect(verdictOf(leaf, { ...question, crls: [rootCrl, older, newer] })).toBe('accepted');
    expect(verdictOf(leaf, { ...question, crls: [rootCrl, newer, older] })).toBe('accepted');
    expect(verdictOf(leaf, { ...question, crls: [rootCrl, older] })).toBe('cert-revoked');
  });

  it('more than a hundred that claim to be the issuer’s end in a reason', () => {
    const forged = Array.from({ length: 101 }, (_, index) =>
      makeCrl(issuing, { key: root.key, number: BigInt(index) }),
    );

    expect(verdictOf(leaf, { trusted: [root], untrusted: [issuing], crls: [rootCrl, ...forged] })).toBe(
      'signature-budget-exceeded',
    );
  });

  it('of a CA whose keyUsage lacks cRLSign is not used', () => {
    const mute = makeCa('CN=Mute', { issuer: root, more: [keyUsage(['keyCertSign'])] });
    const question = { trusted: [root], untrusted: [mute], crls: [rootCrl, makeCrl(mute)] };

    expect(verdictOf(makeLeaf(mute, 'api.test'), question)).toBe('crl-issuer-not-trusted');
  });

  it('by a key of its own, which the CA’s name and a path to the same anchor vouch for', () => {
    const signer = make({ subject: 'CN=Issuing', issuer: root }, [keyUsage(['cRLSign'])]);
    const crls = [rootCrl, makeCrl(issuing, { key: signer.key, revokedCertificates: [entry(leaf)] })];

    expect(verdictOf(leaf, { trusted: [root], untrusted: [issuing, signer], crls })).toBe('cert-revoked');
    expect(verdictOf(leaf, { trusted: [root], untrusted: [issuing], crls })).toBe('crl-signature-invalid');
  });

  it('by such a key that is itself revoked, or of another root', () => {
    const signer = make({ subject: 'CN=Issuing', issuer: root }, [keyUsage(['cRLSign'])]);
    const byRoot = makeCrl(root, { revokedCertificates: [entry(signer, 'keyCompromise')] });
    const other = makeCa('CN=Other');
    const stranger = make({ subject: 'CN=Issuing', issuer: other }, [keyUsage(['cRLSign'])]);
    const verdictBy = (signedBy: Made, top: Uint8Array) =>
      verdictOf(leaf, {
        trusted: [root, other],
        untrusted: [issuing, signedBy],
        crls: [top, makeCrl(other), makeCrl(issuing, { key: signedBy.key })],
      });

    expect(verdictBy(signer, rootCrl)).toBe('accepted');
    expect(verdictBy(signer, byRoot)).toBe('crl-issuer-not-trusted');
    expect(verdictBy(stranger, rootCrl)).toBe('crl-issuer-not-trusted');
  });
});

describe('a CRL that speaks of some only (RFC 5280 §5.2.5)', () => {
  const point = (uri: string) => ({ fullName: [{ type: 'uniformResourceIdentifier', value: uri }] as const });
  const scoped = (scope: Parameters<typeof issuingDistributionPoint>[0]): CrlWish => ({
    more: [issuingDistributionPoint(scope)],
  });
  const pointed = makeLeaf(issuing, 'api.test', { more: [distributionPoint('http://crl.test/1')] });

  it.each<[string, CrlWish, Made, RefusalReason | 'accepted']>([
    ['end entities', scoped({ onlyContainsUserCerts: true }), leaf, 'accepted'],
    ['CAs', scoped({ onlyContainsCACerts: true }), leaf, 'crl-missing'],
    ['attribute certificates', scoped({ onlyContainsAttributeCerts: true }), leaf, 'crl-missing'],
    [
      'its distribution point',
      scoped({ distributionPoint: point('http://crl.test/1') }),
      pointed,
      'accepted',
    ],
    [
      'another distribution point',
      scoped({ distributionPoint: point('http://crl.test/2') }),
      pointed,
      'crl-missing',
    ],
    ['some reasons', scoped({ onlySomeReasons: new Set([1, 2]) }), leaf, 'crl-scope-incomplete'],
  ])('%s', (_what, wish, subject, outcome) => expect(verdict(wish, {}, subject)).toBe(outcome));

  it('the reasons of several CRLs add up', () => {
    const some = makeCrl(issuing, scoped({ onlySomeReasons: new Set([1, 2]) }));
    const rest = makeCrl(issuing, scoped({ onlySomeReasons: new Set([3, 4, 5, 6, 7, 8]) }));
    const question = { trusted: [root], untrusted: [issuing] };

    expect(verdictOf(leaf, { ...question, crls: [rootCrl, some, rest] })).toBe('accepted');
  });

  it('an indirect one speaks of certificates of several issuers, entry after entry', () => {
    const bureau = makeCa('CN=Bureau', { issuer: root });
    const indirect = (names: readonly Uint8Array[]) =>
      makeCrl(bureau, {
        more: [issuingDistributionPoint({ indirectCRL: true })],
        revokedCertificates: names,
      });
    const subject = makeLeaf(issuing, 'api.test', { more: [pointOfIssuer(bureau)] });
    const verdictWith = (names: readonly Uint8Array[]) =>
      verdictOf(subject, {
        trusted: [root],
        untrusted: [issuing, bureau],
        crls: [rootCrl, makeCrl(bureau), indirect(names)],
      });
    const of = (issuer: Made) => certificateIssuer([directoryName(issuer)]);

    expect(verdictWith([])).toBe('accepted');
    expect(verdictWith([entry(subject)])).toBe('accepted');
    expect(verdictWith([entryWith(root, of(issuing)), entry(subject)])).toBe('cert-revoked');
    expect(verdictWith([entryWith(subject, of(bureau))])).toBe('accepted');
    expect(verdictWith([entryWith(subject, of(issuing))])).toBe('cert-revoked');
  });
});

describe('a delta CRL (RFC 5280 §5.2.4)', () => {
  const complete = (names: readonly Uint8Array[] = []) =>
    makeCrl(issuing, { number: 5n, revokedCertificates: names });
  const delta = (base: bigint, names: readonly Uint8Array[], wish: CrlWish = {}) =>
    makeCrl(issuing, { number: 7n, more: [deltaCrlIndicator(base)], revokedCertificates: names, ...wish });
  const verdictWith = (...crls: Uint8Array[]) =>
    verdictOf(leaf, { trusted: [root], untrusted: [issuing], crls: [rootCrl, ...crls] });

  it('adds to the complete one', () => {
    expect(verdictWith(complete(), delta(5n, [entry(leaf)]))).toBe('cert-revoked');
    expect(verdictWith(complete(), delta(5n, []))).toBe('accepted');
  });

  it('takes off again', () => {
    expect(
      verdictWith(complete([entry(leaf, 'certificateHold')]), delta(5n, [entry(leaf, 'removeFromCRL')])),
    ).toBe('accepted');
  });

  it('is nothing without a complete one', () => {
    expect(verdictWith(delta(5n, []))).toBe('crl-missing');
  });

  it('does not fit a complete one older than its base', () => {
    expect(verdictWith(complete(), delta(6n, [entry(leaf)]))).toBe('accepted');
  });

  it('counts only while it is current', () => {
    expect(verdictWith(complete(), delta(5n, [entry(leaf)], { nextUpdate: YESTERDAY }))).toBe('accepted');
  });
});

it('a million entries are looked up without a million objects', () => {
  const ca = makeCa('CN=Busy', { key: makeRsaKey() });
  const first = 1n << 100n;
  const entries = Array.from({ length: 1_000_000 }, (_, index) =>
    encodeRevokedCertificate(first + BigInt(index) * 77n, YESTERDAY, 'superseded'),
  );
  const crl = makeCrl(ca, { revokedCertificates: entries });
  const [revoked, good] = [first + 500_000n * 77n, first + 1n].map((serialNumber) =>
    makeLeaf(ca, 'api.test', { serialNumber }),
  );
  const before = process.memoryUsage().heapUsed;
  const start = performance.now();

  const verdicts = [revoked!, good!].map((one) => verdictOf(one, { trusted: [ca], crls: [crl] }));

  expect(verdicts).toEqual(['cert-revoked', 'accepted']);
  expect(performance.now() - start).toBeLessThan(4000);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024);
});

function unknownExtension(critical: boolean): Extension {
  return { oid: '1.2.3.4', critical, value: Uint8Array.of(5, 0) };
}

function badReason(): Extension {
  return { ...reasonCode('superseded'), value: Uint8Array.of(0x0a, 1, 7) };
}

function directoryName({ certificate }: Made): GeneralName {
  return { type: 'directoryName', name: certificate.subject };
}

function distributionPoint(uri: string): Extension {
  const name = encodeGeneralName({ type: 'uniformResourceIdentifier', value: uri });
  const value = sequence(sequence(explicit(0, element(contextTag(0, true), name))));
  return { oid: OID.cRLDistributionPoints, critical: false, value };
}

/** A distribution point that names a CRL issuer alone. */
function pointOfIssuer(issuer: Made): Extension {
  const value = sequence(sequence(element(contextTag(2, true), encodeGeneralName(directoryName(issuer)))));
  return { oid: OID.cRLDistributionPoints, critical: false, value };
}

import { describe, expect, it } from 'vitest';
import { contextTag, element, octetString, sequence } from '../../../src/x509/der.js';
import { extKeyUsage } from '../../../src/x509/extensions/ext-key-usage.js';
import { keyUsage } from '../../../src/x509/extensions/key-usage.js';
import { subjectAltName } from '../../../src/x509/extensions/subject-alt-name.js';
import { OID } from '../../../src/x509/oid.js';
import {
  type Made,
  makeCa,
  makeKey,
  makeLeaf,
  makeRsaKey,
  NOW,
  type Wish,
} from '../../path/certificate-maker.js';
import { onlyVersion, sampleScan } from '../sample-scan.js';
import { type ChainWish, finding, observedWith, shown } from './observed-chains.js';

const root = makeCa('CN=Lab Root');
const judged = async (id: string, leaf: Made, wish: ChainWish = {}) =>
  finding(id, await observedWith([shown([leaf])], { trust: [root], ...wish }));
const leafWith = (wish: Wish): Made => makeLeaf(root, 'DNS:api.test', wish);
const daysFromNow = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);
const second = 1 / 86_400;

describe('the life of a certificate', () => {
  it.each([
    ['at its last second', -90, 0, 'pass'],
    ['a second after it', -90, -second, 'fail'],
  ])('is over %s', async (_when, from, to, status) => {
    const leaf = leafWith({ notBefore: daysFromNow(from), notAfter: daysFromNow(to) });

    expect((await judged('certificate-not-expired', leaf)).status).toBe(status);
  });

  it('has not begun before its first second', async () => {
    const begun = leafWith({ notBefore: NOW, notAfter: daysFromNow(90) });
    const early = leafWith({ notBefore: daysFromNow(second), notAfter: daysFromNow(90) });

    expect((await judged('certificate-already-valid', begun)).status).toBe('pass');
    expect(await judged('certificate-already-valid', early)).toEqual({
      status: 'fail',
      evidence: 'not valid before 2026-06-01T12:00:01Z',
    });
    expect((await judged('certificate-not-expired', early)).status).toBe('pass');
  });

  it('is that of what counts: an expired root that is only sent along does no harm', async () => {
    const old = makeCa('CN=Old Root', { notAfter: daysFromNow(-1) });
    const cross = makeCa('CN=Lab Root', { issuer: old, key: root.key, notAfter: daysFromNow(-1) });
    const chain = [leafWith({}), cross];

    const trusted = await observedWith([shown(chain)], { trust: [root] });
    const untrusted = await observedWith([shown(chain)], { trust: [old] });

    expect(finding('certificate-not-expired', trusted).status).toBe('pass');
    expect(finding('certificate-not-expired', untrusted).evidence).toMatch(/^CN=Lab Root expired at/);
  });

  it.each([
    ['a year, 31 days to go', -334, 31, 'pass'],
    ['a year, 29 days to go', -336, 29, 'fail'],
    ['six days, two to go', -4, 2, 'pass'],
    ['six days, one to go', -5, 1, 'fail'],
    ['none left', -5, -1, 'not-applicable'],
  ])('of %s', async (_life, from, to, status) => {
    const leaf = leafWith({ notBefore: daysFromNow(from), notAfter: daysFromNow(to) });

    expect((await judged('certificate-expires-later', leaf)).status).toBe(status);
  });

  it.each<[string, boolean, string, number, string]>([
    ['398 days of 2025, public', true, '2025-08-01', 398, 'pass'],
    ['a second more', true, '2025-08-01', 398 + second, 'fail'],
    ['the last of the long ones', true, '2026-03-14', 398, 'pass'],
    ['398 days a day later', true, '2026-03-15', 398, 'fail'],
    ['200 days a day later', true, '2026-03-15', 200, 'pass'],
    ['825 days, private', false, '2026-03-15', 825, 'pass'],
    ['826 days, private', false, '2026-03-15', 826, 'fail'],
  ])('may be so long: %s', async (_life, isPublic, from, days, status) => {
    const notBefore = new Date(`${from}T00:00:00Z`);
    const notAfter = new Date(notBefore.getTime() + days * 86_400_000);

    const found = await judged('certificate-life-bounded', leafWith({ notBefore, notAfter }), { isPublic });

    expect(found.status).toBe(status);
  });

  it('is held against no limit where the root is unknown', async () => {
    expect((await judged('certificate-life-bounded', leafWith({}), { trust: [] })).status).toBe(
      'not-applicable',
    );
  });
});

describe('the key and the signature of a certificate', () => {
  it.each([
    ['certificate-key-strong', leafWith({ key: makeRsaKey(1024) }), 'fail'],
    ['certificate-key-strong', leafWith({ key: makeRsaKey(2048) }), 'pass'],
    ['certificate-key-strong', leafWith({ key: makeKey('secp224r1') }), 'fail'],
    ['certificate-key-strong', leafWith({ key: makeKey('secp384r1') }), 'pass'],
    ['certificate-hash-strong', leafWith({ digest: 'sha1' }), 'fail'],
    ['certificate-hash-strong', leafWith({ digest: 'sha384' }), 'pass'],
  ])('%s #%#', async (id, leaf, status) => {
    expect((await judged(id, leaf)).status).toBe(status);
  });

  it('of an issuing CA count as well, what a root says of itself does not', async () => {
    const old = makeCa('CN=Old Root', { key: makeRsaKey(), digest: 'sha1' });
    const weak = makeCa('CN=Weak Issuing', { issuer: old, digest: 'sha1' });
    const observe = (chain: Made[]) => observedWith([shown(chain)], { trust: [old] });

    const bad = await observe([makeLeaf(weak, 'DNS:api.test'), weak]);
    const good = await observe([makeLeaf(old, 'DNS:api.test'), old]);

    expect(finding('certificate-hash-strong', bad).evidence).toBe(
      'CN=Weak Issuing: SHA1 signatures can be forged',
    );
    expect(finding('certificate-hash-strong', good).status).toBe('pass');
  });
});

describe('what a certificate says of itself', () => {
  const named = (...names: string[]): Made =>
    leafWith({ more: [subjectAltName(names.map((value) => ({ type: 'dNSName', value })))] });

  it.each([
    ['certificate-matches-hostname', named('API.test'), 'pass'],
    ['certificate-matches-hostname', named('*.test'), 'pass'],
    ['certificate-matches-hostname', named('api.test.evil'), 'fail'],
    ['certificate-without-wildcard', named('api.test', '*.api.test'), 'fail'],
    ['certificate-without-wildcard', named('api.test'), 'pass'],
    ['certificate-names-present', named('api.test'), 'pass'],
    ['certificate-names-present', leafWith({ without: [OID.subjectAltName] }), 'fail'],
    ['certificate-names-present', makeLeaf(root, 'email:a@b.test'), 'fail'],
    ['certificate-for-servers', leafWith({ more: [extKeyUsage([OID.serverAuth])] }), 'pass'],
    ['certificate-for-servers', leafWith({ more: [extKeyUsage([OID.clientAuth])] }), 'fail'],
    ['certificate-for-servers', leafWith({ without: [OID.extKeyUsage] }), 'pass'],
  ])('%s #%#', async (id, leaf, status) => {
    expect((await judged(id, leaf)).status).toBe(status);
  });

  it.each([
    ['a key of P-256', makeKey(), onlyVersion('TLSv1.2'), 'fail'],
    ['a key of RSA, in TLS 1.3', makeRsaKey(), onlyVersion('TLSv1.3'), 'fail'],
    ['a key of RSA, before TLS 1.3', makeRsaKey(), onlyVersion('TLSv1.2'), 'pass'],
  ])('is that it signs where it must: %s', async (_what, key, change, status) => {
    const leaf = leafWith({ key, more: [keyUsage(['keyEncipherment'])] });

    const found = await judged('certificate-for-servers', leaf, { scan: sampleScan(change) });

    expect(found.status).toBe(status);
  });

  it('is nothing, where it is no certificate at all', async () => {
    const observed = await observedWith([{ ...shown([]), chain: [new Uint8Array(9)] }], { trust: [root] });

    expect(finding('certificate-trusted', observed)).toEqual({
      status: 'fail',
      evidence: 'what it shows is no certificate: it cannot be read',
    });
    expect(finding('certificate-not-expired', observed).status).toBe('inconclusive');
  });

  it('that breaks its syntax ends no probe, and passes nothing', async () => {
    const broken = leafWith({
      more: [
        { oid: OID.subjectAltName, critical: false, value: new Uint8Array([0x30, 5, 1]) },
        { oid: OID.extKeyUsage, critical: false, value: sequence() },
        { oid: OID.tlsFeature, critical: false, value: sequence(octetString(new Uint8Array())) },
      ],
    });

    for (const id of [
      'certificate-matches-hostname',
      'certificate-names-present',
      'certificate-without-wildcard',
      'certificate-for-servers',
      'certificate-must-staple-kept',
    ])
      expect((await judged(id, broken)).status, id).toBe('inconclusive');
    expect((await judged('certificate-trusted', broken)).status).toBe('fail');
  });
});

describe('Certificate Transparency', () => {
  const timestamp = new Uint8Array(60).fill(7);
  const list = (count: number): Uint8Array => {
    const entries = Array.from({ length: count }, () => Buffer.from([0, timestamp.length, ...timestamp]));
    const body = Buffer.concat(entries);
    return octetString(Buffer.concat([Buffer.from([body.length >> 8, body.length & 255]), body]));
  };
  const logged = (count: number): Made =>
    count === 0
      ? leafWith({})
      : leafWith({
          more: [{ oid: OID.signedCertificateTimestamps, critical: false, value: list(count) }],
        });

  it.each([
    [2, 0, 'pass', '2 in the certificate (counted, not verified)'],
    [1, 1, 'pass', '1 in the certificate, 1 in the handshake (counted, not verified)'],
    [1, 0, 'fail', '1 in the certificate (counted, not verified)'],
    [0, 0, 'fail', 'none at all (counted, not verified)'],
  ])('%s in the certificate and %s in the handshake', async (embedded, sent, status, evidence) => {
    const chain = shown([logged(embedded)], {
      signedCertificateTimestamps: Array.from({ length: sent }, () => timestamp),
    });

    const observations = await observedWith([chain], { trust: [root], isPublic: true });

    expect(finding('certificate-logged', observations)).toEqual({ status, evidence });
  });

  it('asks nothing of a private CA', async () => {
    expect((await judged('certificate-logged', logged(0))).status).toBe('not-applicable');
  });

  it('counts those in a staple, and takes no harm from one that is garbage', async () => {
    const garbage = shown([logged(2)], { ocspResponse: element(contextTag(0, true)) });

    const observations = await observedWith([garbage], { trust: [root], isPublic: true });

    expect(finding('certificate-logged', observations).status).toBe('pass');
  });
});

import { describe, expect, it } from 'vitest';
import { bundleRemarks, protectionRemarks } from '../../src/lint/bundle-remarks.js';
import { keyIdentifierOf } from '../../src/x509/fingerprint.js';
import { parseName } from '../../src/x509/name.js';
import { type Made, makeCa, makeLeaf, NOW } from '../path/certificate-maker.js';

const ROOT = makeCa('CN=Root');
const ISSUING = makeCa('CN=Issuing', { issuer: ROOT });
const LEAF = makeLeaf(ISSUING, 'api.test');
const OTHER = makeCa('CN=Other');
const IMPOSTOR = makeCa('CN=Issuing', { issuer: OTHER, issuerName: parseName('CN=Root') });
const BRIEF = makeCa('CN=Brief', { issuer: ROOT, notAfter: new Date(NOW.getTime() + 1000) });
const BRIEF_LEAF = makeLeaf(BRIEF, 'api.test');

const ROOT_ABSENT = 'the issuer of 2. (CN=Issuing) is not here: CN=Root';

describe('certificates of one file', () => {
  it.each<[string, Made[], string[], string[]]>([
    ['a leaf by itself', [LEAF], [], []],
    ['a leaf and its issuer, as servers send them', [LEAF, ISSUING], [ROOT_ABSENT], []],
    ['a whole chain', [LEAF, ISSUING, ROOT], [], []],
    ['roots beside each other', [ROOT, OTHER], [], []],
    ['a root and its issuing CA, as ca-chain.crt has them', [ISSUING, ROOT], [], []],
    [
      'the order turned round',
      [ROOT, ISSUING, LEAF],
      [],
      ['the order is wrong: each has to stand before its issuer, so 3., 2., 1.'],
    ],
    [
      'a stranger among them',
      [LEAF, ISSUING, ROOT, OTHER],
      [],
      ['4. (CN=Other) is no issuer of 1. (CN=a leaf)'],
    ],
    ['the same twice', [LEAF, ISSUING, LEAF], [ROOT_ABSENT], ['3. is the same certificate as 1.']],
    [
      'an issuer that has the name alone',
      [LEAF, IMPOSTOR, ROOT],
      [],
      [
        '1. (CN=a leaf) has the name of 2. as its issuer, but was not signed by its key',
        '2. (CN=Issuing) has the name of 3. as its issuer, but was not signed by its key',
      ],
    ],
    [
      'an issuer that ends before what it issued',
      [BRIEF_LEAF, BRIEF, ROOT],
      [],
      ['2. (CN=Brief) ends on 2026-06-01T12:00:01Z, before 1. that it issued'],
    ],
  ])('%s', (_what, made, good, bad) => {
    const certificates = made.map(({ certificate }, at) => ({ number: at + 1, value: certificate }));

    const remarks = bundleRemarks({ certificates, keyIdentifiers: [] });

    expect(remarks.filter(({ ok }) => ok).map(({ text }) => text)).toEqual(good);
    expect(remarks.filter(({ ok }) => !ok).map(({ text }) => text)).toEqual(bad);
  });
});

describe('a private key beside certificates', () => {
  const certificates = [{ number: 1, value: LEAF.certificate }];
  const keyOf = ({ key }: Made) => Buffer.from(keyIdentifierOf(key.subjectPublicKeyInfo)).toString('hex');

  it.each([
    ['is told whose it is', LEAF, { ok: true, text: 'the private key (2.) is that of 1. (CN=a leaf)' }],
    [
      'is told to be nobody’s',
      OTHER,
      { ok: false, text: 'the private key (2.) belongs to none of the certificates here' },
    ],
  ])('%s', (_what, owner, remark) => {
    expect(bundleRemarks({ certificates, keyIdentifiers: [{ number: 2, value: keyOf(owner) }] })).toEqual([
      remark,
    ]);
  });

  it('is told nothing of where there are none', () => {
    expect(bundleRemarks({ certificates: [], keyIdentifiers: [{ number: 1, value: keyOf(LEAF) }] })).toEqual(
      [],
    );
  });
});

describe('the encryption of a PKCS#12 file', () => {
  it.each([
    ['AES, with whom it does not open', ['AES-256'], 'SHA-256', true, /macOS/],
    ['3DES', ['3DES'], 'SHA-1', true, /weak/],
    ['RC2, which OpenSSL 3 does not open by itself', ['RC2-40', '3DES'], 'SHA-1', false, /-legacy/],
    ['none', [], 'SHA-1', false, /nothing in it is encrypted/],
    ['without a MAC', ['AES-256'], null, false, /no MAC/],
  ] as const)('%s', (_what, encryption, mac, ok, text) => {
    expect(protectionRemarks({ encryption, mac })).toEqual([{ ok, text: expect.stringMatching(text) }]);
  });
});

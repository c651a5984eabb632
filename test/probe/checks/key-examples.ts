import { getDiffieHellman } from 'node:crypto';
import { groups, onlyVersion, sampleScan, schemes, withDh, withVersion } from '../sample-scan.js';
import type { Example } from './example.js';

const { groups: CLEAN_GROUPS, signatureSchemes: CLEAN_SCHEMES } = sampleScan();
const AGREED = { 'TLSv1.3': ['X25519MLKEM768', 'x25519'], 'TLSv1.2': ['x25519', 'secp256r1'] };
const SIGNED = { 'TLSv1.3': ['ecdsa_secp256r1_sha256'], 'TLSv1.2': ['ecdsa_secp256r1_sha256'] };
const modp = (name: string) => getDiffieHellman(name).getPrime();
const incomplete = <T>(offered: ReadonlyMap<T, { readonly ids: readonly number[] }>) =>
  new Map([...offered].map(([version, { ids }]) => [version, { ids, incomplete: 'the server fell silent' }]));

export const KEY_EXAMPLES: readonly Example[] = [
  [
    'a short RSA key comes with a suite that has none',
    { exportRsaBits: 512 },
    { 'not-exposed-to-freak': 'fail' },
  ],
  [
    'a prime of 512 bits is broken by anyone',
    withDh(512),
    {
      'offers-no-dh-under-1024-bits': 'fail',
      'offers-no-dh-under-2048-bits': 'fail',
      'uses-known-dh-groups': 'fail',
      'not-exposed-to-logjam': 'fail',
      'not-exposed-to-raccoon': 'fail',
    },
  ],
  [
    'a prime of 1,016 bits is under 1,024',
    withDh(1016),
    {
      'offers-no-dh-under-1024-bits': 'fail',
      'offers-no-dh-under-2048-bits': 'fail',
      'uses-known-dh-groups': 'fail',
      'not-exposed-to-logjam': 'fail',
      'not-exposed-to-raccoon': 'fail',
    },
  ],
  [
    'a prime of 1,024 bits of one’s own is too short, and worth nobody’s while',
    withDh(1024),
    {
      'offers-no-dh-under-1024-bits': 'pass',
      'offers-no-dh-under-2048-bits': 'fail',
      'uses-known-dh-groups': 'fail',
      'not-exposed-to-raccoon': 'fail',
    },
  ],
  [
    'a prime of 1,024 bits that many share is worth a state’s while',
    withDh(1024, modp('modp2')),
    {
      'offers-no-dh-under-1024-bits': 'pass',
      'offers-no-dh-under-2048-bits': 'fail',
      'uses-known-dh-groups': 'pass',
      'not-exposed-to-logjam': 'fail',
      'not-exposed-to-raccoon': 'fail',
    },
  ],
  [
    'a prime of 2,040 bits is under 2,048',
    withDh(2040),
    {
      'offers-no-dh-under-1024-bits': 'pass',
      'offers-no-dh-under-2048-bits': 'fail',
      'uses-known-dh-groups': 'fail',
      'not-exposed-to-raccoon': 'fail',
    },
  ],
  [
    'a known prime of 2,048 bits leaves Raccoon',
    withDh(2048, modp('modp14')),
    {
      'offers-no-dh-under-1024-bits': 'pass',
      'offers-no-dh-under-2048-bits': 'pass',
      'uses-known-dh-groups': 'pass',
      'not-exposed-to-raccoon': 'fail',
    },
  ],
  [
    'a curve of 192 bits is too short',
    { groups: groups({ ...AGREED, 'TLSv1.2': ['secp192r1'] }) },
    { 'offers-no-weak-groups': 'fail' },
  ],
  [
    'a curve of 224 bits is just long enough',
    { groups: groups({ ...AGREED, 'TLSv1.2': ['secp224r1'] }) },
    {},
  ],
  [
    'a curve of the server’s own cannot be checked',
    {
      groups: new Map([...CLEAN_GROUPS, ['TLSv1.2', { ids: [0xff01], incomplete: null }]]),
    },
    { 'offers-no-weak-groups': 'fail' },
  ],
  [
    'no group at all, where no suite needs one',
    { ...onlyVersion('TLSv1.2'), groups: new Map([['TLSv1.2', { ids: [], incomplete: null }]]) },
    {
      'offers-no-weak-groups': 'not-applicable',
      'offers-no-draft-kyber': 'not-applicable',
      'offers-tls-1-3': 'fail',
      'offers-post-quantum-key-exchange': 'fail',
      'refuses-early-data': 'not-applicable',
      'marks-downgrades': 'not-applicable',
    },
  ],
  [
    'curves alone will not hold a quantum computer off',
    { groups: groups({ ...AGREED, 'TLSv1.3': ['x25519', 'secp256r1'] }) },
    { 'offers-post-quantum-key-exchange': 'fail' },
  ],
  ['ML-KEM by itself will', { groups: groups({ ...AGREED, 'TLSv1.3': ['MLKEM1024'] }) }, {}],
  [
    'Kyber of a draft is not ML-KEM',
    { groups: groups({ ...AGREED, 'TLSv1.3': ['x25519', 'X25519Kyber768Draft00'] }) },
    { 'offers-no-draft-kyber': 'fail', 'offers-post-quantum-key-exchange': 'fail' },
  ],
  [
    'groups that were not all seen may be weak ones; that X25519MLKEM768 is among them is seen',
    { groups: incomplete(CLEAN_GROUPS) },
    { 'offers-no-weak-groups': 'inconclusive', 'offers-no-draft-kyber': 'inconclusive' },
  ],
  [
    'curves that were seen, and others that were not',
    { groups: incomplete(groups({ 'TLSv1.3': ['x25519'] })) },
    {
      'offers-no-weak-groups': 'inconclusive',
      'offers-no-draft-kyber': 'inconclusive',
      'offers-post-quantum-key-exchange': 'inconclusive',
    },
  ],
  [
    'MD5 signatures can be forged in the handshake',
    { signatureSchemes: schemes({ ...SIGNED, 'TLSv1.2': ['rsa_md5'] }) },
    { 'signs-with-no-md5': 'fail' },
  ],
  [
    'SHA-1 signatures, RSA’s',
    { signatureSchemes: schemes({ ...SIGNED, 'TLSv1.2': ['rsa_pkcs1_sha256', 'rsa_pkcs1_sha1'] }) },
    { 'signs-with-no-sha-1': 'fail' },
  ],
  [
    'SHA-1 signatures, ECDSA’s, in TLS 1.3',
    { signatureSchemes: schemes({ ...SIGNED, 'TLSv1.3': ['ecdsa_sha1'] }) },
    { 'signs-with-no-sha-1': 'fail' },
  ],
  ['SHA-224 is no SHA-1', { signatureSchemes: schemes({ ...SIGNED, 'TLSv1.2': ['rsa_sha224'] }) }, {}],
  [
    'signatures that were not all seen',
    { signatureSchemes: incomplete(CLEAN_SCHEMES) },
    { 'signs-with-no-md5': 'inconclusive', 'signs-with-no-sha-1': 'inconclusive' },
  ],
  [
    'signatures of TLS 1.3 that were not all seen are none over MD5 or SHA-1, which it has ended',
    {
      signatureSchemes: new Map([
        ...CLEAN_SCHEMES,
        ['TLSv1.3', { ids: [0x0403], incomplete: 'the flight of the server could not be read' }],
      ]),
    },
    {},
  ],
  [
    'groups of TLS 1.1 that were not all seen are those of TLS 1.2',
    {
      ...withVersion('TLSv1.1', 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA'),
      groups: new Map([...CLEAN_GROUPS, ['TLSv1.1', { ids: [0x1d], incomplete: 'asked of TLS 1.2' }]]),
    },
    {
      'offers-no-tls-1-1': 'fail',
      'not-exposed-to-lucky13': 'fail',
      'supports-encrypt-then-mac': 'pass',
      'supports-fallback-scsv': 'pass',
    },
  ],
];

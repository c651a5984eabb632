import { CHOSE_UNOFFERED } from '../../../src/probe/scan/taken.js';
import { told, untold } from '../../../src/probe/scan.js';
import { SUITES_OF_1_2, SUITES_OF_1_3, suites, withSuites, withVersion } from '../sample-scan.js';
import type { Example, Statuses } from './example.js';

const both = (names: readonly string[], change: Parameters<typeof suites>[1] = {}) => ({
  cipherSuites: suites({ 'TLSv1.3': SUITES_OF_1_3, 'TLSv1.2': names }, change),
});
const [STRONG = ''] = SUITES_OF_1_2;
const CBC_SUITE = 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA';
const HTTP_2 = { hello: { alpn: told(['h2', 'http/1.1']) } };
const CBC: Statuses = { 'not-exposed-to-lucky13': 'fail', 'supports-encrypt-then-mac': 'pass' };

export const SUITE_EXAMPLES: readonly Example[] = [
  ['NULL encrypts nothing', withSuites('TLS_ECDHE_ECDSA_WITH_NULL_SHA'), { 'offers-no-null-suites': 'fail' }],
  [
    'in an anonymous suite anyone can be the server',
    withSuites('TLS_ECDH_anon_WITH_AES_128_CBC_SHA'),
    { 'offers-no-anonymous-suites': 'fail', ...CBC },
  ],
  [
    'an anonymous suite alone keeps nothing from who is in the middle',
    both(['TLS_ECDH_anon_WITH_AES_128_CBC_SHA']),
    {
      'offers-no-anonymous-suites': 'fail',
      'offers-forward-secrecy': 'fail',
      'offers-aead-suites': 'fail',
      ...CBC,
    },
  ],
  [
    'EXPORT with RSA is what FREAK needs',
    withSuites('TLS_RSA_EXPORT_WITH_DES40_CBC_SHA'),
    {
      'offers-no-export-suites': 'fail',
      'not-exposed-to-freak': 'fail',
      'not-exposed-to-sweet32': 'fail',
      'offers-no-static-rsa': 'fail',
      'not-vulnerable-to-robot': 'pass',
      ...CBC,
    },
  ],
  [
    'EXPORT with DHE is what Logjam needs, and its group is not seen',
    withSuites('TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA'),
    {
      'offers-no-export-suites': 'fail',
      'not-exposed-to-logjam': 'fail',
      'not-exposed-to-sweet32': 'fail',
      'not-exposed-to-raccoon': 'fail',
      'offers-no-dh-under-1024-bits': 'inconclusive',
      'offers-no-dh-under-2048-bits': 'inconclusive',
      'uses-known-dh-groups': 'inconclusive',
      ...CBC,
    },
  ],
  ['RC4', withSuites('TLS_ECDHE_ECDSA_WITH_RC4_128_SHA'), { 'offers-no-rc4-suites': 'fail' }],
  [
    'single DES has 56 bits, and blocks of 64',
    withSuites('TLS_RSA_WITH_DES_CBC_SHA'),
    {
      'offers-no-single-des-suites': 'fail',
      'not-exposed-to-sweet32': 'fail',
      'offers-no-static-rsa': 'fail',
      'not-vulnerable-to-robot': 'pass',
      ...CBC,
    },
  ],
  [
    '3DES has blocks of 64 bits',
    withSuites('TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA'),
    { 'offers-no-3des-suites': 'fail', 'not-exposed-to-sweet32': 'fail', ...CBC },
  ],
  [
    'IDEA is outdated, and has blocks of 64 bits',
    withSuites('TLS_RSA_WITH_IDEA_CBC_SHA'),
    {
      'offers-no-obsolete-ciphers': 'fail',
      'not-exposed-to-sweet32': 'fail',
      'offers-no-static-rsa': 'fail',
      'not-vulnerable-to-robot': 'pass',
      ...CBC,
    },
  ],
  [
    'SEED is outdated, with blocks of 128 bits',
    withSuites('TLS_RSA_WITH_SEED_CBC_SHA'),
    {
      'offers-no-obsolete-ciphers': 'fail',
      'offers-no-static-rsa': 'fail',
      'not-vulnerable-to-robot': 'pass',
      ...CBC,
    },
  ],
  [
    'static RSA beside better suites',
    withSuites('TLS_RSA_WITH_AES_128_GCM_SHA256'),
    { 'offers-no-static-rsa': 'fail', 'not-vulnerable-to-robot': 'pass' },
  ],
  [
    'static RSA alone has no forward secrecy',
    both(['TLS_RSA_WITH_AES_128_GCM_SHA256']),
    { 'offers-forward-secrecy': 'fail', 'offers-no-static-rsa': 'fail', 'not-vulnerable-to-robot': 'pass' },
  ],
  [
    'static Diffie-Hellman uses its key again and again',
    withSuites('TLS_DH_RSA_WITH_AES_128_GCM_SHA256'),
    { 'offers-no-static-dh': 'fail', 'not-exposed-to-raccoon': 'fail' },
  ],
  [
    'static Diffie-Hellman on a curve is none that Raccoon knows of',
    withSuites('TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256'),
    { 'offers-no-static-dh': 'fail' },
  ],
  ['CBC beside AEAD', withSuites(CBC_SUITE), CBC],
  ['CBC without AEAD', both([CBC_SUITE]), { 'offers-aead-suites': 'fail', ...CBC }],
  [
    'CBC that is authenticated before it is encrypted',
    { ...withSuites(CBC_SUITE), hello: { encryptThenMac: told(false) } },
    { ...CBC, 'supports-encrypt-then-mac': 'fail' },
  ],
  [
    'a suite of TLS 1.2 in TLS 1.1',
    withVersion('TLSv1.1', STRONG),
    {
      'offers-no-tls-1-1': 'fail',
      'offers-no-tls-1-2-suites-in-older-versions': 'fail',
      'supports-fallback-scsv': 'pass',
    },
  ],
  [
    'CBC first, where the server chooses',
    both([CBC_SUITE, STRONG]),
    { 'prefers-strong-suites': 'fail', ...CBC },
  ],
  [
    'CBC at the client’s choice',
    both([STRONG, CBC_SUITE], { serverOrder: told(false) }),
    { 'prefers-strong-suites': 'fail', ...CBC },
  ],
  [
    'CBC by an order that could not be told',
    both([STRONG, CBC_SUITE], { serverOrder: untold('two answers that differ') }),
    { 'prefers-strong-suites': 'inconclusive', ...CBC },
  ],
  ['strong suites at the client’s choice', both(SUITES_OF_1_2, { serverOrder: told(false) }), {}],
  [
    'CBC with HTTP/2, which prohibits it',
    { ...withSuites(CBC_SUITE), ...HTTP_2 },
    { 'offers-no-suites-that-h2-prohibits': 'fail', ...CBC },
  ],
  ['HTTP/2 with suites that it allows', HTTP_2, { 'offers-no-suites-that-h2-prohibits': 'pass' }],
  [
    'nobody knows of HTTP/2',
    { hello: { alpn: untold('no answer came in time') } },
    { 'offers-no-suites-that-h2-prohibits': 'inconclusive' },
  ],
  [
    'more suites of TLS 1.2 than were seen may be of any kind that it knows',
    both(SUITES_OF_1_2, { incomplete: 'the server fell silent' }),
    {
      'not-vulnerable-to-robot': 'pass',
      ...Object.fromEntries(
        [
          'offers-no-null-suites',
          'offers-no-anonymous-suites',
          'offers-no-export-suites',
          'offers-no-rc4-suites',
          'offers-no-single-des-suites',
          'offers-no-3des-suites',
          'offers-no-obsolete-ciphers',
          'prefers-strong-suites',
          'offers-no-static-rsa',
          'offers-no-static-dh',
          'offers-no-dh-under-1024-bits',
          'offers-no-dh-under-2048-bits',
          'uses-known-dh-groups',
          'supports-encrypt-then-mac',
          'not-exposed-to-freak',
          'not-exposed-to-logjam',
          'not-exposed-to-sweet32',
          'not-exposed-to-lucky13',
          'not-exposed-to-raccoon',
        ].map((id) => [id, 'inconclusive' as const]),
      ),
    },
  ],
  [
    'more suites of TLS 1.3 than were seen hide nothing but one without encryption',
    {
      cipherSuites: new Map([
        ...suites({ 'TLSv1.3': SUITES_OF_1_3 }, { incomplete: 'the server fell silent' }),
        ...suites({ 'TLSv1.2': SUITES_OF_1_2 }),
      ]),
    },
    { 'offers-no-null-suites': 'inconclusive', 'prefers-strong-suites': 'inconclusive' },
  ],
  [
    'a suite that was not offered is chosen',
    {
      cipherSuites: new Map([
        ...suites({ 'TLSv1.3': SUITES_OF_1_3 }, { incomplete: CHOSE_UNOFFERED }),
        ...suites({ 'TLSv1.2': SUITES_OF_1_2 }),
      ]),
    },
    {
      'chooses-what-was-offered': 'fail',
      'offers-no-null-suites': 'inconclusive',
      'prefers-strong-suites': 'inconclusive',
    },
  ],
];

import { cipherSuites } from './cipher-suites.js';
import type { Policy } from './policy.js';

/** BCP 195 as of RFC 9325. Its §4.2 recommends four suites and closes the list to nothing that is ephemeral on a
 *  curve and authenticated: those are acceptable too. §4.1 rules out the rest (static RSA and DH, DHE, CBC by §4.2). */
export const bcp195: Policy = {
  id: 'bcp195',
  title: 'BCP 195',
  version: 'RFC 9325',
  published: '2022-11-30',
  checked: '2026-11-24',
  source: 'https://www.rfc-editor.org/rfc/rfc9325',
  note: null,
  protocols: ['TLSv1.2', 'TLSv1.3'],
  requiredProtocols: ['TLSv1.2'],
  cipherSuites: {
    'TLSv1.2': cipherSuites(
      'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
    ),
    'TLSv1.3': cipherSuites(
      'TLS_AES_128_GCM_SHA256',
      'TLS_AES_256_GCM_SHA384',
      'TLS_CHACHA20_POLY1305_SHA256',
    ),
  },
  groups: ['x25519', 'secp256r1'],
  alsoAcceptable: {
    cipherSuites: cipherSuites(
      'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
      'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
      'TLS_ECDHE_ECDSA_WITH_AES_128_CCM',
      'TLS_ECDHE_ECDSA_WITH_AES_256_CCM',
      'TLS_AES_128_CCM_SHA256',
    ),
    groups: [
      'secp384r1',
      'secp521r1',
      'x448',
      'ffdhe2048',
      'ffdhe3072',
      'ffdhe4096',
      'ffdhe6144',
      'ffdhe8192',
      'X25519MLKEM768',
      'SecP256r1MLKEM768',
      'SecP384r1MLKEM1024',
    ],
  },
  signatureSchemes: null,
  serverPreference: null,
  certificate: {
    keyKinds: ['ec', 'rsa', 'ed25519', 'ed448'],
    curves: ['secp256r1', 'secp384r1', 'secp521r1'],
    minimumRsaBits: 2048,
    signatureAlgorithms: null,
    maximumLifetimeDays: null,
  },
  minimumDhBits: 2048,
  hstsMaxAgeSeconds: null,
};

import { cipherSuites } from './cipher-suites.js';
import type { Policy } from './policy.js';

const GUIDELINE = {
  version: '5.7',
  published: '2023-05-15',
  checked: '2026-11-24',
  source: 'https://ssl-config.mozilla.org/guidelines/5.7.json',
  note: 'Guideline 6.0 is out. It leaves out the DHE suites and puts X25519MLKEM768 first: what follows it is within 5.7 too.',
  groups: ['x25519', 'secp256r1', 'secp384r1'],
  serverPreference: false,
  signatureSchemes: null,
  hstsMaxAgeSeconds: 63_072_000,
} as const;

const TLS_1_3_SUITES = cipherSuites(
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
);

/** Newer than guideline 5.7 and stronger: the hybrids of draft-ietf-tls-ecdhe-mlkem. */
const HYBRID_GROUPS = ['X25519MLKEM768', 'SecP256r1MLKEM768', 'SecP384r1MLKEM1024'];

const ECDSA_SIGNATURES = ['ecdsaWithSHA256', 'ecdsaWithSHA384', 'ecdsaWithSHA512'];

/** Mozilla's "modern": clients that speak TLS 1.3, nothing older. */
export const modern: Policy = {
  ...GUIDELINE,
  id: 'modern',
  title: 'Mozilla modern',
  protocols: ['TLSv1.3'],
  requiredProtocols: ['TLSv1.3'],
  cipherSuites: { 'TLSv1.2': [], 'TLSv1.3': TLS_1_3_SUITES },
  alsoAcceptable: { cipherSuites: [], groups: HYBRID_GROUPS },
  certificate: {
    keyKinds: ['ec'],
    curves: ['secp256r1', 'secp384r1'],
    minimumRsaBits: null,
    signatureAlgorithms: ECDSA_SIGNATURES,
    maximumLifetimeDays: 90,
  },
  minimumDhBits: null,
};

/** Mozilla's "intermediate": everything but very old clients. Who leaves TLS 1.2 out is stricter, not outside of it. */
export const intermediate: Policy = {
  ...GUIDELINE,
  id: 'intermediate',
  title: 'Mozilla intermediate',
  protocols: ['TLSv1.2', 'TLSv1.3'],
  requiredProtocols: ['TLSv1.3'],
  cipherSuites: {
    'TLSv1.2': cipherSuites(
      'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
      'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
      'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
      'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256',
      'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384',
      'TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
    ),
    'TLSv1.3': TLS_1_3_SUITES,
  },
  alsoAcceptable: { cipherSuites: [], groups: HYBRID_GROUPS },
  certificate: {
    keyKinds: ['ec', 'rsa'],
    curves: ['secp256r1', 'secp384r1'],
    minimumRsaBits: 2048,
    signatureAlgorithms: ['sha256WithRSAEncryption', ...ECDSA_SIGNATURES],
    maximumLifetimeDays: 366,
  },
  minimumDhBits: 2048,
};

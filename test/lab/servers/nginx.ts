import type { LabServer } from '../lab-server.js';
import {
  OPENSSL_CURVES,
  OPENSSL_TLS13,
  OPENSSL_TLS13_GROUPS,
  opensslSuites,
  opensslVersions,
} from '../openssl-suites.js';

/** Mozilla's intermediate configuration, guideline 5.7. */
export const INTERMEDIATE =
  'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-CHACHA20-POLY1305';
/** All that OpenSSL 3.0 still has. */
export const EVERYTHING = 'ALL:COMPLEMENTOFALL@SECLEVEL=0';

const TWO_CURVES = ['secp384r1', 'secp256r1'];
const EC = 'ssl_certificate ec.chain.pem; ssl_certificate_key ec.key;';
const RSA = 'ssl_certificate rsa.chain.pem; ssl_certificate_key rsa.key;';

/** nginx has no DHE without ssl_dhparam, and leaves the choice of suites to the client unless told. */
export const NGINX_SERVERS: readonly LabServer[] = [
  {
    name: 'nginx-modern',
    program: 'nginx',
    start: ({ servers, certificates }) => servers.nginx(at(certificates.folder, EC), 'TLSv1.3'),
    truth: {
      cipherSuites: { 'TLSv1.3': OPENSSL_TLS13 },
      serverOrder: { 'TLSv1.3': false },
      groups: { 'TLSv1.3': OPENSSL_TLS13_GROUPS },
      chain: ['ec', 'intermediate'],
      good: true,
    },
    testssl: true,
  },
  {
    name: 'nginx-intermediate',
    program: 'nginx',
    start: ({ servers, certificates }) =>
      servers.nginx(
        at(certificates.folder, `${EC} ${RSA} ssl_ciphers ${INTERMEDIATE}; ssl_dhparam dh2048.pem;`),
      ),
    truth: {
      cipherSuites: {
        'TLSv1.2': opensslSuites('TLSv1.2', INTERMEDIATE, { keys: ['rsa', 'ecdsa'], dh: true }),
        'TLSv1.3': OPENSSL_TLS13,
      },
      serverOrder: { 'TLSv1.2': false, 'TLSv1.3': false },
      groups: { 'TLSv1.2': OPENSSL_CURVES, 'TLSv1.3': OPENSSL_TLS13_GROUPS },
      chain: ['ec', 'intermediate'],
      otherLeaves: ['rsa'],
      dhBits: [2048],
      good: true,
    },
  },
  {
    name: 'nginx-weak-rsa',
    program: 'nginx',
    start: ({ servers, certificates }) =>
      servers.nginx(
        at(
          certificates.folder,
          `${RSA} ssl_ciphers ${EVERYTHING}; ssl_dhparam dh1024.pem; ssl_prefer_server_ciphers on;`,
        ),
        'TLSv1 TLSv1.1 TLSv1.2',
      ),
    truth: {
      cipherSuites: opensslVersions(['TLSv1', 'TLSv1.1', 'TLSv1.2'], EVERYTHING, { keys: ['rsa'], dh: true }),
      serverOrder: { TLSv1: true, 'TLSv1.1': true, 'TLSv1.2': true },
      groups: { TLSv1: OPENSSL_CURVES, 'TLSv1.1': OPENSSL_CURVES, 'TLSv1.2': OPENSSL_CURVES },
      chain: ['rsa', 'intermediate'],
      mustFail: [
        'offers-no-tls-1-0',
        'offers-no-tls-1-1',
        'offers-no-null-suites',
        'offers-no-anonymous-suites',
        'offers-no-dh-under-2048-bits',
        'offers-no-static-rsa',
        'signs-with-no-sha-1',
        'not-exposed-to-beast',
        'not-exposed-to-lucky13',
        'not-exposed-to-raccoon',
      ],
      dhBits: [1024],
    },
    testssl: true,
  },
  {
    name: 'nginx-weak-ecdsa',
    program: 'nginx',
    start: ({ servers, certificates }) =>
      servers.nginx(at(certificates.folder, `${EC} ssl_ciphers ${EVERYTHING};`), 'TLSv1 TLSv1.1 TLSv1.2'),
    truth: {
      cipherSuites: opensslVersions(['TLSv1', 'TLSv1.1', 'TLSv1.2'], EVERYTHING, { keys: ['ecdsa'] }),
      serverOrder: { TLSv1: false, 'TLSv1.1': false, 'TLSv1.2': false },
      groups: { TLSv1: OPENSSL_CURVES, 'TLSv1.1': OPENSSL_CURVES, 'TLSv1.2': OPENSSL_CURVES },
      chain: ['ec', 'intermediate'],
      mustFail: [
        'offers-no-tls-1-0',
        'offers-no-tls-1-1',
        'offers-no-null-suites',
        'offers-no-anonymous-suites',
        'not-exposed-to-beast',
      ],
    },
  },
  {
    name: 'nginx-weak-both',
    program: 'nginx',
    start: ({ servers, certificates }) =>
      servers.nginx(
        at(
          certificates.folder,
          `${RSA} ${EC} ssl_ciphers ${EVERYTHING}; ssl_ecdh_curve secp384r1:prime256v1;`,
        ),
        'TLSv1 TLSv1.1 TLSv1.2 TLSv1.3',
      ),
    truth: {
      cipherSuites: {
        ...opensslVersions(['TLSv1', 'TLSv1.1', 'TLSv1.2'], EVERYTHING, { keys: ['rsa', 'ecdsa'] }),
        'TLSv1.3': OPENSSL_TLS13,
      },
      serverOrder: { TLSv1: false, 'TLSv1.1': false, 'TLSv1.2': false, 'TLSv1.3': false },
      groups: {
        TLSv1: TWO_CURVES,
        'TLSv1.1': TWO_CURVES,
        'TLSv1.2': TWO_CURVES,
        'TLSv1.3': TWO_CURVES,
      },
      chain: ['ec', 'intermediate'],
      mustFail: [
        'offers-no-tls-1-0',
        'offers-no-tls-1-1',
        'offers-no-null-suites',
        'offers-no-anonymous-suites',
        'offers-no-static-rsa',
        'not-exposed-to-beast',
      ],
      otherLeaves: ['rsa'],
    },
  },
  {
    name: 'nginx-client-auth',
    program: 'nginx',
    start: ({ servers, certificates }) =>
      servers.nginx(at(certificates.folder, `${EC} ssl_verify_client on; ssl_client_certificate ca.crt;`)),
    truth: {
      // nginx's default: HIGH:!aNULL:!MD5
      cipherSuites: {
        'TLSv1.2': opensslSuites('TLSv1.2', 'HIGH:!aNULL:!MD5', { keys: ['ecdsa'] }),
        'TLSv1.3': OPENSSL_TLS13,
      },
      serverOrder: { 'TLSv1.2': false, 'TLSv1.3': false },
      groups: { 'TLSv1.2': OPENSSL_CURVES, 'TLSv1.3': OPENSSL_TLS13_GROUPS },
      chain: ['ec', 'intermediate'],
      // 400 "No required SSL certificate was sent", after the handshake
      clientAuth: { required: true, enforcedBy: 'http' },
    },
  },
  {
    name: 'nginx-early-data',
    program: 'nginx',
    start: ({ servers, certificates }) =>
      servers.nginx(at(certificates.folder, `${EC} ssl_early_data on; ssl_ecdh_curve X25519;`), 'TLSv1.3'),
    truth: {
      cipherSuites: { 'TLSv1.3': OPENSSL_TLS13 },
      serverOrder: { 'TLSv1.3': false },
      groups: { 'TLSv1.3': ['x25519'] },
      chain: ['ec', 'intermediate'],
      mustFail: ['refuses-early-data'],
    },
  },
];

/** nginx looks for relative files in its own folder. */
function at(folder: string, lines: string): string {
  return lines.replace(/[\w.-]+\.(pem|key|crt)\b/g, (file) => `${folder}/${file}`);
}

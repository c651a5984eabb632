import { writeFileSync } from 'node:fs';
import type { LabServer } from '../lab-server.js';
import {
  OPENSSL_CURVES,
  OPENSSL_TLS13,
  OPENSSL_TLS13_GROUPS,
  opensslSuites,
  opensslVersions,
} from '../openssl-suites.js';
import { GO_TLS13 } from './go-suites.js';
import { EVERYTHING, INTERMEDIATE } from './nginx.js';

/** HAProxy's own default where OpenSSL has TLS 1.3 and nobody has chosen: as OpenSSL's. */
const HAPROXY_TLS12 = 'ECDHE+AESGCM:ECDHE+CHACHA20:RSA+AES';

/** Apache, HAProxy, Caddy and stunnel. */
export const WEB_SERVERS: readonly LabServer[] = [
  {
    name: 'apache-intermediate',
    program: 'apache2',
    start: ({ servers, certificates: { path } }) =>
      servers.apache(`SSLProtocol -all +TLSv1.2 +TLSv1.3
SSLCipherSuite ${INTERMEDIATE}
SSLHonorCipherOrder off
SSLCertificateFile ${path('rsa.chain.pem')}
SSLCertificateKeyFile ${path('rsa.key')}`),
    truth: {
      cipherSuites: {
        'TLSv1.2': opensslSuites('TLSv1.2', INTERMEDIATE, { keys: ['rsa'], dh: true }),
        'TLSv1.3': OPENSSL_TLS13,
      },
      serverOrder: { 'TLSv1.2': false, 'TLSv1.3': false },
      groups: { 'TLSv1.2': OPENSSL_CURVES, 'TLSv1.3': OPENSSL_TLS13_GROUPS },
      chain: ['rsa', 'intermediate'],
      dhBits: [2048], // mod_ssl fits them to the RSA key
      good: true,
    },
  },
  {
    name: 'apache-weak',
    program: 'apache2',
    start: ({ servers, certificates: { path } }) =>
      servers.apache(`SSLProtocol all
SSLCipherSuite ${EVERYTHING}
SSLHonorCipherOrder on
SSLOpenSSLConfCmd MinProtocol TLSv1
SSLCertificateFile ${path('rsa.chain.pem')}
SSLCertificateKeyFile ${path('rsa.key')}`),
    truth: {
      cipherSuites: {
        // mod_ssl puts `!aNULL:!eNULL:!EXP:` before whatever is asked for
        ...opensslVersions(['TLSv1', 'TLSv1.1', 'TLSv1.2'], `!aNULL:!eNULL:${EVERYTHING}`, {
          keys: ['rsa'],
          dh: true,
        }),
        'TLSv1.3': OPENSSL_TLS13,
      },
      serverOrder: { TLSv1: true, 'TLSv1.1': true, 'TLSv1.2': true, 'TLSv1.3': true },
      groups: {
        TLSv1: OPENSSL_CURVES,
        'TLSv1.1': OPENSSL_CURVES,
        'TLSv1.2': OPENSSL_CURVES,
        'TLSv1.3': OPENSSL_TLS13_GROUPS,
      },
      chain: ['rsa', 'intermediate'],
      mustFail: ['offers-no-tls-1-0', 'offers-no-tls-1-1', 'offers-no-static-rsa', 'not-exposed-to-beast'],
      dhBits: [2048],
    },
    testssl: true,
  },
  {
    name: 'haproxy-modern',
    program: 'haproxy',
    start: ({ servers }) =>
      servers.haproxy('ssl crt ec.pem ssl-min-ver TLSv1.3 curves X25519:P-256:P-384 alpn h2,http/1.1'),
    truth: {
      cipherSuites: { 'TLSv1.3': OPENSSL_TLS13 },
      serverOrder: { 'TLSv1.3': true }, // HAProxy sets SSL_OP_CIPHER_SERVER_PREFERENCE unless `prefer-client-ciphers`
      groups: { 'TLSv1.3': ['x25519', 'secp256r1', 'secp384r1'] },
      chain: ['ec', 'intermediate'],
      good: true,
    },
  },
  {
    name: 'haproxy-verify-required',
    program: 'haproxy',
    start: ({ servers }) =>
      servers.haproxy(
        `ssl crt rsa.pem ssl-min-ver TLSv1.2 ssl-max-ver TLSv1.2 ciphers ${HAPROXY_TLS12} curves X25519:P-256 verify required ca-file ca.crt`,
      ),
    truth: {
      cipherSuites: { 'TLSv1.2': opensslSuites('TLSv1.2', HAPROXY_TLS12, { keys: ['rsa'] }) },
      serverOrder: { 'TLSv1.2': true },
      groups: { 'TLSv1.2': ['x25519', 'secp256r1'] },
      chain: ['rsa', 'intermediate'],
      clientAuth: { required: true, enforcedBy: 'tls' },
    },
    testssl: true,
  },
  {
    name: 'caddy',
    program: 'caddy',
    start: ({ servers, certificates: { path } }) =>
      servers.other((port) => {
        writeFileSync(
          path('Caddyfile'),
          `{
  admin off
  auto_https off
  storage file_system ${path('caddy')}
}
https://localhost:${port} {
  bind 127.0.0.1
  tls ${path('ec.chain.pem')} ${path('ec.key')} {
    curves x25519 secp256r1
  }
  respond "served"
}
`,
        );
        return ['caddy', 'run', '--config', path('Caddyfile'), '--adapter', 'caddyfile'];
      }),
    truth: {
      cipherSuites: {
        // Caddy's defaults; of them the three for an ECDSA key
        'TLSv1.2': [
          'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
          'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
          'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
        ],
        'TLSv1.3': GO_TLS13,
      },
      groups: { 'TLSv1.2': ['x25519', 'secp256r1'], 'TLSv1.3': ['x25519', 'secp256r1'] },
      chain: ['ec', 'intermediate'], // not good all over: Go 1.19 signs with SHA-1 for clients who take nothing better
    },
  },
  {
    name: 'stunnel',
    program: 'stunnel4',
    start: ({ servers, certificates: { path } }) =>
      servers.other((port) => {
        writeFileSync(
          path('stunnel.conf'),
          `foreground = yes
pid =
debug = err
[lab]
accept = 127.0.0.1:${port}
connect = 127.0.0.1:9
cert = ${path('rsa.pem')}
sslVersionMin = TLSv1.2
ciphers = ECDHE+AESGCM:ECDHE+AES256
ciphersuites = TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256
curves = prime256v1:secp521r1
options = CIPHER_SERVER_PREFERENCE
`,
        );
        return ['stunnel4', path('stunnel.conf')];
      }),
    truth: {
      cipherSuites: {
        'TLSv1.2': opensslSuites('TLSv1.2', 'ECDHE+AESGCM:ECDHE+AES256', { keys: ['rsa'] }),
        'TLSv1.3': ['TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'],
      },
      serverOrder: { 'TLSv1.2': true, 'TLSv1.3': true },
      groups: { 'TLSv1.2': ['secp256r1', 'secp521r1'], 'TLSv1.3': ['secp256r1', 'secp521r1'] },
      chain: ['rsa', 'intermediate'],
      good: true,
    },
  },
];

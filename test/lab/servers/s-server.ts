import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Lab, ServerKey } from '../lab.js';
import type { LabServer } from '../lab-server.js';
import { OPENSSL_CURVES, OPENSSL_TLS13, opensslSuites, opensslVersions } from '../openssl-suites.js';

const CCM = ['TLS_AES_128_CCM_SHA256', 'TLS_AES_128_CCM_8_SHA256'];
const PSK = 'ECDHE-PSK-CHACHA20-POLY1305:DHE-PSK-AES128-GCM-SHA256:PSK-AES256-CBC-SHA';
const ORDERED =
  'AES128-SHA:ECDHE-RSA-AES256-GCM-SHA384:AES256-GCM-SHA384:ECDHE-RSA-AES128-SHA256:CAMELLIA256-SHA';

/** `openssl s_server`, a mode each. It leaves the choice to the client unless -serverpref, and has DHE unless -no_dhe. */
export const S_SERVERS: readonly LabServer[] = [
  {
    name: 's-server-tls13-one-suite',
    program: 'openssl',
    start: sServer('ec', '-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256 -groups X448'),
    truth: {
      cipherSuites: { 'TLSv1.3': ['TLS_CHACHA20_POLY1305_SHA256'] },
      groups: { 'TLSv1.3': ['x448'] },
      chain: ['ec', 'intermediate'],
      good: true,
    },
  },
  {
    name: 's-server-tls13-ccm',
    program: 'openssl',
    start: sServer('rsa', `-tls1_3 -serverpref -ciphersuites ${CCM.join(':')} -groups ffdhe3072:P-521`),
    truth: {
      cipherSuites: { 'TLSv1.3': CCM },
      serverOrder: { 'TLSv1.3': true },
      groups: { 'TLSv1.3': ['ffdhe3072', 'secp521r1'] },
      chain: ['rsa', 'intermediate'],
    },
  },
  {
    name: 's-server-psk',
    program: 'openssl',
    start: ({ servers }) =>
      servers.openssl(
        ...`-nocert -www -tls1_2 -psk 1a2b -serverpref -cipher ${PSK} -groups X25519`.split(' '),
      ),
    truth: {
      // By hand, for `openssl ciphers` says nothing of who can be authenticated: the names of PSK in the string's order.
      cipherSuites: {
        'TLSv1.2': [
          'TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256',
          'TLS_DHE_PSK_WITH_AES_128_GCM_SHA256',
          'TLS_PSK_WITH_AES_256_CBC_SHA',
        ],
      },
      serverOrder: { 'TLSv1.2': true },
      groups: { 'TLSv1.2': ['x25519'] },
      chain: [],
      clientAuth: null,
    },
  },
  {
    name: 's-server-weak-dh',
    program: 'openssl',
    start: sServer('rsa', '-tls1_2 -cipher DHE+AESGCM@SECLEVEL=0 -dhparam dh1024.pem'),
    truth: {
      cipherSuites: {
        'TLSv1.2': opensslSuites('TLSv1.2', 'DHE+AESGCM@SECLEVEL=0', { keys: ['rsa'], dh: true }),
      },
      serverOrder: { 'TLSv1.2': false },
      groups: {},
      chain: ['rsa', 'intermediate'],
      mustFail: ['offers-no-dh-under-2048-bits', 'not-exposed-to-raccoon'],
      dhBits: [1024],
    },
  },
  {
    name: 's-server-server-order',
    program: 'openssl',
    start: sServer('rsa', `-tls1_2 -no_dhe -serverpref -cipher ${ORDERED} -groups P-384`),
    truth: {
      cipherSuites: { 'TLSv1.2': opensslSuites('TLSv1.2', ORDERED, { keys: ['rsa'] }) },
      serverOrder: { 'TLSv1.2': true },
      groups: { 'TLSv1.2': ['secp384r1'] },
      chain: ['rsa', 'intermediate'],
    },
  },
  {
    name: 's-server-anonymous',
    program: 'openssl',
    start: ({ servers }) =>
      servers.openssl(
        ...`-nocert -www -no_tls1_3 -cipher aNULL:!eNULL@SECLEVEL=0 -dhparam dh2048.pem -groups P-256`.split(
          ' ',
        ),
      ),
    truth: {
      cipherSuites: opensslVersions(['TLSv1', 'TLSv1.1', 'TLSv1.2'], 'aNULL:!eNULL@SECLEVEL=0', {
        keys: ['none'],
        dh: true,
      }),
      serverOrder: { TLSv1: false, 'TLSv1.1': false, 'TLSv1.2': false },
      groups: { TLSv1: ['secp256r1'], 'TLSv1.1': ['secp256r1'], 'TLSv1.2': ['secp256r1'] },
      chain: [],
      mustFail: ['offers-no-anonymous-suites', 'offers-no-tls-1-0'],
      dhBits: [2048],
    },
  },
  {
    name: 's-server-null',
    program: 'openssl',
    start: sServer('rsa', '-no_tls1_3 -no_dhe -cipher eNULL@SECLEVEL=0 -groups P-256'),
    truth: {
      cipherSuites: opensslVersions(['TLSv1', 'TLSv1.1', 'TLSv1.2'], 'eNULL@SECLEVEL=0', { keys: ['rsa'] }),
      serverOrder: { TLSv1: false, 'TLSv1.1': false, 'TLSv1.2': false },
      groups: { TLSv1: ['secp256r1'], 'TLSv1.1': ['secp256r1'], 'TLSv1.2': ['secp256r1'] },
      chain: ['rsa', 'intermediate'],
      mustFail: ['offers-no-null-suites', 'offers-no-tls-1-0'],
    },
  },
  {
    name: 's-server-staple',
    program: 'openssl',
    start: (lab) => {
      ocspResponse(lab);
      return sServer('ec', '-status_file staple.der -groups X25519:P-256')(lab);
    },
    truth: {
      cipherSuites: defaults('ecdsa'),
      serverOrder: { 'TLSv1.2': false, 'TLSv1.3': false },
      groups: { 'TLSv1.2': ['x25519', 'secp256r1'], 'TLSv1.3': ['x25519', 'secp256r1'] },
      chain: ['ec', 'intermediate'],
      good: true,
    },
  },
  {
    name: 's-server-alpn',
    program: 'openssl',
    start: sServer('ec', '-alpn h2,http/1.1 -groups P-256:X25519 -serverpref'),
    truth: {
      cipherSuites: defaults('ecdsa'),
      serverOrder: { 'TLSv1.2': true, 'TLSv1.3': true },
      // In TLS 1.2 a client must offer the key's own curve, which the server likes better than x25519
      groups: { 'TLSv1.2': ['secp256r1'], 'TLSv1.3': ['secp256r1', 'x25519'] },
      chain: ['ec', 'intermediate'],
    },
  },
  {
    name: 's-server-no-ticket',
    program: 'openssl',
    start: sServer('ec', '-no_ticket -tls1_2 -cipher ECDHE+AESGCM:ECDHE+CHACHA20'),
    truth: {
      cipherSuites: {
        'TLSv1.2': opensslSuites('TLSv1.2', 'ECDHE+AESGCM:ECDHE+CHACHA20', { keys: ['ecdsa'] }),
      },
      serverOrder: { 'TLSv1.2': false },
      groups: { 'TLSv1.2': OPENSSL_CURVES },
      chain: ['ec', 'intermediate'],
      good: true,
    },
  },
  {
    name: 's-server-client-renegotiation',
    program: 'openssl',
    start: sServer(
      'rsa',
      '-tls1_2 -client_renegotiation -legacy_renegotiation -cipher AESGCM -groups X25519',
    ),
    truth: {
      cipherSuites: { 'TLSv1.2': opensslSuites('TLSv1.2', 'AESGCM', { keys: ['rsa'], dh: true }) },
      serverOrder: { 'TLSv1.2': false },
      groups: { 'TLSv1.2': ['x25519'] },
      chain: ['rsa', 'intermediate'],
      mustFail: ['refuses-client-renegotiation'],
      dhBits: [2048], // as strong as the key: ssl_get_auto_dh
    },
  },
  {
    name: 's-server-ed25519',
    program: 'openssl',
    start: sServer('ed25519', '-groups X25519:P-256'),
    truth: {
      cipherSuites: defaults('ecdsa'), // RFC 8422 §5.3: Ed25519 signs in the ECDSA suites
      serverOrder: { 'TLSv1.2': false, 'TLSv1.3': false },
      groups: { 'TLSv1.2': ['x25519', 'secp256r1'], 'TLSv1.3': ['x25519', 'secp256r1'] },
      chain: ['ed25519', 'intermediate'],
      good: true,
    },
  },
  {
    name: 's-server-p384',
    program: 'openssl',
    start: sServer('ec-p384', '-groups P-384:P-521:X448'),
    truth: {
      cipherSuites: defaults('ecdsa'),
      serverOrder: { 'TLSv1.2': false, 'TLSv1.3': false },
      groups: {
        'TLSv1.2': ['secp384r1', 'secp521r1', 'x448'],
        'TLSv1.3': ['secp384r1', 'secp521r1', 'x448'],
      },
      chain: ['ec-p384', 'intermediate'],
      good: true,
    },
    testssl: true,
  },
  {
    name: 's-server-rsa-pss',
    program: 'openssl',
    start: sServer('rsa-pss', '-no_dhe -groups X25519:P-256'),
    truth: {
      cipherSuites: {
        'TLSv1.2': opensslSuites('TLSv1.2', 'DEFAULT', { keys: ['rsa-pss'] }),
        'TLSv1.3': OPENSSL_TLS13,
      },
      serverOrder: { 'TLSv1.2': false, 'TLSv1.3': false },
      groups: { 'TLSv1.2': ['x25519', 'secp256r1'], 'TLSv1.3': ['x25519', 'secp256r1'] },
      chain: ['rsa-pss', 'intermediate'],
      good: true,
    },
  },
  {
    name: 's-server-missing-intermediate',
    program: 'openssl',
    start: ({ servers }) =>
      servers.openssl(...'-cert ec.crt -key ec.key -www -tls1_3 -groups P-256'.split(' ')),
    truth: {
      cipherSuites: { 'TLSv1.3': OPENSSL_TLS13 },
      serverOrder: { 'TLSv1.3': false },
      groups: { 'TLSv1.3': ['secp256r1'] },
      chain: ['ec'],
      mustFail: ['certificate-trusted'],
    },
  },
  {
    name: 's-server-brainpool',
    program: 'openssl',
    start: sServer(
      'rsa',
      '-tls1_2 -no_dhe -cipher ECDHE+AESGCM -groups brainpoolP512r1:brainpoolP384r1:brainpoolP256r1:secp521r1:secp256k1',
    ),
    truth: {
      cipherSuites: { 'TLSv1.2': opensslSuites('TLSv1.2', 'ECDHE+AESGCM', { keys: ['rsa'] }) },
      serverOrder: { 'TLSv1.2': false },
      groups: {
        'TLSv1.2': ['brainpoolP512r1', 'brainpoolP384r1', 'brainpoolP256r1', 'secp521r1', 'secp256k1'],
      },
      chain: ['rsa', 'intermediate'],
    },
  },
  {
    name: 's-server-client-auth',
    program: 'openssl',
    start: sServer('rsa', '-tls1_3 -groups X25519 -CAfile ca.crt -verify 1'),
    truth: {
      cipherSuites: { 'TLSv1.3': OPENSSL_TLS13 },
      serverOrder: { 'TLSv1.3': false },
      groups: { 'TLSv1.3': ['x25519'] },
      chain: ['rsa', 'intermediate'],
      good: true,
      clientAuth: { required: false, enforcedBy: null },
    },
  },
];

function sServer(key: ServerKey, options: string): (lab: Lab) => Promise<number> {
  return ({ servers }) =>
    servers.openssl(
      ...['-cert', `${key}.crt`, '-key', `${key}.key`, '-cert_chain', 'intermediate.crt', '-www'],
      ...options.split(' '),
    );
}

function defaults(key: 'ecdsa' | 'rsa') {
  return {
    'TLSv1.2': opensslSuites('TLSv1.2', 'DEFAULT', { keys: [key], dh: true }),
    'TLSv1.3': OPENSSL_TLS13,
  };
}

/** What the intermediate says of the server's certificate: it is good. */
function ocspResponse({ certificates: { folder, path } }: Lab): void {
  const run = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  const serial = run('x509', '-in', 'ec.crt', '-noout', '-serial').trim().replace('serial=', '');
  writeFileSync(path('index.txt'), `V\t351231235959Z\t\t${serial}\tunknown\t/CN=ec\n`);
  const request = [
    'ocsp',
    '-issuer',
    'intermediate.crt',
    '-cert',
    'ec.crt',
    '-no_nonce',
    '-reqout',
    'staple.req',
  ];
  run(...request);
  const signer = ['-rsigner', 'intermediate.crt', '-rkey', 'intermediate.key', '-CA', 'intermediate.crt'];
  run(
    'ocsp',
    '-index',
    'index.txt',
    ...signer,
    '-reqin',
    'staple.req',
    '-ndays',
    '7',
    '-respout',
    'staple.der',
  );
}

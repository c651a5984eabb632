import { execFileSync } from 'node:child_process';
import { constants } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type TlsOptions } from 'node:tls';
import { freePort } from '../../free-port.js';
import type { Lab, ServerKey } from '../lab.js';
import type { LabServer } from '../lab-server.js';
import { OPENSSL_TLS13, opensslSuites, opensslVersions } from '../openssl-suites.js';
import { GO_TLS13 } from './go-suites.js';

const JAVA_LEGACY = [
  'SSL_DH_anon_WITH_3DES_EDE_CBC_SHA',
  'TLS_ECDH_anon_WITH_AES_128_CBC_SHA',
  'SSL_DHE_RSA_WITH_3DES_EDE_CBC_SHA',
  'SSL_RSA_WITH_3DES_EDE_CBC_SHA',
  'TLS_RSA_WITH_AES_128_CBC_SHA',
  'SSL_RSA_WITH_RC4_128_SHA',
  'SSL_RSA_WITH_DES_CBC_SHA',
  'SSL_RSA_WITH_NULL_SHA',
  'SSL_RSA_EXPORT_WITH_DES40_CBC_SHA',
  'SSL_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA',
] as const;
const JAVA_MODERN = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256',
] as const;
const JAVA_GROUPS = ['x25519', 'secp256r1', 'ffdhe2048'] as const;
const JAVA_CURVES = JAVA_GROUPS.slice(0, 2);
const NODE_LEGACY = 'ECDHE-RSA-AES128-SHA:AES256-SHA:AES128-GCM-SHA256:CAMELLIA128-SHA@SECLEVEL=0';
const GO_CBC = [
  'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA',
  'TLS_RSA_WITH_AES_128_CBC_SHA',
  'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
] as const;
const GO_CURVES = ['x25519', 'secp256r1', 'secp384r1'];

/** JSSE's names are IANA's, but for the suites of SSL 3.0. */
function ianaNames(names: readonly string[]): string[] {
  return names.map((name) => name.replace(/^SSL_/, 'TLS_'));
}

/** Java, GnuTLS, Node and Go. */
export const STACK_SERVERS: readonly LabServer[] = [
  {
    name: 'java-legacy',
    program: 'java',
    start: (lab) => java(lab, ['SSLv3', 'TLSv1', 'TLSv1.1'], JAVA_LEGACY),
    truth: {
      cipherSuites: {
        SSLv3: ianaNames(JAVA_LEGACY),
        TLSv1: ianaNames(JAVA_LEGACY),
        // RFC 4346 §A.5: TLS 1.1 does away with EXPORT
        'TLSv1.1': ianaNames(JAVA_LEGACY.filter((name) => !name.includes('EXPORT'))),
      },
      serverOrder: { SSLv3: true, TLSv1: true, 'TLSv1.1': true },
      groups: { SSLv3: JAVA_CURVES, TLSv1: JAVA_CURVES, 'TLSv1.1': JAVA_CURVES },
      chain: ['rsa', 'intermediate'],
      mustFail: [
        'offers-no-ssl-3',
        'offers-no-tls-1-0',
        'offers-no-tls-1-1',
        'offers-no-null-suites',
        'offers-no-anonymous-suites',
        'offers-no-export-suites',
        'offers-no-rc4-suites',
        'offers-no-single-des-suites',
        'offers-no-3des-suites',
        'offers-no-dh-under-1024-bits',
        'not-exposed-to-poodle',
        'not-exposed-to-beast',
        'not-exposed-to-freak',
        'not-exposed-to-logjam',
        'not-exposed-to-sweet32',
      ],
      dhBits: [512, 768], // jdk.tls.ephemeralDHKeySize=legacy: 768, and 512 for EXPORT
    },
    testssl: true,
  },
  {
    name: 'java-modern',
    program: 'java',
    start: (lab) => java(lab, ['TLSv1.2', 'TLSv1.3'], JAVA_MODERN),
    truth: {
      cipherSuites: { 'TLSv1.2': JAVA_MODERN.slice(2), 'TLSv1.3': JAVA_MODERN.slice(0, 2) },
      serverOrder: { 'TLSv1.2': true, 'TLSv1.3': true },
      groups: { 'TLSv1.2': JAVA_CURVES, 'TLSv1.3': JAVA_GROUPS },
      chain: ['rsa', 'intermediate'],
      dhBits: [2048],
    },
  },
  {
    name: 'gnutls-rc4',
    program: 'gnutls-serv',
    start: (lab) =>
      gnutls(lab, 'rsa', 'NONE:+VERS-TLS1.0:+ARCFOUR-128:+AES-128-CBC:+SHA1:+MD5:+RSA:+COMP-NULL:+SIGN-ALL'),
    truth: {
      cipherSuites: {
        TLSv1: ['TLS_RSA_WITH_RC4_128_SHA', 'TLS_RSA_WITH_RC4_128_MD5', 'TLS_RSA_WITH_AES_128_CBC_SHA'],
      },
      groups: {},
      chain: ['rsa', 'intermediate'],
      mustFail: ['offers-no-rc4-suites', 'offers-no-tls-1-0', 'offers-forward-secrecy'],
    },
  },
  {
    name: 'gnutls-3des',
    program: 'gnutls-serv',
    start: (lab) =>
      gnutls(
        lab,
        'rsa',
        'NONE:+VERS-TLS1.2:+3DES-CBC:+CAMELLIA-256-GCM:+AES-256-CCM-8:+AEAD:+SHA1:+ECDHE-RSA:+RSA:+COMP-NULL:+SIGN-ALL:+GROUP-SECP521R1:+GROUP-X448:%SERVER_PRECEDENCE',
      ),
    truth: {
      cipherSuites: {
        'TLSv1.2': [
          'TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA',
          'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
          'TLS_ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384',
          'TLS_RSA_WITH_CAMELLIA_256_GCM_SHA384',
          'TLS_RSA_WITH_AES_256_CCM_8',
        ],
      },
      groups: { 'TLSv1.2': ['secp521r1', 'x448'] },
      chain: ['rsa', 'intermediate'],
      mustFail: ['offers-no-3des-suites', 'not-exposed-to-sweet32'],
    },
  },
  {
    name: 'gnutls-default',
    program: 'gnutls-serv',
    start: (lab) =>
      gnutls(lab, 'rsa', 'NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-X448:+GROUP-FFDHE2048'),
    truth: {
      // `gnutls-cli --list --priority NORMAL:-VERS-ALL:+VERS-TLS1.3`
      cipherSuites: {
        'TLSv1.3': [
          'TLS_AES_256_GCM_SHA384',
          'TLS_CHACHA20_POLY1305_SHA256',
          'TLS_AES_128_GCM_SHA256',
          'TLS_AES_128_CCM_SHA256',
        ],
      },
      groups: { 'TLSv1.3': ['x448', 'ffdhe2048'] },
      chain: ['rsa', 'intermediate'],
      good: true,
    },
  },
  {
    name: 'node-default',
    program: 'node',
    start: (lab) =>
      node(lab, { ...pair(lab, 'ec'), ecdhCurve: 'X25519:P-256:P-384', ALPNProtocols: ['http/1.1'] }),
    truth: {
      cipherSuites: {
        'TLSv1.2': opensslSuites('TLSv1.2', constants.defaultCoreCipherList, { keys: ['ecdsa'] }),
        'TLSv1.3': OPENSSL_TLS13,
      },
      serverOrder: { 'TLSv1.2': true, 'TLSv1.3': true },
      groups: {
        // In TLS 1.2 a client must offer the key's own curve, which the server likes better than secp384r1
        'TLSv1.2': ['x25519', 'secp256r1'],
        'TLSv1.3': ['x25519', 'secp256r1', 'secp384r1'],
      },
      chain: ['ec', 'intermediate'],
    },
  },
  {
    name: 'node-legacy',
    program: 'node',
    start: (lab) =>
      node(lab, {
        ...pair(lab, 'rsa'),
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.2',
        ciphers: NODE_LEGACY,
        honorCipherOrder: false,
        ecdhCurve: 'P-256',
        requestCert: true,
        rejectUnauthorized: false,
        ca: lab.certificates.pem('ca.crt'),
      }),
    truth: {
      cipherSuites: opensslVersions(['TLSv1', 'TLSv1.1', 'TLSv1.2'], NODE_LEGACY, { keys: ['rsa'] }),
      serverOrder: { TLSv1: false, 'TLSv1.1': false, 'TLSv1.2': false },
      groups: { TLSv1: ['secp256r1'], 'TLSv1.1': ['secp256r1'], 'TLSv1.2': ['secp256r1'] },
      chain: ['rsa', 'intermediate'],
      mustFail: ['offers-no-tls-1-0', 'offers-no-tls-1-1'],
      clientAuth: { required: false, enforcedBy: null },
    },
  },
  {
    name: 'go-net-http',
    program: 'go',
    start: go,
    truth: {
      // In the order of crypto/tls, cipherSuitesPreferenceOrder; that of main.go is without meaning
      cipherSuites: {
        TLSv1: GO_CBC,
        'TLSv1.1': GO_CBC,
        'TLSv1.2': [
          'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
          'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
          'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
          ...GO_CBC,
        ],
        'TLSv1.3': GO_TLS13,
      },
      groups: { TLSv1: GO_CURVES, 'TLSv1.1': GO_CURVES, 'TLSv1.2': GO_CURVES, 'TLSv1.3': GO_CURVES },
      chain: ['rsa', 'intermediate'],
      mustFail: ['offers-no-3des-suites', 'not-exposed-to-sweet32', 'offers-no-tls-1-0', 'offers-no-tls-1-1'],
    },
  },
];

/** A key and its chain for Node. */
function pair({ certificates: { pem } }: Lab, key: ServerKey): TlsOptions {
  return { cert: pem(`${key}.chain.pem`), key: pem(`${key}.key`) };
}

async function node({ onClose }: Lab, options: TlsOptions): Promise<number> {
  const port = await freePort();
  const server = createServer(options, (socket) => {
    socket
      .on('error', () => {})
      .once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onClose(() => server.close());
  return port;
}

function gnutls({ servers, certificates }: Lab, key: ServerKey, priority: string): Promise<number> {
  const { path } = certificates;
  const files = ['--x509certfile', path(`${key}.chain.pem`), '--x509keyfile', path(`${key}.key`)];
  return servers.other((port) => [
    ...['gnutls-serv', '--quiet', '--http', '--disable-client-cert', '--port', String(port)],
    ...[...files, '--priority', priority],
  ]);
}

/** Java with nothing forbidden to it. Class and key store are made once for both servers. */
function java(
  { servers, certificates: { folder, path } }: Lab,
  protocols: readonly string[],
  suites: readonly string[],
): Promise<number> {
  if (!existsSync(path('java.p12'))) {
    const keyStore = ['-in', 'rsa.pem', '-out', 'java.p12', '-passout', 'pass:lab'];
    execFileSync('openssl', ['pkcs12', '-export', ...keyStore], { cwd: folder, stdio: 'pipe' });
    const disabled = [
      'jdk.tls.disabledAlgorithms=',
      'jdk.tls.legacyAlgorithms=',
      'jdk.certpath.disabledAlgorithms=',
    ];
    writeFileSync(path('java.security'), `${disabled.join('\n')}\n`);
    const source = new URL('../../tls/JavaServer.java', import.meta.url).pathname;
    execFileSync('javac', ['-d', folder, source], { cwd: folder, stdio: 'pipe' });
  }
  const settings = [
    `-Djava.security.properties=${path('java.security')}`,
    `-Djdk.tls.ephemeralDHKeySize=${protocols.includes('SSLv3') ? 'legacy' : '2048'}`,
    `-Djdk.tls.namedGroups=${JAVA_GROUPS.join(',')}`,
    '-XX:TieredStopAtLevel=1', // starts faster
  ];
  return servers.other((port) => [
    ...['java', ...settings, '-cp', folder, 'JavaServer', String(port), 'java.p12'],
    ...[protocols.join(','), suites.join(',')],
  ]);
}

function go({ servers, certificates: { folder, path } }: Lab): Promise<number> {
  const source = new URL('main.go', import.meta.url).pathname;
  execFileSync('go', ['build', '-o', path('go-server'), source], { cwd: folder, stdio: 'pipe' });
  return servers.other((port) => [
    ...[path('go-server'), `127.0.0.1:${port}`, path('rsa.chain.pem'), path('rsa.key')],
  ]);
}

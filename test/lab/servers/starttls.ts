import type { LabServer } from '../lab-server.js';
import { OPENSSL_CURVES, OPENSSL_TLS13, OPENSSL_TLS13_GROUPS, opensslSuites } from '../openssl-suites.js';

/** PostgreSQL's ssl_ciphers where nobody has chosen others. */
const POSTGRES = 'HIGH:MEDIUM:+3DES:!aNULL';
/** Dovecot 2.3's ssl_cipher_list. */
const DOVECOT =
  'ALL:!kRSA:!SRP:!kDHd:!DSS:!aNULL:!eNULL:!EXPORT:!DES:!3DES:!MD5:!PSK:!RC4:!ADH:!LOW@STRENGTH';

/** Servers that begin in the clear. */
export const STARTTLS_SERVERS: readonly LabServer[] = [
  {
    name: 'postgres',
    program: 'pg_ctlcluster',
    starttls: 'postgres',
    start: ({ starttls }) => starttls.postgres(),
    truth: {
      cipherSuites: {
        'TLSv1.2': opensslSuites('TLSv1.2', POSTGRES, { keys: ['rsa'], dh: true }),
        'TLSv1.3': OPENSSL_TLS13,
      },
      serverOrder: { 'TLSv1.2': true, 'TLSv1.3': true }, // ssl_prefer_server_ciphers is on
      groups: { 'TLSv1.2': ['secp256r1'], 'TLSv1.3': ['secp256r1'] }, // ssl_ecdh_curve
      chain: ['rsa', 'intermediate'],
      good: true,
      dhBits: [2048], // built in
    },
  },
  {
    name: 'dovecot',
    program: 'dovecot',
    starttls: 'imap',
    start: ({ starttls }) => starttls.imap(),
    truth: {
      // No ssl_dh, so no DHE
      cipherSuites: {
        'TLSv1.2': opensslSuites('TLSv1.2', DOVECOT, { keys: ['rsa'] }),
        'TLSv1.3': OPENSSL_TLS13,
      },
      serverOrder: { 'TLSv1.2': false, 'TLSv1.3': false }, // ssl_prefer_server_ciphers is off
      groups: { 'TLSv1.2': OPENSSL_CURVES, 'TLSv1.3': OPENSSL_TLS13_GROUPS },
      chain: ['rsa', 'intermediate'],
    },
  },
  {
    name: 'aiosmtpd',
    program: 'aiosmtpd',
    starttls: 'smtp',
    start: ({ starttls }) => starttls.smtp(),
    truth: {
      // Debian builds Python with OpenSSL's own suites; it has no parameters for DHE unless it is given some
      cipherSuites: {
        'TLSv1.2': opensslSuites('TLSv1.2', 'DEFAULT', { keys: ['rsa'] }),
        'TLSv1.3': OPENSSL_TLS13,
      },
      serverOrder: { 'TLSv1.2': true, 'TLSv1.3': true },
      groups: { 'TLSv1.2': OPENSSL_CURVES, 'TLSv1.3': OPENSSL_TLS13_GROUPS },
      chain: ['rsa', 'intermediate'],
      good: true,
    },
  },
];

import type { ServerLines } from './server-lines.js';

/** Known for sure by the protocol that it speaks before TLS. */
export const postgres: ServerLines = {
  name: 'PostgreSQL',
  lines: {
    require: '`hostssl all all all cert` in pg_hba.conf, and nothing that fits before it',
    verify: "`ssl_ca_file = 'ca-chain.crt'`, and `cert` or `clientcert=verify-full` in pg_hba.conf",
    ca: "`ssl_ca_file = 'ca-chain.crt'`",
    crl: "`ssl_crl_file = 'crl-chain.pem'`, and reload",
    'every-crl': "`ssl_crl_file = 'crl-chain.pem'`, which holds the CRL of every CA",
    reload: '`SELECT pg_reload_conf()`',
    dates: '`cert` in pg_hba.conf',
    purpose: '`cert` in pg_hba.conf',
    strength: "`ssl_ciphers = '…:@SECLEVEL=2'`",
    length: 'a library of OpenSSL that bounds it',
    identity: '`cert clientname=DN map=…` in pg_hba.conf, and the whole subject in pg_ident.conf',
    sessions: 'keeps none; see what stands before it',
    connections:
      'end them: `SELECT pg_terminate_backend(pid) FROM pg_stat_ssl WHERE client_serial IS NOT NULL`',
  },
};

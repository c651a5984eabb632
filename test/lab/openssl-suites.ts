import { execFileSync } from 'node:child_process';
import type { TlsVersion } from '../../src/tls/version.js';

/** What a server on OpenSSL has beside its cipher string. */
export interface OpensslServer {
  /** The keys that it can sign with. Ed25519 counts as ECDSA, RFC 8422 §5.3; RSA-PSS keys do not decrypt. */
  readonly keys: readonly ('rsa' | 'ecdsa' | 'rsa-pss' | 'none')[];
  /** Whether it has parameters for finite-field Diffie-Hellman. */
  readonly dh?: boolean;
}

/** The suites that OpenSSL itself says a cipher string stands for in a version, by IANA's names, in its order; those left
 *  out that the keys cannot be used with. */
export function opensslSuites(
  version: OpensslVersion,
  cipherString: string,
  { keys, dh = false }: OpensslServer,
): string[] {
  const strings = version === 'TLSv1.3' ? ['-ciphersuites', cipherString] : [cipherString];
  const listed = execFileSync('openssl', ['ciphers', '-s', '-v', '-stdname', FLAG[version], ...strings], {
    encoding: 'utf8',
  });
  return [...listed.matchAll(LINE)]
    .filter(([, , spoken, keyExchange = '', authentication = '']) => {
      if (version === 'TLSv1.3' || spoken === 'TLSv1.3') return version === spoken;
      if (keyExchange === 'DH' && !dh) return false;
      if (authentication === 'None') return true;
      if (keyExchange === 'RSA') return keys.includes('rsa');
      if (authentication === 'ECDSA') return keys.includes('ecdsa');
      return authentication === 'RSA' && (keys.includes('rsa') || keys.includes('rsa-pss'));
    })
    .map(([, name]) => name!);
}

type OpensslVersion = Exclude<TlsVersion, 'SSLv2' | 'SSLv3'>;

/** The same for several versions at once. */
export function opensslVersions(
  versions: readonly Exclude<OpensslVersion, 'TLSv1.3'>[],
  cipherString: string,
  server: OpensslServer,
): Partial<Record<TlsVersion, string[]>> {
  return Object.fromEntries(
    versions.map((version) => [version, opensslSuites(version, cipherString, server)]),
  );
}

/** OpenSSL's TLS 1.3 suites where nobody has chosen others, in its order. */
export const OPENSSL_TLS13 = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
] as const;

/** OpenSSL 3.0's groups where nobody has chosen others: ssl/t1_lib.c, supported_groups_default. */
export const OPENSSL_CURVES = ['x25519', 'secp256r1', 'x448', 'secp521r1', 'secp384r1'] as const;
export const OPENSSL_TLS13_GROUPS = [
  ...OPENSSL_CURVES,
  'ffdhe2048',
  'ffdhe3072',
  'ffdhe4096',
  'ffdhe6144',
  'ffdhe8192',
] as const;

const FLAG: Readonly<Record<OpensslVersion, string>> = {
  TLSv1: '-tls1',
  'TLSv1.1': '-tls1_1',
  'TLSv1.2': '-tls1_2',
  'TLSv1.3': '-tls1_3',
};
/** `TLS_RSA_WITH_AES_128_CBC_SHA - AES128-SHA SSLv3 Kx=RSA Au=RSA Enc=AES(128) Mac=SHA1` */
const LINE = /^(\S+)\s+- \S+\s+(\S+)\s+Kx=(\S+)\s+Au=(\S+)/gm;

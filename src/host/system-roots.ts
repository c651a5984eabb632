import { readFileSync } from 'node:fs';

/** Certificates that this system trusts, as one PEM text; null where it keeps them in no file that we know.
 *  @param environment `SSL_CERT_FILE` names another file, as it does for OpenSSL */
export function systemRoots(environment: Readonly<Record<string, string | undefined>>): string | null {
  const chosen = environment['SSL_CERT_FILE'];
  for (const path of chosen ? [chosen] : BUNDLES) {
    try {
      return readFileSync(path, 'latin1');
    } catch {
      // not this system's place, or not ours to read
    }
  }
  return null;
}

/** Debian, Fedora and RHEL, openSUSE, Alpine and macOS, FreeBSD. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
  '/usr/local/share/certs/ca-root-nss.crt',
];

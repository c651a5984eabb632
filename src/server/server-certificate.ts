import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { SslapiError } from '../errors.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';
import { decodePem } from '../x509/pem.js';
import { isoSeconds } from '../x509/whole-seconds.js';
import type { ServerCertificate } from './server-settings.js';

/** Whether a server can show a certificate: it is valid now, and the key is its own. Written one after the other, a new
 *  certificate lies beside the old key for a moment; such a pair is never used.
 *  @throws SslapiError ERR_KEY_MISMATCH, ERR_VALIDITY_INVALID, ERR_INPUT_… */
export function checkServerCertificate(
  server: ServerCertificate,
  options: SecureContextOptions,
  now: Date,
): void {
  const { validity } = leafOf(server);
  if (now < validity.notBefore || validity.notAfter < now)
    throw new SslapiError(
      'ERR_VALIDITY_INVALID',
      `the server's certificate is valid from ${isoSeconds(validity.notBefore)} to ${isoSeconds(validity.notAfter)} only`,
      { hint: 'Make a new one: `sslapi renew NAME`.' },
    );
  try {
    createSecureContext(options);
  } catch (cause) {
    throw new SslapiError('ERR_KEY_MISMATCH', "the server's key is not that of its certificate", { cause });
  }
}

/** The certificate that clients see first. */
export function leafOf({ cert }: ServerCertificate): Certificate {
  const [leaf] = decodePem(cert);
  if (leaf !== undefined) return parseCertificate(leaf.der);
  throw new SslapiError('ERR_INPUT_NOT_RECOGNISED', "the file of the server's certificate holds none");
}

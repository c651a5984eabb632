import type { ServerOptions } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import { policyOf } from '../policy/policies.js';
import { encodePem } from '../x509/pem.js';
import { type ClientAuthority, trustAnchor } from './client-authority.js';
import type { ClientAuthMode, ServerCertificate, ServerLimits } from './server-settings.js';

/** How the API speaks HTTP/1.1, and to whom.
 *
 *  OpenSSL is told to let every certificate pass (`rejectUnauthorized: false`), for it would close without an alert and without
 *  telling whom it refused. We judge the moment the handshake is done, before the connection is handed to the HTTP parser: so
 *  nobody is let in by that, and who is refused reads why. */
export function httpsOptions(
  clientAuth: ClientAuthMode,
  { handshakeMs, headersMs, requestMs, keepAliveMs, headerBytes }: ServerLimits,
): ServerOptions {
  return {
    requestCert: clientAuth !== 'off',
    rejectUnauthorized: false,
    handshakeTimeout: handshakeMs,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: 500,
    maxHeaderSize: headerBytes,
    requireHostHeader: false, // the gatekeeper looks for it, and for a second one
  };
}

/** How it speaks TLS; this part can be exchanged while it runs. */
export function secureContextOptions(
  { cert, key }: ServerCertificate,
  ca: Pick<ClientAuthority, 'root' | 'issuing'>,
): SecureContextOptions {
  const { cipherSuites } = policyOf('intermediate');
  return {
    cert,
    key,
    ca: [...new Set([trustAnchor(ca), ca.issuing.parsed])].map(({ der }) => encodePem('CERTIFICATE', der)),
    minVersion: 'TLSv1.2',
    ciphers: [...cipherSuites['TLSv1.3'], ...cipherSuites['TLSv1.2']]
      .map(({ opensslName }) => opensslName)
      .join(':'),
  };
}

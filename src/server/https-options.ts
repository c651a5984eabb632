import type { ServerOptions } from 'node:https';
import { policyOf } from '../policy/policies.js';
import { encodePem } from '../x509/pem.js';
import { trustAnchor } from './client-authority.js';
import type { ServerLimits, ServerSettings } from './server-settings.js';

/** How the API speaks TLS and HTTP/1.1.
 *
 *  OpenSSL is told to let every certificate pass (`rejectUnauthorized: false`), for it would close without an alert and without
 *  telling whom it refused. We judge the moment the handshake is done, before the connection is handed to the HTTP parser: so
 *  nobody is let in by that, and who is refused reads why. */
export function httpsOptions(
  { ca, server, clientAuth }: ServerSettings,
  { handshakeMs, headersMs, requestMs, keepAliveMs, headerBytes }: ServerLimits,
): ServerOptions {
  const { cipherSuites } = policyOf('intermediate');
  return {
    cert: server.cert,
    key: server.key,
    ca: [...new Set([trustAnchor(ca), ca.issuing.parsed])].map(({ der }) => encodePem('CERTIFICATE', der)),
    requestCert: clientAuth !== 'off',
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    ciphers: [...cipherSuites['TLSv1.3'], ...cipherSuites['TLSv1.2']]
      .map(({ opensslName }) => opensslName)
      .join(':'),
    handshakeTimeout: handshakeMs,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: 500,
    maxHeaderSize: headerBytes,
  };
}

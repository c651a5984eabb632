import { serverRefusal } from './client-refusal.js';
import type { ClientRefusal } from './server-event.js';

/** What kept a handshake from coming to its end; null where the client just went away, which is no refusal of ours. */
export function handshakeFailure({ code, message, reason }: TlsError): ClientRefusal | null {
  if (code === 'ECONNRESET' || code === 'EPIPE') return null;
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT')
    return serverRefusal(
      'tls-handshake-timeout',
      'the handshake took too long',
      'see what slows the client down',
    );
  if (code === 'ERR_SSL_HTTP_REQUEST')
    return serverRefusal('not-tls', 'plain HTTP on a TLS port', 'call it by https://');
  const why = reason ?? message.split('\n')[0];
  return serverRefusal('tls-handshake-failed', `TLS handshake failed: ${why}`, fixOf(code ?? ''));
}

/** Node gives OpenSSL's words as `reason`. */
type TlsError = NodeJS.ErrnoException & { readonly reason?: string };

function fixOf(code: string): string {
  if (/UNSUPPORTED_PROTOCOL|VERSION|NO_SHARED|NO_SUITABLE|NO_APPLICATION_PROTOCOL/.test(code))
    return 'use TLS 1.2 or 1.3 with an up-to-date client';
  if (/ALERT/.test(code))
    return 'it was the client that broke off: let it trust ca.crt, `curl --cacert ca.crt`';
  return 'present a certificate of this CA and its own key: `sslapi issue-client NAME`';
}

import { ALERT, alertName } from '../../tls/alert.js';
import type { Untold } from '../../tls/fault-trial.js';
import type { RequestEnding } from '../../tls/request-outcome.js';
import { endingInWords } from '../scan.js';

/** Why a connection came to nothing, as a clause.
 *  @param ended of a connection that did not come as far as it should have */
export function failureInWords(ended: Untold['ended'] | RequestEnding): string {
  switch (ended.kind) {
    case 'unclear':
    case 'malformed':
    case 'tls-error':
      return ended.why;
    case 'refused-locally':
      return `OpenSSL on this side refuses: ${ended.why}`;
    case 'alert':
      return `the handshake ends by the alert ${alertName(ended.alert)}${guessOf(ended.alert)}`;
    case 'complete':
    case 'eof':
    case 'reset':
    case 'timeout':
    case 'not-tls':
    case 'not-read':
    case 'unreachable':
      return endingInWords(ended);
  }
}

/** RFC 8446 §6.2 has an alert of its own for a client without a certificate; before it there was none. */
function guessOf(alert: number): string {
  if (alert === ALERT.certificateRequired) return ': a client certificate is demanded';
  return PERHAPS.has(alert) ? ': perhaps a client certificate is demanded' : '';
}

const PERHAPS = new Set<number>([ALERT.handshakeFailure, ALERT.badCertificate]);

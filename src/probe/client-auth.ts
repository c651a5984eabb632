import type { RequestOutcome } from '../tls/request-outcome.js';
import type { Connections } from './connections.js';
import type { RequestVersion } from './observations.js';
import type { Question } from './observe.js';
import type { ClientAuth } from './probe-report.js';
import type { ProofRow } from './proof-row.js';
import { isCertificatePage } from './refusal.js';

/** Asks without a certificate. */
export function anonymousAnswer(
  connections: Connections,
  { servername, request }: Question,
  version: RequestVersion,
): Promise<RequestOutcome> {
  return connections.request({ servername, version, request });
}

/** What a stranger's requests tell about an endpoint. Without a good client to compare with, a 401 or 403 may have any
 *  reason, and a silent close too: those stay null.
 *  @param requested whether a CertificateRequest was seen */
export function clientAuthOf(
  requested: boolean | null,
  answers: readonly RequestOutcome[],
): Omit<ClientAuth, 'acceptableCAs'> {
  const isRequested = answers.some(asksLater) ? true : requested;
  if (isRequested === false) return { requested: false, required: false, enforcedBy: null };
  const found = answers.map(enforcementOf);
  if (found.length === 0 || found.includes('unknown'))
    return { requested: isRequested, required: null, enforcedBy: null };
  if (found.includes('none')) return { requested: isRequested, required: false, enforcedBy: null };
  return { requested: isRequested, required: true, enforcedBy: found.includes('http') ? 'http' : 'tls' };
}

/** What the proof adds: with a good client let in, a stranger's 401 or 403 is enforcement. */
export function refinedClientAuth(clientAuth: ClientAuth, proof: readonly ProofRow[]): ClientAuth {
  const strangers = proof.filter(({ credential }) => credential === 'none');
  if (clientAuth.required !== null || strangers.length === 0) return clientAuth;
  if (strangers.some(({ status }) => status === 'fail')) return { ...clientAuth, required: false };
  if (!strangers.every(({ status }) => status === 'pass')) return clientAuth;
  const enforcedBy = strangers.some(({ how }) => how === 'http') ? 'http' : 'tls';
  return { ...clientAuth, required: true, enforcedBy };
}

/** Whether a server asked by renegotiation, TLS 1.2, for the page alone: who has nothing to show gets an alert. */
function asksLater({ handshake, renegotiated, ended }: RequestOutcome): boolean {
  if (renegotiated) return true;
  return handshake === 'completed' && ended.kind === 'alert' && CERTIFICATE_ALERTS.has(ended.alert);
}

function enforcementOf({ ended, http, receivedBytes }: RequestOutcome): 'tls' | 'http' | 'none' | 'unknown' {
  if (http !== null) {
    if (isCertificatePage(http) || http.status === 495 || http.status === 496) return 'http';
    return UNTELLING.has(http.status) ? 'unknown' : 'none';
  }
  if (receivedBytes > 0) return 'none';
  return ended.kind === 'alert' && CERTIFICATE_ALERTS.has(ended.alert) ? 'tls' : 'unknown';
}

/** Of servers that turn a stranger away for many reasons, or are in trouble themselves. */
const UNTELLING = new Set([401, 403, 421, 429, 502, 503, 504]);
/** What TLS stacks say to an empty Certificate message: handshake_failure, no_certificate, bad_certificate,
 *  certificate_unknown, unknown_ca, access_denied, certificate_required. */
const CERTIFICATE_ALERTS = new Set([40, 41, 42, 46, 48, 49, 116]);

import type { CertificateRequest } from '../tls/certificate-request.js';
import type { RequestOutcome } from '../tls/request-outcome.js';
import type { TlsVersion } from '../tls/version.js';
import type { StrangerAnswer } from './http-facts.js';
import { type Observations, spokenHandshakes } from './observations.js';
import type { ClientAuth } from './probe-report.js';
import type { ProofRow } from './proof-row.js';
import { isCertificatePage } from './refusal.js';

/** Whether a version asks for a client certificate in its handshake. */
export interface ClientRequest {
  readonly version: TlsVersion;
  /** Null where the server's flight did not come whole. */
  readonly asked: boolean | null;
  readonly request: CertificateRequest | null;
}

/** How a path turns away who shows no certificate. */
export interface PathEnforcement {
  readonly path: string;
  readonly version: StrangerAnswer['version'];
  readonly enforced: Enforcement;
  /** The certificate was asked for after the request, by renegotiation or in post-handshake authentication; an alert after
   *  a handshake of TLS 1.3 is none of it. */
  readonly askedLater: boolean;
}

/** `none`: a stranger is served. `unknown`: the answer may have any reason. */
export type Enforcement = 'tls' | 'http' | 'none' | 'unknown';

/** What each version that was spoken asks of clients, newest first. */
export function clientRequestsOf(observations: Pick<Observations, 'handshakes'>): ClientRequest[] {
  return spokenHandshakes(observations).map(([version, { flight }]) => {
    const request = flight.certificateRequest;
    const asked = request !== null ? true : flight.ended.kind === 'complete' ? false : null;
    return { version, asked, request };
  });
}

/** What became of strangers, path by path. */
export function enforcementByPath(strangers: readonly StrangerAnswer[]): PathEnforcement[] {
  return strangers.map(({ path, version, outcome }) => ({
    path,
    version,
    enforced: enforcementOf(outcome),
    askedLater: asksLater(outcome) && !(version === 'TLSv1.3' && outcome.ended.kind === 'alert'),
  }));
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
  if (found.includes('none')) return { requested: isRequested, required: false, enforcedBy: null };
  if (found.length === 0 || found.includes('unknown'))
    return { requested: isRequested, required: null, enforcedBy: null };
  return { requested: isRequested, required: true, enforcedBy: found.includes('http') ? 'http' : 'tls' };
}

/** What the proof adds: with a good client let in, a stranger's 401 or 403 is enforcement. */
export function refinedClientAuth(clientAuth: ClientAuth, proof: readonly ProofRow[]): ClientAuth {
  const strangers = proof.filter(({ credential }) => credential === 'none');
  if (clientAuth.required !== null || strangers.length === 0) return clientAuth;
  if (strangers.some(({ status }) => status === 'fail')) return { ...clientAuth, required: false };
  if (!strangers.every(({ status }) => status === 'pass')) return clientAuth;
  const ways = new Set(strangers.map(({ how }) => how));
  return {
    ...clientAuth,
    required: true,
    enforcedBy: ways.has('http') ? 'http' : ways.has(null) ? null : 'tls',
  };
}

/** Whether a server asked by renegotiation, TLS 1.2, for the page alone: who has nothing to show gets an alert. In TLS 1.3
 *  a client that cannot be asked after the handshake gets Apache's page that says so. */
function asksLater({ handshake, renegotiated, ended, http }: RequestOutcome): boolean {
  if (renegotiated) return true;
  if (http !== null && http.status === 403)
    return POST_HANDSHAKE.test(Buffer.from(http.body).toString('latin1'));
  return handshake === 'completed' && ended.kind === 'alert' && CERTIFICATE_ALERTS.has(ended.alert);
}

function enforcementOf(outcome: RequestOutcome): Enforcement {
  const { ended, http, receivedBytes } = outcome;
  if (http !== null) {
    if (isCertificatePage(http) || http.status === 495 || http.status === 496) return 'http';
    if (asksLater(outcome) && http.status === 403) return 'http';
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
/** Of mod_ssl, which has no other way to ask for a page alone in TLS 1.3. */
const POST_HANDSHAKE = /Cannot perform Post-Handshake Authentication/;

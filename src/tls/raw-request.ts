import { createPrivateKey } from 'node:crypto';
import { cipherSuite } from './cipher-suite.js';
import { clientCredential } from './client-credential.js';
import type { Afterwards } from './client-flight.js';
import type { Ending } from './ending.js';
import { exchange, type HandshakeOutcome } from './exchange.js';
import { fullOffer } from './full-offer.js';
import { readHttpResponse } from './http-response.js';
import { type RequestEnding, type RequestOutcome, type TlsRequest, unanswered } from './request-outcome.js';

/** The same as `request`, through our own engine, which presents whatever it is given: a certificate that is none, or a key
 *  that is another's. In TLS 1.2 it knows ECDHE with an AEAD alone; where the server takes none of these, nothing is sent. */
export async function rawRequest(asked: TlsRequest): Promise<RequestOutcome> {
  const { target, servername, version, certificate, alpn, timeoutMs } = asked;
  const credential = certificate && clientCredential(certificate.chain, createPrivateKey(certificate.key));
  const full = fullOffer(servername, [version]);
  const offer = {
    ...full,
    cipherSuites: version === 'TLSv1.3' ? full.cipherSuites : full.cipherSuites.filter(isCompletable),
    ...(alpn && { alpn }),
  };
  const outcome = await exchange(target, offer, {
    limits: { timeoutMs },
    client: {
      credential: credential ?? null,
      applicationData: asked.request,
      isWhole: (received) => typeof readHttpResponse(received, 'more') === 'object',
    },
  });
  return told(outcome, credential !== null && credential !== undefined);
}

/** ECDHE with AES-GCM or ChaCha20, and what signals rather than encrypts. */
function isCompletable(id: number): boolean {
  const suite = cipherSuite(id);
  return suite === null || (suite.keyExchange === 'ECDHE' && suite.aead);
}

function told(outcome: HandshakeOutcome, hasCredential: boolean): RequestOutcome {
  if (outcome.kind !== 'server-hello')
    return { ...unanswered(endingBefore(outcome)), certificateSent: hasCredential ? false : null };
  const { serverHello, flight, afterwards } = outcome;
  const ended = afterwards?.ended ?? flight.ended;
  const answer = readHttpResponse(
    afterwards?.applicationData ?? new Uint8Array(),
    ended.kind === 'complete' ? 'more' : ended.kind === 'eof' ? 'closed' : 'broken',
  );
  return {
    ...unanswered(endingAfter(afterwards, ended)),
    handshake: afterwards?.completed ? 'completed' : 'failed',
    protocol: serverHello.version,
    cipherSuite: cipherSuite(serverHello.cipherSuite)?.name ?? null,
    alpn: flight.extensions?.alpn ?? null,
    peerCertificates: flight.certificate?.chain ?? [],
    certificateSent: hasCredential ? (afterwards?.certificateSent ?? false) : null,
    http: typeof answer === 'object' ? answer : null,
    receivedBytes: afterwards?.applicationData.length ?? 0,
  };
}

/** Nobody has seen a certificate of ours by then. */
function endingBefore(outcome: Exclude<HandshakeOutcome, { kind: 'server-hello' }>): RequestEnding {
  return outcome.kind === 'unreachable' ? outcome : requestEnding(outcome);
}

function endingAfter(afterwards: Afterwards | null, ended: Ending): RequestEnding {
  if (afterwards !== null && ended.kind === 'not-read')
    return { kind: 'refused-locally', why: 'our own engine cannot complete this handshake' };
  return requestEnding(ended);
}

function requestEnding(ending: Ending): RequestEnding {
  switch (ending.kind) {
    case 'alert':
      return { kind: 'alert', alert: ending.alert };
    case 'complete':
    case 'eof':
    case 'reset':
    case 'timeout':
      return { kind: ending.kind };
    case 'not-read':
      return { kind: 'tls-error', why: 'the handshake could not be read on' };
    case 'malformed':
      return { kind: 'tls-error', why: ending.why };
    case 'not-tls':
      return { kind: 'tls-error', why: 'the answer is not TLS' };
  }
}

import { createPrivateKey } from 'node:crypto';
import { cipherSuite } from './cipher-suite.js';
import { clientCredential } from './client-credential.js';
import type { Afterwards } from './client-flight.js';
import type { Ending } from './ending.js';
import { exchange, type HandshakeOutcome } from './exchange.js';
import { fullOffer } from './full-offer.js';
import { readHttpResponse } from './http-response.js';
import { Http2Talk } from './http2-talk.js';
import { calledOff } from './request-h2.js';
import { type RequestEnding, type RequestOutcome, type TlsRequest, unanswered } from './request-outcome.js';
import { loginAnswer } from './starttls/protocols.js';

/** The same as `request`, through our own engine, which presents whatever it is given: a certificate that is none, or a key
 *  that is another's. In TLS 1.2 it knows ECDHE with an AEAD alone; where the server takes none of these, nothing is sent.
 *  HTTP/2 is spoken where `alpn` asks for it alone. */
export async function rawRequest(asked: TlsRequest): Promise<RequestOutcome> {
  if (asked.alpn?.[0] === 'h2') return rawRequestH2(asked);
  const outcome = await exchangeWith(
    asked,
    (received) =>
      loginAnswer(asked.target, [received]) !== null ||
      typeof readHttpResponse(received, 'more') === 'object',
  );
  return told(outcome, hasCredential(asked), (received, ended) => {
    const answer = readHttpResponse(
      received,
      ended.kind === 'complete' ? 'more' : ended.kind === 'eof' ? 'closed' : 'broken',
    );
    return {
      http: typeof answer === 'object' ? answer : null,
      login: loginAnswer(asked.target, [received]),
      receivedBytes: received.length,
    };
  });
}

async function rawRequestH2(asked: TlsRequest): Promise<RequestOutcome> {
  const talk = new Http2Talk(asked.request);
  try {
    const request = await talk.opening();
    const outcome = await exchangeWith({ ...asked, request }, endsStream);
    const received = (outcome.kind === 'server-hello' && outcome.afterwards?.applicationData) || null;
    if (received !== null) talk.receive(received);
    await talk.settled();
    const http = talk.answer();
    const seen = told(outcome, hasCredential(asked), () => ({ http, receivedBytes: http?.body.length ?? 0 }));
    const over = await Promise.race([talk.over, null]);
    if (over?.kind !== 'called-off' || http !== null) return seen;
    return { ...seen, ended: { kind: 'tls-error', why: calledOff(over.errorCode) } };
  } finally {
    talk.close();
  }
}

/** Whether a frame ends stream 1, which is the request's: DATA or HEADERS with END_STREAM, or RST_STREAM, RFC 9113 §4.1. */
function endsStream(received: Uint8Array): boolean {
  const bytes = Buffer.from(received);
  for (let at = 0; at + FRAME_HEAD_BYTES <= bytes.length; ) {
    const next = at + FRAME_HEAD_BYTES + bytes.readUIntBE(at, 3);
    const type = bytes[at + 3]!;
    const ends = type === RST_STREAM || (type <= HEADERS && (bytes[at + 4]! & END_STREAM) !== 0);
    if (ends && bytes.readUInt32BE(at + 5) === 1 && next <= bytes.length) return true;
    at = next;
  }
  return false;
}

function hasCredential({ certificate }: TlsRequest): boolean {
  return certificate !== null && certificate !== undefined;
}

function exchangeWith(
  asked: TlsRequest,
  isWhole: (received: Uint8Array) => boolean,
): Promise<HandshakeOutcome> {
  const { target, servername, version, certificate, alpn, timeoutMs } = asked;
  const credential = certificate && clientCredential(certificate.chain, createPrivateKey(certificate.key));
  const full = fullOffer(servername, [version]);
  const offer = {
    ...full,
    cipherSuites: version === 'TLSv1.3' ? full.cipherSuites : full.cipherSuites.filter(isCompletable),
    ...(alpn && { alpn }),
  };
  return exchange(target, offer, {
    limits: { timeoutMs },
    client: {
      credential: credential ?? null,
      applicationData: asked.request,
      isWhole,
    },
  });
}

/** ECDHE with AES-GCM or ChaCha20, and what signals rather than encrypts. */
function isCompletable(id: number): boolean {
  const suite = cipherSuite(id);
  return suite === null || (suite.keyExchange === 'ECDHE' && suite.aead);
}

/** @param read what of the application data is an answer */
function told(
  outcome: HandshakeOutcome,
  isPresenting: boolean,
  read: (received: Uint8Array, ended: Ending) => Partial<RequestOutcome>,
): RequestOutcome {
  if (outcome.kind !== 'server-hello')
    return { ...unanswered(endingBefore(outcome)), certificateSent: isPresenting ? false : null };
  const { serverHello, flight, afterwards } = outcome;
  const ended = afterwards?.ended ?? flight.ended;
  return {
    ...unanswered(endingAfter(afterwards, ended)),
    handshake: afterwards?.completed ? 'completed' : 'failed',
    protocol: serverHello.version,
    cipherSuite: cipherSuite(serverHello.cipherSuite)?.name ?? null,
    alpn: flight.extensions?.alpn ?? null,
    peerCertificates: flight.certificate?.chain ?? [],
    certificateSent: isPresenting ? (afterwards?.certificateSent ?? false) : null,
    ...read(afterwards?.applicationData ?? new Uint8Array(), ended),
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

const FRAME_HEAD_BYTES = 9;
const HEADERS = 1;
const RST_STREAM = 3;
const END_STREAM = 1;

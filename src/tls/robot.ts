import { type KeyObject, X509Certificate } from 'node:crypto';
import { DecodeError } from './byte-reader.js';
import { cipherSuite, cipherSuitesOf } from './cipher-suite.js';
import type { ClientHelloOffer } from './client-hello.js';
import {
  type FaultTrial,
  notSeen,
  SILENCE_MS,
  seen,
  talkOver,
  type Untold,
  type UseConnection,
  unclear,
} from './fault-trial.js';
import { type Opening12, openHandshake12 } from './opening-12.js';
import { answerToKeyExchange, type MessageFlow } from './robot-answer.js';
import { differ, type OracleAnswers, oracleInWords } from './robot-oracle.js';
import { encryptedPremaster, PREMASTER_FAULTS, type PremasterFault } from './robot-premaster.js';
import type { TlsVersion } from './version.js';

/** Tries for ROBOT, an oracle of PKCS #1 v1.5 padding in the RSA key exchange, after Böck, Somorovsky and Young, "Return Of
 *  Bleichenbacher's Oracle Threat", §3. Five premaster secrets, one right and four wrong each in its own way, go out with all
 *  the messages that follow and then without them; a server without the fault makes no difference between them.
 *  One that does is asked twice more, for a difference that does not stay is chance.
 *  @param use has each connection made; up to five are asked for at once
 *  @param offer of SSL 3.0 to TLS 1.2, with no suites but those of `rsaSuites` */
export async function robot(use: UseConnection, offer: ClientHelloOffer): Promise<FaultTrial> {
  const server = await use((target, timeoutMs) =>
    talkOver(target, { timeoutMs }, async (layer) => rsaServer(await openHandshake12(layer, offer))),
  );
  if (server === null || ('kind' in server && refuses(server)))
    return notSeen('no RSA key exchange is agreed upon');
  if ('kind' in server) return server;
  const trial = { use, offer, ...server };
  const whole = { shortened: false, silenceMs: SILENCE_MS };
  const first = await answersTo(trial, whole);
  if ('kind' in first) return first;
  if (differ(first.answers)) return confirmed(trial, first.answers, whole);
  const same = first.answers.get('none') ?? '';
  if (server.wantsCertificate && !JUDGED_KEY_EXCHANGE.test(same))
    return unclear('the server demands a client certificate before the key exchange');
  if (same === 'silence') return unclear('the server answers no key exchange');
  const shortened = { shortened: true, silenceMs: patienceAfter(first) };
  const second = await answersTo(trial, shortened);
  if ('kind' in second) return second;
  if (differ(second.answers)) return confirmed(trial, second.answers, shortened);
  return notSeen(`right and wrong padding are both answered by ${same}`);
}

/** Suites whose key exchange is by the RSA key of the certificate. */
export function rsaSuites(version: TlsVersion): number[] {
  return cipherSuitesOf(version, { mayMisbehave: true }).filter(isRsa);
}

interface RsaServer {
  readonly key: KeyObject;
  readonly wantsCertificate: boolean;
}

interface Trial extends RsaServer {
  readonly use: UseConnection;
  readonly offer: ClientHelloOffer;
}

interface Round {
  readonly answers: OracleAnswers;
  /** How long the slowest answer took, in milliseconds. */
  readonly slowestMs: number;
}

/** What each of the five is answered by, all asked at the same time. */
async function answersTo({ use, offer, key }: Trial, flow: MessageFlow): Promise<Round | Untold> {
  const answers = new Map<PremasterFault, string>();
  let slowestMs = 0;
  const failures: Untold[] = [];
  await Promise.all(
    PREMASTER_FAULTS.map(async (fault) => {
      const answer = await use((target, timeoutMs) => {
        const encrypted = (version: TlsVersion): Uint8Array => encryptedPremaster(key, fault, version);
        return answerToKeyExchange(target, offer, encrypted, flow, { timeoutMs });
      });
      if ('kind' in answer) return void failures.push(answer);
      answers.set(fault, answer.words);
      slowestMs = Math.max(slowestMs, answer.answerMs);
    }),
  );
  return failures[0] ?? { answers, slowestMs };
}

async function confirmed(trial: Trial, first: OracleAnswers, flow: MessageFlow): Promise<FaultTrial> {
  for (let round = 0; round < CONFIRMATIONS; round += 1) {
    const again = await answersTo(trial, flow);
    if ('kind' in again) return again;
    if (PREMASTER_FAULTS.some((fault) => again.answers.get(fault) !== first.get(fault)))
      return unclear('the same key exchange is answered differently from time to time');
  }
  return seen(oracleInWords(first, flow.shortened));
}

/** A server that shows its fault without the messages that follow answers wrong padding as fast as it answered before, and
 *  waits for more after right padding: silence is told by that, not by a fixed time. */
function patienceAfter({ slowestMs }: Round): number {
  return Math.min(SILENCE_MS, Math.max(LEAST_SILENCE_MS, 8 * slowestMs));
}

/** null for a server that does not take a premaster secret that we could encrypt for it. */
function rsaServer({ serverHello, flight }: Opening12): RsaServer | null {
  const [leaf] = flight.certificate?.chain ?? [];
  if (leaf === undefined || !isRsa(serverHello.cipherSuite)) return null;
  const key = publicKeyOf(leaf);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  const isFit = key.asymmetricKeyType === 'rsa' && bits >= LEAST_MODULUS_BITS;
  return isFit ? { key, wantsCertificate: flight.certificateRequest !== null } : null;
}

function publicKeyOf(certificate: Uint8Array): KeyObject {
  try {
    return new X509Certificate(certificate).publicKey;
  } catch {
    throw new DecodeError('a certificate whose key can not be read');
  }
}

function refuses({ ended }: Untold): boolean {
  return ended.kind === 'alert' || ended.kind === 'eof' || ended.kind === 'reset';
}

function isRsa(id: number): boolean {
  const suite = cipherSuite(id);
  return suite?.keyExchange === 'RSA' && !suite.export;
}

const CONFIRMATIONS = 2;
const LEAST_SILENCE_MS = 250;
/** What only a server says that has come as far as the Finished. */
const JUDGED_KEY_EXCHANGE = /alert (bad_record_mac|decryption_failed|decrypt_error)$/;
/** A premaster secret of 48 octets and the 11 that PKCS #1 v1.5 adds at least. */
const LEAST_MODULUS_BITS = 8 * (48 + 11);

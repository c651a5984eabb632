import type { HandshakeOutcome } from '../../tls/exchange.js';
import type { Ssl2Outcome } from '../../tls/exchange-ssl2.js';
import { fullOffer } from '../../tls/full-offer.js';
import type { RequestCertificate } from '../../tls/request-outcome.js';
import type { Connections } from '../connections.js';
import type { Scan } from '../scan.js';
import { lookForFaults } from './faults.js';
import { FirstSessions } from './first-sessions.js';
import { type HelloBasis, helloTraits } from './hello-traits.js';
import { type Answer, Hellos } from './hellos.js';
import { type Manner, mannerOf } from './manner.js';
import { offeredByVersion } from './offered-by-version.js';
import { groupsOf } from './offers.js';
import { HELLO_VERSIONS, type HelloVersion, type Opening, openScan, spokenBy } from './opening.js';
import { protocolsOf } from './protocols.js';
import type { ScanContext } from './scan-context.js';
import { Seen } from './seen.js';
import { trySessions } from './sessions.js';
import { askSsl2 } from './ssl2-scan.js';
import { untoldScan } from './untold-scan.js';
import { scanVersion } from './version-scan.js';

/** What a scan is about. */
export interface ScanQuestion {
  readonly servername: string | null;
  /** An HTTP request for the first path. */
  readonly request: Uint8Array;
  /** As few connections as can be, instead of as little time. */
  readonly gentle: boolean;
  /** Of a client that is let in, for what no stranger gets to see; none by default. */
  readonly certificate?: RequestCertificate | null;
  /** What the first hello came to, where it was sent already. */
  readonly first?: HandshakeOutcome;
}

/** A scan of which the beginning is known. */
export interface StartedScan {
  readonly opening: Opening;
  /** All the rest; to be called once. */
  readonly finish: () => Promise<Scan>;
}

/** Sends the first hello; only where that brings an answer of TLS, `finish` has anything to ask. */
export async function startScan(connections: Connections, question: ScanQuestion): Promise<StartedScan> {
  const seen = new Seen(question.servername);
  const hellos = new Hellos(connections, (outcome, offer) => seen.take(outcome, offer));
  const opening = await openScan(hellos, question.servername, question.first);
  return { opening, finish: () => finishScan({ hellos, seen, opening, question }) };
}

interface Running {
  readonly hellos: Hellos;
  readonly seen: Seen;
  readonly opening: Opening;
  readonly question: ScanQuestion;
}

async function finishScan(running: Running): Promise<Scan> {
  const { hellos, seen, opening, question } = running;
  const { gentle, servername } = question;
  const { first } = opening;
  if (first === null) return untoldScan('no answer of TLS came');
  const answerMs = first?.kind === 'hello' ? first.outcome.answerMs : Number.POSITIVE_INFINITY;
  const manner = mannerOf(gentle, answerMs, hellos.connections.limit);
  const leaf = first?.kind === 'hello' ? (first.outcome.flight.certificate?.chain[0] ?? null) : null;
  const basis = { hellos, opening, servername, leaf, manner };
  const [extras, answers, found, ssl2, traits] = await Promise.all([
    extrasOf(running, manner), // takes longest, and therefore comes first
    answersOf(opening),
    Promise.all(HELLO_VERSIONS.map((version) => scanVersion(basis, version))),
    opening.ssl2 ?? askSsl2(hellos.connections),
    traitsOf(running, manner),
    servername === null ? null : hellos.ask(fullOffer(null)),
  ]);
  const suites = new Map(found.flatMap((one) => (one.suites ? [[one.version, one.suites] as const] : [])));
  return {
    protocols: protocolsOf(answers, suites, ssl2),
    ...offeredByVersion(found, seen, ssl2, await hellos.doubt()),
    dhParameters: seen.dhParameters,
    exportRsaBits: seen.exportRsaBits,
    chains: seen.chains.length > 0 ? seen.chains : chainOfSsl2(ssl2),
    hello: traits,
    ...extras,
  };
}

async function answersOf({ versions }: Opening): Promise<Map<HelloVersion, Answer>> {
  const answers = [...versions].map(async ([version, asked]) => [version, await asked] as const);
  return new Map(await Promise.all(answers));
}

async function traitsOf({ hellos, opening, question }: Running, manner: Manner): Promise<Scan['hello']> {
  const answers = await answersOf(opening);
  const spoken = HELLO_VERSIONS.filter((version) => isAnsweredIn(answers, version));
  const basis: HelloBasis = { servername: question.servername, spoken, answers };
  return helloTraits(hellos, basis, manner);
}

function isAnsweredIn(answers: ReadonlyMap<HelloVersion, Answer>, version: HelloVersion): boolean {
  const answer = answers.get(version);
  return answer !== undefined && spokenBy(answer) === version;
}

/** What needs a whole handshake or a broken one: looked at as soon as it is known which versions are spoken. Far away the first
 *  handshakes do not wait for that. */
async function extrasOf(
  { hellos, opening, question }: Running,
  manner: Manner,
): Promise<Pick<Scan, 'sessions' | 'faults'>> {
  const firsts = new FirstSessions(hellos.connections, question);
  if (manner === 'wide') {
    const newest = opening.first === null ? null : spokenBy(opening.first);
    if (newest === 'TLSv1.3') void firsts.take('TLSv1.3', true);
    if (newest === 'TLSv1.3' || newest === 'TLSv1.2')
      for (const tickets of [true, false]) void firsts.take('TLSv1.2', tickets);
  }
  const context = contextOf(await answersOf(opening), question);
  const [sessions, faults] = await Promise.all([
    trySessions(hellos.connections, context, firsts),
    lookForFaults(hellos.connections, context, firsts),
  ]);
  return { sessions, faults };
}

function contextOf(answers: ReadonlyMap<HelloVersion, Answer>, question: ScanQuestion): ScanContext {
  const spoken = HELLO_VERSIONS.filter((version) => isAnsweredIn(answers, version));
  const hellos = spoken.flatMap((version) => {
    const answer = answers.get(version);
    return answer?.kind === 'hello' ? [answer.outcome] : [];
  });
  const agreed = hellos.flatMap(({ serverHello, flight }) => {
    const exchanged = flight.serverKeyExchange;
    return [serverHello.keyShare?.group ?? (exchanged?.kind === 'named-curve' ? exchanged.group : [])].flat();
  });
  return {
    servername: question.servername,
    request: question.request,
    certificate: question.certificate ?? null,
    spoken,
    suites: new Map(hellos.map(({ serverHello }) => [serverHello.version, [serverHello.cipherSuite]])),
    groups: [...new Set([...agreed, ...groupsOf('TLSv1.2')])],
  };
}

/** SSL 2.0 has room for one certificate. */
function chainOfSsl2(ssl2: Ssl2Outcome): Scan['chains'] {
  const certificate = ssl2.kind === 'ssl2-server-hello' ? ssl2.serverHello.certificate : null;
  if (certificate === null) return [];
  return [{ asked: 'by-name', chain: [certificate], ocspResponse: null, signedCertificateTimestamps: [] }];
}

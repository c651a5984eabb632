import { ccsInjection } from '../../tls/ccs-injection.js';
import type { ClientHelloOffer } from '../../tls/client-hello.js';
import type { FaultTrial } from '../../tls/fault-trial.js';
import { heartbleed } from '../../tls/heartbleed.js';
import { robot, rsaSuites } from '../../tls/robot.js';
import { ticketbleed } from '../../tls/ticketbleed.js';
import type { Connections } from '../connections.js';
import { type FaultFinding, type FaultFindings, type Told, told, untold } from '../scan.js';
import { failureInWords } from './failure-words.js';
import { FirstSessions } from './first-sessions.js';
import { newestOlderVersion, type OlderVersion, olderOffer, signsOfResumption } from './older-hello.js';
import type { ScanContext } from './scan-context.js';

/** Tries an endpoint for faults of implementations in the newest version before TLS 1.3 that it speaks, all of them at the
 *  same time. Each finding says by what it was seen. */
export async function lookForFaults(
  connections: Connections,
  context: ScanContext,
  firsts = new FirstSessions(connections, context),
): Promise<FaultFindings> {
  const version = newestOlderVersion(context);
  if (version === null) return nothingToTry(context);
  const offer = olderOffer(context, version);
  const rsaOffer = { ...offer, cipherSuites: rsaSuites(version) };
  const [bleeds, injects, ticketbleeds, oracle] = await Promise.all([
    connections.use((target, timeoutMs) => heartbleed(target, offer, { timeoutMs })),
    connections.use((target, timeoutMs) => ccsInjection(target, offer, { timeoutMs })),
    tryTicketbleed(connections, firsts, version, offer),
    robot((work) => connections.use(work), rsaOffer),
  ]);
  return {
    heartbleed: findingOf(bleeds),
    ccsInjection: findingOf(injects),
    ticketbleed: ticketbleeds,
    robot: findingOf(oracle),
  };
}

/** A ticket is needed first, and that takes a whole handshake. */
async function tryTicketbleed(
  connections: Connections,
  firsts: FirstSessions,
  version: OlderVersion,
  offer: ClientHelloOffer,
): Promise<Told<FaultFinding>> {
  if (version === 'SSLv3') return sound('SSL 3.0 has no tickets');
  const given = await firsts.take(version, true);
  if (given.kind === 'failed') {
    const signs = await signsOfResumption(connections, offer);
    return signs?.ticket === false ? sound(NO_TICKETS) : untold(failureInWords(given.ended));
  }
  const ticket = given.given?.ticket;
  if (!ticket) return sound(NO_TICKETS);
  return findingOf(
    await connections.use((target, timeoutMs) => ticketbleed(target, offer, ticket, { timeoutMs })),
  );
}

function findingOf(trial: FaultTrial): Told<FaultFinding> {
  switch (trial.kind) {
    case 'seen':
      return told({ vulnerable: true, evidence: trial.evidence });
    case 'not-seen':
      return sound(trial.evidence);
    case 'untold':
      return untold(failureInWords(trial.ended));
  }
}

function nothingToTry({ spoken }: ScanContext): FaultFindings {
  const finding =
    spoken.length > 0
      ? sound('SSL 3.0 to TLS 1.2, which have the fault, are not spoken')
      : untold('no version of TLS is known to be spoken');
  return { heartbleed: finding, ccsInjection: finding, ticketbleed: finding, robot: finding };
}

function sound(evidence: string): Told<FaultFinding> {
  return told({ vulnerable: false, evidence });
}

const NO_TICKETS = 'the server gives no tickets';

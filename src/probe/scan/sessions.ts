import { EXTENSION_TYPE } from '../../tls/extension.js';
import type { OpensslVersion } from '../../tls/openssl-handshake.js';
import { tryRenegotiation } from '../../tls/renegotiation.js';
import type { RequestCertificate } from '../../tls/request-outcome.js';
import type { Connections } from '../connections.js';
import { type SessionTraits, type Told, told, untold } from '../scan.js';
import { failureInWords } from './failure-words.js';
import { FirstSessions, type TakenSession } from './first-sessions.js';
import { newestOlderVersion, olderOffer, signsOfResumption } from './older-hello.js';
import type { ScanContext } from './scan-context.js';

/** Resumes and renegotiates in TLS 1.3 and in the newest version before it, each as far as it is spoken, all at the same time.
 *  Where no handshake can be completed without a client certificate, a ServerHello still shows what is not offered. */
export async function trySessions(
  connections: Connections,
  context: ScanContext,
  firsts = new FirstSessions(connections, context),
): Promise<SessionTraits> {
  if (context.spoken.length === 0) return allUntold('no version of TLS is known to be spoken');
  const older = newestOlderVersion(context);
  if (older === null && !context.spoken.includes('TLSv1.3'))
    return allUntold('sessions of SSL 2.0 are not tried');
  if (older === 'SSLv3') return allUntold('sessions of SSL 3.0 are not tried');
  const trial: Trial = { connections, context, firsts };
  const [byId, byTicket, renegotiation, thirteen] = await Promise.all([
    older === null ? told(false) : resumesById(trial, older),
    older === null ? NO_TICKETS : tickets12(trial, older),
    older === null ? told(false) : renegotiates(trial, older),
    context.spoken.includes('TLSv1.3') ? tickets13(trial) : NO_TICKETS_13,
  ]);
  return {
    resumesById: byId,
    resumesByTicket: byTicket.resumes,
    resumesTls13: thirteen.resumes,
    ticketLifetimeSeconds: longest(byTicket.lifetime, thirteen.lifetime),
    earlyDataBytes: thirteen.earlyData,
    clientRenegotiation: renegotiation,
  };
}

interface Trial {
  readonly connections: Connections;
  readonly context: ScanContext;
  readonly firsts: FirstSessions;
}

type OlderVersion = Exclude<OpensslVersion, 'TLSv1.3'>;

interface Tickets {
  readonly resumes: Told<boolean>;
  readonly lifetime: Told<number>;
}

interface Tickets13 extends Tickets {
  readonly earlyData: Told<number>;
}

async function resumesById(trial: Trial, version: OlderVersion): Promise<Told<boolean>> {
  const first = await trial.firsts.take(version, false);
  if (first.kind === 'failed') {
    const offer = { ...olderOffer(trial.context, version), omit: [EXTENSION_TYPE.sessionTicket] };
    const signs = await signsOfResumption(trial.connections, offer);
    return signs?.sessionId === false ? told(false) : untold(failureInWords(first.ended));
  }
  if (first.session === null) return told(false);
  return resumed(await trial.firsts.resume(version, false, first.session));
}

async function tickets12(trial: Trial, version: OlderVersion): Promise<Tickets> {
  const first = await trial.firsts.take(version, true);
  if (first.kind === 'failed') {
    const signs = await signsOfResumption(trial.connections, olderOffer(trial.context, version));
    if (signs?.ticket === false) return NO_TICKETS;
    const why = untold(failureInWords(first.ended));
    return { resumes: why, lifetime: why };
  }
  if (!first.given?.ticket) return NO_TICKETS;
  const second = await trial.firsts.resume(version, true, first.session);
  return { resumes: resumed(second), lifetime: told(first.given.ticketLifetimeSeconds) };
}

async function tickets13(trial: Trial): Promise<Tickets13> {
  const first = await trial.firsts.take('TLSv1.3', true);
  if (first.kind === 'failed') {
    const why = untold(failureInWords(first.ended));
    return { resumes: why, lifetime: why, earlyData: why };
  }
  if (!first.given?.ticket) return NO_TICKETS_13;
  const second = await trial.firsts.resume('TLSv1.3', true, first.session);
  return {
    resumes: resumed(second),
    lifetime: told(first.given.ticketLifetimeSeconds),
    earlyData: told(first.given.maxEarlyDataSize),
  };
}

async function renegotiates({ connections, context }: Trial, version: OlderVersion): Promise<Told<boolean>> {
  const { servername } = context;
  const tried = (certificate: RequestCertificate | null) =>
    connections.use((target, timeoutMs, hold) =>
      tryRenegotiation({ target, servername, version, tickets: true, timeoutMs, hold, certificate }),
    );
  const byStranger = await tried(null);
  const client = byStranger.kind === 'failed' ? (context.certificate ?? null) : null;
  const outcome = client === null ? byStranger : await tried(client);
  switch (outcome.kind) {
    case 'renegotiated':
      return told(true);
    case 'refused':
    case 'silence':
      return told(false);
    case 'failed':
      return untold(failureInWords(outcome.ended));
  }
}

function resumed(taken: TakenSession): Told<boolean> {
  return taken.kind === 'completed' ? told(taken.resumed) : untold(failureInWords(taken.ended));
}

/** What one version gives counts, even where the other could not be looked at. */
function longest(older: Told<number>, thirteen: Told<number>): Told<number> {
  const value = Math.max(older.value ?? 0, thirteen.value ?? 0);
  if (value > 0) return told(value);
  return older.value === null ? older : thirteen;
}

function allUntold(reason: string): SessionTraits {
  const why = untold(reason);
  return {
    resumesById: why,
    resumesByTicket: why,
    resumesTls13: why,
    ticketLifetimeSeconds: why,
    earlyDataBytes: why,
    clientRenegotiation: why,
  };
}

const NO_TICKETS: Tickets = { resumes: told(false), lifetime: told(0) };
const NO_TICKETS_13: Tickets13 = { ...NO_TICKETS, earlyData: told(0) };

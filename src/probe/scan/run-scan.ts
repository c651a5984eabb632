import { exchangeSsl2, type Ssl2Outcome } from '../../tls/exchange-ssl2.js';
import { fullOffer } from '../../tls/full-offer.js';
import type { TlsVersion } from '../../tls/version.js';
import type { Connections } from '../connections.js';
import { type Offered, type OfferedSuites, type Scan, untold } from '../scan.js';
import { lookForFaults } from './faults.js';
import { groups13, olderGroups } from './group-scan.js';
import { type HelloBasis, helloTraits } from './hello-traits.js';
import { type Answer, Hellos } from './hellos.js';
import { type Manner, mannerOf } from './manner.js';
import { groupsOf, OLDER_VERSIONS } from './offers.js';
import { HELLO_VERSIONS, type HelloVersion, type Opening, openScan, spokenBy } from './opening.js';
import { protocolsOf } from './protocols.js';
import type { ScanContext } from './scan-context.js';
import { signatureSchemes } from './scheme-scan.js';
import { Seen } from './seen.js';
import { trySessions } from './sessions.js';
import { type Breadth, cipherSuites } from './suite-scan.js';
import { untoldScan } from './untold-scan.js';

/** What a scan is about. */
export interface ScanQuestion {
  readonly servername: string | null;
  /** An HTTP request for the first path. */
  readonly request: Uint8Array;
  /** As few connections as can be, instead of as little time. */
  readonly gentle: boolean;
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
  const opening = await openScan(hellos, question.servername);
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
  const perVersion = HELLO_VERSIONS.map((version) => scanVersion(running, version, leaf, manner));
  const [answers, found, ssl2, traits, extras] = await Promise.all([
    answersOf(opening),
    Promise.all(perVersion),
    askSsl2(hellos.connections),
    traitsOf(running, manner),
    extrasOf(running),
    servername === null ? null : hellos.ask(fullOffer(null)),
  ]);
  const doubt = await hellos.doubt();
  const suites = new Map(
    found.flatMap(({ version, suites }) => (suites ? [[version, suites] as const] : [])),
  );
  const protocols = protocolsOf(answers, suites, ssl2);
  const cipherKinds = ssl2.kind === 'ssl2-server-hello' ? ssl2.serverHello.cipherKinds : null;
  return {
    protocols,
    cipherSuites: new Map([
      ...(cipherKinds ? [['SSLv2', ofSsl2(cipherKinds)] as const] : []),
      ...[...suites]
        .reverse()
        .flatMap(([version, offered]) =>
          offered.ids.length > 0 || protocols[version].value === true
            ? [[version, doubted(offered, doubt)] as const]
            : [],
        ),
    ]),
    groups: groupsByVersion(found, seen, doubt),
    signatureSchemes: byVersion(found, ({ schemes }) => schemes, doubt),
    dhParameters: seen.dhParameters,
    exportRsaBits: seen.exportRsaBits,
    chains: seen.chains,
    hello: traits,
    ...extras,
  };
}

/** What was found of one version; null where it was not looked for. */
interface VersionFound {
  readonly version: HelloVersion;
  readonly isSpoken: boolean;
  readonly suites: OfferedSuites | null;
  readonly groups: Offered | null;
  readonly schemes: Offered | null;
}

/** Enumerates a version; where it is likely to be spoken, and far away, without waiting for its own hello. */
async function scanVersion(
  { hellos, opening, question: { servername } }: Running,
  version: HelloVersion,
  leaf: Uint8Array | null,
  manner: Manner,
): Promise<VersionFound> {
  const nothing = { version, isSpoken: false, suites: null, groups: null, schemes: null };
  const asked = opening.versions.get(version);
  if (asked === undefined) return nothing;
  const breadth = isLikely(opening, version) && manner.wide ? 'all' : breadthAfter(await asked, version);
  if (breadth === null) return nothing;
  if (breadth === 'exotic')
    return { ...nothing, suites: await cipherSuites(hellos, servername, version, manner, breadth) };
  const [suites, groups, schemes] = await Promise.all([
    cipherSuites(hellos, servername, version, manner, breadth),
    groupScan(hellos, servername, opening, version, leaf, manner),
    version === 'TLSv1.3' || version === 'TLSv1.2'
      ? signatureSchemes(hellos, servername, version, leaf, manner)
      : null,
  ]);
  return { version, isSpoken: suites.ids.length > 0, suites, groups, schemes };
}

/** Groups are asked for in TLS 1.3 and in the newest version before it: a server has one list for all of those. */
async function groupScan(
  hellos: Hellos,
  servername: string | null,
  opening: Opening,
  version: HelloVersion,
  leaf: Uint8Array | null,
  manner: Manner,
): Promise<Offered | null> {
  if (version === 'TLSv1.3') return groups13(hellos, servername, manner);
  if (version === 'SSLv3') return null;
  for (const newer of OLDER_VERSIONS) {
    if (newer === version) return olderGroups(hellos, servername, version, leaf, manner);
    const answer = await opening.versions.get(newer);
    if (answer !== undefined && spokenBy(answer) === newer) return null;
  }
  return null;
}

/** Whether a version is worth asking about before it is known: what the first answer was in, TLS 1.2 beside 1.3,
 *  and what is older than TLS 1.2 where that is the newest. */
function isLikely({ first }: Opening, version: HelloVersion): boolean {
  const spoken = first === null ? null : spokenBy(first);
  if (spoken === null) return false;
  if (spoken === 'TLSv1.3') return version === 'TLSv1.3' || version === 'TLSv1.2';
  return version === spoken || (spoken === 'TLSv1.2' && version !== 'TLSv1.3' && version !== 'SSLv3');
}

/** What is left to look for once the hello of a version was answered: nothing where the version itself is refused, as it is
 *  by a refusal of everything that may be spoken in an old one. */
function breadthAfter(answer: Answer, version: HelloVersion): Breadth | null {
  if (answer.kind === 'hello') return spokenBy(answer) === version ? 'all' : null;
  if (answer.kind === 'untold' || answer.alert === PROTOCOL_VERSION) return null;
  return version === 'TLSv1.3' || version === 'TLSv1.2' ? 'exotic' : null;
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

/** What needs a whole handshake or a broken one: looked at as soon as it is known which versions are spoken. */
async function extrasOf({ hellos, opening, question }: Running): Promise<Pick<Scan, 'sessions' | 'faults'>> {
  const context = contextOf(await answersOf(opening), question);
  const [sessions, faults] = await Promise.all([
    trySessions(hellos.connections, context),
    lookForFaults(hellos.connections, context),
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
    spoken,
    suites: new Map(hellos.map(({ serverHello }) => [serverHello.version, [serverHello.cipherSuite]])),
    groups: [...new Set([...agreed, ...groupsOf('TLSv1.2')])],
  };
}

function askSsl2(connections: Connections): Promise<Ssl2Outcome> {
  return connections.use((target, timeoutMs) =>
    exchangeSsl2(target, { limits: { timeoutMs, connectTimeoutMs: timeoutMs } }),
  );
}

function ofSsl2(ids: readonly number[]): OfferedSuites {
  return { ids, incomplete: null, serverOrder: untold('in SSL 2.0 the client chooses') };
}

function doubted<T extends Offered>(offered: T, doubt: string | null): T {
  return offered.incomplete === null && doubt !== null ? { ...offered, incomplete: doubt } : offered;
}

function byVersion(
  found: readonly VersionFound[],
  offeredOf: (found: VersionFound) => Offered | null,
  doubt: string | null,
): Map<TlsVersion, Offered> {
  const entries = found.flatMap((one): Array<[TlsVersion, Offered]> => {
    const offered = offeredOf(one);
    if (offered === null || !one.isSpoken) return [];
    return [[one.version, doubted({ ids: offered.ids, incomplete: offered.incomplete }, doubt)]];
  });
  return new Map(entries.reverse());
}

/** Versions that were not asked have the groups that were agreed upon by the way. */
function groupsByVersion(
  found: readonly VersionFound[],
  seen: Seen,
  doubt: string | null,
): Map<TlsVersion, Offered> {
  const groups = byVersion(found, (one) => one.groups ?? agreedByTheWay(one.version, seen), doubt);
  return groups;
}

function agreedByTheWay(version: HelloVersion, seen: Seen): Offered | null {
  const ids = seen.groupsOf(version);
  return ids.length === 0 ? null : { ids, incomplete: 'only newer versions were asked for each group' };
}

const PROTOCOL_VERSION = 70;

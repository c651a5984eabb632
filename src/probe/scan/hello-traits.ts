import { cipherSuite, SCSV } from '../../tls/cipher-suite.js';
import { DEFAULT_GROUPS } from '../../tls/client-extensions.js';
import type { ClientHelloOffer } from '../../tls/client-hello.js';
import type { ServerHelloOutcome } from '../../tls/exchange.js';
import { fullOffer } from '../../tls/full-offer.js';
import { readServerExtensions } from '../../tls/server-hello.js';
import { type HelloTraits, type Told, told, untold } from '../scan.js';
import { type Answer, type Hellos, refusalInWords } from './hellos.js';
import type { Manner } from './manner.js';
import { OLDER_VERSIONS, type OlderVersion, suitesOffer } from './offers.js';
import type { HelloVersion } from './opening.js';
import { type Chosen, takenOf, together } from './taken.js';
import { untoldScan } from './untold-scan.js';

/** What the traits are told from beside hellos of their own. */
export interface HelloBasis {
  readonly servername: string | null;
  /** Versions that are spoken, newest first, and the answers in which they were. */
  readonly spoken: readonly HelloVersion[];
  readonly answers: ReadonlyMap<HelloVersion, Answer>;
}

/** Sends one hello for each trait that no other hello tells. */
export async function helloTraits(hellos: Hellos, basis: HelloBasis, manner: Manner): Promise<HelloTraits> {
  if (basis.spoken.length === 0) return untoldScan('no version of TLS is known to be spoken').hello;
  const [alpn, compression, encryptThenMac, fallbackScsv, toleratesGrease, toleratesUnknownVersion] =
    await Promise.all([
      agreedProtocols(hellos, basis, manner),
      takesCompression(hellos, basis),
      takesEncryptThenMac(hellos, basis),
      refusesFallback(hellos, basis),
      takesGrease(hellos, basis),
      takesUnknownVersion(hellos, basis),
    ]);
  const older = olderHello(basis);
  const extensions = older && readServerExtensions(older.serverHello.extensions);
  return {
    alpn,
    compression,
    secureRenegotiation: extensions ? told(extensions.renegotiationInfo !== null) : ONLY_TLS13,
    extendedMasterSecret: extensions ? told(extensions.extendedMasterSecret) : ONLY_TLS13,
    encryptThenMac,
    fallbackScsv,
    downgradeSentinel: marksDowngrade(basis),
    claimsHigherVersion: claimsHigher(basis),
    toleratesGrease,
    toleratesUnknownVersion,
  };
}

/** Each protocol that is agreed upon is left out of the next hello, until none is. */
async function agreedProtocols(
  hellos: Hellos,
  basis: HelloBasis,
  manner: Manner,
): Promise<Told<readonly string[]>> {
  const { spoken } = basis;
  const version = spoken.find((one) => one === 'TLSv1.2') ?? spoken[0];
  if (version === undefined) return untold('no version is spoken');
  const choose = async (offered: readonly number[]): Promise<Chosen> => {
    const alpn = offered.map((place) => PROTOCOLS[place]!);
    const answer = await hellos.ask({ ...offerOf(basis, [version]), alpn });
    if (answer.kind === 'refused') return 'none';
    if (answer.kind === 'untold') return answer;
    const { extensions } = answer.outcome.flight;
    if (extensions === null) return { why: 'the extensions of the server could not be read' };
    const place = PROTOCOLS.indexOf(extensions.alpn ?? '');
    return place === -1 ? 'none' : place;
  };
  const places = PROTOCOLS.map((_name, place) => place);
  const found =
    manner === 'wide'
      ? together(
          await Promise.all([
            takenOf(places.slice(0, USUAL_PROTOCOLS), [1], choose),
            takenOf(places.slice(USUAL_PROTOCOLS), [places.length], choose),
          ]),
        )
      : await takenOf(places, [places.length], choose);
  const isUntold = found.ids.length === 0 && found.incomplete !== null;
  return isUntold ? untold(found.incomplete) : told(found.ids.map((place) => PROTOCOLS[place]!));
}

async function takesCompression(hellos: Hellos, basis: HelloBasis): Promise<Told<boolean>> {
  const { spoken } = basis;
  const version = olderOf(spoken)[0];
  if (version === undefined) return ONLY_TLS13;
  const offer = { ...offerOf(basis, [version]), compressionMethods: [DEFLATE, NO_COMPRESSION] };
  const answer = await hellos.ask(offer, { until: 'server-hello' });
  if (answer.kind === 'untold') return untold(answer.why);
  if (answer.kind === 'refused') return told(false);
  return told(answer.outcome.serverHello.compressionMethod === DEFLATE);
}

async function takesEncryptThenMac(hellos: Hellos, basis: HelloBasis): Promise<Told<boolean>> {
  const { servername, spoken } = basis;
  const version = olderOf(spoken).find((one) => one !== 'SSLv3');
  if (version === undefined) return untold('neither TLS 1.0, 1.1 nor 1.2 is spoken');
  const full = offerOf(basis, [version]).cipherSuites;
  const suites = full.filter((id) => cipherSuite(id)?.cbc);
  const answer = await hellos.ask(suitesOffer(servername, version, suites), { until: 'server-hello' });
  if (answer.kind === 'untold') return untold(answer.why);
  if (answer.kind === 'refused') return untold('no suite with CBC is taken');
  return told(readServerExtensions(answer.outcome.serverHello.extensions).encryptThenMac);
}

/** RFC 7507: the version below the highest, with the value that says so. */
async function refusesFallback(hellos: Hellos, basis: HelloBasis): Promise<Told<boolean>> {
  const { spoken } = basis;
  const version = olderOf(spoken.slice(1))[0];
  if (version === undefined) return ONE_VERSION;
  const offer = offerOf(basis, [version]);
  const cipherSuites = [...offer.cipherSuites, SCSV.fallback];
  const answer = await hellos.ask({ ...offer, cipherSuites }, { until: 'server-hello' });
  if (answer.kind === 'untold') return untold(answer.why);
  if (answer.kind === 'hello') return told(false);
  return answer.alert === INAPPROPRIATE_FALLBACK
    ? told(true)
    : untold(`a fallback is refused, but by: ${refusalInWords(answer)}`);
}

/** RFC 8446 §4.1.3 asks it of TLS 1.3 servers for every lower version, and of those of TLS 1.2 for what is below. */
function marksDowngrade({ spoken, answers }: HelloBasis): Told<boolean> {
  const lower = olderOf(spoken.slice(1));
  if (lower.length === 0) return ONE_VERSION;
  const hellos = lower.flatMap((version) => {
    const answer = answers.get(version);
    return answer?.kind === 'hello' ? [answer.outcome] : [];
  });
  const wanted = hellos.filter(({ serverHello }) => serverHello.version !== 'SSLv3');
  if (wanted.length === 0) return untold('SSL 3.0 has no such mark');
  return told(wanted.every(({ serverHello }) => serverHello.downgradeSentinel !== null));
}

async function takesGrease(hellos: Hellos, basis: HelloBasis): Promise<Told<boolean>> {
  const { spoken } = basis;
  const answer = await hellos.ask({ ...offerOf(basis, spoken), grease: true }, QUICK);
  return tolerance(answer);
}

/** RFC 8446 §4.1.3 has a mark for every version but the server's highest. */
function claimsHigher({ spoken, answers }: HelloBasis): Told<boolean> {
  const answer = spoken[0] && answers.get(spoken[0]);
  if (answer?.kind !== 'hello') return untold('no version is known to be spoken');
  return told(answer.outcome.serverHello.downgradeSentinel !== null);
}

/** In supported_versions where TLS 1.3 is spoken, in the hello itself where an older version is. */
async function takesUnknownVersion(hellos: Hellos, basis: HelloBasis): Promise<Told<boolean>> {
  const { spoken } = basis;
  const older = olderOf(spoken);
  const asked = [
    ...(spoken[0] === 'TLSv1.3' ? [{ ...offerOf(basis, spoken), extraVersions: [YET_TO_COME] }] : []),
    ...(older.length > 0 ? [{ ...offerOf(basis, older), legacyVersion: YET_TO_COME }] : []),
  ];
  const answers = await Promise.all(asked.map((offer) => hellos.ask(offer, QUICK)));
  const found = answers.map(tolerance);
  return (
    found.find(({ value }) => value === false) ?? found.find(({ value }) => value === null) ?? told(true)
  );
}

/** The full offer with what is known to be taken before it: where one thing is tried, nothing else shall be refused. */
function offerOf({ servername, answers }: HelloBasis, versions: readonly HelloVersion[]): ClientHelloOffer {
  const offer = fullOffer(servername, versions);
  const taken = versions.flatMap((version) => {
    const answer = answers.get(version);
    return answer?.kind === 'hello' ? [answer.outcome.serverHello.cipherSuite] : [];
  });
  return {
    ...offer,
    cipherSuites: [...new Set([...taken, ...offer.cipherSuites])],
    groups: [...new Set([...DEFAULT_GROUPS, ...agreedGroups(answers)])],
  };
}

/** Groups that were agreed upon before TLS 1.3: a server may have none but those. */
function agreedGroups(answers: HelloBasis['answers']): number[] {
  return [...answers.values()].flatMap((answer) => {
    const exchanged = answer.kind === 'hello' ? answer.outcome.flight.serverKeyExchange : null;
    return exchanged?.kind === 'named-curve' ? [exchanged.group] : [];
  });
}

function tolerance(answer: Answer): Told<boolean> {
  return answer.kind === 'untold' ? untold(answer.why) : told(answer.kind === 'hello');
}

function olderHello({ spoken, answers }: HelloBasis): ServerHelloOutcome | null {
  const answer = olderOf(spoken).map((version) => answers.get(version))[0];
  return answer?.kind === 'hello' ? answer.outcome : null;
}

function olderOf(versions: readonly HelloVersion[]): OlderVersion[] {
  return OLDER_VERSIONS.filter((version) => versions.includes(version));
}

const QUICK = { until: 'server-hello' } as const;
const DEFLATE = 1;
const NO_COMPRESSION = 0;
const INAPPROPRIATE_FALLBACK = 86;
/** TLS 1.4, if ever there is one. */
const YET_TO_COME = 0x0305;
const ONLY_TLS13 = untold('TLS 1.3 alone is spoken, which has no such thing');
const ONE_VERSION = untold('one version alone is spoken');
/** Those at the head of the list that may well be spoken. */
const USUAL_PROTOCOLS = 3;
const PROTOCOLS: readonly string[] = [
  'h2',
  'http/1.1',
  'http/1.0',
  'spdy/3.1',
  'grpc-exp',
  'acme-tls/1',
  'postgresql',
  'mqtt',
  'imap',
  'pop3',
  'ftp',
  'xmpp-client',
  'dot',
];

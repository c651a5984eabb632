import { DEFAULT_GROUPS } from '../../tls/client-extensions.js';
import type { ClientHelloOffer } from '../../tls/client-hello.js';
import type { HandshakeOutcome } from '../../tls/exchange.js';
import type { Ssl2Outcome } from '../../tls/exchange-ssl2.js';
import { fullOffer } from '../../tls/full-offer.js';
import { AGREEABLE_GROUPS } from '../../tls/key-share.js';
import { type TlsVersion, versionNumber } from '../../tls/version.js';
import type { Answer, Hellos } from './hellos.js';
import { groupsOf, OLDER_VERSIONS, suitesOffer, suiteTiersOf } from './offers.js';
import { askSsl2 } from './ssl2-scan.js';

/** How a scan begins: one full hello, and once it is answered each version alone. */
export interface Opening {
  /** null where nothing that was tried brought an answer of TLS or SSL. */
  readonly first: Answer | null;
  /** What a hello of SSL 2.0 came to, where no other one had an answer; null where it was not sent yet. */
  readonly ssl2: Ssl2Outcome | null;
  /** What an offer of each version alone came to. */
  readonly versions: ReadonlyMap<HelloVersion, Promise<Answer>>;
}

export type HelloVersion = Exclude<TlsVersion, 'SSLv2'>;

/** The versions that have a ClientHello of TLS, newest first. */
export const HELLO_VERSIONS: readonly HelloVersion[] = ['TLSv1.3', ...OLDER_VERSIONS];

/** Sends the first hello, if it was not sent already; where it has no answer of TLS, one of TLS 1.2 alone, which is smaller and has no TLS 1.3 in it,
 *  and then one of SSL 2.0. */
export async function openScan(
  hellos: Hellos,
  servername: string | null,
  sent?: HandshakeOutcome,
): Promise<Opening> {
  let first = await askReadably(hellos, fullOffer(servername), sent);
  if (isMute(first)) first = await hellos.ask(fullOffer(servername, ['TLSv1.2']));
  const ssl2 = isMute(first) ? await askSsl2(hellos.connections) : null;
  if (isMuteOrForeign(first) && ssl2?.kind !== 'ssl2-server-hello')
    return { first: null, ssl2, versions: new Map([['TLSv1.2', Promise.resolve(first)]]) };
  const versions = HELLO_VERSIONS.map((version): [HelloVersion, Promise<Answer>] => {
    const isKnown = spokenBy(first) === version;
    return [
      version,
      isKnown ? Promise.resolve(first) : askReadably(hellos, versionOffer(servername, version)),
    ];
  });
  return { first, ssl2, versions: new Map(versions) };
}

/** A HelloRetryRequest for a group that we can make no share of leaves the rest unread: then only those are offered that we can. */
async function askReadably(
  hellos: Hellos,
  offer: ClientHelloOffer,
  sent?: HandshakeOutcome,
): Promise<Answer> {
  const answer = await hellos.ask(offer, {}, sent);
  if (answer.kind !== 'hello' || !answer.outcome.serverHello.helloRetryRequest) return answer;
  const again = await hellos.ask({ ...offer, groups: AGREEABLE_GROUPS });
  return again.kind === 'hello' ? again : answer;
}

/** One version alone; where it is an old one with all that may be spoken in it, so that a refusal is one of the version. */
function versionOffer(servername: string | null, version: HelloVersion): ClientHelloOffer {
  const offer = fullOffer(servername, [version]);
  if (version === 'TLSv1.3') return offer;
  if (version === 'TLSv1.2')
    return { ...offer, groups: [...new Set([...DEFAULT_GROUPS, ...groupsOf(version)])] };
  const { modern, exotic } = suiteTiersOf(version);
  return suitesOffer(servername, version, [...modern, ...exotic]);
}

/** The version of a ServerHello; null for every other answer. */
export function spokenBy(answer: Answer): TlsVersion | null {
  return answer.kind === 'hello' ? answer.outcome.serverHello.version : null;
}

/** The outcomes of the versions, those left out that were never sent. */
export async function handshakesOf({ versions }: Opening): Promise<Map<TlsVersion, HandshakeOutcome>> {
  const entries = [...versions].sort(([a], [b]) => versionNumber(a) - versionNumber(b));
  const answers = await Promise.all(entries.map(async ([version, asked]) => [version, await asked] as const));
  return new Map(answers.flatMap(([version, { outcome }]) => (outcome === null ? [] : [[version, outcome]])));
}

/** No ServerHello and no alert, which a server may have for what it does not know. */
function isMute(answer: Answer): boolean {
  return isMuteOrForeign(answer) && answer.outcome?.kind !== 'not-tls';
}

function isMuteOrForeign(answer: Answer): boolean {
  return answer.kind === 'untold' || (answer.kind === 'refused' && answer.alert === null);
}

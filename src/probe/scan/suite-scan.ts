import { cipherSuite } from '../../tls/cipher-suite.js';
import { type OfferedSuites, untold } from '../scan.js';
import type { Answer, Hellos } from './hellos.js';
import type { Manner } from './manner.js';
import { mainstreamSuitesOf, OFFER_SIZE, type SuiteTiers, suitesOffer, suiteTiersOf } from './offers.js';
import type { HelloVersion } from './opening.js';
import { orderedSuites } from './suite-order.js';
import { type Choice, type Chosen, type Taken, takenOf, together } from './taken.js';

/** Which suites of a version to look for: all, or those alone that the first hello of a version has not. */
export type Breadth = 'all' | 'exotic';

/** Every suite that a server takes in a version, in its own order where it has one. */
export async function cipherSuites(
  hellos: Hellos,
  servername: string | null,
  version: HelloVersion,
  manner: Manner,
  breadth: Breadth,
): Promise<OfferedSuites> {
  const choose = chooser(hellos, servername, version, version === 'TLSv1.3' ? [] : undefined);
  const [{ ids, choices, incomplete }, guessed] = await Promise.all([
    searched(version, manner, breadth, choose),
    manner.wide && breadth === 'all' ? twoWays(mainstreamSuitesOf(version), choose) : [],
  ]);
  if (ids.length > 0 || version !== 'TLSv1.3' || breadth === 'exotic')
    return { ...(await orderedSuites(ids, [...choices, ...guessed], choose, manner.wide)), incomplete };
  return suitesWithShares(hellos, servername, manner);
}

/** TLS 1.3 for a server that takes no hello without a key share. */
async function suitesWithShares(
  hellos: Hellos,
  servername: string | null,
  manner: Manner,
): Promise<OfferedSuites> {
  const choose = chooser(hellos, servername, 'TLSv1.3', undefined);
  const { ids, choices, incomplete } = await searched('TLSv1.3', manner, 'all', choose);
  if (ids.length === 0) return { ids, incomplete, serverOrder: untold('no suite was taken') };
  return { ...(await orderedSuites(ids, choices, choose, manner.wide)), incomplete };
}

type Choose = (offered: readonly number[]) => Promise<Chosen>;

async function searched(
  version: HelloVersion,
  { suites: sizes }: Manner,
  breadth: Breadth,
  choose: Choose,
): Promise<Taken> {
  const tiers = suiteTiersOf(version);
  const wanted = TIERS.filter((tier) => breadth === 'all' || UNUSUAL.includes(tier));
  if (sizes === null)
    return takenOf(
      wanted.flatMap((tier) => tiers[tier]),
      [OFFER_SIZE],
      choose,
    );
  return together(await Promise.all(wanted.map((tier) => takenOf(tiers[tier], sizes[tier], choose))));
}

/** The list from both ends: whether a server has an order of its own shows before it is known what it takes. */
async function twoWays(list: readonly number[], choose: Choose): Promise<Choice[]> {
  const ways = [list, [...list].reverse()];
  const chosen = await Promise.all(ways.map((among) => choose(among)));
  return ways.flatMap((among, index) => {
    const one = chosen[index];
    return typeof one === 'number' ? [{ chosen: one, among }] : [];
  });
}

/** Offers suites of one version. Up to TLS 1.2 the whole flight is read, for what else it tells; in TLS 1.3 a HelloRetryRequest
 *  names the suite, and costs neither side a key.
 *  @param keyShares none; where left out, a fresh one for each hello */
function chooser(
  hellos: Hellos,
  servername: string | null,
  version: HelloVersion,
  keyShares: [] | undefined,
): Choose {
  const until = version === 'TLSv1.3' ? 'server-hello' : 'flight';
  const ask = (suites: readonly number[]): Promise<Answer> => {
    const { keyShares: _none, ...offer } = suitesOffer(servername, version, suites);
    return hellos.ask(keyShares ? { ...offer, keyShares } : offer, { until, retry: false });
  };
  const chosenIn = (answer: Answer): Chosen => {
    if (answer.kind === 'refused') return 'none';
    if (answer.kind === 'untold') return answer;
    const { serverHello } = answer.outcome;
    return serverHello.version === version ? serverHello.cipherSuite : 'none';
  };
  const refused = new Set<number>();
  return async (suites) => {
    const wanted = suites.filter((id) => !refused.has(id));
    if (wanted.length === 0) return 'none';
    const answer = await ask(wanted);
    const parts = isOfOneChoice(answer) ? byKeyExchange(wanted) : [];
    if (parts.length < 2) return chosenIn(answer);
    for (const part of parts) {
      const chosen = chosenIn(await ask(part));
      if (chosen !== 'none') return chosen;
      for (const id of part) refused.add(id);
    }
    return 'none';
  };
}

/** A refusal that may be of the suite that was chosen, and not of all: a server may choose what it then cannot do, DHE without
 *  parameters for one. Only handshake_failure and its like say that there is nothing to choose. */
function isOfOneChoice(answer: Answer): boolean {
  return answer.kind === 'refused' && !NOTHING_TO_CHOOSE.has(answer.alert ?? -1);
}

function byKeyExchange(suites: readonly number[]): number[][] {
  const parts = new Map<string, number[]>();
  for (const id of suites) {
    const { keyExchange, authentication } = cipherSuite(id)!;
    const key = `${keyExchange} ${authentication}`;
    parts.set(key, [...(parts.get(key) ?? []), id]);
  }
  return [...parts.values()];
}

/** handshake_failure, protocol_version, insufficient_security */
const NOTHING_TO_CHOOSE = new Set([40, 70, 71]);
const TIERS: ReadonlyArray<keyof SuiteTiers> = ['modern', 'legacy', 'exotic', 'outlandish'];
const UNUSUAL: ReadonlyArray<keyof SuiteTiers> = ['exotic', 'outlandish'];

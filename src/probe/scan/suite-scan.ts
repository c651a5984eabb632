import { cipherSuite } from '../../tls/cipher-suite.js';
import { type OfferedSuites, untold } from '../scan.js';
import type { Answer, Hellos } from './hellos.js';
import { leafKeyType } from './leaf-key.js';
import type { Manner } from './manner.js';
import { OFFER_SIZE, type SuiteTiers, suitesOffer, suiteTiersOf } from './offers.js';
import type { HelloVersion } from './opening.js';
import { mayJumpQueue, preferenceOf } from './preference.js';
import { orderedSuites } from './suite-order.js';
import { type Chosen, type Step, type Taken, takenOf, together } from './taken.js';

/** Which suites of a version to look for: all, or those alone that the first hello of a version has not. */
export type Breadth = 'all' | 'exotic';

/** Every suite that a server takes in a version, in its own order where it has one. */
export async function cipherSuites(
  { hellos, servername, leaf, manner }: SuiteBasis,
  version: HelloVersion,
  breadth: Breadth,
): Promise<OfferedSuites> {
  const search = searchFor(version, manner, breadth, leaf);
  const choose = chooser(hellos, servername, version, version === 'TLSv1.3' ? [] : undefined);
  const found = await searched(search, choose);
  if (found.ids.length > 0 || version !== 'TLSv1.3' || breadth === 'exotic')
    return inOrder(found, choose, manner);
  const withShares = chooser(hellos, servername, version, undefined); // some take no hello without a key share
  return inOrder(await searched(search, withShares), withShares, manner);
}

/** What suites are looked for with. */
export interface SuiteBasis {
  readonly hellos: Hellos;
  readonly servername: string | null;
  /** The server's certificate in DER; null where none was seen. */
  readonly leaf: Uint8Array | null;
  readonly manner: Manner;
}

type Choose = (offered: readonly number[]) => Promise<Chosen>;

/** What is looked for, and how. */
interface Search {
  readonly lists: ReadonlyArray<{ readonly ids: readonly number[]; readonly steps: readonly Step[] }>;
  /** Offered once as it is: whether a server has an order of its own shows before it is known what it takes. */
  readonly backwards: readonly number[];
}

async function searched({ lists, backwards }: Search, choose: Choose): Promise<Taken> {
  const [chosen, ...found] = await Promise.all([
    backwards.length > 0 ? choose(backwards) : 'none',
    ...lists.map(({ ids, steps }) => takenOf(ids, steps, choose)),
  ]);
  const { choices, ...taken } = together(found);
  return typeof chosen === 'number'
    ? { ...taken, choices: [...choices, { chosen, among: backwards }] }
    : { ...taken, choices };
}

async function inOrder(
  { ids, choices, incomplete }: Taken,
  choose: Choose,
  manner: Manner,
): Promise<OfferedSuites> {
  if (ids.length === 0) return { ids, incomplete, serverOrder: untold('no suite was taken') };
  return { ...(await orderedSuites(ids, choices, choose, manner === 'wide')), incomplete };
}

function searchFor(version: HelloVersion, manner: Manner, breadth: Breadth, leaf: Uint8Array | null): Search {
  const tiers = suiteTiersOf(version);
  const wanted = TIERS.filter((tier) => breadth === 'all' || UNUSUAL.includes(tier));
  if (manner === 'wide' && breadth === 'all') return wideSearch(tiers, authenticationBy(leaf));
  const lists =
    manner === 'gentle' ? [wanted.flatMap((tier) => tiers[tier])] : wanted.map((tier) => tiers[tier]);
  const steps = manner === 'wide' ? [OFFER_SIZE, 4, 1] : [OFFER_SIZE];
  return { lists: lists.map((ids) => ({ ids, steps })), backwards: [] };
}

/** What a server may well have is offered in a chain, the likeliest order; what its key is not for, and what up-to-date
 *  servers have not, in one hello for all.
 *  @param authentication what the server's key is for; null where that is not known */
function wideSearch(
  { modern, legacy, exotic, outlandish }: SuiteTiers,
  authentication: string | null,
): Search {
  const fits = (id: number): boolean => {
    const own = cipherSuite(id)!.authentication;
    return authentication === null || own === authentication || own === 'any' || own === 'anon';
  };
  const likely = inLikelyOrder(modern.filter(fits));
  const steady = likely.filter((id) => !mayJumpQueue(id));
  return {
    lists: [
      { ids: steady, steps: ['chain'] },
      { ids: likely.filter(mayJumpQueue), steps: [1] },
      { ids: inLikelyOrder(legacy.filter(fits)), steps: [OFFER_SIZE, 'chain'] },
      { ids: inLikelyOrder(exotic.filter(fits)), steps: [OFFER_SIZE, 4, 'chain'] },
      { ids: [...modern, ...legacy, ...exotic].filter((id) => !fits(id)), steps: [OFFER_SIZE, 4, 1] },
      { ids: outlandish, steps: [OFFER_SIZE, 8, 1] },
    ],
    backwards: [...steady].reverse(),
  };
}

function inLikelyOrder(ids: readonly number[]): readonly number[] {
  return [...ids].sort((a, b) => preferenceOf(a) - preferenceOf(b));
}

/** What a suite must be for, so that a server with this certificate can take it. */
function authenticationBy(leaf: Uint8Array | null): string | null {
  const keyType = leafKeyType(leaf);
  if (keyType.startsWith('rsa')) return 'RSA';
  return /^(ec-|ed)/.test(keyType) ? 'ECDSA' : null;
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

import { GROUP } from '../../tls/group.js';
import { AGREEABLE_GROUPS, generateKeyShare } from '../../tls/key-share.js';
import { parseCertificate } from '../../x509/certificate.js';
import { namedCurveOf } from '../../x509/subject-public-key-info.js';
import type { Offered } from '../scan.js';
import type { Answer, Hellos } from './hellos.js';
import type { Manner } from './manner.js';
import { curveSuites, groupsOf, mainstreamSuitesOf, type OlderVersion, suitesOffer } from './offers.js';
import { type Chosen, type Taken, takenOf, together } from './taken.js';

/** Groups of TLS 1.3: without a key share of ours, a HelloRetryRequest names the one that the server wants. */
export async function groups13(hellos: Hellos, servername: string | null, manner: Manner): Promise<Offered> {
  const cipherSuites = mainstreamSuitesOf('TLSv1.3');
  const found = await taken(groupsOf('TLSv1.3'), manner, async (groups) => {
    const offer = { ...suitesOffer(servername, 'TLSv1.3', cipherSuites), groups };
    const answer = await hellos.ask(offer, { until: 'server-hello', retry: false });
    return chosenGroup(answer, ({ outcome }) => outcome.serverHello.keyShare?.group ?? null);
  });
  return found.ids.length > 0 ? offered(found) : groups13ByShares(hellos, servername);
}

/** For a server that does not take a hello without a key share: those that we can make one of. */
async function groups13ByShares(hellos: Hellos, servername: string | null): Promise<Offered> {
  const cipherSuites = mainstreamSuitesOf('TLSv1.3');
  const found = await takenOf(AGREEABLE_GROUPS, [1], async (groups) => {
    const keyShares = groups.flatMap((group) => generateKeyShare(group) ?? []);
    const offer = { ...suitesOffer(servername, 'TLSv1.3', cipherSuites), groups, keyShares };
    const answer = await hellos.ask(offer, { until: 'server-hello', retry: false });
    return chosenGroup(answer, ({ outcome }) => outcome.serverHello.keyShare?.group ?? null);
  });
  return { ids: found.ids, incomplete: found.incomplete ?? 'the server takes no hello without a key share' };
}

/** Groups of TLS 1.2 and before, as ServerKeyExchange names them.
 *  @param leaf the server's certificate: OpenSSL takes an ECDSA one only from clients that offer its curve */
export async function olderGroups(
  hellos: Hellos,
  servername: string | null,
  version: OlderVersion,
  leaf: Uint8Array | null,
  manner: Manner,
): Promise<Offered> {
  const own = leaf === null ? null : curveOf(leaf);
  const suites = curveSuites();
  const choose = async (groups: readonly number[]): Promise<Chosen> => {
    const offer = { ...suitesOffer(servername, version, suites), groups };
    return chosenGroup(await hellos.ask(offer), ({ outcome }) => {
      const exchanged = outcome.flight.serverKeyExchange;
      return exchanged?.kind === 'named-curve' ? exchanged.group : null;
    });
  };
  const groups = groupsOf(version).filter((group) => group < GROUP.ffdhe2048);
  return own === null ? offered(await taken(groups, manner, choose)) : besideOwn(own, groups, manner, choose);
}

/** Every group with the server's own curve behind it: its own may hide those that it likes less. */
async function besideOwn(
  own: number,
  groups: readonly number[],
  manner: Manner,
  choose: (groups: readonly number[]) => Promise<Chosen>,
): Promise<Offered> {
  const others = groups.filter((group) => group !== own);
  const early = manner === 'wide' ? choose([own, GROUP.x25519]) : null;
  let isOwnTaken = false;
  const found = await taken(others, manner, async (offered) => {
    const chosen = await choose([...offered, own]);
    if (chosen !== own) return chosen;
    isOwnTaken = true;
    return 'none';
  });
  if (!isOwnTaken) return { ids: found.ids, incomplete: found.incomplete };
  const ids = [...found.ids, own];
  const other = found.ids.find((group) => group === GROUP.x25519) ?? found.ids[0];
  if (other === undefined) {
    // It takes its own before each of the others: only clients that do not offer it could come to one of them.
    const without = await takenOf(others, [others.length], choose);
    return { ids: [...ids, ...without.ids], incomplete: found.incomplete ?? without.incomplete };
  }
  const chosen = await ((other === GROUP.x25519 ? early : null) ?? choose([own, other]));
  return { ids, incomplete: found.incomplete ?? (chosen === own ? null : MAY_HIDE) };
}

function offered({ ids, incomplete }: Taken): Offered {
  return { ids, incomplete };
}

async function taken(
  groups: readonly number[],
  manner: Manner,
  choose: (groups: readonly number[]) => Promise<Chosen>,
): Promise<Taken> {
  if (manner !== 'wide') return takenOf(groups, [groups.length], choose);
  const isUsual = (group: number): boolean => USUAL_GROUPS.has(group);
  const found = await Promise.all([
    takenOf(groups.filter(isUsual), [1], choose),
    takenOf(
      groups.filter((group) => !isUsual(group)),
      [groups.length, 4, 1],
      choose,
    ),
  ]);
  return together(found);
}

function chosenGroup(
  answer: Answer,
  groupOf: (answer: Extract<Answer, { kind: 'hello' }>) => number | null,
): Chosen {
  if (answer.kind === 'refused') return 'none';
  if (answer.kind === 'untold') return answer;
  return groupOf(answer) ?? 'none';
}

/** The group of an EC key; null for every other key. */
function curveOf(leaf: Uint8Array): number | null {
  try {
    return CURVE_GROUPS.get(namedCurveOf(parseCertificate(leaf).subjectPublicKeyInfo) ?? '') ?? null;
  } catch {
    return null;
  }
}

const MAY_HIDE = 'the curve of the server’s own key may hide others that it likes less';
const CURVE_GROUPS: ReadonlyMap<string, number> = new Map([
  ['1.2.840.10045.3.1.7', GROUP.secp256r1],
  ['1.3.132.0.34', GROUP.secp384r1],
  ['1.3.132.0.35', GROUP.secp521r1],
  ['1.3.132.0.33', GROUP.secp224r1],
  ['1.3.132.0.10', GROUP.secp256k1],
  ['1.3.36.3.3.2.8.1.1.7', 26],
  ['1.3.36.3.3.2.8.1.1.11', 27],
  ['1.3.36.3.3.2.8.1.1.13', 28],
]);
const USUAL_GROUPS = new Set<number>([
  GROUP.x25519,
  GROUP.secp256r1,
  GROUP.secp384r1,
  GROUP.secp521r1,
  GROUP.x448,
  GROUP.ffdhe2048,
  GROUP.ffdhe3072,
  GROUP.ffdhe4096,
  GROUP.ffdhe6144,
  GROUP.ffdhe8192,
  GROUP.X25519MLKEM768,
]);

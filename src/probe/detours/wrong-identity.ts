import type { MintedCredential } from '../../credentials/credential.js';
import type { RequestOutcome } from '../../tls/request-outcome.js';
import {
  askOnScene,
  certificateOf,
  type Detour,
  type DetourScene,
  type ShownIdentity,
  type Trial,
} from '../detour.js';
import { refusedAnswer } from '../good-answer.js';
import type { Sighting } from '../proof-row.js';
import { sightingOf } from '../sighting.js';

/** A certificate says who somebody is; what that one may have is for the server to hold it against. */
export const wrongIdentity: Detour = {
  id: 'wrong-identity',
  title: 'Gives what is for one client to no other client of the same CA',
  citation: 'CWE-863; RFC 9525 §1',
  expected: 'refuse',
  severity: 'high',
  scope: 'version',
  take: async (scene) => {
    const { identities } = scene;
    if (scene.good.outcome.http === null) return 'what is spoken is not HTTP: it has no paths';
    if (identities.some(({ shown }) => shown === null)) return 'only the CA can make the other identities';
    const paths = [...new Set(identities.map(({ path }) => path))];
    return (await Promise.all(paths.map((path) => triedOn(scene, path)))).flat();
  },
};

interface Other {
  readonly name: string;
  readonly shown: MintedCredential;
}

/** The owners first, who must get in; then everybody else. */
async function triedOn(scene: DetourScene, path: string): Promise<Trial[]> {
  const owners = scene.identities.filter((one) => one.path === path);
  const [owner] = owners as [ShownIdentity];
  const ask = ({ shown }: Pick<Other, 'shown'>): Promise<RequestOutcome> =>
    askOnScene(scene, { request: owner.request, certificate: certificateOf(shown) });
  const own = await ask({ shown: owner.shown! });
  return Promise.all(
    othersOf(scene, owners).map(async (other) => ({
      what: `${other.name} on ${owner.name}’s path`,
      path,
      keyType: other.shown.keyType,
      sighting: judged(await ask(other), own, owner, scene.expect),
    })),
  );
}

/** `good`, where it is none of them itself, and the other identities; somebody of no account where there is neither. */
function othersOf({ identities, good, bystander }: DetourScene, owners: readonly ShownIdentity[]): Other[] {
  const isOwner = (name: string): boolean => owners.some((owner) => owner.name === name);
  const named = identities.filter(({ name, isGood }) => !isOwner(name) && !isGood);
  const distinct = new Map(named.map(({ name, shown }) => [name, { name, shown: shown! }]));
  const isGoodOwner = owners.some(({ isGood }) => isGood);
  const others = [...(isGoodOwner ? [] : [{ name: 'good', shown: good.shown }]), ...distinct.values()];
  return others.length > 0 || bystander === null ? others : [{ name: 'another client', shown: bystander }];
}

/** An application may hide what is another's behind a 404: that is a refusal here. */
function judged(
  outcome: RequestOutcome,
  own: RequestOutcome,
  { name }: ShownIdentity,
  expect: RegExp | null,
): Sighting {
  const ownSighting = sightingOf(own, { good: null, expect: null });
  if (ownSighting.observed !== 'accepted')
    return {
      ...ownSighting,
      observed: 'inconclusive',
      how: null,
      evidence: `${name}, whose path it is, was not let in either (${ownSighting.evidence})`,
    };
  const isExpected = sightingOf(own, { good: null, expect }).observed === 'accepted';
  const { http } = outcome;
  if (http?.status === 404 && own.http?.status !== 404)
    return refusedAnswer(http, `where ${name} got an answer`);
  return sightingOf(outcome, { good: own, expect: isExpected ? expect : null });
}

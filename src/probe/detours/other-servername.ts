import { askOnScene, type Detour, type DetourScene, type Trial } from '../detour.js';
import { isServedToAll, SERVED_TO_ALL, sightingByAnswer } from '../good-answer.js';
import { requestWith } from '../http-request.js';

/** A server chooses by server_name what it asks in the handshake, and by Host what it serves: they need not agree. */
export const otherServername: Detour = {
  id: 'other-servername',
  title: 'Serves nothing of it to strangers who call it by another name',
  citation: 'RFC 6066 §3, RFC 9110 §7.4; CWE-288',
  expected: 'refuse',
  severity: 'critical',
  scope: 'round',
  take: async (scene) => {
    if (scene.good.outcome.http === null) return 'good got no HTTP answer to compare with';
    if (isServedToAll(await scene.stranger, scene)) return SERVED_TO_ALL;
    return Promise.all(waysOf(scene).map((way) => tried(scene, way)));
  },
};

interface Way {
  readonly what: string;
  readonly servername: string | null;
  /** Null leaves Host as it is. */
  readonly host: string | null;
}

function waysOf({ servername, otherNames }: DetourScene): Way[] {
  const others = [...otherNames.filter((name) => name !== servername).slice(0, KNOWN_NAMES), UNKNOWN_NAME];
  return [
    ...others.flatMap((name): Way[] => [
      { what: `server_name ${name}`, servername: name, host: null },
      { what: `server_name and Host ${name}`, servername: name, host: name },
    ]),
    ...(servername === null ? [] : [{ what: 'no server_name', servername: null, host: null }]),
    { what: `Host ${others[0]}`, servername, host: others[0]! },
  ];
}

async function tried(scene: DetourScene, { what, servername, host }: Way): Promise<Trial> {
  const request = host === null ? scene.request : requestWith(scene.request, [['Host', host]]);
  const outcome = await askOnScene(scene, { servername, request });
  return { what, sighting: sightingByAnswer(outcome, scene) };
}

/** So many of the names in the certificate are tried. */
const KNOWN_NAMES = 1;
/** RFC 6761 §6.4: nobody's. */
export const UNKNOWN_NAME = 'sslapi-probe.invalid';

import { askOnScene, certificateOf, type Detour, type DetourScene, type Trial } from '../detour.js';
import { type TakenSession, takeSessions } from '../detour-sessions.js';
import { sightingAgainstStranger } from '../good-answer.js';

/** A resumed session keeps the identity of the client that began it: by design, and as long as the server says. */
export const resumedWithoutCertificate: Detour = {
  id: 'resumed-without-certificate',
  title: 'A session of a client is not gone on with by who shows no certificate',
  citation: 'RFC 8446 §2.2, §4.6.1; RFC 5077 §5',
  expected: 'either',
  severity: 'low',
  scope: 'path and version',
  take: async (scene) => {
    const sessions = await takeSessions(scene, { certificate: certificateOf(scene.good.shown) });
    if (sessions.length === 0) return 'the server gives no session to resume';
    const trials = await Promise.all(sessions.map((session) => tried(scene, session)));
    const untold = trials.find((trial) => typeof trial === 'string');
    return untold ?? trials.filter((trial) => typeof trial !== 'string');
  },
};

async function tried(
  scene: DetourScene,
  { kind, session, lifetimeSeconds }: TakenSession,
): Promise<Trial | string> {
  const outcome = await askOnScene(scene, { session });
  const sighting = sightingAgainstStranger(outcome, await scene.stranger, scene);
  if (typeof sighting === 'string') return sighting;
  const lifetime = lifetimeSeconds > 0 ? `, good for ${lifetimeSeconds} s` : '';
  const what = outcome.resumed ? `resumed by ${kind}${lifetime}` : `not resumed by ${kind}`;
  return { what, sighting };
}

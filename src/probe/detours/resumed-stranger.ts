import type { MintedCredential } from '../../credentials/credential.js';
import { askOnScene, certificateOf, type Detour, type DetourScene, type Trial } from '../detour.js';
import { takeSessions } from '../detour-sessions.js';
import { isServedToAll, SERVED_TO_ALL, sightingByAnswer } from '../good-answer.js';
import { UNKNOWN_NAME } from './other-servername.js';

/** A session is worth what its first handshake has proven. Node takes who resumes one of TLS 1.3 for authorized though nobody
 *  ever showed a certificate; and a session that began under a name that asks for less may be taken under ours. */
export const resumedStranger: Detour = {
  id: 'resumed-stranger',
  title:
    'Takes nobody for a client who goes on with a session that a stranger began, under this name or another',
  citation: 'RFC 8446 §4.6.1; CVE-2025-23419; CWE-287',
  expected: 'refuse',
  severity: 'critical',
  scope: 'path and version',
  take: async (scene) => {
    const { servername, otherNames, selfSigned } = scene;
    if (scene.good.outcome.http === null) return 'good got no HTTP answer to compare with';
    if (isServedToAll(await scene.stranger, scene)) return SERVED_TO_ALL;
    const names = servername === null ? [null] : [servername, ...otherNames.slice(0, 1), UNKNOWN_NAME];
    const strangers = selfSigned === null ? [null] : [null, selfSigned];
    const trials = await Promise.all(
      names.flatMap((name) => strangers.map((who) => tried(scene, name, who))),
    );
    return trials.flat().length > 0 ? trials.flat() : 'strangers are given no session to resume';
  },
};

/** @param who a stranger without a certificate, or with one that it has signed itself: another name may take either */
async function tried(
  scene: DetourScene,
  name: string | null,
  who: MintedCredential | null,
): Promise<Trial[]> {
  const certificate = who === null ? null : certificateOf(who);
  const sessions = await takeSessions(scene, { servername: name, certificate });
  return Promise.all(
    sessions.map(async ({ kind, session }) => {
      const outcome = await askOnScene(scene, { session });
      const elsewhere = name === scene.servername ? '' : ` of ${name}`;
      const begun = who === null ? '' : ', begun with self-signed';
      const what = `${outcome.resumed ? 'resumed' : 'not resumed'} by ${kind}${elsewhere}${begun}`;
      return { what, sighting: sightingByAnswer(outcome, scene) };
    }),
  );
}

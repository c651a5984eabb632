import { askOnScene, type Detour, type DetourScene, type Trial } from '../detour.js';
import { sightingAgainstStranger } from '../good-answer.js';
import { requestWith } from '../http-request.js';
import { type SpoofedFields, spoofedFields } from '../spoofed-fields.js';

/** Whoever is trusted to say who the client is has to take such words out of what clients say. */
export const spoofedHeader: Detour = {
  id: 'spoofed-header',
  title: 'Believes no header field that says who the client is',
  citation: 'CWE-290; RFC 9440 §4',
  expected: 'refuse',
  severity: 'critical',
  scope: 'round',
  take: async (scene) => {
    if (scene.good.outcome.http === null) return 'what is spoken is not HTTP';
    const trials = await Promise.all(spoofedFields(scene.good.shown).map((spoofed) => tried(scene, spoofed)));
    const untold = trials.find((trial) => typeof trial === 'string');
    return untold ?? trials.filter((trial) => typeof trial !== 'string');
  },
};

async function tried(scene: DetourScene, { style, fields }: SpoofedFields): Promise<Trial | string> {
  const outcome = await askOnScene(scene, { request: requestWith(scene.request, fields) });
  const stranger = await scene.stranger;
  const sighting = sightingAgainstStranger(outcome, stranger, scene);
  if (typeof sighting === 'string') return sighting;
  const what = `as ${style} write${style.includes(' and ') ? '' : 's'} it`;
  const isTooMuch = TOO_MUCH.has(outcome.http?.status ?? 0) && outcome.http?.status !== stranger.http?.status;
  if (!isTooMuch) return { what, sighting };
  const evidence = `HTTP ${outcome.http!.status}: the header was too much, whoever sends it`;
  return { what, sighting: { ...sighting, observed: 'inconclusive', how: null, evidence } };
}

/** Of a head that is too long or not to the server's taste. */
const TOO_MUCH = new Set([400, 413, 431, 494]);

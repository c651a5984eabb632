import type { Detour, DetourScene, DetourScope, Trial } from './detour.js';
import { DETOURS } from './detour-list.js';
import { judgeBad, type RowDraft, type TwinSighting, unmadeRow } from './judge-row.js';
import type { ProofAdvice } from './proof-advice.js';
import type { ProofRow, Sighting } from './proof-row.js';

/** A detour and what came of it; words where there was nothing to try. */
export interface TakenDetour {
  readonly detour: Detour;
  readonly trials: readonly Trial[] | string;
}

/** Takes every detour of these scopes, all at once. */
export function takeDetours(scene: DetourScene, scopes: ReadonlySet<DetourScope>): Promise<TakenDetour[]> {
  return Promise.all(
    wantedDetours(scene, scopes).map(async (detour) => ({ detour, trials: await detour.take(scene) })),
  );
}

/** Those that are not tried say why. */
export function untakenDetours(
  scene: Pick<DetourScene, 'identities'>,
  scopes: ReadonlySet<DetourScope>,
  why: string,
): TakenDetour[] {
  return wantedDetours(scene, scopes).map((detour) => ({ detour, trials: why }));
}

/** Identities are told apart only where somebody named them. */
function wantedDetours(
  { identities }: Pick<DetourScene, 'identities'>,
  scopes: ReadonlySet<DetourScope>,
): Detour[] {
  return DETOURS.filter(
    ({ id, scope }) => scopes.has(scope) && (id !== 'wrong-identity' || identities.length > 0),
  );
}

/** The rows of what was tried: one for each path.
 *  @param good what came of `good` before and after */
export function detourRows(
  { detour, trials }: TakenDetour,
  place: Pick<RowDraft, 'tlsVersion' | 'alpn' | 'path'>,
  good: TwinSighting,
  advice: ProofAdvice,
): ProofRow[] {
  const { id, expected, severity } = detour;
  const draft = { ...place, credential: id, keyType: null, expected, severity };
  if (typeof trials === 'string') return [unmadeRow(draft, trials)];
  const paths = [...new Set(trials.map(({ path }) => path ?? place.path))];
  return paths.map((path) => {
    const here = trials.filter((trial) => (trial.path ?? place.path) === path);
    const [worst] = [...here].sort((a, b) => rank(a) - rank(b)) as [Trial];
    const own = {
      ...draft,
      path,
      keyType: worst.keyType ?? null,
      alpn: worst.alpn === undefined ? place.alpn : worst.alpn,
    };
    return judgeBad(detour, own, told(here, worst), { good, own: null }, advice);
  });
}

/** The worst speaks for all: what came of it first, then in which ways. */
function told(trials: readonly Trial[], worst: Trial): Sighting {
  const alike = trials.filter(({ sighting }) => sighting.observed === worst.sighting.observed);
  const ways = new Map<string, string[]>();
  for (const { what, sighting } of alike)
    ways.set(sighting.evidence, [...(ways.get(sighting.evidence) ?? []), what]);
  const words = [...ways].map(([evidence, whats]) => `${evidence} (${waysInWords(whats)})`);
  return { ...worst.sighting, evidence: words.join(', ') };
}

function waysInWords(whats: readonly string[]): string {
  const shown = whats.slice(0, SHOWN_WAYS).join(', ');
  return whats.length > SHOWN_WAYS ? `${shown}, and ${whats.length - SHOWN_WAYS} more` : shown;
}

function rank({ sighting }: Trial): number {
  return WORST_FIRST.indexOf(sighting.observed);
}

const WORST_FIRST: ReadonlyArray<Sighting['observed']> = ['accepted', 'inconclusive', 'not-sent', 'refused'];
const SHOWN_WAYS = 3;

/** What a server takes of a list: found by offering parts of it, each answer telling one member and each refusal the rest. */
export interface Taken {
  readonly ids: readonly number[];
  /** Every answer: what was chosen, and among what, in the order that it was offered in. */
  readonly choices: readonly Choice[];
  /** Why there may be more; null where there are none. */
  readonly incomplete: string | null;
}

export interface Choice {
  readonly chosen: number;
  readonly among: readonly number[];
}

/** What came of an offer: the one that was chosen, none of them, or why it could not be told. */
export type Chosen = number | 'none' | { readonly why: string };

/** Offers parts of `ids` at once; what is left of a part that had something is offered in smaller parts.
 *  @param sizes how large the parts are at each step, falling; [4, 1] offers four at once, then the other three singly. Where
 *  the sizes end, what is left is offered whole again and again, until it is refused: the way with the fewest offers */
export async function takenOf(
  ids: readonly number[],
  sizes: readonly number[],
  choose: (offered: readonly number[]) => Promise<Chosen>,
): Promise<Taken> {
  const [size = ids.length, ...smaller] = sizes;
  const parts: Array<readonly number[]> = [];
  for (let start = 0; start < ids.length; start += size) parts.push(ids.slice(start, start + size));
  return together(await Promise.all(parts.map((part) => takenOfPart(part, smaller, choose))));
}

async function takenOfPart(
  ids: readonly number[],
  smaller: readonly number[],
  choose: (offered: readonly number[]) => Promise<Chosen>,
): Promise<Taken> {
  const chosen = await choose(ids);
  if (chosen === 'none') return NOTHING;
  if (typeof chosen !== 'number') return { ...NOTHING, incomplete: chosen.why };
  const first = { ids: [chosen], choices: [{ chosen, among: ids }], incomplete: null };
  const rest = ids.filter((id) => id !== chosen);
  if (rest.length === ids.length) return { ...NOTHING, incomplete: 'the server chose what was not offered' };
  if (rest.length === 0) return first;
  return together([first, await takenOf(rest, smaller, choose)]);
}

/** Several findings of one list as one. */
export function together(found: readonly Taken[]): Taken {
  return {
    ids: found.flatMap(({ ids }) => ids),
    choices: found.flatMap(({ choices }) => choices),
    incomplete: found.find(({ incomplete }) => incomplete !== null)?.incomplete ?? null,
  };
}

const NOTHING: Taken = { ids: [], choices: [], incomplete: null };

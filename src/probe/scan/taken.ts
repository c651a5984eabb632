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

/** How a list is offered: in parts of so many at once, or whole and at the same time without its first, its first two and
 *  so on, each offer for the one at its head. */
export type Step = number | 'chain';

/** Offers parts of `ids` at once; what is left of a part that had something is offered in smaller parts.
 *  @param steps how large the parts are at each step, falling; [4, 1] offers four at once, then the other three singly. Where
 *  the steps end, what is left is offered whole again and again, until it is refused: the way with the fewest offers */
export async function takenOf(
  ids: readonly number[],
  steps: readonly Step[],
  choose: (offered: readonly number[]) => Promise<Chosen>,
): Promise<Taken> {
  const [size = ids.length, ...smaller] = steps;
  if (size === 'chain') return takenInChain(ids, choose);
  const parts: Array<readonly number[]> = [];
  for (let start = 0; start < ids.length; start += size) parts.push(ids.slice(start, start + size));
  return together(await Promise.all(parts.map((part) => takenOfPart(part, smaller, choose))));
}

async function takenOfPart(
  ids: readonly number[],
  smaller: readonly Step[],
  choose: (offered: readonly number[]) => Promise<Chosen>,
): Promise<Taken> {
  const chosen = await choose(ids);
  if (chosen === 'none') return NOTHING;
  if (typeof chosen !== 'number') return { ...NOTHING, incomplete: chosen.why };
  const first = { ids: [chosen], choices: [{ chosen, among: ids }], incomplete: null };
  const rest = ids.filter((id) => id !== chosen);
  if (rest.length === ids.length) return { ...NOTHING, incomplete: CHOSE_UNOFFERED };
  if (rest.length === 0) return first;
  return together([first, await takenOf(rest, smaller, choose)]);
}

/** As many offers as there are in the list, all at once: they tell what is taken, as single ones would, and where the list is
 *  in the server's order they prove that too. What stands at the head of an offer and was not chosen is asked for again. */
async function takenInChain(
  ids: readonly number[],
  choose: (offered: readonly number[]) => Promise<Chosen>,
): Promise<Taken> {
  const offers = ids.map((_id, from) => ids.slice(from));
  const answers = await Promise.all(offers.map((among) => choose(among)));
  const choices = offers.flatMap((among, from) => {
    const chosen = answers[from];
    return typeof chosen === 'number' && among.includes(chosen) ? [{ chosen, among }] : [];
  });
  const taken = new Set(choices.map(({ chosen }) => chosen));
  const open = ids.filter((id, from) => !taken.has(id) && answers[from] !== 'none');
  const found = { ids: [...taken], choices, incomplete: null };
  if (open.length === 0) return found;
  if (taken.size > 0) return together([found, await takenOf(open, [open.length, 1], choose)]);
  const why = answers.flatMap((answer) => (typeof answer === 'object' ? [answer.why] : []))[0];
  return { ...NOTHING, incomplete: why ?? CHOSE_UNOFFERED };
}

/** Several findings of one list as one. */
export function together(found: readonly Taken[]): Taken {
  return {
    ids: found.flatMap(({ ids }) => ids),
    choices: found.flatMap(({ choices }) => choices),
    incomplete: found.find(({ incomplete }) => incomplete !== null)?.incomplete ?? null,
  };
}

/** Why a list is not known where a server keeps to none. */
export const CHOSE_UNOFFERED = 'the server chose what was not offered';
const NOTHING: Taken = { ids: [], choices: [], incomplete: null };

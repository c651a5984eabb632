import { type Told, told, untold } from '../scan.js';
import { mayJumpQueue, preferenceOf } from './preference.js';
import type { Choice, Chosen } from './taken.js';

type Choose = (offered: readonly number[]) => Promise<Chosen>;

/** The suites of one version in the server's order, and whether it has one. */
export interface OrderedSuites {
  readonly ids: readonly number[];
  readonly serverOrder: Told<boolean>;
}

/** Tells whether the server chooses by its own order, and by which: what its choices so far do not tell, it is asked.
 *  @param accepted all that it takes
 *  @param choices what it has chosen so far, and among what
 *  @param wide in few rounds, rather than with few offers */
export async function orderedSuites(
  accepted: readonly number[],
  choices: readonly Choice[],
  choose: Choose,
  wide: boolean,
): Promise<OrderedSuites> {
  const asTables = [...accepted].sort((a, b) => a - b);
  if (accepted.length < 2)
    return { ids: asTables, serverOrder: untold('one suite leaves nothing to choose') };
  const known = choices.map((choice) => amongTaken(choice, accepted));
  const serverOrder = serverOrderBy(known) ?? (await askForOrder(accepted, known, choose));
  if (serverOrder.value !== true) return { ids: asTables, serverOrder };
  const telling = known.filter(({ chosen, among }) => chosen !== among[0] || !mayJumpQueue(chosen));
  return { ids: await inServerOrder(accepted, telling, choose, wide), serverOrder };
}

function amongTaken({ chosen, among }: Choice, accepted: readonly number[]): Choice {
  return { chosen, among: among.filter((id) => accepted.includes(id)) };
}

/** A choice that was not the first of ours is by the server's order; two choices that gainsay each other are by ours. */
function serverOrderBy(choices: readonly Choice[]): Told<boolean> | null {
  if (choices.some(({ chosen, among }) => chosen !== among[0])) return told(true);
  const telling = choices.filter(({ chosen }) => !mayJumpQueue(chosen));
  const gainsaid = telling.some(({ chosen, among }) =>
    telling.some(
      (other) => other.chosen !== chosen && among.includes(other.chosen) && other.among.includes(chosen),
    ),
  );
  return gainsaid ? told(false) : null;
}

/** Offers the list, then with what was chosen at its end. */
async function askForOrder(
  accepted: readonly number[],
  known: Choice[],
  choose: Choose,
): Promise<Told<boolean>> {
  const steady = accepted.filter((id) => !mayJumpQueue(id));
  const list = steady.length < 2 ? accepted : steady;
  const before = known.find(
    ({ among, chosen }) => list.includes(chosen) && list.every((id) => among.includes(id)),
  );
  const first = before?.chosen ?? (await choose(list));
  if (typeof first !== 'number') return couldNotBeAsked(first);
  const last = [...list.filter((id) => id !== first), first];
  const second = await choose(last);
  if (typeof second !== 'number') return couldNotBeAsked(second);
  known.push({ chosen: first, among: list }, { chosen: second, among: last });
  return told(second === first);
}

function couldNotBeAsked(chosen: Exclude<Chosen, number>): Told<boolean> {
  return untold(chosen === 'none' ? 'the server refused the suites that it takes singly' : chosen.why);
}

/** Which suites each one was preferred to. */
type Beaten = ReadonlyMap<number, ReadonlySet<number>>;

/** Sorts by a guess, proves every neighbour at once, and mends by merging what turns out to be in order by itself. */
async function inServerOrder(
  accepted: readonly number[],
  known: readonly Choice[],
  choose: Choose,
  wide: boolean,
): Promise<readonly number[]> {
  const beaten = beatenBy(known);
  const precedes = comparison(beaten, choose);
  const runs = await runsOf(guessedOrder(accepted, beaten), precedes);
  return wide ? mergedByHalving(runs, precedes) : mergedByHeads(runs, beaten, choose);
}

function beatenBy(known: readonly Choice[]): Beaten {
  const beaten = new Map<number, Set<number>>();
  for (const { chosen, among } of known) {
    const behind = beaten.get(chosen) ?? new Set();
    for (const id of among) if (id !== chosen) behind.add(id);
    beaten.set(chosen, behind);
  }
  return beaten;
}

type Precedes = (a: number, b: number) => Promise<boolean>;

/** Whether the server prefers one suite to another; a pair that it does not answer stays as it was guessed. */
function comparison(beaten: Beaten, choose: Choose): Precedes {
  return async (a, b) => {
    if (beaten.get(a)?.has(b)) return true;
    if (beaten.get(b)?.has(a)) return false;
    const chosen = await choose(mayJumpQueue(b) ? [a, b] : [b, a]);
    return chosen !== b;
  };
}

/** What choices are known of comes first; the rest is put where its like stands. */
function guessedOrder(accepted: readonly number[], beaten: Beaten): number[] {
  const guess = [...accepted].sort((a, b) => preferenceOf(a) - preferenceOf(b));
  const order: number[] = [];
  while (guess.length > 0) {
    const next = guess.find((id) => !guess.some((other) => beaten.get(other)?.has(id))) ?? guess[0]!;
    guess.splice(guess.indexOf(next), 1);
    order.push(next);
  }
  return order;
}

/** Cuts a list wherever a neighbour does not follow. */
async function runsOf(order: readonly number[], precedes: Precedes): Promise<number[][]> {
  const follows = await Promise.all(order.slice(1).map((id, index) => precedes(order[index]!, id)));
  const runs: number[][] = [[order[0]!]];
  for (const [index, does] of follows.entries()) {
    if (does) runs.at(-1)!.push(order[index + 1]!);
    else runs.push([order[index + 1]!]);
  }
  return runs;
}

/** Two and two at once, until there is one: a few rounds, however long they are. */
async function mergedByHalving(runs: readonly number[][], precedes: Precedes): Promise<readonly number[]> {
  let left: ReadonlyArray<readonly number[]> = runs;
  while (left.length > 1) {
    const pairs = left.flatMap((run, index) =>
      index % 2 === 0 ? [[run, left[index + 1] ?? []] as const] : [],
    );
    left = await Promise.all(pairs.map(([upper, lower]) => merged(upper, lower, precedes)));
  }
  return left[0] ?? [];
}

/** Offers the heads of all runs: one offer tells which comes next. */
async function mergedByHeads(
  runs: readonly number[][],
  beaten: Beaten,
  choose: Choose,
): Promise<readonly number[]> {
  const left = runs.map((run) => [...run]);
  const order: number[] = [];
  while (left.length > 1) {
    const heads = left.map(([head]) => head!);
    const next = heads.find((head) => heads.every((other) => other === head || beaten.get(head)?.has(other)));
    const chosen =
      next ?? (await choose([...heads.filter((id) => !mayJumpQueue(id)), ...heads.filter(mayJumpQueue)]));
    const place = Math.max(
      0,
      left.findIndex(([head]) => head === chosen),
    );
    order.push(left[place]!.shift()!);
    if (left[place]!.length === 0) left.splice(place, 1);
  }
  return [...order, ...(left[0] ?? [])];
}

/** Finds the place of each of one run in the other by halving, all at once. */
async function merged(
  upper: readonly number[],
  lower: readonly number[],
  precedes: Precedes,
): Promise<number[]> {
  const [long, short] = upper.length >= lower.length ? [upper, lower] : [lower, upper];
  const places = await Promise.all(short.map((id) => placeOf(id, long, precedes)));
  const inserted = short.map((id, index) => ({ id, place: places[index]! }));
  return long
    .flatMap((id, index) => [...inserted.filter(({ place }) => place === index).map((entry) => entry.id), id])
    .concat(inserted.filter(({ place }) => place >= long.length).map(({ id }) => id));
}

/** Several places at once are compared with: two rounds for a long list, instead of one for every halving. */
async function placeOf(id: number, list: readonly number[], precedes: Precedes): Promise<number> {
  let [from, to] = [0, list.length];
  while (from < to) {
    const step = Math.ceil((to - from) / (AT_ONCE + 1));
    const places = list.flatMap((_one, place) =>
      place >= from && place < to && (place - from + 1) % step === 0 ? [place] : [],
    );
    const behind = await Promise.all(places.map((place) => precedes(list[place]!, id)));
    const last = behind.lastIndexOf(true);
    [from, to] = [last === -1 ? from : places[last]! + 1, places[last + 1] ?? to];
  }
  return from;
}

const AT_ONCE = 7;

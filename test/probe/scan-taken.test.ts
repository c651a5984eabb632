import { describe, expect, it } from 'vitest';
import { type Chosen, type Step, takenOf } from '../../src/probe/scan/taken.js';

const LIST = Array.from({ length: 100 }, (_, index) => index);

/** A server that takes these, the first in its own order. */
const server = (accepted: readonly number[]) => {
  const offers: Array<readonly number[]> = [];
  const choose = async (offered: readonly number[]): Promise<Chosen> => {
    offers.push(offered);
    return accepted.find((id) => offered.includes(id)) ?? 'none';
  };
  return { choose, offers };
};
const sorted = (ids: readonly number[]): number[] => [...ids].sort((a, b) => a - b);

describe('what a server takes of a list', () => {
  const sets = [[], [0], [99], [1, 2, 3, 4, 5], [50, 7, 93], LIST];

  it.each<[Step[]]>([
    [[1]],
    [[124]],
    [[20]],
    [[124, 4, 1]],
    [[4, 1]],
    [[]],
    [['chain']],
    [[124, 'chain']],
    [[124, 4, 'chain']],
  ])('is found by parts of %j', async (steps) => {
    for (const accepted of [...sets, [...LIST].reverse()]) {
      const { ids, incomplete } = await takenOf(LIST, steps, server(accepted).choose);

      expect(sorted(ids)).toEqual(sorted(accepted));
      expect(incomplete).toBeNull();
    }
  });

  it('takes one offer more than there are members where the parts are whole', async () => {
    const { choose, offers } = server([50, 7, 93]);

    await takenOf(LIST, [124], choose);

    expect(offers).toHaveLength(4);
  });

  it('takes one round of single offers', async () => {
    const { choose, offers } = server([50, 7, 93]);

    await takenOf(LIST, [1], choose);

    expect(offers.every((offer) => offer.length === 1)).toBe(true);
    expect(offers).toHaveLength(100);
  });

  it('takes one round of a chain where the list is in the server’s order, and proves it', async () => {
    const { choose, offers } = server(LIST);

    const { ids, choices } = await takenOf(LIST, ['chain'], choose);

    expect(offers).toHaveLength(100);
    expect(ids).toEqual(LIST);
    expect(choices.map(({ chosen, among }) => [chosen, among.length])).toEqual(
      LIST.map((id) => [id, 100 - id]),
    );
  });

  it('asks again for what stood at the head of a chain and was not chosen, all in one offer', async () => {
    const { choose, offers } = server([50, 7, 93]);

    await takenOf(LIST, ['chain'], choose);

    expect(offers.slice(100).map((offer) => offer.length)).toEqual([92, ...Array(91).fill(1)]);
  });

  it('of a chain is incomplete where nothing is answered', async () => {
    const { ids, incomplete } = await takenOf(LIST, ['chain'], async () => ({
      why: 'no answer came in time',
    }));

    expect(ids).toEqual([]);
    expect(incomplete).toBe('no answer came in time');
  });

  it('tells the server’s order where each offer is of all that is left', async () => {
    const { ids } = await takenOf(LIST, [124], server([50, 7, 93]).choose);

    expect(ids).toEqual([50, 7, 93]);
  });

  it('is incomplete where one offer was not answered, and has what the others told', async () => {
    const { choose } = server([1, 50]);
    const silent = async (offered: readonly number[]): Promise<Chosen> =>
      offered.includes(50) ? { why: 'no answer came in time' } : choose(offered);

    const { ids, incomplete } = await takenOf(LIST, [10], silent);

    expect(ids).toEqual([1]);
    expect(incomplete).toBe('no answer came in time');
  });

  it('is incomplete where the server chooses what was not offered, and ends', async () => {
    const { ids, incomplete } = await takenOf(LIST, [124], async () => 4711);

    expect(ids).toEqual([]);
    expect(incomplete).toBe('the server chose what was not offered');
  });
});

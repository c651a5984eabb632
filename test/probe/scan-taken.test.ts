import { describe, expect, it } from 'vitest';
import { type Chosen, takenOf } from '../../src/probe/scan/taken.js';

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

  it.each([[[1]], [[124]], [[20]], [[124, 4, 1]], [[4, 1]], [[]]])(
    'is found by parts of %j',
    async (sizes) => {
      for (const accepted of sets) {
        const { ids, incomplete } = await takenOf(LIST, sizes, server(accepted).choose);

        expect(sorted(ids)).toEqual(sorted(accepted));
        expect(incomplete).toBeNull();
      }
    },
  );

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

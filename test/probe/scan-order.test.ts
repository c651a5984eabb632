import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { preferenceOf } from '../../src/probe/scan/preference.js';
import { orderedSuites } from '../../src/probe/scan/suite-order.js';
import type { Chosen } from '../../src/probe/scan/taken.js';
import { cipherSuiteNamed } from '../../src/tls/cipher-suite.js';
import { OLDER_SUITES } from '../../src/tls/full-offer.js';
import { peer } from '../peers/peer.js';
import { seeded } from '../tls/seeded.js';

const CHACHA = 0xcca8;

/** A server with an order of its own. */
const server = (order: readonly number[]) => {
  let offers = 0;
  const choose = async (offered: readonly number[]): Promise<Chosen> => {
    offers += 1;
    return order.find((id) => offered.includes(id)) ?? 'none';
  };
  return { choose, offers: () => offers };
};
const shuffled = (list: readonly number[], seed: number): number[] => {
  const { below } = seeded(seed);
  return list
    .map((id) => ({ id, at: below(1_000_000) }))
    .sort((a, b) => a.at - b.at)
    .map(({ id }) => id);
};

describe.each([
  ['in few rounds', true],
  ['with few offers', false],
])('the server’s order, %s', (_how, wide) => {
  it('is found, whatever it is', async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const order = shuffled(OLDER_SUITES, seed).slice(0, 1 + (seed % 39));
      const { choose } = server(order);

      const { ids, serverOrder } = await orderedSuites(
        [...order].sort((a, b) => a - b),
        [],
        choose,
        wide,
      );

      expect(ids).toEqual(order);
      expect(serverOrder.value).toBe(order.length > 1 ? true : null);
    }
  });

  it('is proved, not believed, where choices are known already', async () => {
    const order = shuffled(OLDER_SUITES, 7);
    const half = order.filter((_id, index) => index % 2 === 0);
    const choices = half.map((chosen, index) => ({ chosen, among: [...half.slice(index)].reverse() }));
    const { choose } = server(order);

    expect((await orderedSuites(order, choices, choose, wide)).ids).toEqual(order);
  });
});

describe('the order of preference', () => {
  it('is the client’s where the first that is offered is chosen', async () => {
    const choose = async (offered: readonly number[]): Promise<Chosen> => offered[0] ?? 'none';

    const { ids, serverOrder } = await orderedSuites([0xc02f, 0x002f, 0xc030], [], choose, true);

    expect(serverOrder.value).toBe(false);
    expect(ids).toEqual([0x002f, 0xc02f, 0xc030]);
  });

  it('is the server’s though it lets ChaCha20 jump the queue', async () => {
    const order = [0xc030, 0xc02f, CHACHA, 0x002f];
    const choose = async (offered: readonly number[]): Promise<Chosen> =>
      offered[0] === CHACHA ? CHACHA : order.find((id) => offered.includes(id))!;

    const { ids, serverOrder } = await orderedSuites(order, [], choose, true);

    expect(serverOrder.value).toBe(true);
    expect(ids).toEqual(order);
  });

  it('is untold where there is one suite, or none', async () => {
    const { choose } = server([0xc030]);

    expect((await orderedSuites([0xc030], [], choose, true)).serverOrder.why).toMatch(/one suite/);
    expect((await orderedSuites([], [], choose, true)).ids).toEqual([]);
  });

  it('is untold where the server falls silent', async () => {
    const { serverOrder } = await orderedSuites([0xc030, 0xc02f], [], async () => ({ why: 'silence' }), true);

    expect(serverOrder).toEqual({ value: null, why: 'silence' });
  });

  it('is proved with an offer for each neighbour where the guess is right', async () => {
    const order = [...OLDER_SUITES].sort((a, b) => preferenceOf(a) - preferenceOf(b));
    const { choose, offers } = server(order);

    await orderedSuites(order, [], choose, true);

    expect(offers()).toBeLessThanOrEqual(order.length + 1);
  });

  it.runIf(peer('openssl'))('is guessed as OpenSSL sorts its own list', () => {
    const ciphers = execFileSync(
      'openssl',
      ['ciphers', '-tls1_2', '-s', 'ALL:COMPLEMENTOFALL:!PSK:!SRP:!DSS:@SECLEVEL=0'],
      {
        encoding: 'utf8',
      },
    );
    const ids = ciphers
      .trim()
      .split(':')
      .map((name) => cipherSuiteNamed(name)!.id);

    expect([...ids].sort((a, b) => preferenceOf(a) - preferenceOf(b))).toEqual(ids);
  });
});

import { describe, expect, it } from 'vitest';
import { ConnectionBudget } from '../../src/probe/connection-budget.js';
import { Connections } from '../../src/probe/connections.js';
import { PoliteQueue } from '../../src/probe/polite-queue.js';

/** Work that goes on until it is told to end, and is seen while it does. */
class Watched {
  readonly running: string[] = [];
  readonly #ends = new Map<string, () => void>();

  readonly work = (name: string) => (): Promise<string> => {
    this.running.push(name);
    return new Promise((resolve) => {
      this.#ends.set(name, () => {
        this.running.splice(this.running.indexOf(name), 1);
        resolve(name);
      });
    });
  };

  async end(name: string): Promise<void> {
    this.#ends.get(name)?.();
    await settled();
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('endpoints that wait to be looked at', () => {
  it('begin in order, so many at once, and so many of one host', async () => {
    const queue = new PoliteQueue(3, 2);
    const { work, running, end } = bound(new Watched());
    const done = ['a1', 'a2', 'a3', 'b1', 'c1'].map((name) => queue.run(name.charAt(0), work(name)));
    await settled();
    expect(running).toEqual(['a1', 'a2', 'b1']); // the third port of a waits, b goes before it

    await end('b1');
    expect(running).toEqual(['a1', 'a2', 'c1']);

    await end('a2');
    expect(running).toEqual(['a1', 'c1', 'a3']);

    for (const name of ['a3', 'c1', 'a1']) await end(name);
    expect(await Promise.all(done)).toEqual(['a1', 'a2', 'a3', 'b1', 'c1']);
  });

  it('go on after one of them has failed', async () => {
    const queue = new PoliteQueue(1, 1);
    const failed = queue.run('a', () => Promise.reject(new Error('no')));
    const next = queue.run('a', async () => 'next');

    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('next');
  });

  it('do not begin once it is stopped', async () => {
    const queue = new PoliteQueue(1, 1);
    const { work, running, end } = bound(new Watched());
    queue.run('a', work('a1'));
    queue.run('a', work('a2'));
    await settled();

    queue.stop();
    await end('a1');

    expect(running).toEqual([]);
  });
});

describe('places for connections', () => {
  it('go to the endpoint that has waited longest, one by one', () => {
    const budget = new ConnectionBudget(1);
    const got: string[] = [];
    const ask = (name: string) => (): void => {
      if (budget.take(ask(name))) got.push(name);
    };

    for (const name of ['a', 'b', 'c']) ask(name)();
    expect(got).toEqual(['a']);

    budget.give();
    expect(got).toEqual(['a', 'b']);

    budget.give();
    budget.give();
    ask('d')();
    ask('e')();
    expect(got).toEqual(['a', 'b', 'c', 'd']);
  });

  it('hold over all endpoints that share them, whatever each of them may have', async () => {
    const budget = new ConnectionBudget(3);
    const endpoints = [1, 2, 3].map((port) => new Connections({ host: 'a.test', port }, 10, 1_000, budget));
    let open = 0;
    let most = 0;
    const connection = async (): Promise<void> => {
      open += 1;
      most = Math.max(most, open);
      await settled();
      open -= 1;
    };

    const ports: number[] = [];
    await Promise.all(
      endpoints.flatMap((endpoint) =>
        Array.from({ length: 20 }, () =>
          endpoint.use(connection).then(() => ports.push(endpoint.target.port)),
        ),
      ),
    );

    expect(most).toBe(3);
    expect(endpoints.map(({ count }) => count)).toEqual([20, 20, 20]);
    expect(new Set(ports.slice(0, 30))).toEqual(new Set([1, 2, 3])); // nobody waits for another to be done
  });
});

function bound(watched: Watched): Pick<Watched, 'work' | 'running' | 'end'> {
  return { work: watched.work, running: watched.running, end: (name) => watched.end(name) };
}

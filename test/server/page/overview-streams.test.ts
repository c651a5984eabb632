import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { LiveCounts } from '../../../src/server/page/live-counts.js';
import type { Overview } from '../../../src/server/page/overview.js';
import { MAX_VIEWERS, OverviewStreams, type Viewer } from '../../../src/server/page/overview-streams.js';

const NOTHING: LiveCounts = {
  handshakes: 0,
  resumed: 0,
  openConnections: 0,
  requests: 0,
  refused: 0,
  refusals: [],
};
let counts = NOTHING;
let edition = 1;
let mayStay = true;
const VIEWER: Viewer = {
  overview: () => ({ schemaVersion: 1, edition, counts }) as unknown as Overview,
  edition: () => edition,
  mayStay: () => mayStay,
};
let looks = 0;
const look = (): LiveCounts => {
  looks += 1;
  return counts;
};
const streams = new OverviewStreams(look, 20);
afterEach(() => {
  streams.end();
  [counts, edition, mayStay] = [NOTHING, 1, true];
});

describe('a stream of overviews', () => {
  it('begins with all there is, and then tells counts that have changed', async () => {
    const stream = streams.open(VIEWER);

    expect(await next(stream)).toEqual({ event: 'overview', edition: 1, handshakes: 0 });
    counts = { ...NOTHING, handshakes: 7 };
    expect(await next(stream)).toEqual({ event: 'counts', edition: undefined, handshakes: 7 });
  });

  it('tells all again where more has changed than counts', async () => {
    const stream = streams.open(VIEWER);
    await next(stream);

    edition = 2;

    expect(await next(stream)).toEqual({ event: 'overview', edition: 2, handshakes: 0 });
  });

  it('ends when its viewer may look no more', async () => {
    const stream = streams.open(VIEWER);
    await next(stream);

    mayStay = false;

    stream.resume();
    await once(stream, 'end');
  });

  it('of a client that does not read holds what it was told first, and no more', async () => {
    const idle = streams.open(VIEWER);
    const watched = streams.open(VIEWER);
    await next(watched);
    const text = 'x'.repeat(40_000);
    const refusal = { code: 'not-tls', title: text, count: 1, fix: '', lastAt: '' } as const;

    for (let told = 1; told <= 3; told += 1) {
      counts = { ...NOTHING, handshakes: told, refusals: [refusal] };
      await next(watched);
    }

    expect(idle.readableLength).toBeLessThan(50_000);
  });

  it('costs one look at the counts for all that are open, and none where nobody watches', async () => {
    const all = Array.from({ length: 50 }, () => streams.open(VIEWER));
    await Promise.all(all.map(next));
    const before = looks;
    counts = { ...NOTHING, handshakes: 3 };

    await Promise.all(all.map(next));

    expect(looks - before).toBeLessThan(25);
    for (const stream of all) stream.destroy();
    await Promise.all(all.map((stream) => stream.closed || once(stream, 'close')));
    const after = looks;
    await sleep(100);
    expect(looks).toBe(after);
  });

  it('is told once to whoever comes when too many look already', async () => {
    const first = Array.from({ length: MAX_VIEWERS }, () => streams.open(VIEWER));

    const late = await streams.open(VIEWER).toArray();

    expect(late.map(String)).toEqual([expect.stringMatching(/^event: overview\n/)]);
    expect(first.filter(({ readableEnded }) => readableEnded)).toEqual([]);
  });
});

/** The next event, with what the tests look at. */
async function next(stream: Readable): Promise<unknown> {
  const [chunk] = (await once(stream.resume(), 'data')) as [Buffer];
  stream.pause();
  const [, event, data = ''] = /^event: (\w+)\ndata: (.*)\n\n$/.exec(chunk.toString()) ?? [];
  const { counts: told, edition: of } = JSON.parse(data) as { counts: LiveCounts; edition?: number };
  return { event, edition: of, handshakes: told.handshakes };
}

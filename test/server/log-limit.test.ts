import { describe, expect, it } from 'vitest';
import { serverRefusal } from '../../src/server/client-refusal.js';
import { LogLimit, limitedLog } from '../../src/server/log-limit.js';
import {
  type RefusedEvent,
  type ServerEvent,
  type ServerRefusalCode,
  serverEventJson,
  serverEventLine,
} from '../../src/server/server-event.js';

const AT_ONCE = 0;

function refused(atMs: number, code: ServerRefusalCode = 'rate-limited'): RefusedEvent {
  const refusal = serverRefusal(code, 'why', 'what helps');
  return { kind: 'refused', at: new Date(atMs), client: null, during: 'request', ...refusal };
}

/** What is logged of a flood. */
function logged(limit: LogLimit, ...events: readonly ServerEvent[]): string[] {
  return events.flatMap((event) => limit.take(event)).map(describeEvent);
}

function describeEvent(event: ServerEvent): string {
  return event.kind === 'refused-more' ? `${event.code} +${event.count}` : event.kind;
}

function times(count: number, event: ServerEvent): ServerEvent[] {
  return Array.from({ length: count }, () => event);
}

describe('a log under a flood', () => {
  it.each([
    ['as many as there are lines for are all logged', 20, []],
    ['one more is told as one more', 21, ['rate-limited +1']],
    ['a hundred thousand are one line', 100_000, ['rate-limited +99980']],
  ])('%s', (_what, count, rest) => {
    const limit = new LogLimit();

    const lines = logged(limit, ...times(count, refused(AT_ONCE)));

    expect(lines).toEqual(times(20, refused(0)).map(describeEvent));
    expect(limit.isHolding).toBe(rest.length > 0);
    expect(limit.rest(new Date(999)).map(describeEvent)).toEqual(rest);
    expect(limit.rest(new Date(1_000))).toEqual([]);
  });

  it.each([
    ['still in the same second', 999, []],
    ['a second later', 1_000, ['rate-limited +5', 'refused']],
    ['after the clock was put back', -1, ['rate-limited +5', 'refused']],
  ])('one that comes %s', (_when, at, lines) => {
    const limit = new LogLimit();
    logged(limit, ...times(25, refused(AT_ONCE)));

    expect(logged(limit, refused(at))).toEqual(lines);
  });

  it('loses none: what is told comes to what there was, over many seconds', () => {
    const limit = new LogLimit(3);
    const flood = Array.from({ length: 1_000 }, (_, index) => refused(index * 7));

    const told = [...flood.flatMap((event) => limit.take(event)), ...limit.rest(new Date(7_000))];

    const sum = told.reduce((so, event) => so + (event.kind === 'refused-more' ? event.count : 1), 0);
    expect(sum).toBe(flood.length);
    expect(told.length).toBeLessThanOrEqual(8 * (3 + 1));
  });

  it('one reason does not crowd out another, nor what is no refusal', () => {
    const limit = new LogLimit();
    logged(limit, ...times(25, refused(AT_ONCE)));

    expect(logged(limit, refused(1, 'not-allowed'))).toEqual(['refused']);
    const reloaded = { kind: 'reloaded', at: new Date(2), what: 'access rules', message: 'x' } as const;
    expect(logged(limit, ...times(30, reloaded))).toHaveLength(30);
  });

  it('says so in a line and as JSON', () => {
    const limit = new LogLimit();
    logged(limit, ...times(25, refused(AT_ONCE)));

    const [more] = limit.rest(new Date(1_000));

    expect(serverEventLine(more!)).toBe(
      'refused 5 more like it in the last second: Too many requests in too short a time (rate-limited)',
    );
    expect(serverEventJson(more!)).toEqual({
      schemaVersion: 1,
      kind: 'refused-more',
      at: '1970-01-01T00:00:01.000Z',
      code: 'rate-limited',
      count: 5,
      message: 'Too many requests in too short a time',
    });
  });
});

it('what was kept back is written a second later, though nothing else happens, and at the end at once', async () => {
  const written: ServerEvent[] = [];
  const { log, end } = limitedLog((event) => written.push(event));
  const flood = (count: number): void => {
    for (let made = 0; made < count; made += 1) log(refused(Date.now()));
  };

  flood(50);
  const told = () =>
    written.reduce((sum, event) => sum + (event.kind === 'refused-more' ? event.count : 1), 0);
  expect(told()).toBeLessThan(50);
  await expect.poll(told, { timeout: 10_000 }).toBe(50);
  flood(50);
  end();

  expect(told()).toBe(100);
});

import { describe, expect, it } from 'vitest';
import { RateMeter } from '../../src/server/rate-meter.js';

const LIMIT = { requests: 3, windowMs: 60_000 };

describe('a rate', () => {
  it('is exceeded by one request more than allowed, for each caller apart', () => {
    const meter = new RateMeter(LIMIT);
    const remaining = [1, 2, 3, 4].map((now) => meter.measure('CN:alice', now));

    expect(remaining.map((one) => one.remaining)).toEqual([2, 1, 0, 0]);
    expect(remaining.map((one) => one.isExceeded)).toEqual([false, false, false, true]);
    expect(meter.measure('CN:bob', 5)).toMatchObject({ remaining: 2, isExceeded: false });
  });

  it.each([
    ['the last millisecond of its time', 59_999, 1, true],
    ['the first of the next', 60_000, 60, false],
    ['a moment before it, by a clock that was set back', -1, 60, false],
  ])('is counted at %s', (_when, now, resetSeconds, isExceeded) => {
    const meter = new RateMeter(LIMIT);
    for (let asked = 0; asked < 3; asked += 1) meter.measure('CN:alice', 0);

    expect(meter.measure('CN:alice', now)).toMatchObject({ resetSeconds, isExceeded });
  });

  it('forgets who began first where there are too many callers', () => {
    const meter = new RateMeter(LIMIT, 2);
    for (const caller of ['a', 'a', 'b', 'c']) meter.measure(caller, 0);

    expect(meter.measure('b', 1).remaining).toBe(1);
    expect(meter.measure('a', 1).remaining).toBe(2);
  });
});

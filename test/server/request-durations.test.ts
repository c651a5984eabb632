import { expect, it } from 'vitest';
import { RequestDurations } from '../../src/server/request-durations.js';

it('durations are counted as Prometheus wants them: a bound belongs to its own bucket, each bucket holds those below', () => {
  const durations = new RequestDurations([0.1, 1]);
  for (const seconds of [0, 0.1, 0.100001, 1, 1.5, 60]) durations.add(seconds);

  expect(durations.cumulative()).toEqual([
    { le: 0.1, count: 2 },
    { le: 1, count: 4 },
    { le: '+Inf', count: 6 },
  ]);
  expect(durations.sum).toBeCloseTo(62.700001, 6);
});

import { describe, expect, it } from 'vitest';
import { depthOf } from '../../src/server/read-json.js';

describe('how deep JSON is', () => {
  it.each([
    ['1', 0],
    ['"[[["', 0],
    ['{}', 1],
    ['[{"a":[1]},{}]', 3],
    ['["\\"[[[[", {}]', 2],
    ['["\\\\", [[]]]', 3],
    ['[[]][[[', 3],
  ])('%s', (json, depth) => {
    expect(depthOf(json)).toBe(depth);
  });

  it.each([
    ['strings that never end', '\\"'.repeat(500_000)],
    ['a string that never ends', `{"a":"${'\\"'.repeat(500_000)}`],
    ['quotes', '"'.repeat(1_000_001)],
    ['brackets', '['.repeat(1_000_000)],
  ])('is told in the time that it takes to read it: %s', (_what, json) => {
    const since = performance.now();

    depthOf(json);

    expect(performance.now() - since).toBeLessThan(2_000); // where each were looked at from every other, hours
  });
});

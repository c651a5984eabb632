import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/policy/parse-json.js';

const parse = (text: string | Uint8Array): unknown => parseJson(Buffer.from(text));

describe('JSON that has one reading', () => {
  it.each([
    '{"a": {"a": [{"a": 1}, {"a": 2}]}, "b": "\\"a\\": {[", "c\\\\": 0}',
    '[]',
    '"a"',
    '\ufeff{"a": 1}',
  ])('is read: %s', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text.replace('\ufeff', '')));
  });

  it.each([
    ['{"a": 1, "b": 2, "a": 3}', 'has "a" twice in one object'],
    ['[{"x": {"b": 1, "c": [], "b": {}}}]', 'has "b" twice in one object'],
    ['{"a": 1, "\\u0061": 2}', 'has "\\u0061" twice in one object'],
    ['{"a": 1,}', 'is not JSON: '],
    [Uint8Array.of(0x22, 0xff, 0x22), 'is not JSON: '],
  ])('is not: %s', (text, why) => {
    expect(() => parse(text)).toThrow(SyntaxError);
    expect(() => parse(text)).toThrow(why);
  });
});

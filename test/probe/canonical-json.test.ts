import { describe, expect, it } from 'vitest';
import { canonicalJson, parseStrictJson } from '../../src/probe/canonical-json.js';

/** RFC 8785, Appendix B: doubles by their octets, and how ECMAScript writes them. */
const NUMBERS = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
] as const;

/** RFC 8785 §3.2.2: as it comes in, and §3.2.4: the octets that come out. */
const SAMPLE = String.raw`{
  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
}`;
const SAMPLE_OCTETS = `
  7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72 75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 72 73
  22 3a 5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31 65 2b 33 30 2c 34 2e 35 2c 30 2e 30 30 32 2c 31
  65 2d 32 37 5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30 30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c
  22 2f 22 7d`;

const octets = (text: string): Uint8Array => Buffer.from(text, 'utf8');

describe('the canonical form of JSON', () => {
  it.each(NUMBERS)('writes the double %s as %s', (hex, text) => {
    expect(canonicalJson(Buffer.from(hex, 'hex').readDoubleBE())).toBe(text);
  });

  it.each([
    ['7fffffffffffffff', 'no number'],
    ['7ff0000000000000', 'infinity'],
  ])('has none for the double %s: %s', (hex) => {
    expect(() => canonicalJson(Buffer.from(hex, 'hex').readDoubleBE())).toThrow(
      'a number in it is too large',
    );
  });

  it('of the sample in RFC 8785 §3.2.2 is, octet for octet, that of §3.2.4', () => {
    expect(Buffer.from(canonicalJson(JSON.parse(SAMPLE))).toString('hex')).toBe(
      SAMPLE_OCTETS.replace(/\s/g, ''),
    );
  });

  it('has names in the order of their UTF-16 code units: §3.2.3', () => {
    const unordered = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };

    expect(Object.values(JSON.parse(canonicalJson(Object.entries(unordered))) as string[][])).toHaveLength(7);
    expect([...canonicalJson(unordered).matchAll(/:"(.*?)"/g)].map(([, value]) => value)).toEqual([
      'Carriage Return',
      ...['One', 'Control', 'Latin Small Letter O With Diaeresis', 'Euro Sign'],
      ...['Emoji: Grinning Face', 'Hebrew Letter Dalet With Dagesh'],
    ]);
  });

  it.each([
    ['half of a surrogate pair', ['\ud83d']],
    ['half of one as a name', { '\ude00': 1 }],
    ['a value that JSON has not', [undefined]],
    ['lists in lists without end', JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`)],
  ])('has none for %s', (_what, value) => {
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'ERR_REPORT_INVALID' }));
  });
});

describe('JSON of which there is one reading only', () => {
  it('is read as it stands', () => {
    const text = String.raw`{"a": [1, {"b": "\u00e9 \" {\"a\":"}], "__proto__": {"a": null}, "b": {"a": 2}}`;

    expect(JSON.stringify(parseStrictJson(octets(text)))).toBe(JSON.stringify(JSON.parse(text)));
  });

  it.each([
    ['a name that comes twice', '{"verdict": "fail", "verdict": "pass"}'],
    ['one that comes twice, written in another way', String.raw`{"a": 1, "\u0061": 2}`],
    ['one that comes twice, deep inside', '[{"x": [{"a": {}, "b": [], "a": 1}]}]'],
    ['no JSON', '{"a": }'],
    ['nothing', ''],
    ['a byte order mark', '\ufeff{}'],
  ])('is not %s', (_what, text) => {
    expect(() => parseStrictJson(octets(text))).toThrow(
      expect.objectContaining({ code: 'ERR_REPORT_INVALID' }),
    );
  });

  it('is not in any other encoding than UTF-8', () => {
    expect(() => parseStrictJson(Buffer.from('"\xe9"', 'latin1'))).toThrow('the report is not JSON');
  });
});

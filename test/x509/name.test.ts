import { describe, expect, it } from 'vitest';
import { DerReader } from '../../src/x509/der.js';
import { commonNameOf, formatName, parseName, readName, sameName } from '../../src/x509/name.js';

describe('a distinguished name is read and written as RFC 4514 does', () => {
  it.each([
    ['CN=api.test'],
    ['CN=api.test,O=Acme,C=DE'],
    ['CN=a+UID=b,DC=api,DC=test'],
    ['CN=Doe\\, John,O=A\\+B \\"C\\"'],
    ['CN=\\#1'],
    ['CN=\\ both ends\\ '],
    ['CN=Zoë 中文'],
    ['1.2.3.4=x'],
    [''],
  ])('%s', (text) => {
    const name = parseName(text);
    expect(formatName(name)).toBe(text);
    expect(formatName(readName(new DerReader(name.der)))).toBe(text);
  });

  it.each([
    ['no type', 'api.test'],
    ['an unknown type', 'XX=1'],
    ['an empty value', 'CN='],
    ['a country of three letters', 'C=DEU'],
    ['a commonName of 65 characters', `CN=${'a'.repeat(65)}`],
    ['a control character', 'CN=a\\00b'],
    ['a domainComponent beyond ASCII', 'DC=ü'],
    ['a backslash at the end', 'CN=a\\'],
  ])('%s is refused', (_kind, text) => {
    expect(() => parseName(text)).toThrow('cannot read the subject');
  });

  it('a commonName of 64 characters is not', () => {
    expect(commonNameOf(parseName(`CN=${'a'.repeat(64)},O=Acme`))).toHaveLength(64);
  });
});

describe('names match as RFC 5280 §7.1 compares them', () => {
  it.each([
    ['case does not count', 'CN=API Test', 'CN=api test', true],
    ['white space is folded', 'CN=api  test', 'CN=api test', true],
    ['the order of parts counts', 'CN=a,O=b', 'O=b,CN=a', false],
    ['the type counts', 'CN=a', 'O=a', false],
    ['the order within a part does not', 'CN=a+O=b', 'O=b+CN=a', true],
  ])('%s', (_rule, a, b, same) => {
    expect(sameName(parseName(a), parseName(b))).toBe(same);
  });
});

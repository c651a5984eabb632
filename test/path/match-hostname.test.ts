import { describe, expect, it } from 'vitest';
import { matchesName } from '../../src/path/match-hostname.js';
import type { ReferenceName } from '../../src/path/verify-options.js';
import type { GeneralName } from '../../src/x509/general-name.js';

const dns = (value: string): GeneralName => ({ type: 'dNSName', value });

describe('DNS names (RFC 9525 §6.3)', () => {
  it.each<[string, string, string, boolean]>([
    ['the same', 'api.test', 'api.test', true],
    ['in any case', 'API.Test', 'api.TEST', true],
    ['asked for with a period at the end', 'api.test.', 'api.test', true],
    ['another', 'api.test', 'b.test', false],
    ['a name below', 'a.api.test', 'api.test', false],
    ['a wildcard for one label', 'a.api.test', '*.api.test', true],
    ['not for none', 'api.test', '*.api.test', false],
    ['not for two', 'b.a.api.test', '*.api.test', false],
    ['not as part of a label', 'api.test', 'a*.test', false],
    ['not further right', 'a.b.test', 'a.*.test', false],
    ['not for everything', 'test', '*', false],
    ['not twice', 'a.b.test', '*.*.test', false],
    ['an IDN asked for in its own letters', 'bücher.test', 'xn--bcher-kva.test', true],
    ['an IDN below a wildcard', 'bücher.test', '*.test', true],
    ['an address is no DNS name', '10.0.0.1', '10.0.0.1', false],
    ['nothing', '', '', false],
  ])('%s', (_what, asked, given, matched) => {
    expect(matchesName({ type: 'dns', value: asked }, [dns(given)])).toBe(matched);
  });
});

describe('addresses, mailboxes and URIs', () => {
  const names: readonly GeneralName[] = [
    { type: 'iPAddress', octets: Uint8Array.of(10, 0, 0, 1) },
    { type: 'iPAddress', octets: Uint8Array.from([0x20, 0x01, 0x0d, 0xb8, ...Array<number>(11).fill(0), 1]) },
    { type: 'rfc822Name', value: 'Ann@mail.test' },
    { type: 'uniformResourceIdentifier', value: 'spiffe://acme/api' },
  ];

  it.each<[ReferenceName['type'], string, boolean]>([
    ['ip', '10.0.0.1', true],
    ['ip', '10.0.0.2', false],
    ['ip', '010.0.0.1', false],
    ['ip', '2001:db8::1', true],
    ['ip', '2001:0DB8:0:0:0:0:0:1', true],
    ['ip', 'not an address', false],
    ['email', 'Ann@MAIL.test', true],
    ['email', 'ann@mail.test', false],
    ['uri', 'spiffe://acme/api', true],
    ['uri', 'spiffe://acme/', false],
  ])('%s %s: %s', (type, value, matched) => expect(matchesName({ type, value }, names)).toBe(matched));

  it('nothing matches a certificate without names', () => {
    expect(matchesName({ type: 'dns', value: 'api.test' }, [])).toBe(false);
  });
});

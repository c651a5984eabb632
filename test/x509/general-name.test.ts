import { describe, expect, it } from 'vitest';
import { DerReader } from '../../src/x509/der.js';
import {
  encodeGeneralName,
  formatGeneralName,
  parseGeneralName,
  readGeneralName,
} from '../../src/x509/general-name.js';
import { formatIpAddress, parseIpAddress } from '../../src/x509/ip-address.js';

describe('a name is typed by its look or its prefix', () => {
  it.each([
    ['api.test', 'DNS:api.test'],
    ['API.Test.', 'DNS:api.test'],
    ['*.api.test', 'DNS:*.api.test'],
    ['bücher.test', 'DNS:xn--bcher-kva.test'],
    ['10.0.0.7', 'IP:10.0.0.7'],
    ['2001:DB8:0:0::1', 'IP:2001:db8::1'],
    ['ip:::1', 'IP:::1'],
    ['a@api.test', 'EMAIL:a@api.test'],
    ['email:a@api.test', 'EMAIL:a@api.test'],
    ['spiffe://acme/api', 'URI:spiffe://acme/api'],
    ['DIRNAME:CN=a,O=b', 'DirName:CN=a,O=b'],
  ])('%s is %s', (text, written) => {
    const name = parseGeneralName(text);
    expect(formatGeneralName(name)).toBe(written);
    expect(formatGeneralName(readGeneralName(new DerReader(encodeGeneralName(name))))).toBe(written);
  });

  it.each([
    ['an inner wildcard', 'a.*.test'],
    ['half a wildcard', 'w*.api.test'],
    ['a lone wildcard', '*.'],
    ['a label of 64', `${'a'.repeat(64)}.test`],
    ['a space', 'api test'],
    ['an address as DNS', 'DNS:10.0.0.7'],
    ['an octet over 255', 'IP:10.0.0.256'],
    ['no local part', '@api.test'],
    ['a relative URI', 'URI:/path'],
    ['nothing', ''],
  ])('%s is refused', (_kind, text) => {
    expect(() => parseGeneralName(text)).toThrow('cannot read the subjectAltName');
  });
});

describe('IP addresses are written as RFC 5952 does', () => {
  it.each([
    ['::', '::'],
    ['::1', '::1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
    ['192.168.0.1', '192.168.0.1'],
  ])('%s', (text, written) => {
    expect(formatIpAddress(parseIpAddress(text)!)).toBe(written);
  });

  it.each([
    '1.2.3',
    '01.2.3.4',
    '1.2.3.4.5',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '12345::',
    'fe80::1%eth0',
    '',
  ])('"%s" is none', (text) => {
    expect(parseIpAddress(text)).toBeNull();
  });
});

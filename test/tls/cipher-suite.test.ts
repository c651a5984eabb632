import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type CipherSuite,
  cipherSuite,
  cipherSuiteName,
  cipherSuiteNamed,
  cipherSuitesOf,
} from '../../src/tls/cipher-suite.js';
import { CIPHER_SUITE_TABLE } from '../../src/tls/cipher-suite-table.js';
import { peer } from '../peers/peer.js';

describe('the table', () => {
  it('is ordered by code point, and says none of code points and names twice', () => {
    const rows = CIPHER_SUITE_TABLE.map((line) => line.split(' '));
    const ids = rows.map(([id]) => id);

    expect(ids).toEqual([...new Set(ids)].sort());
    for (const column of [1, 2]) {
      const names = rows.map((row) => row[column]).filter((name) => name !== undefined);
      expect(names.length).toBe(new Set(names).size);
    }
  });

  it.skipIf(!peer('openssl'))('says of every suite that openssl has what openssl says of it', () => {
    const listed = execFileSync('openssl', ['ciphers', '-V', '-stdname', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'], {
      encoding: 'utf8',
    });
    const rows = listed
      .trim()
      .split('\n')
      .map((line) => OPENSSL_ROW.exec(line)?.slice(1) ?? []);
    expect(rows.length).toBeGreaterThan(100);
    for (const [high, low, name, opensslName, version, kx, au, enc, bits, mac] of rows) {
      const suite = cipherSuite(Number.parseInt(`${high}${low}`, 16));

      expect.soft(suite, name).toMatchObject({ name, opensslName });
      expect
        .soft(asOpenssl(suite!), name)
        .toEqual({ kx, au, bits: Number(bits ?? 0), aead: mac === 'AEAD', null: enc === 'None' });
      expect.soft(suite?.since, name).toBe(version === 'TLSv1' ? 'SSLv3' : version);
    }
  });

  it.skipIf(!peer('nmap'))('has every suite that nmap has, under the same name', () => {
    const table = /^CIPHERS = \{$(.*?)^\}$/ms.exec(readFileSync(NMAP_TABLE, 'utf8'))?.[1] ?? '';
    const rows = [...table.matchAll(/\["(\w+)"\]\s*=\s*0x(\w{4})/g)].map(
      ([, name, id]) => [name, Number.parseInt(id!, 16)] as const,
    );
    expect(rows.length).toBeGreaterThan(300);
    for (const [name, id] of rows) {
      if (name?.startsWith('SSL_FORTEZZA')) continue; // never assigned: IANA reserves the two code points
      expect.soft(cipherSuiteName(id), name).toBe(
        name
          ?.replace('TLS_AKE_WITH_NULL_', 'TLS_')
          .replace(/^TLS_(SHA\d+)$/, 'TLS_$1_$1')
          .replace('_AKE_WITH', ''),
      );
    }
  });
});

describe('what a name says', () => {
  it.each<[string, Partial<CipherSuite>]>([
    [
      'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      {
        keyExchange: 'ECDHE',
        authentication: 'RSA',
        encryption: 'AES_128_GCM',
        strengthBits: 128,
        aead: true,
        mac: null,
        forwardSecret: true,
        since: 'TLSv1.2',
        hash: 'sha256',
      },
    ],
    [
      'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
      {
        keyExchange: 'RSA',
        authentication: 'RSA',
        strengthBits: 112,
        cbc: true,
        mac: 'SHA',
        forwardSecret: false,
        since: 'SSLv3',
      },
    ],
    ['TLS_RSA_EXPORT_WITH_RC4_40_MD5', { export: true, strengthBits: 40, mac: 'MD5', cbc: false }],
    ['TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA', { export: true, strengthBits: 56, cbc: true }],
    [
      'TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA',
      { keyExchange: 'DHE', authentication: 'RSA', export: true, strengthBits: 40, cbc: true },
    ],
    [
      'TLS_DH_anon_WITH_AES_256_CBC_SHA256',
      { keyExchange: 'DHE', authentication: 'anon', anonymous: true, strengthBits: 256, since: 'TLSv1.2' },
    ],
    [
      'TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA',
      { keyExchange: 'ECDH', authentication: 'ECDSA', forwardSecret: false },
    ],
    [
      'TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8',
      { encryption: 'AES_256_CCM_8', aead: true, strengthBits: 256, hash: 'sha256' },
    ],
    [
      'TLS_AES_128_CCM_8_SHA256',
      {
        encryption: 'AES_128_CCM_8',
        keyExchange: 'any',
        authentication: 'any',
        since: 'TLSv1.3',
        forwardSecret: true,
      },
    ],
    [
      'TLS_CHACHA20_POLY1305_SHA256',
      { encryption: 'CHACHA20_POLY1305', strengthBits: 256, aead: true, since: 'TLSv1.3' },
    ],
    ['TLS_AEGIS_256_SHA512', { hash: 'sha512', strengthBits: 256, aead: true, since: 'TLSv1.3' }],
    ['TLS_SHA256_SHA256', { encryption: 'NULL', strengthBits: 0, since: 'TLSv1.3' }],
    ['TLS_RSA_WITH_NULL_SHA256', { encryption: 'NULL', strengthBits: 0, mac: 'SHA256', aead: false }],
    ['TLS_PSK_WITH_AES_128_CBC_SHA256', { keyExchange: 'PSK', authentication: 'PSK', since: 'SSLv3' }],
    [
      'TLS_RSA_PSK_WITH_RC4_128_SHA',
      { keyExchange: 'RSA_PSK', authentication: 'RSA', forwardSecret: false, encryption: 'RC4_128' },
    ],
    ['TLS_SRP_SHA_DSS_WITH_AES_128_CBC_SHA', { keyExchange: 'SRP', authentication: 'DSS' }],
    ['TLS_KRB5_EXPORT_WITH_RC2_CBC_40_MD5', { keyExchange: 'KRB5', export: true, strengthBits: 40 }],
    ['TLS_GOSTR341112_256_WITH_KUZNYECHIK_MGM_L', { since: 'TLSv1.3', aead: true, strengthBits: 256 }],
    ['TLS_GOSTR341112_256_WITH_28147_CNT_IMIT', { keyExchange: 'GOST', since: 'SSLv3', strengthBits: 256 }],
    [
      'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256_OLD',
      { encryption: 'CHACHA20_POLY1305', aead: true, since: 'TLSv1.2' },
    ],
  ])('%s', (name, said) => expect(cipherSuiteNamed(name)).toMatchObject({ name, ...said }));

  it('is found by either name, and unknown code points by their number', () => {
    expect(cipherSuiteNamed('ECDHE-RSA-AES128-GCM-SHA256')?.id).toBe(0xc02f);
    expect(cipherSuiteNamed('AES128')).toBeNull();
    expect(cipherSuite(0x0a0a)).toBeNull();
    expect(cipherSuiteName(0x0a0a)).toBe('0x0a0a');
  });
});

describe('what can be offered in a version', () => {
  it('is for TLS 1.3 its own suites alone, and none of them before it', () => {
    const thirteen = cipherSuitesOf('TLSv1.3');

    expect(thirteen).toEqual(expect.arrayContaining([0x1301, 0x1302, 0x1303, 0x1304, 0x1305, 0xc0b4]));
    expect(cipherSuitesOf('TLSv1.2').filter((id) => thirteen.includes(id))).toEqual([]);
    expect(cipherSuitesOf('TLSv1.2').length).toBeGreaterThan(330);
  });

  it('leaves AEAD to TLS 1.2, unless a server may misbehave; signalling values are no suites', () => {
    expect(cipherSuitesOf('TLSv1')).toContain(0x002f);
    expect(cipherSuitesOf('TLSv1')).not.toContain(0xc02f);
    expect(cipherSuitesOf('TLSv1', { mayMisbehave: true })).toContain(0xc02f);
    for (const scsv of [0x0000, 0x00ff, 0x5600]) expect(cipherSuitesOf('TLSv1.2')).not.toContain(scsv);
  });
});

/** Our words in openssl's. */
function asOpenssl({
  keyExchange,
  authentication,
  strengthBits,
  aead,
}: CipherSuite): Record<string, unknown> {
  const kx =
    { any: 'any', ECDHE: 'ECDH', DHE: 'DH', RSA: 'RSA', SRP: 'SRP' }[keyExchange] ??
    keyExchange.replace('_', '');
  const au = { anon: 'None', DSS: 'DSS' }[authentication] ?? authentication;
  return { kx, au, bits: strengthBits, aead, null: strengthBits === 0 };
}

const NMAP_TABLE = '/usr/share/nmap/nselib/tls.lua';

const OPENSSL_ROW =
  /^\s*0x(..),0x(..) - (\S+)\s+- (\S+)\s+(\S+)\s+Kx=(\S+)\s+Au=(\S+)\s+Enc=([^( ]+)(?:\((\d+)\))?\s+Mac=(\S+)/;

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { CIPHER_SUITES } from '../../src/policy/cipher-suites.js';
import { POLICIES } from '../../src/policy/policies.js';

/** `0xC0,0x2B - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 - ECDHE-ECDSA-AES128-GCM-SHA256 …`, as OpenSSL prints it. */
const opensslNames = new Map(
  execFileSync('openssl', ['ciphers', '-stdname', '-V', 'ALL:COMPLEMENTOFALL@SECLEVEL=0'], {
    encoding: 'utf8',
  })
    .split('\n')
    .map((line) => line.split(' - '))
    .flatMap(([, standard, rest]): [string, string][] =>
      standard && rest ? [[standard.trim(), rest.trim().split(/\s/)[0]!]] : [],
    ),
);

/** OpenSSL lists TLS 1.3's CCM suites only where they are switched on. */
const NOT_LISTED = ['TLS_AES_128_CCM_SHA256', 'TLS_AES_128_CCM_8_SHA256'];

describe('cipher suites', () => {
  it.each(Object.entries(CIPHER_SUITES).filter(([name]) => !NOT_LISTED.includes(name)))(
    '%s is %s in OpenSSL',
    (name, opensslName) => expect(opensslNames.get(name)).toBe(opensslName),
  );

  it.each(POLICIES)(
    '$id puts each suite under the version that speaks it, once',
    ({ cipherSuites, alsoAcceptable }) => {
      const named = [...cipherSuites['TLSv1.2'], ...cipherSuites['TLSv1.3'], ...alsoAcceptable.cipherSuites];

      expect(cipherSuites['TLSv1.2'].filter(({ name }) => !name.includes('_WITH_'))).toEqual([]);
      expect(cipherSuites['TLSv1.3'].filter(({ name }) => name.includes('_WITH_'))).toEqual([]);
      expect(new Set(named.map(({ name }) => name)).size).toBe(named.length);
    },
  );
});

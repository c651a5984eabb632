import { execFileSync } from 'node:child_process';
import { createDiffieHellman, getDiffieHellman } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dhGroupName } from '../../src/tls/dh-group.js';
import { DerReader } from '../../src/x509/der.js';
import { peer } from '../peers/peer.js';

describe('a finite-field group is known by its prime', () => {
  it.each([
    ['modp1', 'MODP 768 of RFC 2409'],
    ['modp2', 'MODP 1024 of RFC 2409'],
    ['modp5', 'MODP 1536 of RFC 3526'],
    ['modp14', 'MODP 2048 of RFC 3526'],
    ['modp15', 'MODP 3072 of RFC 3526'],
    ['modp16', 'MODP 4096 of RFC 3526'],
    ['modp17', 'MODP 6144 of RFC 3526'],
    ['modp18', 'MODP 8192 of RFC 3526'],
  ])('%s of Node is %s', (group, name) => {
    expect(dhGroupName(getDiffieHellman(group).getPrime())).toBe(name);
  });

  it.skipIf(!peer('openssl')).each(['ffdhe2048', 'ffdhe3072', 'ffdhe4096', 'ffdhe6144', 'ffdhe8192'])(
    '%s of OpenSSL is that of RFC 7919',
    (group) => {
      const asked = ['dhparam', '-outform', 'DER'];
      const named = execFileSync('openssl', [
        'genpkey',
        ...['-genparam', '-algorithm', 'DH', '-pkeyopt', `group:${group}`],
      ]);
      const encoded = execFileSync('openssl', asked, { input: named, stdio: ['pipe', 'pipe', 'ignore'] });
      const prime = new DerReader(encoded).enter(0x30).contents(0x02);

      expect(dhGroupName(prime)).toBe(`${group} of RFC 7919`);
    },
  );

  it('and no other group has a name', () => {
    const next = Buffer.from(getDiffieHellman('modp14').getPrime());
    next.writeUInt8(next.at(-1)! ^ 2, next.length - 1);

    expect(dhGroupName(next)).toBeNull();
    expect(dhGroupName(createDiffieHellman(512).getPrime())).toBeNull();
    expect(dhGroupName(new Uint8Array())).toBeNull();
  });

  it('whatever zeros stand before it', () => {
    const padded = Buffer.concat([Buffer.alloc(3), getDiffieHellman('modp2').getPrime()]);

    expect(dhGroupName(padded)).toBe('MODP 1024 of RFC 2409');
  });
});

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { Passphrase } from '../../src/keys/passphrase.js';
import { derivePkcs12, PKCS12_USE } from '../../src/keys/pkcs12-derivation.js';
import { bmpOctets } from '../../src/x509/pkcs12-write.js';
import { peer } from '../peers/peer.js';

describe.runIf(peer('openssl'))('a key derived as RFC 7292 appendix B has it is that of OpenSSL', () => {
  it.each<[string, string, Parameters<typeof derivePkcs12>[1]]>([
    [
      'for a key of 3DES, longer than its digest',
      'secret',
      { digest: 'sha1', salt: Buffer.from('0102030405060708', 'hex'), rounds: 2048, use: 1, length: 24 },
    ],
    [
      'for an initialisation vector, in one round',
      'secret',
      { digest: 'sha1', salt: Buffer.from('0102030405060708', 'hex'), rounds: 1, use: 2, length: 8 },
    ],
    [
      'for a MAC, from a password beyond ASCII',
      'sécret😀',
      { digest: 'sha256', salt: Buffer.alloc(16, 0xff), rounds: 1000, use: 3, length: 32 },
    ],
    [
      'over many blocks, from a salt and a password of more than one',
      'x'.repeat(100),
      { digest: 'sha256', salt: Buffer.alloc(70, 0xfe), rounds: 3, use: 1, length: 300 },
    ],
  ])('%s', (_what, password, asked) => {
    const derived = derivePkcs12(Passphrase.from(password), asked);

    expect(Buffer.from(derived).toString('hex')).toBe(opensslKdf(password, asked));
  });

  it('differs for each use', () => {
    const asked = { digest: 'sha1', salt: Buffer.alloc(8), rounds: 1, length: 8 } as const;

    const derived = Object.values(PKCS12_USE).map((use) =>
      Buffer.from(derivePkcs12(Passphrase.from('x'), { ...asked, use })).toString('hex'),
    );

    expect(new Set(derived).size).toBe(3);
  });
});

function opensslKdf(
  password: string,
  { digest, salt, rounds, use, length }: Parameters<typeof derivePkcs12>[1],
): string {
  const options = [
    `digest:${digest.toUpperCase()}`,
    `hexpass:${Buffer.from(bmpOctets(`${password}\0`)).toString('hex')}`,
    `hexsalt:${Buffer.from(salt).toString('hex')}`,
    `iter:${rounds}`,
    `id:${use}`,
  ];
  const words = ['kdf', '-keylen', `${length}`, ...options.flatMap((option) => ['-kdfopt', option])];
  return execFileSync('openssl', [...words, 'PKCS12KDF'], { encoding: 'utf8' })
    .replace(/[:\s]/g, '')
    .toLowerCase();
}

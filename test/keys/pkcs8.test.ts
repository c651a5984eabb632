import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generateKey } from '../../src/keys/generate-key.js';
import { Passphrase } from '../../src/keys/passphrase.js';
import { decryptPkcs8, encryptPkcs8, PBKDF2_ROUNDS } from '../../src/keys/pkcs8.js';
import { openPrivateKey, privateKeyOfDer, privateKeyOfPem } from '../../src/keys/private-key.js';
import { decodePem } from '../../src/x509/pem.js';

const secret = Passphrase.from('correct horse ünï');
const { pkcs8 } = await generateKey('ec-p256');

describe('PBES2', () => {
  it('gives back what was put in', async () => {
    expect(await decryptPkcs8(await encryptPkcs8(pkcs8, secret), secret)).toEqual(Buffer.from(pkcs8));
  });

  it('takes 600,000 rounds for a key of ours', async () => {
    expect(PBKDF2_ROUNDS).toBe(600_000);
    expect(Buffer.from(await encryptPkcs8(pkcs8, secret)).toString('hex')).toContain('0203' + '0927c0');
  });

  it('never makes the same octets twice', async () => {
    const [one, two] = await Promise.all([encryptPkcs8(pkcs8, secret, 1), encryptPkcs8(pkcs8, secret, 1)]);

    expect(Buffer.compare(one, two)).not.toBe(0);
  });

  it('is read by OpenSSL within Node', async () => {
    const key = createPrivateKey({
      key: Buffer.from(await encryptPkcs8(pkcs8, secret)),
      format: 'der',
      type: 'pkcs8',
      passphrase: 'correct horse ünï',
    });

    expect(key.export({ type: 'pkcs8', format: 'der' })).toEqual(Buffer.from(pkcs8));
  });

  it('does not open by a wrong password, whichever of 600 it is', async () => {
    const encrypted = await encryptPkcs8(pkcs8, secret, 1);
    for (let number = 0; number < 600; number += 1) {
      await expect(decryptPkcs8(encrypted, Passphrase.from(`wrong ${number}`))).rejects.toEqual(
        expect.objectContaining({ code: 'ERR_PASSWORD_WRONG', exitCode: 3 }),
      );
    }
  });

  it.each(['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc', 'des-ede3-cbc'])(
    'of OpenSSL with %s opens too',
    async (cipher) => {
      const { privateKey } = generateKeyPairSync('ed25519');
      const passphrase = 'correct horse ünï';
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher, passphrase }).toString();
      const key = await openPrivateKey(privateKeyOfPem(decodePem(pem)[0]!)!, secret);

      expect(key.equals(privateKey)).toBe(true);
    },
  );

  it('damaged anywhere is a wrong password or an unreadable key, never a crash', async () => {
    const encrypted = await encryptPkcs8(pkcs8, secret, 1);
    for (let at = 0; at < encrypted.length; at += 1) {
      const damaged = Uint8Array.from(encrypted);
      damaged[at] = damaged[at]! ^ 0x55;
      const file = privateKeyOfDer(damaged);
      const outcome =
        file === null
          ? 'ERR_KEY_UNREADABLE'
          : await openPrivateKey(file, secret).then(() => 'opened', codeOf);
      expect([at, outcome]).toEqual([
        at,
        expect.stringMatching(/^ERR_(KEY_UNREADABLE|PASSWORD_WRONG|DER_INVALID)$|^opened$/),
      ]);
    }
  });
});

describe('a passphrase', () => {
  it.each(['', '\n', 'a\nb', 'x'.repeat(1025), 'nul\0'])('is not %j', (text) => {
    expect(() => Passphrase.from(text)).toThrow(expect.objectContaining({ code: 'ERR_PASSWORD_UNFIT' }));
  });

  it('ends before the newline of its file, and shows itself to nobody', () => {
    const one = Passphrase.from('secret\r\n');

    expect(one.equals(Passphrase.from('secret'))).toBe(true);
    expect(`${one} ${JSON.stringify({ one })}`).not.toContain('secret');
  });
});

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? error);
}

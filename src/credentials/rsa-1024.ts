import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Credential } from './credential.js';
import { mint } from './mint.js';

/** A key that is within reach of those who can pay for breaking it. */
export const rsa1024: Credential = {
  id: 'rsa-1024',
  title: 'Refuses a certificate with an RSA key of 1,024 bits',
  breaks: 'its RSA modulus has 1,024 bits',
  citation: 'RFC 9325 §4.5; CWE-326',
  expected: 'either',
  severity: 'medium',
  needs: 'issuing-key',
  whyNot: ({ takesRsa }) => (takesRsa ? null : 'the server takes no RSA keys'),
  make: async (context) => {
    const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
      modulusLength: 1024,
      publicKeyEncoding: { type: 'spki', format: 'der' },
      privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    });
    return mint(context, {
      key: { keyType: 'rsa-1024', pkcs8: privateKey, subjectPublicKeyInfo: publicKey },
    });
  },
};

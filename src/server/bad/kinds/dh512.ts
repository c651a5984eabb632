import { asFarAsHello, type BadKind } from '../bad-kind.js';

/** A prime that anybody breaks overnight. */
export const dh512: BadKind = {
  id: 'dh512',
  title: 'Refuses Diffie-Hellman with a prime of 512 bits',
  breaks: 'it agrees on keys by Diffie-Hellman with a prime of 512 bits',
  citation: 'RFC 9325 §4.1; CVE-2015-4000',
  expected: 'refuse',
  answers: 'hello',
  needs: 'issuing-key',
  foundBy: 'offers-no-dh-under-1024-bits',
  make: async ({ goodRsa }) =>
    asFarAsHello(await goodRsa(), { version: 'TLSv1.2', cipherSuites: DHE_SUITES }),
};

/** DHE_RSA with AES-128-GCM, AES-256-GCM, AES-128-CBC-SHA256, AES-128-CBC, AES-256-CBC */
const DHE_SUITES = [0x009e, 0x009f, 0x0067, 0x0033, 0x0039];

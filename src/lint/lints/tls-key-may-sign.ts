import { holds, type Lint } from '../lint.js';

/** TLS 1.3 and every client certificate prove the key by a signature. */
export const tlsKeyMaySign: Lint = {
  id: 'tls-key-may-sign',
  title: 'A TLS certificate has the keyUsage digitalSignature',
  severity: 'medium',
  citation: 'RFC 8446 §4.4.2.2; RFC 5246 §7.4.8',
  applies: ({ isTls, extensions }) => isTls && extensions.keyUsage !== undefined,
  run: ({ extensions: { keyUsage } }) =>
    holds(keyUsage?.has('digitalSignature') === true, `keyUsage ${[...(keyUsage ?? [])].join(', ')}`),
};

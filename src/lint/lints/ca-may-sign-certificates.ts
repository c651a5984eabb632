import { holds, type Lint } from '../lint.js';

/** Without it OpenSSL, Go and Java refuse what the CA signs. */
export const caMaySignCertificates: Lint = {
  id: 'ca-may-sign-certificates',
  title: 'A CA has the keyUsage keyCertSign',
  severity: 'high',
  citation: 'RFC 5280 §4.2.1.3, §4.2.1.9',
  applies: ({ isCa }) => isCa,
  run: ({ extensions: { keyUsage } }) =>
    holds(
      keyUsage?.has('keyCertSign') === true,
      keyUsage ? `keyUsage ${[...keyUsage].join(', ')}` : 'no keyUsage',
    ),
};

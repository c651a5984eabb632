import { holds, type Lint } from '../lint.js';

export const validityIsOrdered: Lint = {
  id: 'validity-is-ordered',
  title: 'Ends after it begins',
  severity: 'high',
  citation: 'RFC 5280 §4.1.2.5',
  applies: () => true,
  run: ({ certificate: { validity } }) => {
    const { notBefore, notAfter } = validity;
    return holds(notBefore <= notAfter, `${notBefore.toISOString()} to ${notAfter.toISOString()}`);
  },
};

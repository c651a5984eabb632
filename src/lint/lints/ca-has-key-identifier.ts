import { holds, type Lint } from '../lint.js';

export const caHasKeyIdentifier: Lint = {
  id: 'ca-has-key-identifier',
  title: 'A CA has a subjectKeyIdentifier',
  severity: 'medium',
  citation: 'RFC 5280 §4.2.1.2',
  applies: ({ isCa }) => isCa,
  run: ({ extensions: { subjectKeyIdentifier: found } }) =>
    holds(found !== undefined, found ? Buffer.from(found).toString('hex') : 'no subjectKeyIdentifier'),
};

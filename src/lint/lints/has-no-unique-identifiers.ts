import { holds, type Lint } from '../lint.js';

export const hasNoUniqueIdentifiers: Lint = {
  id: 'has-no-unique-identifiers',
  title: 'Has no issuerUniqueID and no subjectUniqueID',
  severity: 'low',
  citation: 'RFC 5280 §4.1.2.8',
  applies: () => true,
  run: ({ certificate: { issuerUniqueId, subjectUniqueId } }) =>
    holds(
      !issuerUniqueId && !subjectUniqueId,
      issuerUniqueId || subjectUniqueId ? 'one of them is there' : 'neither',
    ),
};

import { holds, type Lint } from '../lint.js';

/** Only version 3 can say that it is no CA. */
export const versionIs3: Lint = {
  id: 'version-is-3',
  title: 'Is a version 3 certificate',
  severity: 'high',
  citation: 'RFC 5280 §4.1.2.1',
  applies: () => true,
  run: ({ certificate: { version } }) => holds(version === 3, `version ${version}`),
};

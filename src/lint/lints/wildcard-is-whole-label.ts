import { failed, type Lint, passed } from '../lint.js';

/** `*.com` is for everybody, `w*.api.test` and `a.*.test` for nobody: clients do not match them. */
export const wildcardIsWholeLabel: Lint = {
  id: 'wildcard-is-whole-label',
  title: 'Has wildcards only as the whole left-most label above two others',
  severity: 'medium',
  citation: 'RFC 9525 §6.3; CA/B Baseline Requirements §3.2.2.6',
  applies: ({ extensions: { subjectAltName = [] } }) =>
    subjectAltName.some((name) => name.type === 'dNSName' && name.value.includes('*')),
  run: ({ extensions: { subjectAltName = [] } }) => {
    const wildcards = subjectAltName.flatMap((name) =>
      name.type === 'dNSName' && name.value.includes('*') ? [name.value] : [],
    );
    const wrong = wildcards.find((name) => !WILDCARD.test(name));
    return wrong === undefined ? passed(wildcards.join(', ')) : failed(wrong);
  },
};

const WILDCARD = /^\*\.[^*.]+(\.[^*.]+)+$/;

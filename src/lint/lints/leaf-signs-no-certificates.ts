import { failed, type Lint, passed } from '../lint.js';

export const leafSignsNoCertificates: Lint = {
  id: 'leaf-signs-no-certificates',
  title: 'A certificate that is no CA’s has no keyCertSign and no path length',
  severity: 'high',
  citation: 'RFC 5280 §4.2.1.3, §4.2.1.9',
  applies: ({ isCa }) => !isCa,
  run: ({ extensions: { keyUsage, basicConstraints } }) => {
    if (keyUsage?.has('keyCertSign')) return failed('keyUsage with keyCertSign, basicConstraints without cA');
    const length = basicConstraints?.pathLenConstraint;
    return length === undefined ? passed('neither') : failed(`pathLenConstraint ${length} without cA`);
  },
};

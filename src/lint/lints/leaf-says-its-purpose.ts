import { oidName } from '../../x509/oid.js';
import { failed, type Lint, passed } from '../lint.js';

export const leafSaysItsPurpose: Lint = {
  id: 'leaf-says-its-purpose',
  title: 'A certificate that is no CA’s has an extKeyUsage',
  severity: 'medium',
  citation: 'RFC 5280 §4.2.1.12; CA/B Baseline Requirements §7.1.2.7.6',
  applies: ({ isCa }) => !isCa,
  run: ({ extensions: { extKeyUsage } }) =>
    extKeyUsage === undefined
      ? failed('no extKeyUsage: it is good for anything')
      : passed(extKeyUsage.map(oidName).join(', ')),
};

import { OID } from '../../x509/oid.js';
import { failed, holds, type Lint } from '../lint.js';

export const namelessSubjectHasCriticalNames: Lint = {
  id: 'nameless-subject-has-critical-names',
  title: 'A certificate without a subject has a critical subjectAltName',
  severity: 'medium',
  citation: 'RFC 5280 §4.1.2.6, §4.2.1.6',
  applies: ({ certificate }) => certificate.subject.rdns.length === 0,
  run: ({ extensions }) => {
    if (extensions.subjectAltName === undefined) return failed('neither a subject nor a subjectAltName');
    return holds(extensions.critical.has(OID.subjectAltName), 'an empty subject beside subjectAltName');
  },
};

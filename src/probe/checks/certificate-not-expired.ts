import { checkValidity } from '../../path/check-validity.js';
import { formatName } from '../../x509/name.js';
import { isoSeconds } from '../../x509/whole-seconds.js';
import { type Check, fail, inconclusive, pass } from '../check.js';

export const certificateNotExpired: Check = {
  id: 'certificate-not-expired',
  title: 'Shows no certificate outside its validity period',
  severity: 'high',
  citation: 'RFC 5280 §4.1.2.5',
  remediation: 'Issue a new certificate, put it in place and reload the server; see that the clock is right.',
  run({ certificates, at }) {
    const [leaf] = certificates;
    if (leaf === undefined) return inconclusive('no certificate was seen that can be read');
    for (const certificate of certificates) {
      const refusal = checkValidity(certificate.validity, at);
      if (refusal !== null) return fail(`${formatName(certificate.subject)}: ${refusal.message}`);
    }
    return pass(`valid until ${isoSeconds(leaf.validity.notAfter)}`);
  },
};

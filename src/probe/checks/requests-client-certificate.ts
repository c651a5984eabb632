import { type Check, inconclusive, notApplicable, pass } from '../check.js';

/** A fact, no fault: an endpoint for everybody asks for none. */
export const requestsClientCertificate: Check = {
  id: 'requests-client-certificate',
  title: 'Asks for a client certificate',
  severity: 'info',
  citation: 'RFC 8446 §4.3.2',
  remediation: 'nginx: ssl_verify_client on; Apache: SSLVerifyClient require; HAProxy: verify required',
  run({ clientAuth: { requested, acceptableCAs } }) {
    if (requested === null) return inconclusive('no handshake got far enough to tell');
    if (!requested) return notApplicable('no certificate is asked for');
    return pass(acceptableCAs.length === 0 ? 'of any CA' : `of ${acceptableCAs.join('; ')}`);
  },
};

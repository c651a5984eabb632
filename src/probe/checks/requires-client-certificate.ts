import { type Check, fail, inconclusive, notApplicable, pass } from '../check.js';

/** What a request without a certificate tells; what other certificates are let in, only `--prove-mtls` does. */
export const requiresClientCertificate: Check = {
  id: 'requires-client-certificate',
  title: 'Turns away who shows no client certificate',
  severity: 'info',
  citation: 'RFC 8446 §4.4.2.4; CWE-306',
  remediation: 'nginx: ssl_verify_client on; Apache: SSLVerifyClient require; HAProxy: verify required',
  run({ clientAuth: { requested, required, enforcedBy } }) {
    if (requested === false) return notApplicable('no certificate is asked for');
    if (required === null) return inconclusive('the answer to a request without a certificate does not tell');
    if (!required) return fail('a request without a certificate was served');
    return pass(enforcedBy === 'http' ? 'by an HTTP answer' : 'by an alert in the handshake');
  },
};

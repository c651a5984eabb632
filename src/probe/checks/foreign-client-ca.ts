import { formatName, sameName } from '../../x509/name.js';
import { type Check, fail, inconclusive, notApplicable, pass } from '../check.js';

export const foreignClientCa: Check = {
  id: 'foreign-client-ca',
  title: 'Names no CA for client certificates but ours',
  severity: 'high',
  citation: 'RFC 8446 §4.2.4; CWE-296',
  remediation:
    'Take the other CA out of the server’s bundle (ssl_client_certificate, SSLCACertificateFile, ca-file).',
  run({ ownCAs, acceptableCAs, clientAuth }) {
    if (ownCAs === null) return notApplicable('known only by a proof (--prove-mtls)');
    if (clientAuth.requested === null) return inconclusive('no handshake got far enough to tell');
    const foreign = acceptableCAs.filter((name) => !ownCAs.some((own) => sameName(own, name)));
    if (foreign.length > 0) return fail(`also accepts ${foreign.map(formatName).join('; ')}`);
    return acceptableCAs.length === 0
      ? notApplicable('the server names no CA')
      : pass(acceptableCAs.map(formatName).join('; '));
  },
};

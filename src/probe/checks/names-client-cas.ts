import { type Check, fail, inconclusive, notApplicable, pass } from '../check.js';

/** A fact rather than a fault: without names a client with several certificates has to guess. */
export const namesClientCas: Check = {
  id: 'names-client-cas',
  title: 'Names the CAs that client certificates may be of',
  severity: 'info',
  citation: 'RFC 8446 §4.2.4; RFC 5246 §7.4.4',
  remediation: 'nginx: ssl_client_certificate; Apache: SSLCADNRequestFile; HAProxy: ca-file',
  run({ clientRequests }) {
    const requests = clientRequests.filter(({ request }) => request !== null);
    if (requests.length === 0)
      return clientRequests.some(({ asked }) => asked === false)
        ? notApplicable('no certificate is asked for')
        : inconclusive('no handshake got far enough to tell');
    const empty = requests.filter(({ request }) => request?.certificateAuthorities.length === 0);
    return empty.length > 0
      ? fail(`none in ${empty.map(({ version }) => version).join(', ')}: clients cannot choose by it`)
      : pass(
          requests
            .map(({ version, request }) => `${request!.certificateAuthorities.length} in ${version}`)
            .join(', '),
        );
  },
};

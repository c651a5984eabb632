import { type Check, fail, inconclusive, notApplicable, pass } from '../check.js';
import { enforcementByPath } from '../client-auth.js';

/** Renegotiation is gone from TLS 1.3 and forbidden in HTTP/2, post-handshake authentication is in few clients. */
export const asksInFirstHandshake: Check = {
  id: 'asks-in-first-handshake',
  title: 'Asks for client certificates in the first handshake, for every path',
  severity: 'low',
  citation: 'RFC 8446 §4.6.2; RFC 9113 §9.2.1',
  remediation: 'Give what needs a certificate a host name of its own, and ask there for every path.',
  run({ strangers, clientAuth: { requested } }) {
    if (requested === null) return inconclusive('no handshake got far enough to tell');
    if (!requested) return notApplicable('no certificate is asked for');
    const later = enforcementByPath(strangers).filter(({ askedLater }) => askedLater);
    return later.length > 0
      ? fail(`asked later, for ${later.map(({ path, version }) => `${path} by ${version}`).join(', ')}`)
      : pass('in the handshake');
  },
};

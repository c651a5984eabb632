import type { ServerLines } from './server-lines.js';

export const node: ServerLines = {
  name: 'Node',
  lines: {
    require: '`requestCert: true, rejectUnauthorized: true`',
    verify:
      '`rejectUnauthorized: true`, or in every request `socket.authorized && socket.getPeerCertificate().subject`',
    ca: '`ca: readFileSync("ca-chain.crt")`',
    crl: '`crl: [issuingCrl, rootCrl]`, one string for each CRL, for Node reads the first of a string; then `setSecureContext()`',
    'every-crl': '`crl: [issuingCrl, rootCrl]`, one string for each CRL',
    reload: '`server.setSecureContext({ key, cert, ca, crl })`',
    dates:
      '`rejectUnauthorized: true`, and let no `authorizationError` pass (`CERT_HAS_EXPIRED`, `CERT_NOT_YET_VALID`)',
    purpose: '`rejectUnauthorized: true`, and do not let `INVALID_PURPOSE` pass',
    strength: '`ciphers: "DEFAULT@SECLEVEL=2"`',
    headers: 'believe no such field unless the peer’s address is the proxy’s',
    identity: '`if (socket.getPeerCertificate().subject.CN !== "alice")` answer 403',
    'plain-http': 'no `http.createServer` that answers beside it; redirect to https',
    names: 'the same check whatever `servername` and Host are',
    sessions:
      '`secureOptions: constants.SSL_OP_NO_TICKET`, no `ticketKeys`; ask for `getPeerCertificate().subject` beside `authorized`',
    connections: '`server.closeAllConnections()` after `setSecureContext()`',
  },
};

import type { Check } from '../check.js';
import { outOfStrangersReach, toldFinding } from '../told-finding.js';
import { BEFORE_TLS_1_3, notSpoken } from '../version-finding.js';

/** Each costs the server many times what it costs the client. */
export const refusesClientRenegotiation: Check = {
  id: 'refuses-client-renegotiation',
  title: 'Lets no client start a renegotiation',
  severity: 'medium',
  citation: 'CVE-2011-1473; CWE-400',
  remediation:
    'nginx, Apache and HAProxy refuse it, so update them; others: SSL_OP_NO_RENEGOTIATION (OpenSSL), tls.CLIENT_RENEG_LIMIT = 0 (Node); or speak TLS 1.3 alone',
  run(observations) {
    const { clientRenegotiation } = observations.scan.sessions;
    return (
      notSpoken(observations.scan, BEFORE_TLS_1_3) ??
      outOfStrangersReach(observations, clientRenegotiation) ??
      toldFinding(clientRenegotiation, false, {
        yes: 'went along with a renegotiation by the client',
        no: 'refused a renegotiation by the client',
      })
    );
  },
};

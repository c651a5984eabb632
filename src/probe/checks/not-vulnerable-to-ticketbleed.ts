import type { Check } from '../check.js';
import { faultFinding, outOfStrangersReach } from '../told-finding.js';
import { BEFORE_TLS_1_3, notSpoken } from '../version-finding.js';

/** A ticket of one's own is needed for it. */
export const notVulnerableToTicketbleed: Check = {
  id: 'not-vulnerable-to-ticketbleed',
  title: 'Does not hand out its memory by session ids (Ticketbleed)',
  severity: 'critical',
  citation: 'CVE-2016-9244',
  remediation:
    'Update BIG-IP, or turn session tickets off in its client SSL profile. Others have not had it: nginx: ssl_session_tickets off; Apache: SSLSessionTickets off; HAProxy: ssl-default-bind-options no-tls-tickets',
  run(observations) {
    const { ticketbleed } = observations.scan.faults;
    return (
      notSpoken(observations.scan, BEFORE_TLS_1_3) ??
      outOfStrangersReach(observations, ticketbleed) ??
      faultFinding(ticketbleed)
    );
  },
};

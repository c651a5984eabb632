import type { Check } from '../check.js';
import { faultFinding } from '../told-finding.js';
import { BEFORE_TLS_1_3, notSpoken } from '../version-finding.js';

export const notVulnerableToTicketbleed: Check = {
  id: 'not-vulnerable-to-ticketbleed',
  title: 'Does not hand out its memory by session ids (Ticketbleed)',
  severity: 'critical',
  citation: 'CVE-2016-9244',
  remediation:
    'Update BIG-IP, or turn session tickets off in its client SSL profile. Others have not had it: nginx: ssl_session_tickets off; Apache: SSLSessionTickets off; HAProxy: ssl-default-bind-options no-tls-tickets',
  run: ({ scan }) => notSpoken(scan, BEFORE_TLS_1_3) ?? faultFinding(scan.faults.ticketbleed),
};

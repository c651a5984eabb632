import type { Check } from '../check.js';
import { ticketsLiveAtMost } from '../ticket-finding.js';

/** Who gets the key of tickets reads what was sent under them: in TLS 1.2 all of it. */
export const ticketsLiveAtMostADay: Check = {
  id: 'tickets-live-at-most-a-day',
  title: 'Gives no ticket for longer than a day',
  severity: 'low',
  citation: 'RFC 9325 §3.4',
  remediation:
    'nginx: ssl_session_timeout 1d; Apache: SSLSessionCacheTimeout 86400; HAProxy: tune.ssl.lifetime 86400',
  run: ({ scan }) => ticketsLiveAtMost(scan, 1),
};

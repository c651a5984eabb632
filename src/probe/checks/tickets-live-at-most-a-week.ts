import type { Check } from '../check.js';
import { ticketsLiveAtMost } from '../ticket-finding.js';

export const ticketsLiveAtMostAWeek: Check = {
  id: 'tickets-live-at-most-a-week',
  title: 'Gives no ticket for longer than a week',
  severity: 'medium',
  citation: 'RFC 8446 §4.6.1',
  remediation:
    'nginx: ssl_session_timeout 1d; Apache: SSLSessionCacheTimeout 86400; HAProxy: tune.ssl.lifetime 86400',
  run: ({ scan }) => ticketsLiveAtMost(scan, 7),
};

import { type Check, fail, inconclusive, pass } from '../check.js';
import { notSpoken } from '../version-finding.js';

export const refusesEarlyData: Check = {
  id: 'refuses-early-data',
  title: 'Takes no early data, which an attacker can send again',
  severity: 'medium',
  citation: 'RFC 8446 §8; RFC 9325 §3.10',
  remediation:
    'nginx: ssl_early_data off; Apache: has none; HAProxy: take allow-0rtt out; where it is wanted, answer only what may be repeated (RFC 8470)',
  run({ scan }) {
    const unspoken = notSpoken(scan, ['TLSv1.3']);
    if (unspoken !== null) return unspoken;
    const { value, why } = scan.sessions.earlyDataBytes;
    if (value === null) return inconclusive(why);
    return value > 0 ? fail(`takes ${value} octets of early data`) : pass('takes none');
  },
};

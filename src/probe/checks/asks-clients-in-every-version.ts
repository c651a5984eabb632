import { type Check, fail, inconclusive, notApplicable, pass } from '../check.js';

/** Who has no certificate takes the version that does not ask. */
export const asksClientsInEveryVersion: Check = {
  id: 'asks-clients-in-every-version',
  title: 'Asks for a client certificate in every version or in none',
  severity: 'high',
  citation: 'CWE-288; RFC 8446 §4.3.2',
  remediation:
    'Configure client certificates for all versions alike, and let every listener behind the name have them.',
  run({ clientRequests }) {
    if (clientRequests.length === 0) return inconclusive('no handshake got far enough to tell');
    const [asking, silent] = [true, false].map((wanted) =>
      clientRequests.filter(({ asked }) => asked === wanted).map(({ version }) => version),
    );
    if (asking!.length > 0 && silent!.length > 0)
      return fail(`asked in ${asking!.join(', ')}, not in ${silent!.join(', ')}`);
    const untold = clientRequests.filter(({ asked }) => asked === null).map(({ version }) => version);
    if (asking!.length > 0 && untold.length > 0) return inconclusive(`not told in ${untold.join(', ')}`);
    return asking!.length > 0 ? pass(asking!.join(', ')) : notApplicable('no version asks in its handshake');
  },
};

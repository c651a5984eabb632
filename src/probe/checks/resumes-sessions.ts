import { type Check, fail, inconclusive, notApplicable, pass } from '../check.js';
import type { Scan, Told } from '../scan.js';
import { BEFORE_TLS_1_3, notSpoken } from '../version-finding.js';

/** A fact, no fault: a server may want whole handshakes, which cost both sides more. One that asks for client certificates should
 *  want them: a resumed session skips the certificate, and whoever looks at CRLs. */
export const resumesSessions: Check = {
  id: 'resumes-sessions',
  title: 'Resumes sessions',
  severity: 'info',
  citation: 'RFC 9325 §3.4',
  remediation:
    'nginx: ssl_session_cache shared:SSL:10m; Apache: SSLSessionCache shmcb:/run/httpd/sslcache(512000); HAProxy: tune.ssl.cachesize 20000',
  run({ scan, clientAuth }) {
    const unspoken = notSpoken(scan, ['TLSv1.3', ...BEFORE_TLS_1_3]);
    if (unspoken !== null) return unspoken;
    const ways = waysOf(scan);
    const taken = ways.filter(([, { value }]) => value).map(([way]) => way);
    if (taken.length > 0) return pass(`by ${taken.join(', ')}`);
    const untold = ways.flatMap(([way, { why }]) => (why === null ? [] : [`by ${way}: ${why}`]));
    if (untold.length > 0) return inconclusive(untold.join('; '));
    return clientAuth.requested
      ? notApplicable('clients are asked for certificates, which a resumed session would skip: none is')
      : fail(`not by ${ways.map(([way]) => way).join(', nor by ')}`);
  },
};

/** The ways that the versions which are spoken, or may be, have. */
function waysOf(scan: Scan): Array<readonly [way: string, told: Told<boolean>]> {
  const { resumesById, resumesByTicket, resumesTls13 } = scan.sessions;
  const older = [
    ['session id', resumesById],
    ['ticket', resumesByTicket],
  ] as const;
  return [
    ...(notSpoken(scan, BEFORE_TLS_1_3)?.status === 'not-applicable' ? [] : older),
    ...(notSpoken(scan, ['TLSv1.3'])?.status === 'not-applicable'
      ? []
      : [['pre-shared key of a ticket', resumesTls13] as const]),
  ];
}

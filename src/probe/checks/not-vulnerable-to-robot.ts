import { type Check, notApplicable } from '../check.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';
import { faultFinding, outOfStrangersReach } from '../told-finding.js';

/** Bleichenbacher’s attack: who can tell them apart decrypts what was recorded, and signs with the server’s key. */
export const notVulnerableToRobot: Check = {
  id: 'not-vulnerable-to-robot',
  title: 'Does not tell right RSA padding from wrong (ROBOT)',
  severity: 'high',
  citation: 'CVE-2017-13099; RFC 5246 §7.4.7.1',
  remediation: `Take the suites with static RSA out, and update the TLS library or the appliance. ${STRONG_SUITES}`,
  run(observations) {
    const { scan } = observations;
    const offer = offersNoSuite(scan, ({ keyExchange }) => STATIC_RSA.has(keyExchange));
    if (offer.status === 'pass') return notApplicable(`no static RSA: ${offer.evidence}`);
    if (offer.status === 'not-applicable') return offer;
    return outOfStrangersReach(observations, scan.faults.robot) ?? faultFinding(scan.faults.robot);
  },
};

const STATIC_RSA = new Set(['RSA', 'RSA_PSK']);

import { extKeyUsageOf } from '../../x509/extensions/ext-key-usage.js';
import { OID, oidName } from '../../x509/oid.js';
import { type Check, fail, pass } from '../check.js';
import { eachChain } from '../each-chain.js';

/** RFC 5280 takes a certificate without the extension for one of every purpose. */
export const certificateForServers: Check = {
  id: 'certificate-for-servers',
  title: 'Shows a certificate that is meant for TLS servers',
  severity: 'high',
  citation: 'RFC 5280 §4.2.1.12',
  remediation:
    'Issue it as a server’s (sslapi issue-server, sign-csr --profile server): extKeyUsage serverAuth.',
  run: (observations) =>
    eachChain(observations, (_chain, leaf) => {
      const purposes = extKeyUsageOf(leaf);
      if (purposes === undefined) return pass('no extKeyUsage, so for every purpose');
      const named = purposes.map(oidName).join(', ');
      const isFit = purposes.includes(OID.serverAuth) || purposes.includes(OID.anyExtendedKeyUsage);
      return isFit ? pass(named) : fail(`for ${named} alone`);
    }),
};

import type { Certificate } from '../../x509/certificate.js';
import { extKeyUsageOf } from '../../x509/extensions/ext-key-usage.js';
import { keyUsageOf } from '../../x509/extensions/key-usage.js';
import { OID, oidName } from '../../x509/oid.js';
import { type Check, fail, pass } from '../check.js';
import { eachChain } from '../each-chain.js';
import type { Observations } from '../observations.js';

/** RFC 5280 takes a certificate without the extension for one of every purpose. */
export const certificateForServers: Check = {
  id: 'certificate-for-servers',
  title: 'Shows a certificate that is meant for TLS servers',
  severity: 'high',
  citation: 'RFC 5280 §4.2.1.12; RFC 8446 §4.4.2.2',
  remediation:
    'Issue it as a server’s (sslapi issue-server, sign-csr --profile server): extKeyUsage serverAuth, keyUsage digitalSignature.',
  run: (observations) =>
    eachChain(observations, (_chain, leaf) => {
      const usages = keyUsageOf(leaf);
      if (usages !== undefined && !usages.has('digitalSignature') && signs(observations, leaf))
        return fail(`its key signs, and is for ${[...usages].join(', ')} alone`);
      const purposes = extKeyUsageOf(leaf);
      if (purposes === undefined) return pass('no extKeyUsage, so for every purpose');
      const named = purposes.map(oidName).join(', ');
      const isFit = purposes.includes(OID.serverAuth) || purposes.includes(OID.anyExtendedKeyUsage);
      return isFit ? pass(named) : fail(`for ${named} alone`);
    }),
};

/** A key signs in TLS 1.3, whatever it is; before that one of RSA may do with decrypting. */
function signs({ scan }: Observations, leaf: Certificate): boolean {
  const isRsa = leaf.subjectPublicKeyInfo.algorithm.algorithm === OID.rsaEncryption;
  return !isRsa || scan.protocols['TLSv1.3'].value === true;
}

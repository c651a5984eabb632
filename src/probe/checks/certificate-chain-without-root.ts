import { isSelfIssued } from '../../x509/certificate.js';
import { formatName } from '../../x509/name.js';
import { linkedCertificates } from '../chain-links.js';
import { type Check, fail, pass } from '../check.js';
import { eachChain } from '../each-chain.js';

/** A client has the root or does not trust it: sending it is lost octets in every handshake. */
export const certificateChainWithoutRoot: Check = {
  id: 'certificate-chain-without-root',
  title: 'Leaves the root out of its chain',
  severity: 'info',
  citation: 'RFC 8446 §4.4.2',
  remediation: 'Take the root out of the file: fullchain.pem ends with the issuing CA.',
  run: (observations) =>
    eachChain(observations, (chain, leaf) => {
      const root = linkedCertificates(chain, leaf).find((one) => one !== leaf && isSelfIssued(one));
      return root === undefined
        ? pass(`${chain.chain.length} sent, no root among them`)
        : fail(`${formatName(root.subject)} is sent too: ${root.der.length} octets in every handshake`);
    }),
};

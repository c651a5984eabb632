import { isSelfIssued } from '../../x509/certificate.js';
import { formatName } from '../../x509/name.js';
import { type Check, fail, pass } from '../check.js';
import { eachChain } from '../each-chain.js';

export const certificateNotSelfSigned: Check = {
  id: 'certificate-not-self-signed',
  title: 'Shows a certificate that a CA has issued',
  severity: 'medium',
  citation: 'RFC 5280 §3.2; CWE-296',
  remediation:
    'Have a CA issue it (sslapi issue-server NAME): what signed itself can be neither renewed in peace nor revoked.',
  run: (observations) =>
    eachChain(observations, ({ trust }, leaf) => {
      if (!isSelfIssued(leaf)) return pass(`issued by ${formatName(leaf.issuer)}`);
      return trust.kind === 'trusted'
        ? pass(`self-signed, and itself an anchor of ${trust.source.name}`)
        : fail(`${formatName(leaf.subject)} has signed itself`);
    }),
};

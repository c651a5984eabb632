import { formatName, sameName } from '../../x509/name.js';
import { linkedCertificates } from '../chain-links.js';
import { type Check, fail, notApplicable, pass } from '../check.js';
import { eachChain } from '../each-chain.js';

/** TLS 1.2 demands the order, TLS 1.3 wants it: clients that read the chain one by one fail without it. Several
 *  certificates of one issuer may stand side by side. */
export const certificateChainOrdered: Check = {
  id: 'certificate-chain-ordered',
  title: 'Shows its chain in order, each issuer behind what it issued',
  severity: 'low',
  citation: 'RFC 5246 §7.4.2; RFC 8446 §4.4.2',
  remediation: 'Put the server’s certificate first, then who issued it, and so on: fullchain.pem is so.',
  run: (observations) =>
    eachChain(observations, (chain, leaf) => {
      const linked = linkedCertificates(chain, leaf);
      if (linked.length < 2) return notApplicable('a single certificate has no order');
      const early = linked.find(
        ({ subject }, at) => at > 0 && !linked.slice(0, at).some(({ issuer }) => sameName(issuer, subject)),
      );
      return early === undefined
        ? pass(linked.map(({ subject }) => formatName(subject)).join(' ← '))
        : fail(`${formatName(early.subject)} comes before the certificate that it issued`);
    }),
};

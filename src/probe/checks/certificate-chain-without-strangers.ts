import { formatName } from '../../x509/name.js';
import { distinct, linkedCertificates } from '../chain-links.js';
import { type Check, fail, pass } from '../check.js';
import { eachChain } from '../each-chain.js';
import { readableOf } from '../judged-chain.js';

export const certificateChainWithoutStrangers: Check = {
  id: 'certificate-chain-without-strangers',
  title: 'Shows no certificate that its chain has no use for',
  severity: 'low',
  citation: 'RFC 5246 §7.4.2',
  remediation: 'Take them out of the file: some clients refuse a chain with certificates that are not of it.',
  run: (observations) =>
    eachChain(observations, (chain, leaf) => {
      const readable = readableOf(chain);
      const different = distinct(readable);
      const linked = linkedCertificates(chain, leaf);
      const unreadable = chain.chain.length - readable.length;
      const faults = [
        ...different.filter((one) => !linked.includes(one)).map(({ subject }) => formatName(subject)),
        ...(readable.length > different.length ? [`${readable.length - different.length} sent twice`] : []),
        ...(unreadable > 0 ? [`${unreadable} that cannot be read`] : []),
      ];
      return faults.length > 0 ? fail(faults.join('; ')) : pass(`all ${linked.length} are of the chain`);
    }),
};

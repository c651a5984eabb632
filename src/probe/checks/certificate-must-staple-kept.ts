import { tlsFeatureOf } from '../../x509/extensions/tls-feature.js';
import { type Check, fail, notApplicable, pass } from '../check.js';
import { eachChain } from '../each-chain.js';

export const certificateMustStapleKept: Check = {
  id: 'certificate-must-staple-kept',
  title: 'Staples where its certificate promises that it does',
  severity: 'high',
  citation: 'RFC 7633 §4.2.3',
  remediation:
    'nginx: ssl_stapling on; Apache: SSLUseStapling on; or issue a certificate without tlsFeature.',
  run: (observations) =>
    eachChain(observations, ({ revocation, ocspResponse }, leaf) => {
      if (!tlsFeatureOf(leaf)?.includes(STATUS_REQUEST))
        return notApplicable('it promises nothing (no tlsFeature)');
      if (ocspResponse === null) return fail('it has tlsFeature status_request, and nothing is stapled');
      const staple = revocation.find(({ kind }) => kind === 'staple');
      return staple?.status === 'good'
        ? pass('a good response is stapled')
        : fail(staple?.why ?? 'the staple is not judged');
    }),
};

/** ExtensionType status_request, RFC 6066 §8. */
const STATUS_REQUEST = 5;

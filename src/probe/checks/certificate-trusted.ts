import { type Check, fail, inconclusive, pass } from '../check.js';
import { eachChain } from '../each-chain.js';

export const certificateTrusted: Check = {
  id: 'certificate-trusted',
  title: 'Shows a certificate that leads to a trust anchor',
  severity: 'high',
  citation: 'RFC 5280 §6.1',
  remediation:
    'Send the chain up to a trusted root (fullchain.pem), or name the right root with --cacert FILE.',
  run: (observations) =>
    eachChain(
      observations,
      ({ trust: found }) => {
        switch (found.kind) {
          case 'trusted':
            return pass(`a path of ${found.path.path.length} certificates, anchored in ${found.source.name}`);
          case 'untrusted':
            return fail(
              `${found.refusal.message} (${found.refusal.reason}; tried ${found.tried.join(', ')})`,
            );
          case 'no-anchors':
            return inconclusive('there are no trust anchors to hold it against');
        }
      },
      fail('what it shows is no certificate: it cannot be read'),
    ),
};

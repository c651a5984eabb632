import { isoSeconds } from '../../x509/whole-seconds.js';
import { type Check, fail, pass } from '../check.js';
import { eachChain } from '../each-chain.js';

export const certificateAlreadyValid: Check = {
  id: 'certificate-already-valid',
  title: 'Shows a certificate whose life has begun',
  severity: 'high',
  citation: 'RFC 5280 §4.1.2.5',
  remediation: 'See that the clocks of the CA and of this machine are right; else wait, or issue it anew.',
  run: (observations) =>
    eachChain(observations, (_chain, { validity: { notBefore } }) =>
      observations.at < notBefore
        ? fail(`not valid before ${isoSeconds(notBefore)}`)
        : pass(`valid since ${isoSeconds(notBefore)}`),
    ),
};

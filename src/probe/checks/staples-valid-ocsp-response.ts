import { type Check, fail, notApplicable, pass } from '../check.js';
import { eachChain } from '../each-chain.js';

/** A staple that a client cannot believe is worse than none: with must-staple it ends the handshake. */
export const staplesValidOcspResponse: Check = {
  id: 'staples-valid-ocsp-response',
  title: 'Staples an OCSP response that is signed by its CA and fresh',
  severity: 'medium',
  citation: 'RFC 6960 §4.2.2; RFC 6066 §8',
  remediation: 'Fetch a new response before the old one ends, and reload the server; or staple none.',
  run: (observations) =>
    eachChain(observations, ({ revocation }) => {
      const staple = revocation.find(({ kind }) => kind === 'staple');
      if (staple === undefined) return notApplicable('none is stapled');
      return staple.status === 'unknown'
        ? fail(staple.why)
        : pass(staple.status === 'good' ? 'it says: good' : `it says: ${staple.why}`);
    }),
};

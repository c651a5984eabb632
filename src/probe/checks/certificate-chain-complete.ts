import { isSelfIssued } from '../../x509/certificate.js';
import { authorityInfoAccessOf } from '../../x509/extensions/authority-info-access.js';
import { formatGeneralName } from '../../x509/general-name.js';
import { formatName } from '../../x509/name.js';
import { OID } from '../../x509/oid.js';
import { endOfChain } from '../chain-links.js';
import { type Check, fail, inconclusive, pass } from '../check.js';
import { eachChain } from '../each-chain.js';

/** A server sends every certificate up to the root, which alone it may leave out. */
export const certificateChainComplete: Check = {
  id: 'certificate-chain-complete',
  title: 'Shows every certificate between its own and the root',
  severity: 'high',
  citation: 'RFC 8446 §4.4.2',
  remediation:
    'Deploy fullchain.pem: the certificate with its issuing CAs behind it (nginx: ssl_certificate fullchain.pem).',
  run: (observations) =>
    eachChain(observations, (chain, leaf) => {
      if (chain.trust.kind === 'trusted')
        return pass(`${chain.chain.length} sent, and they lead to the root`);
      if (chain.missing.length > 0) {
        const names = chain.missing.map(({ subject }) => formatName(subject)).join('; ');
        return fail(`${names} is missing, and with it the chain is trusted: deploy fullchain.pem`);
      }
      const end = endOfChain(chain, leaf);
      const name = formatName(end.issuer);
      if (isSelfIssued(end)) return pass(`it ends in ${name}, which issued itself`);
      if (chain.endsBelowAnchor) return pass(`it ends below ${name}, which is known`);
      const known = (authorityInfoAccessOf(end) ?? []).find(
        ({ accessMethod }) => accessMethod === OID.caIssuers,
      );
      const where = known ? `, and to be had from ${formatGeneralName(known.accessLocation)}` : '';
      const what = chain.chain.length === 1 ? 'no issuer is sent at all; ' : '';
      return inconclusive(
        `${what}${name}, who issued ${formatName(end.subject)}, is neither sent nor trusted here${where}: missing, or a root to name with --cacert`,
      );
    }),
};

import { readable } from '../../x509/describe-certificate.js';
import { decodeWhole } from '../../x509/extension.js';
import {
  readSignedCertificateTimestamps,
  signedCertificateTimestampsOf,
} from '../../x509/extensions/signed-certificate-timestamps.js';
import { parseOcspResponse } from '../../x509/ocsp-response.js';
import { OID } from '../../x509/oid.js';
import { type Check, fail, notApplicable, pass } from '../check.js';
import { eachChain } from '../each-chain.js';

/** Counts the promises of logs and no more: their signatures would need the keys of all logs. */
export const certificateLogged: Check = {
  id: 'certificate-logged',
  title: 'Shows promises of two logs of Certificate Transparency, where its root is public',
  severity: 'medium',
  citation: 'RFC 6962 §3.3',
  remediation: 'Have the CA embed them; browsers refuse public certificates without.',
  run: (observations) =>
    eachChain(observations, ({ isPublic, signedCertificateTimestamps, ocspResponse }, leaf) => {
      if (!isPublic) return notApplicable('its root is not among those that Node brings along');
      const embedded = signedCertificateTimestampsOf(leaf)?.length ?? 0;
      const counts = [
        ['in the certificate', embedded],
        ['in the handshake', signedCertificateTimestamps.length],
        ['in the staple', (ocspResponse && readable(() => countInStaple(ocspResponse))) ?? 0],
      ] as const;
      const total = counts.reduce((sum, [, count]) => sum + count, 0);
      const where = counts.filter(([, count]) => count > 0).map(([place, count]) => `${count} ${place}`);
      const evidence = `${where.join(', ') || 'none at all'} (counted, not verified)`;
      return total >= LEAST ? pass(evidence) : fail(evidence);
    }),
};

/** RFC 6962 §3.3: in a singleExtension. */
function countInStaple(ocspResponse: Uint8Array): number {
  const responses = parseOcspResponse(ocspResponse).basic?.responses ?? [];
  const lists = responses.flatMap(({ extensions }) =>
    extensions.filter(({ oid }) => oid === OID.ocspSignedCertificateTimestamps),
  );
  return lists.reduce(
    (sum, { value }) => sum + decodeWhole(value, readSignedCertificateTimestamps).length,
    0,
  );
}

const LEAST = 2;

import { isSignedBy } from '../../tls/server-signature.js';
import type { TlsVersion } from '../../tls/version.js';
import { parseCertificate } from '../../x509/certificate.js';
import { DerError } from '../../x509/der.js';
import type { SubjectPublicKeyInfo } from '../../x509/subject-public-key-info.js';
import { type Check, fail, inconclusive, notApplicable, pass } from '../check.js';
import { spokenHandshakes } from '../observations.js';

/** A certificate is no secret: that a server holds its key shows in what it signs, and in nothing else. */
export const certificateKeyHeld: Check = {
  id: 'certificate-key-held',
  title: 'Signs its handshakes with the key of its certificate',
  severity: 'critical',
  citation: 'RFC 8446 §4.4.3; RFC 5246 §7.4.3',
  remediation:
    'Put the key that belongs to the certificate beside it (privkey.pem of the same folder) and reload; where it is right there, somebody else answers in its place.',
  run(observations) {
    const seen = spokenHandshakes(observations).filter(([, { flight }]) => flight.certificate !== null);
    if (seen.length === 0) return inconclusive('no certificate was seen in a handshake');
    const signed = seen.flatMap(([version, { flight }]) => {
      const key = keyOf(flight.certificate?.chain[0]);
      const isRight = flight.signed && key && isSignedBy(key, flight.signed);
      return flight.signed === null ? [] : [{ version, isRight }];
    });
    const of = (wanted: boolean | null): TlsVersion[] =>
      signed.filter(({ isRight }) => isRight === wanted).map(({ version }) => version);
    if (of(false).length > 0) return fail(`signed by another key: ${of(false).join(', ')}`);
    if (signed.length === 0) return notApplicable('it signs nothing: keys are agreed on by RSA encryption');
    if (of(true).length === 0)
      return inconclusive('its signature or its key is of a kind that is not known here');
    return pass(`signed by it: ${of(true).join(', ')}`);
  },
};

function keyOf(leaf: Uint8Array | undefined): SubjectPublicKeyInfo | null {
  try {
    return leaf === undefined ? null : parseCertificate(leaf).subjectPublicKeyInfo;
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

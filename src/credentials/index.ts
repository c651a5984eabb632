import { caAsClient } from './ca-as-client.js';
import type { Credential } from './credential.js';
import { duplicateSerial } from './duplicate-serial.js';
import { ekuAny } from './eku-any.js';
import { ekuCodeSigning } from './eku-code-signing.js';
import { ekuNone } from './eku-none.js';
import { ekuServerOnly } from './eku-server-only.js';
import { expired } from './expired.js';
import { expiredIssuer } from './expired-issuer.js';
import { good } from './good.js';
import { issuedByLeaf } from './issued-by-leaf.js';
import { issuerWithoutBasicConstraints } from './issuer-without-basic-constraints.js';
import { issuerWithoutCertSign } from './issuer-without-cert-sign.js';
import { keyUsageWithoutSignature } from './key-usage-without-signature.js';
import { largeCertificate } from './large-certificate.js';
import { malformed } from './malformed.js';
import { missingIntermediate } from './missing-intermediate.js';
import { nameConstraintViolation } from './name-constraint-violation.js';
import { none } from './none.js';
import { notYetValid } from './not-yet-valid.js';
import { otherCa } from './other-ca.js';
import { pathLengthExceeded } from './path-length-exceeded.js';
import { revoked } from './revoked.js';
import { revokedIssuer } from './revoked-issuer.js';
import { revokedLatest } from './revoked-latest.js';
import { rogueCa } from './rogue-ca.js';
import { rsa1024 } from './rsa-1024.js';
import { selfSigned } from './self-signed.js';
import { sha1 } from './sha1.js';
import { tamperedBody } from './tampered-body.js';
import { tamperedSignature } from './tampered-signature.js';
import { unknownCriticalExtension } from './unknown-critical-extension.js';
import { veryLongChain } from './very-long-chain.js';
import { wrongKey } from './wrong-key.js';

/** Every credential that a proof shows, in the order of the report: the good one, those that must be refused, those of which
 *  it is only told what becomes of them. */
export const CREDENTIALS: readonly Credential[] = [
  good,
  none,
  selfSigned,
  rogueCa,
  otherCa,
  wrongKey,
  tamperedSignature,
  tamperedBody,
  expired,
  notYetValid,
  ekuServerOnly,
  ekuCodeSigning,
  revoked,
  revokedLatest,
  revokedIssuer,
  issuedByLeaf,
  pathLengthExceeded,
  issuerWithoutBasicConstraints,
  issuerWithoutCertSign,
  expiredIssuer,
  nameConstraintViolation,
  unknownCriticalExtension,
  malformed,
  ekuNone,
  ekuAny,
  caAsClient,
  keyUsageWithoutSignature,
  rsa1024,
  sha1,
  missingIntermediate,
  duplicateSerial,
  veryLongChain,
  largeCertificate,
];

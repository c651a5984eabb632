import type { BadKind } from '../bad-kind.js';
import { tripleDes } from './3des.js';
import { anonymous } from './anonymous.js';
import { caNotCa } from './ca-not-ca.js';
import { caWithoutCertSign } from './ca-without-cert-sign.js';
import { clientAuthAny } from './client-auth-any.js';
import { clientAuthOptional } from './client-auth-optional.js';
import { clientAuthWithoutCrl } from './client-auth-without-crl.js';
import { dh512 } from './dh512.js';
import { dh1024 } from './dh1024.js';
import { downgraded } from './downgraded.js';
import { ekuClientOnly } from './eku-client-only.js';
import { expired } from './expired.js';
import { expiredIntermediate } from './expired-intermediate.js';
import { exportSuites } from './export.js';
import { freak } from './freak.js';
import { good } from './good.js';
import { issuedByLeaf } from './issued-by-leaf.js';
import { keyUsageWithoutSignature } from './key-usage-without-signature.js';
import { largeCertificate } from './large-certificate.js';
import { malformed } from './malformed.js';
import { missingIntermediate } from './missing-intermediate.js';
import { mustStaple } from './must-staple.js';
import { nameConstraintViolation } from './name-constraint-violation.js';
import { noSan } from './no-san.js';
import { notYetValid } from './not-yet-valid.js';
import { nullCipher } from './null-cipher.js';
import { pathLengthExceeded } from './path-length-exceeded.js';
import { rc4 } from './rc4.js';
import { revoked } from './revoked.js';
import { rogueCa } from './rogue-ca.js';
import { rsa1024 } from './rsa1024.js';
import { selfSigned } from './self-signed.js';
import { sha1 } from './sha1.js';
import { sha1Signature } from './sha1-signature.js';
import { sslv2 } from './sslv2.js';
import { sslv3 } from './sslv3.js';
import { staticRsa } from './static-rsa.js';
import { suiteNotOffered } from './suite-not-offered.js';
import { tamperedSignature } from './tampered-signature.js';
import { tls10 } from './tls1-0.js';
import { tls11 } from './tls1-1.js';
import { unknownCriticalExtension } from './unknown-critical-extension.js';
import { untrustedRoot } from './untrusted-root.js';
import { weakGroup } from './weak-group.js';
import { wildcardMisused } from './wildcard-misused.js';
import { wrongHost } from './wrong-host.js';
import { wrongKey } from './wrong-key.js';

/** Every way in which a server can be wrong here, in the order of `serve --bad list`, which is that of the ports too: the good
 *  one, what is wrong with names and certificates, with their keys, with the protocol, with how clients are asked. */
export const BAD_KINDS: readonly BadKind[] = [
  good,
  expired,
  notYetValid,
  wrongHost,
  noSan,
  wildcardMisused,
  selfSigned,
  untrustedRoot,
  rogueCa,
  missingIntermediate,
  revoked,
  wrongKey,
  tamperedSignature,
  malformed,
  ekuClientOnly,
  keyUsageWithoutSignature,
  unknownCriticalExtension,
  issuedByLeaf,
  caNotCa,
  caWithoutCertSign,
  pathLengthExceeded,
  nameConstraintViolation,
  expiredIntermediate,
  sha1,
  rsa1024,
  mustStaple,
  largeCertificate,
  sslv2,
  sslv3,
  tls10,
  tls11,
  downgraded,
  nullCipher,
  anonymous,
  rc4,
  tripleDes,
  exportSuites,
  freak,
  suiteNotOffered,
  staticRsa,
  dh1024,
  dh512,
  weakGroup,
  sha1Signature,
  clientAuthOptional,
  clientAuthAny,
  clientAuthWithoutCrl,
];

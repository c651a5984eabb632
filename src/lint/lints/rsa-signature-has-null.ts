import { TAG } from '../../x509/der.js';
import { OID, oidName } from '../../x509/oid.js';
import { holds, type Lint } from '../lint.js';

export const rsaSignatureHasNull: Lint = {
  id: 'rsa-signature-has-null',
  title: 'Names an RSA signature algorithm with NULL parameters',
  severity: 'low',
  citation: 'RFC 4055 §5; RFC 8017 §A.2.4',
  applies: ({ certificate }) => RSA_SIGNATURES.has(certificate.signatureAlgorithm.algorithm),
  run: ({ certificate: { signatureAlgorithm } }) => {
    const { algorithm, parameters } = signatureAlgorithm;
    const isNull = parameters?.length === 2 && parameters[0] === TAG.null;
    return holds(
      isNull,
      `${oidName(algorithm)} with ${parameters === null ? 'no' : isNull ? 'NULL' : 'other'} parameters`,
    );
  },
};

const RSA_SIGNATURES: ReadonlySet<string> = new Set([
  OID.md5WithRSAEncryption,
  OID.sha1WithRSAEncryption,
  OID.sha224WithRSAEncryption,
  OID.sha256WithRSAEncryption,
  OID.sha384WithRSAEncryption,
  OID.sha512WithRSAEncryption,
]);

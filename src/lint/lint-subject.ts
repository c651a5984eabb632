import { type DecodedExtensions, decodeExtensions } from '../path/decode-extensions.js';
import { PathCertificate } from '../path/path-certificate.js';
import type { Certificate } from '../x509/certificate.js';
import { OID } from '../x509/oid.js';

/** A certificate as lints look at it. */
export interface LintSubject {
  readonly certificate: Certificate;
  /** For the checks that path validation has already. */
  readonly subject: PathCertificate;
  /** Each extension that can be read; one that cannot is absent here and stands in `malformed`. */
  readonly extensions: DecodedExtensions;
  /** What is wrong with extensions that cannot be read. */
  readonly malformed: readonly string[];
  readonly isCa: boolean;
  /** Whether issuer and subject are the same. */
  readonly isSelfIssued: boolean;
  /** Whether it is a leaf for a TLS server by its extended key usage. */
  readonly isServer: boolean;
  /** Whether it is a leaf for TLS, either end. */
  readonly isTls: boolean;
}

export function lintSubject(certificate: Certificate): LintSubject {
  const subject = new PathCertificate(certificate);
  const { extensions, malformed } = decodeEach(certificate);
  const isCa = extensions.basicConstraints?.ca === true;
  const purposes = isCa ? [] : (extensions.extKeyUsage ?? []);
  const isServer = purposes.includes(OID.serverAuth);
  return {
    certificate,
    subject,
    extensions,
    malformed,
    isCa,
    isSelfIssued: subject.selfIssued,
    isServer,
    isTls: isServer || purposes.includes(OID.clientAuth),
  };
}

/** One at a time: a broken extension must not hide the others. */
function decodeEach(certificate: Certificate): Pick<LintSubject, 'extensions' | 'malformed'> {
  const malformed: string[] = [];
  const critical = new Set<string>();
  let extensions: DecodedExtensions = { critical };
  for (const extension of certificate.extensions) {
    const decoded = decodeExtensions([extension]);
    if (extension.critical) critical.add(extension.oid);
    if (!('reason' in decoded)) extensions = { ...decoded, ...extensions, critical };
    else if (decoded.reason !== 'unknown-critical-extension') malformed.push(decoded.message);
  }
  return { extensions, malformed };
}

import type { CertificateRequest } from './certificate-request.js';
import { describeList, readable } from './describe-certificate.js';
import { basicConstraintsOf } from './extensions/basic-constraints.js';
import { extKeyUsageOf } from './extensions/ext-key-usage.js';
import { keyUsageOf } from './extensions/key-usage.js';
import { subjectAltNameOf } from './extensions/subject-alt-name.js';
import { formatGeneralName } from './general-name.js';
import { formatName } from './name.js';
import { oidName } from './oid.js';
import { describeKey } from './subject-public-key-info.js';

/** What a request asks for, as JSON. */
export interface RequestDescription {
  readonly subject: string;
  readonly subjectAltName: readonly string[];
  readonly keyType: string;
  readonly signatureAlgorithm: string;
  /** Whether it asks for a CA's certificate. */
  readonly ca: boolean;
  readonly keyUsage?: readonly string[];
  readonly extKeyUsage?: readonly string[];
  readonly extensions: ReadonlyArray<{ readonly name: string; readonly critical: boolean }>;
  readonly attributes: readonly string[];
}

export function describeRequest(request: CertificateRequest): RequestDescription {
  const keyUsage = readable(() => keyUsageOf(request));
  const purposes = readable(() => extKeyUsageOf(request));
  return {
    subject: formatName(request.subject),
    subjectAltName: readable(() => subjectAltNameOf(request))?.map(formatGeneralName) ?? [],
    keyType: describeKey(request.subjectPublicKeyInfo),
    signatureAlgorithm: oidName(request.signatureAlgorithm.algorithm),
    ca: readable(() => basicConstraintsOf(request))?.ca === true,
    ...(keyUsage && { keyUsage: [...keyUsage] }),
    ...(purposes && { extKeyUsage: purposes.map(oidName) }),
    extensions: describeList(request.extensions),
    attributes: request.attributes.map(oidName),
  };
}

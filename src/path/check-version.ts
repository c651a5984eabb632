import type { PathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';

/** RFC 5280 §4.1.2.1: extensions need version 3, unique identifiers at least 2. */
export function checkVersion({ certificate }: PathCertificate): Refusal | null {
  const { version, extensions, issuerUniqueId, subjectUniqueId } = certificate;
  if (version > 3) return refusal('version-invalid', `version ${version} does not exist`);
  if (extensions.length > 0 && version !== 3) {
    return refusal('version-invalid', `extensions in a certificate of version ${version}`);
  }
  if ((issuerUniqueId || subjectUniqueId) && version === 1) {
    return refusal('version-invalid', 'a unique identifier in a certificate of version 1');
  }
  return null;
}

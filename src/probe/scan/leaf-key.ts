import { parseCertificate } from '../../x509/certificate.js';
import { describeKey } from '../../x509/subject-public-key-info.js';

/** The kind of a certificate's key, as reports name it: `ec-p256`, `rsa-2048`; empty where there is none that can be read. */
export function leafKeyType(leaf: Uint8Array | null): string {
  if (leaf === null) return '';
  try {
    return describeKey(parseCertificate(leaf).subjectPublicKeyInfo);
  } catch {
    return '';
  }
}

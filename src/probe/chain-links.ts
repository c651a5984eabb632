import { type Certificate, isSelfIssued } from '../x509/certificate.js';
import { fingerprint256 } from '../x509/fingerprint.js';
import { sameName } from '../x509/name.js';
import type { JudgedChain } from './judged-chain.js';

/** The certificates of a chain that its first one leads to by the names of issuers, itself among them, in the order
 *  sent; each once. */
export function linkedCertificates(
  chain: Pick<JudgedChain, 'certificates'>,
  leaf: Certificate,
): Certificate[] {
  const all = distinct(chain.certificates.filter((one) => one !== null));
  const linked = new Set([leaf]);
  for (const one of linked) {
    for (const other of all) if (sameName(other.subject, one.issuer)) linked.add(other);
  }
  return all.filter((one) => linked.has(one));
}

/** The last certificate on the way up that was sent: its issuer was not. */
export function endOfChain(chain: Pick<JudgedChain, 'certificates'>, leaf: Certificate): Certificate {
  const linked = linkedCertificates(chain, leaf);
  const isIssued = (one: Certificate): boolean =>
    linked.some((other) => other !== one && sameName(other.subject, one.issuer));
  return linked.find((one) => isSelfIssued(one)) ?? linked.find((one) => !isIssued(one)) ?? leaf;
}

/** Each certificate where it stands first. */
export function distinct(certificates: readonly Certificate[]): Certificate[] {
  const seen = new Map<string, Certificate>();
  for (const one of certificates) {
    const fingerprint = fingerprint256(one.der);
    if (!seen.has(fingerprint)) seen.set(fingerprint, one);
  }
  return [...seen.values()];
}

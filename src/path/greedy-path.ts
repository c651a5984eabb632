import { sameBytes } from '../x509/der.js';
import type { CertificatePool } from './certificate-pool.js';
import { checkSignature } from './check-signature.js';
import { checkValidity } from './check-validity.js';
import type { PathCertificate } from './path-certificate.js';

/** How a stack without backtracking goes from a certificate to its issuer. */
export type GreedyStyle = 'openssl' | 'gnutls';

/** The one path that a stack without backtracking looks at; `complete` where it ends at a trust anchor. */
export interface GreedyPath {
  readonly path: readonly PathCertificate[];
  readonly complete: boolean;
}

/** Goes up as OpenSSL's X509_verify_cert and GnuTLS's gnutls_x509_trust_list_verify_crt2 do: the first issuer that
 *  fits by name and key identifier is taken, and if it leads nowhere there is no second try. OpenSSL asks its trusted
 *  certificates first, passes over those not in their time and ends at self-signed ones only; GnuTLS sorts what the
 *  peer sent first, and is content with any trust anchor. */
export function greedyPath(
  leaf: PathCertificate,
  pool: CertificatePool,
  at: Date,
  style: GreedyStyle,
): GreedyPath {
  return style === 'openssl' ? asOpenssl(leaf, pool, at) : asGnutls(leaf, pool);
}

function asOpenssl(leaf: PathCertificate, pool: CertificatePool, at: Date): GreedyPath {
  const path = [leaf];
  let trustedOnly = pool.isAnchor(leaf);
  for (;;) {
    const subject = path[path.length - 1]!;
    if (endsHere(subject)) return { path, complete: pool.isAnchor(subject) };
    const trusted = bestInTime(issuersAmong(pool.trusted, subject, path), at);
    const issuer =
      trusted ?? (trustedOnly ? undefined : bestInTime(issuersAmong(pool.untrusted, subject, path), at));
    if (issuer === undefined) return { path, complete: false };
    trustedOnly ||= trusted !== undefined;
    path.push(issuer);
  }
}

function asGnutls(leaf: PathCertificate, pool: CertificatePool): GreedyPath {
  const path = [leaf];
  for (;;) {
    const subject = path[path.length - 1]!;
    if (pool.isAnchor(subject)) return { path, complete: true };
    const [sent] = issuersAmong(pool.untrusted, subject, path);
    if (sent === undefined) break;
    path.push(sent);
  }
  const [anchor] = issuersAmong(pool.trusted, path[path.length - 1]!, path);
  return anchor === undefined ? { path, complete: false } : { path: [...path, anchor], complete: true };
}

/** Self-issued, and no word that another key signed it. */
function endsHere(subject: PathCertificate): boolean {
  if (!subject.selfIssued) return false;
  const { authorityKeyIdentifier: aki, subjectKeyIdentifier: ski } = subject.extensions;
  if (aki?.keyIdentifier !== undefined && ski !== undefined) return sameBytes(aki.keyIdentifier, ski);
  return checkSignature(subject, subject) === null;
}

function issuersAmong(
  list: readonly PathCertificate[],
  subject: PathCertificate,
  path: readonly PathCertificate[],
): PathCertificate[] {
  return list.filter(
    (one) => one.subjectKey === subject.issuerKey && !path.includes(one) && fits(subject, one),
  );
}

function fits(subject: PathCertificate, issuer: PathCertificate): boolean {
  const wanted = subject.extensions.authorityKeyIdentifier?.keyIdentifier;
  const offered = issuer.extensions.subjectKeyIdentifier;
  const { keyUsage } = issuer.extensions;
  if (keyUsage !== undefined && !keyUsage.has('keyCertSign')) return false;
  return wanted === undefined || offered === undefined || sameBytes(wanted, offered);
}

/** The first that is in its time, else the one that expired last. */
function bestInTime(candidates: readonly PathCertificate[], at: Date): PathCertificate | undefined {
  const valid = candidates.find(({ certificate }) => checkValidity(certificate.validity, at) === null);
  if (valid !== undefined) return valid;
  const latestFirst = [...candidates].sort(
    (a, b) => b.certificate.validity.notAfter.getTime() - a.certificate.validity.notAfter.getTime(),
  );
  return latestFirst[0];
}

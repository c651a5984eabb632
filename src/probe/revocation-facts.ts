import type { Refusal } from '../path/path-result.js';
import { verifyCertificate } from '../path/verify-certificate.js';
import type { Certificate } from '../x509/certificate.js';
import { formatName, sameName } from '../x509/name.js';
import { type JudgedChain, readableOf } from './judged-chain.js';

/** What one source says of one certificate. */
export interface RevocationFact {
  /** Where it comes from: `the staple`, `the local crl-chain.pem`, the URL of a CRL or responder. */
  readonly source: string;
  readonly kind: 'staple' | 'local' | 'crl' | 'ocsp';
  /** RFC 4514, of the certificate that is spoken of. */
  readonly subject: string;
  /** `unknown` where the source does not tell, or is not to be believed. */
  readonly status: 'good' | 'revoked' | 'unknown';
  /** Since when and why, or why it is not known. */
  readonly why: string;
}

/** What proves a status, in DER. */
export interface RevocationProof {
  readonly crls?: readonly Uint8Array[];
  readonly ocsp?: readonly Uint8Array[];
}

/** What the server's own staple says; null where it has none. The issuer is taken from the path, else from what was
 *  shown: a staple can be judged although the chain leads nowhere. */
export function factOfStaple(chain: JudgedChain, at: Date): RevocationFact | null {
  const [leaf] = chain.certificates;
  if (chain.ocspResponse === null || !leaf) return null;
  const about = { source: 'the staple', kind: 'staple', subject: formatName(leaf.subject) } as const;
  const issuer =
    chain.trust.kind === 'trusted'
      ? chain.trust.path.path[1]
      : [...readableOf(chain), ...chain.missing].find((one) => sameName(one.subject, leaf.issuer));
  if (issuer === undefined)
    return { ...about, status: 'unknown', why: 'the certificate of its issuer is not at hand' };
  return { ...about, ...statusOf(leaf, issuer, { ocsp: [chain.ocspResponse] }, at) };
}

/** What the CRLs of the source that the chain is anchored in say of its whole path; null where it has none. */
export function factOfOwnCrls({ trust }: JudgedChain, at: Date): RevocationFact | null {
  if (trust.kind !== 'trusted') return null;
  const crls = trust.source.crls?.() ?? [];
  const [leaf, ...issuers] = trust.path.path;
  if (crls.length === 0 || leaf === undefined || issuers.length === 0) return null;
  const untrusted = issuers.map(({ der }) => der);
  const result = verifyCertificate({ leaf: leaf.der, trusted: untrusted.slice(-1), untrusted, crls, at });
  const subject = formatName(leaf.subject);
  return { source: 'the local crl-chain.pem', kind: 'local', subject, ...toldBy(result.ok ? null : result) };
}

/** What CRLs or OCSP responses say of a certificate whose issuer is known to be good. One that begins in a moment is good
 *  already: responders sign on the spot, and clocks differ. */
export function statusOf(
  subject: Certificate,
  issuer: Certificate,
  { crls = [], ocsp = [] }: RevocationProof,
  at: Date,
): Pick<RevocationFact, 'status' | 'why'> {
  const judge = (moment: Date) =>
    verifyCertificate({ leaf: subject.der, trusted: [issuer.der], crls, ocsp, at: moment });
  const result = judge(at);
  if (result.ok || !EARLY.has(result.reason)) return toldBy(result.ok ? null : result);
  const later = judge(new Date(at.getTime() + SKEW_MS));
  const isTold = later.ok || later.reason === 'cert-revoked';
  return toldBy(isTold ? (later.ok ? null : later) : result);
}

function toldBy(refusal: Refusal | null): Pick<RevocationFact, 'status' | 'why'> {
  if (refusal === null) return { status: 'good', why: 'not revoked' };
  return { status: refusal.reason === 'cert-revoked' ? 'revoked' : 'unknown', why: refusal.message };
}

/** Reasons that a moment's patience may mend; it mends nothing that has run out. */
const EARLY: ReadonlySet<string> = new Set(['ocsp-expired', 'crl-not-yet-valid']);
/** What OpenSSL's `ocsp` allows for. */
const SKEW_MS = 5 * 60 * 1000;

import { type Certificate, parseCertificate } from '../x509/certificate.js';
import { DerError } from '../x509/der.js';
import { fingerprint256 } from '../x509/fingerprint.js';
import { endOfChain } from './chain-links.js';
import type { RevocationFact } from './revocation-facts.js';
import type { ShownChain } from './scan.js';
import { findTrust, hasAnchorNamed, type TrustFinding, type TrustSource } from './trust.js';

/** A chain as it was shown, read, and judged by RFC 5280. */
export interface JudgedChain extends ShownChain {
  /** In order; null in place of one that is not DER. */
  readonly certificates: ReadonlyArray<Certificate | null>;
  readonly trust: TrustFinding;
  /** Certificates that the server left out and that a source of trust has: with them the chain leads to an anchor.
   *  Empty where it does so without, or with none that is known. */
  readonly missing: readonly Certificate[];
  /** Whether who issued the last certificate on the way up, which may be left out, bears the name of an anchor. */
  readonly endsBelowAnchor: boolean;
  /** Whether its anchor is one of those that browsers bring along, so that public rules hold. */
  readonly isPublic: boolean;
  /** What CRLs and OCSP responses say. */
  readonly revocation: readonly RevocationFact[];
}

/** What chains are judged by. */
export interface TrustBasis {
  readonly trust: readonly TrustSource[];
  readonly at: Date;
  /** Whether a root is one that the public trusts. */
  readonly isPublicRoot: (root: Certificate) => boolean;
}

/** Reads a chain and looks for its way to an anchor; of revocation nothing is said yet. */
export function judgeChain(shown: ShownChain, { trust, at, isPublicRoot }: TrustBasis): JudgedChain {
  const certificates = shown.chain.map(readable);
  const [leaf, ...others] = shown.chain;
  const base = {
    ...shown,
    certificates,
    missing: [],
    isPublic: false,
    endsBelowAnchor: true,
    revocation: [],
  };
  if (leaf === undefined) return { ...base, trust: { kind: 'no-anchors' } };
  const found = findTrust([leaf, ...others], trust, at);
  if (found.kind === 'trusted') {
    const anchor = found.path.path.at(-1);
    return { ...base, trust: found, isPublic: anchor !== undefined && isPublicRoot(anchor) };
  }
  const completed = findTrust([leaf, ...others], trust, at, { completed: true });
  if (completed.kind !== 'trusted') {
    const end = certificates[0] && endOfChain({ certificates }, certificates[0]);
    return { ...base, trust: found, endsBelowAnchor: !!end && hasAnchorNamed(end.issuer, trust) };
  }
  const known = new Set(shown.chain.map(fingerprint256));
  const missing = completed.path.path
    .slice(0, -1)
    .filter((certificate) => !known.has(fingerprint256(certificate.der)));
  return { ...base, trust: found, missing, endsBelowAnchor: false };
}

/** The certificates that could be read, in order. */
export function readableOf({ certificates }: Pick<JudgedChain, 'certificates'>): Certificate[] {
  return certificates.filter((certificate) => certificate !== null);
}

/** Those that count: the path where there is one, else all that was shown. */
export function countingOf(chain: Pick<JudgedChain, 'certificates' | 'trust'>): readonly Certificate[] {
  return chain.trust.kind === 'trusted' ? chain.trust.path.path : readableOf(chain);
}

function readable(der: Uint8Array): Certificate | null {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

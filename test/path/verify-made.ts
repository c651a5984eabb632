import type { PathResult, RefusalReason } from '../../src/path/path-result.js';
import { type VerifyRequest, verifyCertificate } from '../../src/path/verify-certificate.js';
import { type Made, NOW } from './certificate-maker.js';

/** What is asked of certificates made for a test; the moment is NOW unless told. */
export interface Question extends Partial<Omit<VerifyRequest, 'leaf' | 'trusted' | 'untrusted'>> {
  readonly trusted: readonly Made[];
  readonly untrusted?: readonly Made[];
}

export function verifyMade(leaf: Made, { trusted, untrusted = [], ...rest }: Question): PathResult {
  return verifyCertificate({
    at: NOW,
    ...rest,
    leaf: leaf.der,
    trusted: trusted.map(({ der }) => der),
    untrusted: untrusted.map(({ der }) => der),
  });
}

/** The reason of the refusal, or `accepted`. */
export function verdictOf(leaf: Made, question: Question): RefusalReason | 'accepted' {
  const result = verifyMade(leaf, question);
  return result.ok ? 'accepted' : result.reason;
}

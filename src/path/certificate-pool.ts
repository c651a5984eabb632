import type { PathCertificate } from './path-certificate.js';
import type { Refusal } from './path-result.js';

/** The certificates that a search may use, found by their subject. */
export class CertificatePool {
  /** What was handed in and cannot be read, with why. */
  readonly unreadable: readonly Refusal[];
  /** The readable ones, in the order handed in. */
  readonly trusted: readonly PathCertificate[];
  readonly untrusted: readonly PathCertificate[];
  readonly #bySubject = new Map<string, PathCertificate[]>();
  readonly #anchors = new Set<string>();

  constructor(
    trusted: ReadonlyArray<PathCertificate | Refusal>,
    untrusted: ReadonlyArray<PathCertificate | Refusal>,
  ) {
    this.unreadable = [...trusted, ...untrusted].filter((one): one is Refusal => 'reason' in one);
    this.trusted = trusted.filter((one): one is PathCertificate => !('reason' in one));
    this.untrusted = untrusted.filter((one): one is PathCertificate => !('reason' in one));
    for (const one of this.trusted) this.#add(one, true);
    for (const one of this.untrusted) this.#add(one, false);
  }

  /** Every certificate whose subject has that key, in the order handed in. */
  named(subjectKey: string): readonly PathCertificate[] {
    return this.#bySubject.get(subjectKey) ?? NONE;
  }

  /** Whether this very certificate is trusted, to the octet. */
  isAnchor(certificate: PathCertificate): boolean {
    return this.#anchors.has(certificate.fingerprint);
  }

  #add(certificate: PathCertificate, anchor: boolean): void {
    if (anchor) this.#anchors.add(certificate.fingerprint);
    const known = this.#bySubject.get(certificate.subjectKey);
    if (known?.some(({ fingerprint }) => fingerprint === certificate.fingerprint)) return;
    if (known) known.push(certificate);
    else this.#bySubject.set(certificate.subjectKey, [certificate]);
  }
}

const NONE: readonly PathCertificate[] = [];

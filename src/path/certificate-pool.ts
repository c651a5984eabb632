import type { PathCertificate } from './path-certificate.js';
import type { Refusal } from './path-result.js';

/** The certificates that a search may use, found by their subject. */
export class CertificatePool {
  /** What was handed in and cannot be read, with why. */
  readonly unreadable: readonly Refusal[];
  readonly #bySubject = new Map<string, PathCertificate[]>();
  readonly #anchors = new Set<string>();

  constructor(
    trusted: ReadonlyArray<PathCertificate | Refusal>,
    untrusted: ReadonlyArray<PathCertificate | Refusal>,
  ) {
    const unreadable: Refusal[] = [];
    for (const [list, anchors] of [
      [trusted, true],
      [untrusted, false],
    ] as const) {
      for (const one of list) {
        if ('reason' in one) unreadable.push(one);
        else this.#add(one, anchors);
      }
    }
    this.unreadable = unreadable;
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

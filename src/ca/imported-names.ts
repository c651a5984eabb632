import { certificateName } from './certificate-name.js';
import type { CertificateStatus } from './certificate-view.js';

/** A certificate that needs a NAME. */
export interface Nameless {
  /** Its commonName or another name of its own; empty where it has none. */
  readonly text: string;
  readonly serialNumber: string;
  readonly status: CertificateStatus;
  /** Whether what is revoked may come back. */
  readonly held: boolean;
  readonly notBefore: Date;
}

/** NAMEs for what another tool issued, in the order given. A NAME has one live line: the newest live certificate gets the
 *  NAME itself, and the others of that name have their serial numbers behind it. What is over shares the NAME.
 *  @param reserved NAMEs that the CAs have */
export function importedNames(certificates: readonly Nameless[], reserved: readonly string[]): string[] {
  const names = new Map<Nameless, string>();
  const taken = new Set(reserved);
  for (const one of certificates.filter(mayLive).sort(liveFirst)) {
    const base = nameFrom(one.text);
    const name = base === null || taken.has(base) ? withSerial(base, one.serialNumber, taken) : base;
    taken.add(name);
    names.set(one, name);
  }
  const kept = new Set(reserved);
  return certificates.map((one) => {
    const base = nameFrom(one.text);
    return (
      names.get(one) ?? (base === null || kept.has(base) ? withSerial(base, one.serialNumber, kept) : base)
    );
  });
}

function mayLive({ status, held }: Nameless): boolean {
  return status === 'valid' || held;
}

function liveFirst(a: Nameless, b: Nameless): number {
  return Number(a.held) - Number(b.held) || b.notBefore.getTime() - a.notBefore.getTime();
}

/** What a NAME can be made of a text: anything that it may not hold becomes `_`. */
function nameFrom(text: string): string | null {
  const plain = text.startsWith('*.') ? `_wildcard${text.slice(1)}` : text;
  const name = plain
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._@-]+/g, '_')
    .replace(/^[.-]/, '_')
    .slice(0, MAX_LENGTH);
  return /^_*$/.test(name) ? null : certificateName(name);
}

function withSerial(base: string | null, serialNumber: string, taken: ReadonlySet<string>): string {
  const serial = serialNumber.replace('-', '').slice(-40);
  const name = `${(base ?? 'serial').slice(0, MAX_LENGTH - 1 - serial.length)}-${serial}`;
  return taken.has(name) ? withSerial(`_${base ?? ''}`, serialNumber, taken) : name;
}

const MAX_LENGTH = 64;

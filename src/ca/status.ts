import type { CertificateRecord, CrlState } from '../store/store.js';
import type { Authority, AuthorityContext } from './authority-context.js';
import { certificateStatus } from './certificate-view.js';
import { completed } from './cut-short.js';
import { fileFaults } from './file-faults.js';
import { isGivenUp, newestOfNames } from './renewable.js';
import { DAY_MS } from './validity-period.js';

export interface StatusWish {
  /** How long before its end something is due, in seconds. By default 30 days, but never more than the last third of a
   *  certificate's life, and of a CRL's the last fifth. */
  readonly within?: number;
  /** Tells what will be due at that moment, if nobody does anything; now by default. */
  readonly at?: Date;
}

/** What somebody has to look after. */
export interface DueItem {
  readonly kind: 'ca' | 'certificate' | 'crl' | 'file';
  /** NAME of a CA or certificate, role of the CA whose CRL it is, path of a file (inside the pki folder from there). */
  readonly name: string;
  readonly serialNumber: string | null;
  /** When it ends, or ended; now for what is wrong already. */
  readonly dueAt: Date;
  readonly reason: DueReason;
}

export type DueReason =
  | 'expires'
  | 'expired'
  /** It ends by itself later, but its CA does not live that long. */
  | 'outlives-its-ca'
  /** A crash left its record behind. */
  | 'not-delivered'
  | 'missing'
  /** It is not what the store knows. */
  | 'differs'
  | 'unreadable'
  /** A secret that others can read. */
  | 'mode'
  | 'owner'
  | 'not-the-key';

/** Something that ends, due or not. */
export interface Watched {
  readonly kind: 'ca' | 'certificate' | 'crl';
  readonly name: string;
  readonly profile: string;
  readonly serialNumber: string | null;
  readonly from: Date;
  readonly until: Date;
}

export interface Status {
  readonly at: Date;
  /** In order of time. */
  readonly due: readonly DueItem[];
  readonly watched: readonly Watched[];
}

/** How the PKI stands, and what of it will break first. */
export async function pkiStatus(context: AuthorityContext, wish: StatusWish = {}): Promise<Status> {
  const now = context.now();
  const at = wish.at ?? now;
  const { records, states } = await context.store.read(async (read) => {
    const found: Array<CrlState | null> = [];
    for (const { id } of context.authorities) found.push(await read.crlState(id));
    return { records: completed(context, await read.certificates({})), states: found };
  });
  const newest = newestOfNames(records, now).filter((one) => !isGivenUp(one, now));
  const watched = [
    ...context.authorities.map(watchedAuthority),
    ...context.authorities.flatMap(({ role }, index) => watchedCrl(role, states[index] ?? null)),
    ...newest.map(watchedCertificate),
  ];
  const due = [
    ...watched.flatMap((one) => dueItem(context, one, at, wish.within)),
    ...orphans(context, records, now),
    ...(await fileFaults(context, newest)).map((fault) => ({ ...fault, kind: 'file' as const, dueAt: now })),
  ];
  return { at, due: due.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime()), watched };
}

function watchedAuthority({ role, parsed, serialNumber }: Authority): Watched {
  const { notBefore: from, notAfter: until } = parsed.validity;
  return { kind: 'ca', name: `${role}.ca`, profile: role, serialNumber, from, until };
}

function watchedCrl(role: string, state: CrlState | null): Watched[] {
  if (state === null) return [];
  const { thisUpdate: from, nextUpdate: until } = state;
  return [{ kind: 'crl', name: role, profile: role, serialNumber: null, from, until }];
}

function watchedCertificate({
  name,
  profile,
  serialNumber,
  notBefore,
  notAfter,
}: CertificateRecord): Watched {
  return { kind: 'certificate', name, profile, serialNumber, from: notBefore, until: notAfter };
}

function dueItem(context: AuthorityContext, one: Watched, at: Date, within: number | undefined): DueItem[] {
  const { kind, name, serialNumber, from, until } = one;
  const authorityEnd = Math.min(
    ...context.authorities.map(({ parsed }) => parsed.validity.notAfter.getTime()),
  );
  const outlives = kind === 'certificate' && until.getTime() > authorityEnd;
  const dueAt = outlives ? new Date(authorityEnd) : until;
  if (dueAt.getTime() - at.getTime() > noticeMs(kind, dueAt.getTime() - from.getTime(), within)) return [];
  const reason = outlives ? 'outlives-its-ca' : dueAt < at ? 'expired' : 'expires';
  return [{ kind, name, serialNumber, dueAt, reason }];
}

/** How long before its end something is due. */
function noticeMs(kind: Watched['kind'], lifetimeMs: number, within: number | undefined): number {
  const share = kind === 'crl' ? lifetimeMs / 5 : lifetimeMs / 3;
  if (within !== undefined) return within * 1000 < lifetimeMs ? within * 1000 : share;
  return kind === 'crl' ? share : Math.min(DEFAULT_WITHIN_MS, share);
}

function orphans({ folder }: AuthorityContext, records: readonly CertificateRecord[], now: Date): DueItem[] {
  return records
    .filter((one) => !one.delivered && certificateStatus(one, now) === 'valid' && folder.isNameFree(one.name))
    .map(({ name, serialNumber }) => ({
      kind: 'certificate',
      name,
      serialNumber,
      dueAt: now,
      reason: 'not-delivered',
    }));
}

const DEFAULT_WITHIN_MS = 30 * DAY_MS;

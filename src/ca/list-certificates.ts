import type { CertificateFilter, ProfileName } from '../store/store.js';
import type { AuthorityContext } from './authority-context.js';
import { type CertificateStatus, type CertificateView, certificateView } from './certificate-view.js';

export interface ListWish {
  /** Default: all. */
  readonly status?: CertificateStatus | 'all';
  /** Default: every profile but `probe`. */
  readonly profile?: ProfileName | readonly ProfileName[];
  /** Only valid ones that end before this moment. */
  readonly expiringBefore?: Date;
  /** A pattern of NAME in which `*` stands for anything and `?` for one character. */
  readonly name?: string;
  /** Of those that are like this so many, the newest; not beside a pattern. */
  readonly newest?: number;
}

/** The certificates that the wish picks, the oldest first. */
export async function listCertificates(
  { store, now }: AuthorityContext,
  wish: ListWish,
): Promise<CertificateView[]> {
  const moment = now();
  const filter = filterOf(wish, moment);
  const records = filter === null ? [] : await store.read((read) => read.certificates(filter));
  const wished = wish.name === undefined || isLiteral(wish.name) ? null : globToRegExp(wish.name);
  return records
    .filter((record) => wished === null || wished.test(record.name))
    .map((record) => certificateView(record, moment));
}

/** What the store is asked for, or null where nothing can be like that. */
function filterOf(
  { status = 'all', profile = ALL_BUT_PROBE, expiringBefore, name, newest }: ListWish,
  now: Date,
): CertificateFilter | null {
  const filter = {
    profiles: typeof profile === 'string' ? [profile] : profile,
    ...(name !== undefined && isLiteral(name) && { name }),
    ...(newest !== undefined && { newest }),
  };
  if (expiringBefore === undefined) return { ...filter, ...ofStatus(status, now) };
  if (status === 'revoked' || status === 'expired') return null;
  return { ...filter, ...ofStatus('valid', now), endsBefore: expiringBefore };
}

function ofStatus(status: CertificateStatus | 'all', now: Date): CertificateFilter {
  if (status === 'all') return {};
  if (status === 'revoked') return { revoked: true };
  return { revoked: false, ...(status === 'valid' ? { endsFrom: now } : { endsBefore: now }) };
}

function isLiteral(glob: string): boolean {
  return !/[*?]/.test(glob);
}

function globToRegExp(glob: string): RegExp {
  const source =
    glob.startsWith('*.') && !glob.slice(1).includes('*')
      ? `(_wildcard|.*)${escaped(glob.slice(1))}`
      : glob.split('*').map(wildcards).join('.*');
  return new RegExp(`^${source}$`);
}

function wildcards(text: string): string {
  return text.split('?').map(escaped).join('.');
}

function escaped(text: string): string {
  return text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
}

const ALL_BUT_PROBE: readonly ProfileName[] = ['root', 'issuing', 'server', 'client', 'peer'];

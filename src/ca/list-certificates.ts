import type { CertificateRecord } from '../store/store.js';
import type { AuthorityContext } from './authority-context.js';
import {
  type CertificateStatus,
  type CertificateView,
  certificateStatus,
  certificateView,
} from './certificate-view.js';

export interface ListWish {
  /** Default: all. */
  readonly status?: CertificateStatus | 'all';
  /** Default: every profile but `probe`. */
  readonly profile?: string;
  /** Only valid ones that end before this moment. */
  readonly expiringBefore?: Date;
  /** A pattern of NAME in which `*` stands for anything and `?` for one character. */
  readonly name?: string;
}

/** The certificates that the wish picks, the oldest first. */
export async function listCertificates(
  { store, now }: AuthorityContext,
  wish: ListWish,
): Promise<CertificateView[]> {
  const records = await store.read((read) => read.certificates({}));
  const moment = now();
  return records
    .filter((record) => isWished(record, wish, moment))
    .map((record) => certificateView(record, moment));
}

function isWished(
  record: CertificateRecord,
  { status = 'all', profile, expiringBefore, name }: ListWish,
  now: Date,
): boolean {
  if (profile === undefined ? record.profile === 'probe' : record.profile !== profile) return false;
  const actual = certificateStatus(record, now);
  if (status !== 'all' && actual !== status) return false;
  if (expiringBefore !== undefined && (actual !== 'valid' || record.notAfter > expiringBefore)) return false;
  return name === undefined || globToRegExp(name).test(record.name);
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

import type { CrlReason } from '../x509/extensions/reason-code.js';
import type { Item } from './items.js';

/** What a certificate is for; `probe` marks what exists only to prove that servers refuse. */
export type ProfileName = 'root' | 'issuing' | 'server' | 'client' | 'peer' | 'probe';

/** A CA of this PKI. */
export interface AuthorityRecord {
  readonly id: string;
  readonly role: 'root' | 'issuing';
  readonly certificate: Uint8Array;
  /** Serial number of the certificate, hex. */
  readonly serialNumber: string;
  /** Serial number that is on every CRL of this CA and on no certificate, hex. */
  readonly reservedSerial: string;
  /** How long its CRLs are good, in seconds. */
  readonly nextUpdateSeconds: number;
}

/** Where a CA's CRLs stand. */
export interface CrlState {
  readonly number: bigint;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
}

/** A certificate as the store remembers it. */
export interface CertificateRecord {
  /** Lower-case hex, even digits. */
  readonly serialNumber: string;
  readonly authorityId: string;
  readonly name: string;
  readonly profile: ProfileName;
  /** Serial number of the first certificate of this line: renewals share it. */
  readonly line: string;
  readonly subject: string;
  readonly issuer: string;
  readonly subjectAltName: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly keyType: string;
  readonly signatureAlgorithm: string;
  readonly fingerprint256: string;
  /** null for a reserved serial number, which no certificate bears. */
  readonly certificate: Uint8Array | null;
  /** Whether its files are whole, or its PEM went out. */
  readonly delivered: boolean;
  /** Where its files were written: an absolute folder, or null where they lie in the pki folder. */
  readonly folder: string | null;
  readonly revocation: Revocation | null;
}

export interface Revocation {
  readonly revocationDate: Date;
  readonly reason: CrlReason;
  readonly invalidityDate: Date | null;
}

/** One entry of the next CRL. */
export interface RevokedSerial extends Revocation {
  readonly serialNumber: string;
}

/** Something that happened, for the audit; nothing is ever taken out of there. */
export interface EventRecord {
  readonly at: Date;
  readonly who: string;
  readonly what: string;
  readonly serialNumber: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What certificates must be like, all at once. There may be a million that are not: what is not wanted is never read. */
export interface CertificateFilter {
  readonly name?: string;
  readonly line?: string;
  readonly delivered?: boolean;
  readonly profiles?: readonly ProfileName[];
  readonly revoked?: boolean;
  /** Those that end at this moment or later. */
  readonly endsFrom?: Date;
  /** Those that end before this moment. */
  readonly endsBefore?: Date;
  /** Of these so many, the newest. */
  readonly newest?: number;
}

/** How many certificates of servers, clients and peers there are, and which ends next. */
export interface Tally {
  /** Neither revoked nor expired. */
  readonly live: number;
  readonly revoked: number;
  readonly expired: number;
  /** The newest certificates of their NAMEs with a third of their lifetime left, or less, but for those that ended longer
   *  ago than they lived. */
  readonly due: number;
  /** Of the newest ones that live, which ends first. */
  readonly next: Pick<CertificateRecord, 'name' | 'notAfter'> | null;
}

/** What can be done inside a transaction; all of it happens, or none. */
export interface StoreTransaction {
  setting(key: string): Promise<string | null>;
  setSetting(key: string, value: string): Promise<void>;
  authorities(): Promise<AuthorityRecord[]>;
  insertAuthority(record: AuthorityRecord): Promise<void>;
  /** @throws SslapiError ERR_INTERNAL where the serial number is there already */
  insertCertificate(record: CertificateRecord): Promise<void>;
  certificate(serialNumber: string): Promise<CertificateRecord | null>;
  /** In order of notBefore, the newest last. */
  certificates(filter: CertificateFilter): Promise<CertificateRecord[]>;
  /** NAMEs of live certificates that begin so, in their order; at most a thousand. */
  liveNames(prefix: string, now: Date): Promise<string[]>;
  /** Counted without reading them one by one: there may be a great many.
   *  @param lastEnd the end of the CA, which a certificate that lasts as long is never due before */
  tally(now: Date, lastEnd: Date): Promise<Tally>;
  markDelivered(serialNumber: string): Promise<void>;
  /** Records a revocation; false where it was revoked before, and nothing changed. */
  revoke(serialNumber: string, revocation: Revocation): Promise<boolean>;
  /** Takes back a revocation for certificateHold; false where there is none, and nothing changed. */
  unrevoke(serialNumber: string): Promise<boolean>;
  /** Whether and why a serial number is revoked, those of another tool's CRL included; 'unknown' where nobody gave it out.
   *  Costs the same however many there are.
   *  @param authorityId the CA that gave it out; any where it is missing */
  revocation(serialNumber: string, authorityId?: string): Promise<Revocation | null | 'unknown'>;
  /** A number that changes whenever somebody is revoked or let in again, by whatever process. */
  revocationEdition(): Promise<number>;
  /** Every revoked certificate of a CA that its next CRL must list, by serial number: those reserved, those of another
   *  tool's CRL, and those that had not expired at `expiredAfter` (RFC 5280 §3.3). */
  revokedSerials(authorityId: string, expiredAfter: Date): Promise<RevokedSerial[]>;
  crlState(authorityId: string): Promise<CrlState | null>;
  /** The next CRL number, given out once; a number may be left out, none comes twice. */
  takeCrlNumber(authorityId: string): Promise<bigint>;
  recordCrl(authorityId: string, state: CrlState): Promise<void>;
  /** Lets the numbers of a CA's CRLs go on behind those that another tool gave out. */
  continueCrlNumbers(authorityId: string, last: bigint): Promise<void>;
  /** Keeps an entry of another tool's CRL whose certificate the store does not hold: it stays on every CRL of that CA. */
  insertCrlEntry(authorityId: string, entry: RevokedSerial): Promise<void>;
  /** Items behind an id, in their order. */
  items(after: number, limit: number): Promise<Item[]>;
  item(id: number): Promise<Item | null>;
  countItems(): Promise<number>;
  /** Gives it an id. */
  insertItem(item: Omit<Item, 'id'>): Promise<Item>;
  updateItem(item: Item): Promise<void>;
  deleteItem(id: number): Promise<void>;
  appendEvent(event: EventRecord): Promise<void>;
  events(): Promise<EventRecord[]>;
}

/** Where a CA remembers. Asynchronous and transactional, so that a store on another machine can take its place. */
export interface Store {
  /** Runs `work` alone among all writers of all processes; durable when the promise is kept, undone when it throws.
   *  @throws SslapiError ERR_STORE_BUSY after two minutes of waiting */
  transaction<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T>;
  /** Reads one state of the store, whatever others write meanwhile. */
  read<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T>;
  /** Like `read`, for a single question, at less than half of its cost. */
  ask<T>(question: (store: StoreTransaction) => Promise<T>): Promise<T>;
  /** A number that changes whenever anybody has written, this process or another; cheap enough to ask on every request.
   *  @throws SslapiError ERR_IO where the store has been taken away, or another put in its place */
  version(): Promise<number>;
  close(): Promise<void>;
}

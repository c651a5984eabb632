import { SslapiError } from '../errors.js';
import type { Passphrase } from '../keys/passphrase.js';
import type { Signer } from '../keys/signer.js';
import { PkiFolder } from '../store/pki-folder.js';
import type { CertificateRecord, EventRecord, Revocation, Store } from '../store/store.js';
import type { GeneralName } from '../x509/general-name.js';
import {
  type Authority,
  type AuthorityContext,
  appendEvent,
  authorityOf,
  hasKey,
  type OfflineRootKey,
  signerOf,
} from './authority-context.js';
import { type CertificateFiles, type CertificateView, certificateView, filesOf } from './certificate-view.js';
import { type CreatedAuthority, type CreateOptions, createAuthority } from './create-authority.js';
import { completed } from './cut-short.js';
import { type Exported, type ExportWish, exportCertificate } from './export-certificate.js';
import { findCertificates } from './find-certificate.js';
import { type CrlOutcome, type CrlWish, crlsDue, generateCrls, lastCrls } from './generate-crl.js';
import type { ImportedAuthorities, ImportOptions } from './import-authority.js';
import { exportIndexTxt, type IndexTxt } from './index-txt.js';
import { type Issued, type IssueWish, issueLeaf } from './issue.js';
import { type ListWish, listCertificates } from './list-certificates.js';
import { mintProbeClient, type ProbeClient, type ProbeClientWish } from './mint-probe-client.js';
import { type Overview, overviewOf } from './overview.js';
import { type ProbeIdentity, probeIdentity, probeServer } from './probe-identity.js';
import { type KitCertificate, liveKitCertificates, recordKit } from './proof-kits.js';
import { type RekeyedKey, type RekeyWish, rekeyPassword } from './rekey-password.js';
import { type Renewed, type RenewWish, renewCertificate } from './renew.js';
import { dueForRenewal, renewableOf } from './renewable.js';
import { type RevokeOutcome, type RevokeWish, revokeCertificates } from './revoke.js';
import { type SignedRequest, type SignRequestWish, signRequest } from './sign-request.js';
import { pkiStatus, type Status, type StatusWish } from './status.js';
import { type UnrevokeOutcome, unrevokeCertificate } from './unrevoke.js';

export interface OpenOptions {
  /** The pki folder; `./pki` by default. */
  readonly pki?: string;
  /** Asked once, when an encrypted key is about to sign. */
  readonly passphrase?: () => Promise<Passphrase>;
  readonly rootKey?: OfflineRootKey;
  /** The clock; the system's by default. */
  readonly now?: () => Date;
  /** Who acts, for the events. */
  readonly actor?: string;
}

/** A PKI in its folder: everything that the command line does with it, as functions. Close it when done. */
export class CertificateAuthority {
  readonly #context: AuthorityContext;

  private constructor(context: AuthorityContext) {
    this.#context = context;
  }

  /** Makes a new CA. @throws SslapiError ERR_CA_EXISTS where there is one */
  static create(options: CreateOptions): Promise<CreatedAuthority> {
    return createAuthority(options);
  }

  /** Brings in a CA that another tool made. @throws SslapiError ERR_CA_EXISTS, ERR_IMPORT_INVALID … */
  static async import(options: ImportOptions): Promise<ImportedAuthorities> {
    return (await import('./import-authority.js')).importAuthority(options); // rare: nobody else waits for it to load
  }

  /** Opens the CA of a folder. @throws SslapiError ERR_CA_NOT_FOUND, ERR_PERMISSION, ERR_STORE_… */
  static async open({
    pki = './pki',
    passphrase,
    rootKey,
    now,
    actor,
  }: OpenOptions = {}): Promise<CertificateAuthority> {
    const folder = new PkiFolder(pki);
    const store = await folder.openStore();
    try {
      const authorities = await authoritiesOf(store, folder);
      return new CertificateAuthority({
        folder,
        store,
        authorities,
        issuing: authorities.find(({ role }) => role === 'issuing')!,
        root: authorities.find(({ role }) => role === 'root') ?? null,
        now: now ?? (() => new Date()),
        actor: actor ?? `process ${process.pid}`,
        passphrase: passphrase ?? noPassphrase,
        rootKey,
        signers: new Map(),
      });
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  get folder(): PkiFolder {
    return this.#context.folder;
  }

  /** The CA that issues leaves; the root itself where there is no other. */
  get issuing(): Authority {
    return this.#context.issuing;
  }

  /** The root above the issuing CA, or null with a single CA. */
  get root(): Authority | null {
    return this.#context.root;
  }

  /** Root first, where there are two. */
  get authorities(): readonly Authority[] {
    return this.#context.authorities;
  }

  /** Opens the key of a CA, once. @throws SslapiError ERR_ROOT_KEY_OFFLINE, ERR_PASSWORD_WRONG … */
  signer(authority: Authority): Promise<Signer> {
    return signerOf(this.#context, authority);
  }

  /** Whether the key of a CA can be had: it lies in the folder, or was brought. */
  hasKey(authority: Authority): boolean {
    return hasKey(this.#context, authority);
  }

  issueServer(wish: IssueWish): Promise<Issued> {
    return issueLeaf(this.#context, 'server', wish);
  }

  issueClient(wish: IssueWish): Promise<Issued> {
    return issueLeaf(this.#context, 'client', wish);
  }

  /** Signs another's request. @throws SslapiError ERR_REQUEST_REFUSED */
  signRequest(wish: SignRequestWish): Promise<SignedRequest> {
    return signRequest(this.#context, wish);
  }

  /** A certificate of the same kind and lifetime, in the same line; the old one stays valid.
   *  @param record what `renewable` chose */
  renew(record: CertificateRecord, wish: RenewWish = {}): Promise<Renewed> {
    return renewCertificate(this.#context, record, wish);
  }

  /** Of what a reference means, the certificate that a renewal takes after. @throws SslapiError ERR_NOT_RENEWABLE */
  renewable(found: readonly CertificateRecord[]): CertificateRecord {
    return renewableOf(completed(this.#context, found), this.#context.now());
  }

  /** The certificates of which a third of the lifetime is left, or no more than so many seconds; what ends first, first. */
  dueForRenewal(withinSeconds?: number): Promise<CertificateRecord[]> {
    return dueForRenewal(this.#context, withinSeconds);
  }

  revoke(records: readonly CertificateRecord[], wish: RevokeWish = {}): Promise<RevokeOutcome> {
    return revokeCertificates(this.#context, records, wish);
  }

  /** Takes what is on hold off it, and publishes the CRL. @throws SslapiError ERR_NOT_ON_HOLD for every other reason */
  unrevoke(found: readonly CertificateRecord[]): Promise<UnrevokeOutcome> {
    return unrevokeCertificate(this.#context, found);
  }

  generateCrls(wish: CrlWish = {}): Promise<CrlOutcome> {
    return generateCrls(this.#context, wish);
  }

  /** Which CAs' CRLs have less than a fifth of their life left, or none. */
  crlsDue(): Promise<ReadonlyArray<{ readonly authority: Authority; readonly nextUpdate: Date | null }>> {
    return crlsDue(this.#context);
  }

  /** Until when the last CRL of each CA is good. */
  async crlEnds(): Promise<ReadonlyArray<{ readonly role: Authority['role']; readonly nextUpdate: Date }>> {
    const crls = await lastCrls(this.#context);
    return crls.flatMap(({ authority: { role }, state }) =>
      state === null ? [] : [{ role, nextUpdate: state.nextUpdate }],
    );
  }

  /** What expires or is due, what on disk differs from the store, and what will have broken by some moment. */
  status(wish: StatusWish = {}): Promise<Status> {
    return pkiStatus(this.#context, wish);
  }

  list(wish: ListWish = {}): Promise<CertificateView[]> {
    return listCertificates(this.#context, wish);
  }

  /** The certificates that a NAME, a serial number or the content of a file means. @throws ERR_CERTIFICATE_UNKNOWN, ERR_SERIAL_UNKNOWN */
  find(reference: string, fileContent?: Uint8Array): Promise<CertificateRecord[]> {
    return findCertificates(this.#context, reference, fileContent);
  }

  /** Hands a certificate on in another form: PKCS#12, PKCS#7, a Kubernetes Secret … @throws SslapiError ERR_KEY_UNREADABLE */
  export(record: CertificateRecord, wish: ExportWish): Promise<Exported> {
    return exportCertificate(this.#context, record, wish);
  }

  /** The index of what the issuing CA gave out, as `openssl ca` and `openssl ocsp` read it. */
  exportIndexTxt(): Promise<IndexTxt> {
    return exportIndexTxt(this.#context);
  }

  /** Whether and why a serial number of ours was revoked; 'unknown' where we never gave it out.
   *  @param authorityId the CA that gave it out; any of ours where it is missing */
  revocationOf(serialNumber: string, authorityId?: string): Promise<Revocation | null | 'unknown'> {
    return this.#context.store.ask((store) => store.revocation(serialNumber, authorityId));
  }

  /** Changes whenever anybody has written to the store, this process or another. */
  storeVersion(): Promise<number> {
    return this.#context.store.version();
  }

  /** Changes whenever somebody is revoked or let in again, this process or another. */
  revocationEdition(): Promise<number> {
    return this.#context.store.ask((store) => store.revocationEdition());
  }

  /** Writes down credentials that are minted in memory, before they are used. */
  async recordMinted(
    minted: ReadonlyArray<{ readonly serialNumber: string; readonly what: string }>,
  ): Promise<void> {
    const { store } = this.#context;
    await store.transaction(async (transaction) => {
      for (const { serialNumber, what } of minted) {
        await appendEvent(this.#context, transaction, 'minted', serialNumber, { credential: what });
      }
    });
  }

  /** Makes a client certificate of profile `probe`, which is recorded and can be revoked. */
  mintProbeClient(wish: ProbeClientWish): Promise<ProbeClient> {
    return mintProbeClient(this.#context, wish);
  }

  /** Writes down the certificates of a kit before anybody has it, and gives the name that they are kept under. */
  recordKit(certificates: readonly KitCertificate[], notAfter: Date): Promise<string> {
    return recordKit(this.#context, certificates, notAfter);
  }

  /** The certificates of all kits that are neither revoked nor over. */
  liveKitCertificates(): Promise<CertificateRecord[]> {
    return liveKitCertificates(this.#context);
  }

  /** Encrypts the keys of the CAs anew, or leaves them in clear. @throws SslapiError ERR_PASSWORD_WRONG … */
  rekeyPassword(wish: RekeyWish): Promise<readonly RekeyedKey[]> {
    return rekeyPassword(this.#context, wish);
  }

  /** NAMEs of live certificates that begin so; at most a thousand. */
  liveNames(prefix = ''): Promise<string[]> {
    return this.#context.store.read((store) => store.liveNames(prefix, this.#context.now()));
  }

  /** How many certificates there are, what ends next, and where the CRLs stand. */
  overview(): Promise<Overview> {
    return overviewOf(this.#context);
  }

  /** Whom the client of a probe may name, within the CAs' name constraints and the issue policy. */
  probeIdentity(): ProbeIdentity {
    return probeIdentity(this.#context);
  }

  /** Whom a server certificate that clients are tried with may name. @throws ERR_ISSUE_POLICY_REFUSED, ERR_NAME_CONSTRAINED */
  probeServer(
    host: string,
    subjectAltName: readonly GeneralName[],
  ): Pick<ProbeIdentity, 'subject' | 'subjectAltName'> {
    return probeServer(this.#context, host, subjectAltName);
  }

  events(): Promise<EventRecord[]> {
    return this.#context.store.read((store) => store.events());
  }

  view(record: CertificateRecord): CertificateView {
    return certificateView(record, this.#context.now(), this.filesOf(record));
  }

  filesOf(record: Pick<CertificateRecord, 'name' | 'folder'>): CertificateFiles {
    return filesOf(this.folder, record);
  }

  /** Whether quickstart made it: a CA to throw away. */
  isThrowAway(): Promise<boolean> {
    return this.#context.store.read(async (store) => (await store.setting('throwAway')) === 'true');
  }

  close(): Promise<void> {
    return this.#context.store.close();
  }
}

async function authoritiesOf(store: Store, folder: PkiFolder): Promise<Authority[]> {
  const [ready, records] = await store.read(
    async (read) => [await read.setting('ready'), await read.authorities()] as const,
  );
  if (records.length === 0 && folder.read('ca.crt') !== null)
    throw new SslapiError('ERR_STORE_DAMAGED', `the store in ${folder.path} has forgotten its CA`);
  if (ready !== 'true' || records.length === 0) {
    throw new SslapiError('ERR_CA_NOT_FOUND', `the CA in ${folder.path} was never finished`, {
      hint: 'Run `sslapi init-ca` again.',
    });
  }
  try {
    return records.map(authorityOf);
  } catch (cause) {
    throw new SslapiError(
      'ERR_STORE_DAMAGED',
      `the store in ${folder.path} is damaged (a CA's certificate cannot be read)`,
      { cause },
    );
  }
}

function noPassphrase(): Promise<Passphrase> {
  return Promise.reject(new SslapiError('ERR_PASSWORD_NEEDED', 'the key of the CA is encrypted'));
}

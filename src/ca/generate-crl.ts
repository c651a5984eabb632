import { SslapiError } from '../errors.js';
import type { Signer } from '../keys/signer.js';
import type { PkiFolder } from '../store/pki-folder.js';
import type { CrlState, Store } from '../store/store.js';
import type { FileToWrite } from '../store/write-files.js';
import { encodeRevokedCertificate, encodeTbsCertList } from '../x509/certificate-list.js';
import { authorityKeyIdentifier } from '../x509/extensions/authority-key-identifier.js';
import { crlNumber } from '../x509/extensions/crl-number.js';
import { encodePem } from '../x509/pem.js';
import { encodeSigned } from '../x509/signed.js';
import { wholeSeconds } from '../x509/whole-seconds.js';
import {
  type Authority,
  type AuthorityContext,
  appendEvent,
  authorityOf,
  hasKey,
  keyIdentifierIn,
  signerOf,
} from './authority-context.js';

export interface CrlWish {
  /** How long the issuing CA's new CRL is good, in seconds; the CA's own setting by default. */
  readonly nextUpdateSeconds?: number;
  /** Only those with less than a fifth of their life left. */
  readonly onlyDue?: boolean;
  /** CAs that something was revoked under: theirs are made whether due or not. */
  readonly of?: readonly Authority[];
}

export interface CrlOutcome {
  readonly written: ReadonlyArray<CrlState & { readonly authority: Authority }>;
  /** CAs whose CRL should be made anew, but whose key is away; `due` says that it has to be now. */
  readonly withoutKey: ReadonlyArray<{
    readonly authority: Authority;
    readonly nextUpdate: Date | null;
    readonly due: boolean;
  }>;
}

/** How long CRLs are good unless told otherwise. */
export const NEXT_UPDATE_SECONDS = { issuing: 30 * 24 * 60 * 60, root: 365 * 24 * 60 * 60 } as const;

/** Makes new CRLs: number, signature and rename under one lock, so that none ever goes backwards.
 *  The root's is made only when due or asked for by `of`: its key is meant to be away. */
export async function generateCrls(context: AuthorityContext, wish: CrlWish = {}): Promise<CrlOutcome> {
  const due = new Set((await crlsDue(context)).map(({ authority }) => authority.id));
  const wanted = context.authorities.filter((authority) => {
    if (wish.of !== undefined) return wish.of.includes(authority);
    return due.has(authority.id) || (authority.role === 'issuing' && wish.onlyDue !== true);
  });
  const keyless = wanted.filter((authority) => !hasKey(context, authority));
  const signers = new Map<string, Signer>();
  for (const authority of wanted)
    if (!keyless.includes(authority)) signers.set(authority.id, await signerOf(context, authority));
  const written =
    signers.size === 0 ? [] : await underLock(context, (lockless) => writeCrls(lockless, signers, wish));
  const states = await context.store.read((store) =>
    Promise.all(keyless.map(({ id }) => store.crlState(id))),
  );
  return {
    written,
    withoutKey: keyless.map((authority, index) => ({
      authority,
      nextUpdate: states[index]?.nextUpdate ?? null,
      due: due.has(authority.id) || wish.of !== undefined,
    })),
  };
}

/** The CAs whose CRL has less than a fifth of its life left, is over, or was never made. */
export async function crlsDue(
  context: Pick<AuthorityContext, 'store' | 'authorities' | 'now'>,
): Promise<Array<{ authority: Authority; nextUpdate: Date | null }>> {
  const now = context.now().getTime();
  return (await lastCrls(context))
    .filter(
      ({ state }) =>
        state === null ||
        state.nextUpdate.getTime() - now < (state.nextUpdate.getTime() - state.thisUpdate.getTime()) / 5,
    )
    .map(({ authority, state }) => ({ authority, nextUpdate: state?.nextUpdate ?? null }));
}

/** The last CRL of each CA, null where none was ever made. */
export async function lastCrls({
  store,
  authorities,
}: Pick<AuthorityContext, 'store' | 'authorities'>): Promise<
  Array<{ authority: Authority; state: CrlState | null }>
> {
  return store.read(async (read) => {
    const found: Array<{ authority: Authority; state: CrlState | null }> = [];
    for (const authority of authorities) found.push({ authority, state: await read.crlState(authority.id) });
    return found;
  });
}

/** The CRLs that a new CA starts with, signed while its keys are at hand. */
export async function writeFirstCrls(
  folder: PkiFolder,
  store: Store,
  {
    now = () => new Date(),
    actor = `process ${process.pid}`,
  }: { readonly now?: () => Date; readonly actor?: string },
  signers: ReadonlyMap<string, Signer>,
): Promise<void> {
  const authorities = (await store.read((read) => read.authorities())).map(authorityOf);
  await writeCrls({ folder, store, authorities, now, actor }, signers, {});
}

type CrlContext = Pick<AuthorityContext, 'folder' | 'store' | 'authorities' | 'now' | 'actor'>;

async function underLock<T>(
  context: AuthorityContext,
  work: (context: CrlContext) => Promise<T>,
): Promise<T> {
  const lock = await context.folder.lockForCrls();
  try {
    return await work(context);
  } finally {
    lock.release();
  }
}

async function writeCrls(
  context: CrlContext,
  signers: ReadonlyMap<string, Signer>,
  wish: CrlWish,
): Promise<Array<CrlState & { authority: Authority }>> {
  const made: Array<CrlState & { authority: Authority; der: Uint8Array }> = [];
  for (const authority of context.authorities) {
    const signer = signers.get(authority.id);
    if (signer !== undefined) made.push({ authority, ...(await signCrl(context, authority, signer, wish)) });
  }
  const ders = new Map(made.map(({ authority, der }) => [authority.id, der]));
  context.folder.writeFiles(crlFiles(context, ders, await neverPublished(context)));
  await context.store.transaction(async (transaction) => {
    for (const { authority, number, thisUpdate, nextUpdate } of made) {
      await transaction.recordCrl(authority.id, { number, thisUpdate, nextUpdate });
      await appendEvent(context, transaction, 'published-crl', null, {
        ca: authority.role,
        number: String(number),
      });
    }
  });
  return made.map(({ authority, number, thisUpdate, nextUpdate }) => ({
    authority,
    number,
    thisUpdate,
    nextUpdate,
  }));
}

async function signCrl(
  { store, now }: CrlContext,
  authority: Authority,
  signer: Signer,
  wish: CrlWish,
): Promise<CrlState & { der: Uint8Array }> {
  const thisUpdate = wholeSeconds(now());
  const seconds =
    (authority.role === 'issuing' ? wish.nextUpdateSeconds : undefined) ?? authority.nextUpdateSeconds;
  const nextUpdate = new Date(thisUpdate.getTime() + seconds * 1000);
  const { number, revoked } = await store.transaction(async (transaction) => {
    const last = await transaction.crlState(authority.id);
    return {
      number: await transaction.takeCrlNumber(authority.id),
      revoked: await transaction.revokedSerials(authority.id, last?.thisUpdate ?? new Date(0)),
    };
  });
  const tbs = encodeTbsCertList(
    {
      issuer: authority.parsed.subject,
      thisUpdate,
      nextUpdate,
      revokedCertificates: revoked.map((entry) =>
        encodeRevokedCertificate(
          BigInt(`0x${entry.serialNumber}`),
          entry.revocationDate,
          entry.reason,
          ...(entry.invalidityDate === null ? [] : [entry.invalidityDate]),
        ),
      ),
      extensions: [authorityKeyIdentifier(keyIdentifierIn(authority.parsed)), crlNumber(number)],
    },
    signer.signatureAlgorithm,
  );
  return {
    number,
    thisUpdate,
    nextUpdate,
    der: encodeSigned(tbs, signer.signatureAlgorithm, await signer.sign(tbs)),
  };
}

/** CAs that no CRL is known of: an imported root whose key is away, and that came without one. */
async function neverPublished({ store, authorities }: CrlContext): Promise<ReadonlySet<string>> {
  return store.read(async (read) => {
    const without = new Set<string>();
    for (const { id } of authorities) if ((await read.crlState(id)) === null) without.add(id);
    return without;
  });
}

/** crl/ in DER, crl.pem for the issuing CA, crl-chain.pem for all of them: nginx, HAProxy and Node need every CA's. */
function crlFiles(
  { folder, authorities }: CrlContext,
  made: ReadonlyMap<string, Uint8Array>,
  without: ReadonlySet<string>,
): FileToWrite[] {
  const ders = authorities.flatMap(({ id, role }) => {
    const der = made.get(id) ?? folder.read('crl', `${role}.crl`);
    if (der === null && without.has(id)) return [];
    if (der === null)
      throw new SslapiError('ERR_IO', `${folder.at('crl', `${role}.crl`)} is missing`, {
        hint: 'Restore it, or make it anew with --root-key.',
      });
    return [{ id, role, der }];
  });
  const pem = (der: Uint8Array): string => encodePem('X509 CRL', der);
  const issuing = ders.find(({ role }) => role === 'issuing')!;
  return [
    ...ders
      .filter(({ id }) => made.has(id))
      .map(({ role, der }) => ({ path: `crl/${role}.crl`, content: der, mode: 0o644 as const })),
    { path: 'crl.pem', content: pem(issuing.der), mode: 0o644 },
    {
      path: 'crl-chain.pem',
      content: [...ders]
        .reverse()
        .map(({ der }) => pem(der))
        .join(''),
      mode: 0o644,
    },
  ];
}

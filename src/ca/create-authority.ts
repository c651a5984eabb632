import { basename, dirname, resolve } from 'node:path';
import { SslapiError } from '../errors.js';
import { type GeneratedKey, generateKey } from '../keys/generate-key.js';
import { DEFAULT_KEY_TYPE, type KeyType } from '../keys/key-type.js';
import type { Passphrase } from '../keys/passphrase.js';
import { encryptPkcs8 } from '../keys/pkcs8.js';
import { signerOfPkcs8 } from '../keys/signer.js';
import { PkiFolder } from '../store/pki-folder.js';
import type { Store } from '../store/store.js';
import { type FileToWrite, refuseFilesInTheWay, writeFilesWhole } from '../store/write-files.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';
import type { Extension } from '../x509/extension.js';
import { type NameConstraints, nameConstraints } from '../x509/extensions/name-constraints.js';
import { keyIdentifierOf } from '../x509/fingerprint.js';
import { commonNameOf, formatName, makeName, type Name } from '../x509/name.js';
import { OID } from '../x509/oid.js';
import { encodePem } from '../x509/pem.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { appendEvent } from './authority-context.js';
import { CertificateAuthority } from './certificate-authority.js';
import { NEXT_UPDATE_SECONDS, writeFirstCrls } from './generate-crl.js';
import { PROFILES } from './profiles.js';
import { refuseWhereOneIs } from './refuse-where-one-is.js';
import { reservedRecord } from './reserved-record.js';
import { type PublishedUrls, recordOf, signCertificate } from './sign-certificate.js';
import { validityPeriod } from './validity-period.js';

export interface CreateOptions extends PublishedUrls {
  readonly pki?: string;
  /** For the CAs' names; the folder above the pki folder by default. */
  readonly name?: string;
  /** The root's subject; its other attributes are the issuing CA's too. */
  readonly subject?: Name;
  readonly keyType?: KeyType;
  readonly validityDays?: number;
  readonly issuingDays?: number;
  /** One CA alone, that signs leaves itself. */
  readonly noIntermediate?: boolean;
  readonly nameConstraints?: NameConstraints;
  readonly nextUpdateSeconds?: number;
  readonly rootNextUpdateSeconds?: number;
  /** Encrypts the keys; null leaves them in clear. */
  readonly passphrase: Passphrase | null;
  /** Where the root's key goes instead of the pki folder, and what encrypts it there. */
  readonly rootOut?: string;
  readonly rootPassphrase?: Passphrase | null;
  /** Marks a CA that is made to be thrown away. */
  readonly throwAway?: boolean;
  readonly now?: () => Date;
  readonly actor?: string;
}

export interface CreatedAuthority {
  readonly ca: CertificateAuthority;
  readonly notices: readonly string[];
}

/** Makes the CAs, records them, writes their files and first CRLs. What a crash leaves unfinished is made anew. */
export async function createAuthority(options: CreateOptions): Promise<CreatedAuthority> {
  const folder = new PkiFolder(options.pki ?? './pki');
  const lock = await folder.lockForCreation();
  try {
    await refuseWhereOneIs(folder);
    if (options.rootOut !== undefined && options.noIntermediate === true)
      throw new SslapiError('ERR_USAGE', 'a single CA signs every day: its key cannot be kept away');
    if (options.rootOut !== undefined) refuseFilesInTheWay(options.rootOut, [{ path: 'root.key' }]);
    const plan = await planAuthorities(options, folder);
    await write(options, folder, plan);
    const ca = await CertificateAuthority.open({
      pki: folder.path,
      ...(options.passphrase && { passphrase: () => Promise.resolve(options.passphrase!) }),
      ...(options.now && { now: options.now }),
      ...(options.actor && { actor: options.actor }),
    });
    return { ca, notices: plan.notices };
  } finally {
    lock.release();
  }
}

interface PlannedAuthority {
  readonly role: 'root' | 'issuing';
  readonly certificate: Certificate;
  readonly key: GeneratedKey;
  readonly storedKey: string;
}

interface Plan {
  readonly authorities: readonly PlannedAuthority[];
  readonly notices: readonly string[];
}

async function planAuthorities(options: CreateOptions, folder: PkiFolder): Promise<Plan> {
  const now = options.now?.() ?? new Date();
  const keyType = options.keyType ?? DEFAULT_KEY_TYPE;
  const single = options.noIntermediate === true;
  const [topKey, issuingKey] = await Promise.all([
    generateKey(keyType),
    single ? undefined : generateKey(keyType),
  ]);
  const name = options.name ?? defaultName(folder.path);
  const topRole = single ? 'issuing' : 'root';
  const topSubject = subjectOf(options.subject, `${name} ${single ? '' : 'Root '}CA`, topKey);
  const top = await signTop(options, topRole, topSubject, topKey, now);
  if (issuingKey === undefined)
    return { authorities: [await planned(options, topRole, top.certificate, topKey)], notices: [] };
  const issuing = await signIssuing(options, name, top.certificate, topKey, issuingKey, now);
  const authorities = await Promise.all([
    planned(options, 'root', top.certificate, topKey),
    planned(options, 'issuing', issuing.certificate, issuingKey),
  ]);
  return { authorities, notices: issuing.notice === null ? [] : [issuing.notice] };
}

async function signTop(
  options: CreateOptions,
  role: 'root' | 'issuing',
  subject: Name,
  { pkcs8, subjectPublicKeyInfo }: GeneratedKey,
  now: Date,
): Promise<{ certificate: Certificate }> {
  const wish = options.validityDays === undefined ? {} : { validityDays: options.validityDays };
  const { validity } = validityPeriod(wish, PROFILES.root.validityDays, now, null);
  const der = await signCertificate(
    {
      profile: PROFILES[role],
      subject,
      subjectAltName: [],
      subjectPublicKeyInfo,
      validity,
      issuer: { subject, subjectPublicKeyInfo, role },
      urls: options,
      moreExtensions: constraintsOf(options),
    },
    signerOfPkcs8(pkcs8, subjectPublicKeyInfo),
  );
  return { certificate: parseCertificate(der) };
}

async function signIssuing(
  options: CreateOptions,
  name: string,
  root: Certificate,
  rootKey: GeneratedKey,
  key: GeneratedKey,
  now: Date,
): Promise<{ certificate: Certificate; notice: string | null }> {
  const wish = options.issuingDays === undefined ? {} : { validityDays: options.issuingDays };
  const { validity, notice } = validityPeriod(wish, PROFILES.issuing.validityDays, now, root.validity);
  const rootCommonName = options.subject && commonNameOf(options.subject);
  const der = await signCertificate(
    {
      profile: PROFILES.issuing,
      subject: subjectOf(withoutCommonName(options.subject), `${rootCommonName ?? name} Issuing CA`, key),
      subjectAltName: [],
      subjectPublicKeyInfo: key.subjectPublicKeyInfo,
      validity,
      issuer: { subject: root.subject, subjectPublicKeyInfo: rootKey.subjectPublicKeyInfo, role: 'root' },
      urls: options,
      moreExtensions: constraintsOf(options),
    },
    signerOfPkcs8(rootKey.pkcs8, rootKey.subjectPublicKeyInfo),
  );
  return {
    certificate: parseCertificate(der),
    notice: notice === null ? null : `the issuing CA's ${notice}`,
  };
}

async function planned(
  { passphrase, rootOut, rootPassphrase }: CreateOptions,
  role: 'root' | 'issuing',
  certificate: Certificate,
  key: GeneratedKey,
): Promise<PlannedAuthority> {
  const secret =
    role === 'root' && rootOut !== undefined && rootPassphrase !== undefined ? rootPassphrase : passphrase;
  const storedKey =
    secret === null
      ? encodePem('PRIVATE KEY', key.pkcs8)
      : encodePem('ENCRYPTED PRIVATE KEY', await encryptPkcs8(key.pkcs8, secret));
  return { role, certificate, key, storedKey };
}

/** Keys first, then the record, then what may leave; `ready` is the last thing written. */
async function write(options: CreateOptions, folder: PkiFolder, { authorities }: Plan): Promise<void> {
  const store = await folder.create();
  try {
    for (const { role, storedKey } of authorities) {
      const key: FileToWrite = { path: `${role}.key`, content: storedKey, mode: 0o600 };
      if (role === 'root' && options.rootOut !== undefined) writeFilesWhole(options.rootOut, [key], 'new');
      else folder.writeFiles([{ ...key, path: `private/${role}.key` }]);
    }
    await record(options, store, authorities);
    const [top, issuing] = authorities.map(({ certificate }) => encodePem('CERTIFICATE', certificate.der));
    folder.writeFiles([
      { path: 'ca.crt', content: top!, mode: 0o644 },
      { path: 'ca-chain.crt', content: (issuing ?? '') + top!, mode: 0o644 },
    ]);
    const keys = authorities.map(
      ({ role, key }) => [role, signerOfPkcs8(key.pkcs8, key.subjectPublicKeyInfo)] as const,
    );
    await writeFirstCrls(folder, store, options, new Map(keys));
    await store.transaction((transaction) => transaction.setSetting('ready', 'true'));
  } finally {
    await store.close();
  }
}

async function record(
  options: CreateOptions,
  store: Store,
  authorities: readonly PlannedAuthority[],
): Promise<void> {
  const now = options.now ?? (() => new Date());
  const context = { now, actor: options.actor ?? `process ${process.pid}` };
  await store.transaction(async (transaction) => {
    for (const { role, certificate } of authorities) {
      const seconds =
        role === 'root'
          ? (options.rootNextUpdateSeconds ?? NEXT_UPDATE_SECONDS.root)
          : (options.nextUpdateSeconds ?? NEXT_UPDATE_SECONDS.issuing);
      const serialNumber = serialNumberHex(certificate.serialNumber);
      const reserved = reservedRecord(role, certificate, now());
      await transaction.insertAuthority({
        id: role,
        role,
        certificate: certificate.der,
        serialNumber,
        reservedSerial: reserved.serialNumber,
        nextUpdateSeconds: seconds,
      });
      const parent = authorities[0]!.role;
      await transaction.insertCertificate(
        recordOf(
          certificate,
          { authorityId: parent, name: `${role}.ca`, profile: role, delivered: true, folder: null },
          [],
        ),
      );
      await transaction.insertCertificate(reserved);
      await appendEvent(context, transaction, 'created-ca', serialNumber, {
        role,
        subject: formatName(certificate.subject),
      });
      await appendEvent(context, transaction, 'reserved', reserved.serialNumber, { role });
    }
    for (const key of ['crlUrl', 'ocspUrl', 'issuerUrl'] as const) {
      const url = options[key];
      if (url !== undefined) await transaction.setSetting(key, url);
    }
    if (options.throwAway === true) await transaction.setSetting('throwAway', 'true');
  });
}

function constraintsOf({ nameConstraints: constraints }: CreateOptions): Extension[] {
  if (constraints === undefined) return [];
  const { permittedSubtrees, excludedSubtrees } = constraints;
  return permittedSubtrees.length + excludedSubtrees.length === 0 ? [] : [nameConstraints(constraints)];
}

/** The subject given, with a commonName of ours where it has none: two roots never share a name. */
function subjectOf(
  given: Name | undefined,
  commonName: string,
  { subjectPublicKeyInfo }: GeneratedKey,
): Name {
  if (given !== undefined && commonNameOf(given) !== undefined) return given;
  const mark = Buffer.from(keyIdentifierOf(subjectPublicKeyInfo)).toString('hex').slice(0, 8);
  const value = `${commonName.slice(0, 64 - 9)} ${mark}`;
  return makeName([...(given?.rdns ?? []), [{ type: OID.commonName, value }]]);
}

function withoutCommonName(given: Name | undefined): Name | undefined {
  const rdns = given?.rdns.filter((rdn) => !rdn.some(({ type }) => type === OID.commonName));
  return rdns === undefined ? undefined : makeName(rdns);
}

function defaultName(path: string): string {
  const name = basename(dirname(resolve(path))).replace(/\p{Cc}/gu, '');
  return name === '' ? 'sslapi' : [...name].slice(0, 40).join('');
}

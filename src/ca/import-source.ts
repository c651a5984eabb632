import { SslapiError } from '../errors.js';
import { type ForeignFile, ForeignFolder, readForeignFile } from '../store/foreign-folder.js';
import { parseCertificate } from '../x509/certificate.js';
import { basicConstraintsOf } from '../x509/extensions/basic-constraints.js';
import { decodePem, looksLikePem } from '../x509/pem.js';
import { serialNumberHex } from '../x509/serial-number.js';

/** Where a CA of another tool lies: a folder of easy-rsa 3 or `openssl ca`, or files alone. What is given beside a folder
 *  goes before what is found in it. */
export interface ImportSource {
  /** easy-rsa's folder, or the `pki` in it. */
  readonly easyRsa?: string;
  /** The folder of `openssl ca`: index.txt, serial, crlnumber, newcerts/. */
  readonly openssl?: string;
  /** The CA's certificate; what follows it in the file is its chain. */
  readonly cert?: string;
  readonly key?: string;
  /** Files with the CAs above it. */
  readonly chain?: readonly string[];
  /** Files with its newest CRL, and the root's. */
  readonly crl?: readonly string[];
}

/** What was found of a CA, unjudged. */
export interface ImportMaterial {
  /** Files that may be the CA's certificate: that which is for the key is. */
  readonly certificates: readonly ForeignFile[];
  readonly key: ForeignFile;
  /** Files that may hold CAs above it. */
  readonly chain: readonly ForeignFile[];
  readonly crls: ReadonlyArray<ForeignFile & { readonly given: boolean }>;
  /** The index of what it issued; null where only files were given. */
  readonly index: ForeignFile | null;
  /** The number of the next CRL. */
  readonly crlNumber: ForeignFile | null;
  /** Files that may hold the certificate of a serial number. */
  certificatesOf(serialNumber: string): Iterable<ForeignFile>;
  /** The key that lies beside an issued certificate, by the certificate's serial number. */
  keyOf(serialNumber: string): ForeignFile | null;
}

/** Finds what belongs to the CA. @throws SslapiError ERR_USAGE, ERR_INPUT_UNREADABLE, ERR_IMPORT_INVALID */
export function importMaterial(source: ImportSource): ImportMaterial {
  const given = {
    certificate: source.cert === undefined ? null : readForeignFile(source.cert),
    key: source.key === undefined ? null : readForeignFile(source.key),
    chain: (source.chain ?? []).map(readForeignFile),
    crls: (source.crl ?? []).map((path) => ({ ...readForeignFile(path), given: true })),
  };
  if (source.easyRsa !== undefined) return ofFolder(easyRsaFolder(source.easyRsa), EASY_RSA, given);
  if (source.openssl !== undefined) return ofFolder(opensslFolder(source.openssl), OPENSSL, given);
  const { certificate, key, chain, crls } = given;
  if (certificate === null || key === null)
    throw new SslapiError('ERR_USAGE', 'there is nothing to import', {
      hint: 'Give --cert FILE --key FILE, --easyrsa DIR or --openssl DIR.',
    });
  return {
    certificates: [certificate],
    key,
    chain,
    crls,
    index: null,
    crlNumber: null,
    certificatesOf: () => [],
    keyOf: () => null,
  };
}

interface Given {
  readonly certificate: ForeignFile | null;
  readonly key: ForeignFile | null;
  readonly chain: readonly ForeignFile[];
  readonly crls: ImportMaterial['crls'];
}

/** Where a tool puts things, each list in the order of search. */
interface Layout {
  readonly certificates: readonly string[];
  readonly keys: readonly string[];
  readonly crls: readonly string[];
  /** Folders whose files are called by serial number. */
  readonly bySerial: readonly string[];
  /** Folders of certificates by any name. */
  readonly others: readonly string[];
  /** Whether private/NAME.key belongs to issued/NAME.crt. */
  readonly keysBesideIssued: boolean;
}

const EASY_RSA: Layout = {
  certificates: ['ca.crt'],
  keys: ['private/ca.key'],
  crls: ['crl.pem'],
  bySerial: [
    'certs_by_serial',
    'revoked/certs_by_serial',
    'renewed/certs_by_serial',
    'expired/certs_by_serial',
  ],
  others: ['issued', 'renewed/issued', 'expired', 'revoked'],
  keysBesideIssued: true,
};

/** openssl.cnf's own names first, then those of the tutorials that most people followed. */
const OPENSSL: Layout = {
  certificates: [
    'cacert.pem',
    'ca.crt',
    'ca.pem',
    'ca.cert.pem',
    'certs/ca.cert.pem',
    'certs/intermediate.cert.pem',
    'certs/ca.crt',
    'certs/cacert.pem',
    'certs/ca.pem',
  ],
  keys: [
    'private/cakey.pem',
    'private/ca.key',
    'private/ca.key.pem',
    'private/intermediate.key.pem',
    'private/ca.pem',
    'ca.key',
    'cakey.pem',
    'ca.key.pem',
  ],
  crls: ['crl.pem', 'ca.crl', 'crl/ca.crl.pem', 'crl/intermediate.crl.pem', 'crl/crl.pem', 'crl/ca.crl'],
  bySerial: ['newcerts', 'certs', 'certs_by_serial', ''],
  others: ['certs', 'newcerts'],
  keysBesideIssued: false,
};

function ofFolder(folder: ForeignFolder, layout: Layout, given: Given): ImportMaterial {
  const index = folder.file('index.txt');
  if (index === null)
    throw new SslapiError('ERR_IMPORT_INVALID', `there is no index.txt in ${folder.path}`, {
      hint: 'It is the list of what the CA issued and revoked. Without one, give --cert, --key and --crl alone.',
    });
  const certificates = given.certificate ? [given.certificate] : allOf(folder, layout.certificates);
  const key = given.key ?? allOf(folder, layout.keys)[0];
  if (certificates.length === 0) throw notFound(folder, layout.certificates, 'certificate', '--cert FILE');
  if (key === undefined) throw notFound(folder, layout.keys, 'key', '--key FILE');
  return {
    certificates,
    key,
    chain: [...given.chain, ...nearbyAuthorities(folder)],
    crls: [...given.crls, ...allOf(folder, layout.crls).map((file) => ({ ...file, given: false }))],
    index,
    crlNumber: folder.file('crlnumber'),
    certificatesOf: certificateFinder(folder, layout),
    keyOf: layout.keysBesideIssued ? keyFinder(folder) : () => null,
  };
}

function easyRsaFolder(path: string): ForeignFolder {
  const folder = new ForeignFolder(path);
  return !folder.has('index.txt') && folder.has('pki', 'index.txt')
    ? new ForeignFolder(`${path}/pki`)
    : folder;
}

function opensslFolder(path: string): ForeignFolder {
  const folder = new ForeignFolder(path);
  return !folder.has('index.txt') && folder.has('demoCA', 'index.txt')
    ? new ForeignFolder(`${path}/demoCA`)
    : folder;
}

function notFound(folder: ForeignFolder, names: readonly string[], what: string, flag: string): SslapiError {
  return new SslapiError('ERR_IMPORT_INVALID', `the CA's ${what} is not found in ${folder.path}`, {
    hint: `It is looked for as ${names.slice(0, 3).join(', ')} and the like; name it with ${flag}.`,
  });
}

function allOf(folder: ForeignFolder, names: readonly string[]): ForeignFile[] {
  return names.flatMap((name) => folder.file(...name.split('/')) ?? []);
}

/** Certificates of CAs that lie where the CA's own does: one of them may be what stands above it. */
function nearbyAuthorities(folder: ForeignFolder): ForeignFile[] {
  return ['', 'certs'].flatMap((place) =>
    folder
      .names(place)
      .filter((name) => AUTHORITY_NAME.test(name))
      .flatMap((name) => folder.file(place, name) ?? [])
      .filter((file) => serialNumberIn(file) !== null),
  );
}

/** By its name first; only where that finds nothing are all other certificates read, once. Folders are listed once: to ask
 *  for each file in each of them costs a minute where there are many. */
function certificateFinder(folder: ForeignFolder, { bySerial, others }: Layout) {
  const named = new Map(bySerial.flatMap((place) => certificateNames(folder, place)).reverse());
  let rest: ReadonlyMap<string, ForeignFile> | undefined;
  return function* (serialNumber: string): Generator<ForeignFile> {
    const [place, name] = named.get(serialNumber) ?? [];
    const file = place === undefined ? null : folder.file(place, name!);
    if (file !== null) yield file;
    rest ??= new Map(others.flatMap((one) => certificatesIn(folder, one)));
    const other = rest.get(serialNumber);
    if (other !== undefined) yield other;
  };
}

/** Files that are called by a serial number, as OpenSSL writes it: capitals, whole octets. */
function certificateNames(
  folder: ForeignFolder,
  place: string,
): Array<readonly [serialNumber: string, file: readonly [place: string, name: string]]> {
  return folder.names(place).flatMap((name) => {
    const [, serialNumber] = /^(-?[0-9a-f]+)\.(?:pem|crt)$/i.exec(name) ?? [];
    return serialNumber === undefined ? [] : [[serialNumber.toLowerCase(), [place, name]] as const];
  });
}

function certificatesIn(folder: ForeignFolder, place: string): Array<readonly [string, ForeignFile]> {
  return folder
    .names(place)
    .filter((name) => /\.(crt|pem|cer)$/i.test(name))
    .flatMap((name) => {
      const file = folder.file(place, name);
      const serialNumber = file && serialNumberIn(file);
      return file !== null && serialNumber !== null ? [[serialNumber, file] as const] : [];
    });
}

function keyFinder(folder: ForeignFolder) {
  let names: ReadonlyMap<string, string> | undefined;
  return (serialNumber: string): ForeignFile | null => {
    names ??= new Map(
      certificatesIn(folder, 'issued').map(([serial, { path }]) => [
        serial,
        path.replace(/^.*[/\\]/, '').replace(/\.[a-z]+$/i, '.key'),
      ]),
    );
    const name = names.get(serialNumber);
    return name === undefined ? null : folder.file('private', name);
  };
}

function serialNumberIn(file: ForeignFile): string | null {
  try {
    const [certificate] = certificatesOfFile(file);
    return certificate === undefined ? null : serialNumberHex(parseCertificate(certificate).serialNumber);
  } catch {
    return null;
  }
}

/** The certificates in a file, PEM or DER, not parsed yet. @throws SslapiError ERR_INPUT_NOT_RECOGNISED for torn PEM */
export function certificatesOfFile(file: ForeignFile): Uint8Array[] {
  const text = latin1(file);
  if (!looksLikePem(text)) return [file.bytes];
  return decodePem(text)
    .filter(({ label }) => /^(X509 |TRUSTED )?CERTIFICATE$/.test(label))
    .map(({ der }) => der);
}

/** Whether a certificate is of a CA: of the first version where nothing says so. */
export function isAuthority(certificate: ReturnType<typeof parseCertificate>): boolean {
  const constraints = basicConstraintsOf(certificate);
  return constraints === undefined ? certificate.version === 1 : constraints.ca;
}

export function latin1({ bytes }: ForeignFile): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

const AUTHORITY_NAME = /(ca|root|chain).*\.(crt|pem|cer)$/i;

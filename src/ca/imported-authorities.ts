import { SslapiError } from '../errors.js';
import { verifySignature } from '../keys/verify-signature.js';
import type { ForeignFile } from '../store/foreign-folder.js';
import { type Certificate, isSelfIssued, parseCertificate } from '../x509/certificate.js';
import { type CertificateList, parseCertificateList } from '../x509/certificate-list.js';
import { sameBytes } from '../x509/der.js';
import { keyUsageOf } from '../x509/extensions/key-usage.js';
import { formatName, sameName } from '../x509/name.js';
import { OID } from '../x509/oid.js';
import { decodePem, looksLikePem } from '../x509/pem.js';
import { certificatesOfFile, type ImportMaterial, isAuthority, latin1 } from './import-source.js';

/** A CA that is brought in, with the newest of its CRLs. */
export interface ImportedAuthority {
  readonly role: 'root' | 'issuing';
  readonly certificate: Certificate;
  readonly crl: CertificateList | null;
}

/** The CA of that key and the root above it, root first; a CA that signed itself stands alone.
 *  @param subjectPublicKeyInfo the public part of its key
 *  @throws SslapiError ERR_KEY_MISMATCH, ERR_IMPORT_INVALID where something does not fit together */
export function importedAuthorities(
  material: ImportMaterial,
  subjectPublicKeyInfo: Uint8Array,
): ImportedAuthority[] {
  const [certificate, ...behind] = certificatesFrom(material, subjectPublicKeyInfo);
  refuseWhatMaySignNothing(certificate);
  const root = isSelfIssued(certificate) ? null : rootAbove(certificate, behind, material.chain);
  const authorities = [
    ...(root === null ? [] : [{ role: 'root', certificate: root } as const]),
    { role: 'issuing', certificate } as const,
  ];
  const crls = material.crls.flatMap(listsIn);
  const foreign = crls.find(
    ({ list, given }) => given && !authorities.some((one) => sameName(one.certificate.subject, list.issuer)),
  );
  if (foreign !== undefined)
    throw new SslapiError(
      'ERR_IMPORT_INVALID',
      `the CRL in ${foreign.path} is of another CA: ${formatName(foreign.list.issuer)}`,
    );
  return authorities.map((authority) => ({ ...authority, crl: newestCrl(authority.certificate, crls) }));
}

/** The certificate that is for the key, and what stands behind it in its file. */
function certificatesFrom(
  { certificates, key }: ImportMaterial,
  subjectPublicKeyInfo: Uint8Array,
): [Certificate, ...Certificate[]] {
  const files = certificates.map((file) => ({ file, found: parsedCertificates(file) }));
  for (const { found } of files) {
    const [first, ...behind] = found;
    if (first && sameBytes(first.subjectPublicKeyInfo.der, subjectPublicKeyInfo)) return [first, ...behind];
  }
  const { file, found } = files[0]!;
  if (found[0] === undefined)
    throw new SslapiError('ERR_IMPORT_INVALID', `${file.path} holds no certificate`);
  throw new SslapiError(
    'ERR_KEY_MISMATCH',
    `the key in ${key.path} is not that of ${formatName(found[0].subject)} in ${file.path}`,
    { hint: 'Name the right files with --cert and --key; nothing was imported.' },
  );
}

/** Whether a certificate bears the signature of that CA; `unknown` where its algorithm is none that we know. */
export function isSignedBy(
  signed: Pick<Certificate, 'tbs' | 'signatureAlgorithm' | 'signatureValue'>,
  { subjectPublicKeyInfo }: Certificate,
): boolean | 'unknown' {
  const verdict = verifySignature({
    subjectPublicKeyInfo,
    algorithm: signed.signatureAlgorithm,
    data: signed.tbs,
    signature: signed.signatureValue,
  });
  return verdict === 'unsupported-algorithm' ? 'unknown' : verdict === 'valid';
}

function refuseWhatMaySignNothing(certificate: Certificate): void {
  const what = formatName(certificate.subject);
  if (!isAuthority(certificate)) throw new SslapiError('ERR_IMPORT_INVALID', `${what} is no CA`);
  const usages = keyUsageOf(certificate);
  if (usages !== undefined && !usages.has('keyCertSign'))
    throw new SslapiError('ERR_IMPORT_INVALID', `the key of ${what} may not sign certificates (keyUsage)`);
}

/** What signed the CA, looked for behind it and in the chain. It has to be the root: of more levels servers could not
 *  make a chain from our files. */
function rootAbove(
  certificate: Certificate,
  behind: readonly Certificate[],
  chain: readonly ForeignFile[],
): Certificate {
  const candidates = [...behind, ...chain.flatMap((file) => parsedCertificates(file))];
  const issuer = formatName(certificate.issuer);
  const above = candidates.find(
    (one) =>
      sameName(one.subject, certificate.issuer) && isAuthority(one) && isSignedBy(certificate, one) !== false,
  );
  if (above === undefined)
    throw new SslapiError('ERR_IMPORT_INVALID', `the certificate of the CA above it is missing: ${issuer}`, {
      hint: 'Give it with --chain FILE; its key may stay where it is.',
    });
  if (isSelfIssued(above)) return above;
  throw new SslapiError(
    'ERR_IMPORT_INVALID',
    `above ${issuer} stands another CA: ${formatName(above.issuer)}`,
    {
      hint: 'sslapi keeps a root and one CA below it; import the CA right below the root instead.',
    },
  );
}

function newestCrl(authority: Certificate, crls: readonly FoundCrl[]): CertificateList | null {
  let newest: CertificateList | null = null;
  for (const { path, list } of crls) {
    if (!sameName(list.issuer, authority.subject)) continue;
    if (isSignedBy(list, authority) === false)
      throw new SslapiError('ERR_IMPORT_INVALID', `the CRL in ${path} is not signed by the key of that CA`, {
        hint: 'It is damaged, or of a CA of the same name; make it anew, or give the right one with --crl FILE.',
      });
    if (newest === null || list.thisUpdate > newest.thisUpdate) newest = list;
  }
  return newest;
}

interface FoundCrl {
  readonly path: string;
  readonly list: CertificateList;
  /** Whether somebody named it; what only lies there may be of another CA. */
  readonly given: boolean;
}

function listsIn({ given, ...file }: ImportMaterial['crls'][number]): FoundCrl[] {
  const text = latin1(file);
  const ders = inFile(file, () =>
    looksLikePem(text)
      ? decodePem(text)
          .filter(({ label }) => label === 'X509 CRL')
          .map(({ der }) => der)
      : [file.bytes],
  );
  if (ders.length === 0) throw new SslapiError('ERR_IMPORT_INVALID', `${file.path} holds no CRL`);
  return ders.map((der) => {
    const list = inFile(file, () => parseCertificateList(der));
    if (list.extensions.some(({ oid }) => oid === OID.deltaCRLIndicator))
      throw new SslapiError('ERR_IMPORT_INVALID', `${file.path} is a delta CRL; a whole one is wanted`);
    return { path: file.path, list, given };
  });
}

/** Of a chain those that can be read; each one once. */
function parsedCertificates(file: ForeignFile): Certificate[] {
  const certificates = inFile(file, () => certificatesOfFile(file).map(parseCertificate));
  return certificates.filter(
    (one, at) => certificates.findIndex(({ der }) => sameBytes(der, one.der)) === at,
  );
}

/** Says in which file it was that something could not be read. */
export function inFile<T>({ path }: ForeignFile, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SslapiError('ERR_IMPORT_INVALID', `${path} cannot be read: ${why}`, { cause });
  }
}

import type { MintedCredential } from '../credentials/credential.js';
import { SslapiError } from '../errors.js';
import { decodePkcs12, type Pkcs12Bag } from '../keys/decode-pkcs12.js';
import type { KeyType } from '../keys/key-type.js';
import type { Passphrase } from '../keys/passphrase.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';
import { sameName } from '../x509/name.js';
import { encodePem } from '../x509/pem.js';
import { describeKey } from '../x509/subject-public-key-info.js';
import { isKitLabel, KIT_LABEL, readCredentialLabel } from './kit-contents.js';

/** What a CA's owner gave along instead of the CA's key. */
export interface ProofKit {
  readonly issuing: Certificate;
  /** Null where the issuing CA is the root. */
  readonly root: Certificate | null;
  /** The end of `good`, and so of the kit. */
  readonly notAfter: Date;
  /** By the type of key that a server takes, then by id; twins among them. */
  readonly credentials: ReadonlyMap<KeyType, ReadonlyMap<string, MintedCredential>>;
  /** Signs reports. */
  readonly signer: MintedCredential | null;
}

/** Opens a kit. @throws SslapiError ERR_KIT_INVALID, ERR_KIT_EXPIRED, ERR_PASSWORD_WRONG */
export async function readProofKit(octets: Uint8Array, password: Passphrase, now: Date): Promise<ProofKit> {
  const bags = await decodePkcs12(octets, password).catch(notAKit);
  const kit = kitOf(bags);
  if (kit.notAfter < now)
    throw new SslapiError('ERR_KIT_EXPIRED', `the kit expired on ${kit.notAfter.toISOString()}`);
  return kit;
}

function kitOf(bags: readonly Pkcs12Bag[]): ProofKit {
  const certificates = bags.filter(({ kind }) => kind === 'certificate');
  const called = (label: string): Certificate | null => {
    const der = certificates.find(({ friendlyName }) => friendlyName === label)?.der;
    return der === undefined ? null : readCertificate(der);
  };
  const issuing = called(KIT_LABEL.issuing);
  if (issuing === null) throw notOurs(certificates);
  const root = called(KIT_LABEL.root);
  const keys = new Map(bags.filter(isKey).map(({ localKeyId, der }) => [localKeyId, der]));
  const issuers = certificates
    .filter(({ localKeyId }) => localKeyId === null)
    .map(({ der }) => readCertificate(der))
    .filter(({ subject, issuer }) => !sameName(subject, issuer)); // no client sends the root
  const credentials = new Map<KeyType, Map<string, MintedCredential>>();
  let signer: MintedCredential | null = null;
  for (const { der, friendlyName, localKeyId } of certificates) {
    const key = localKeyId === null ? undefined : keys.get(localKeyId);
    if (key === undefined) continue;
    const credential = credentialOf(readCertificate(der), key, issuers);
    const label = readCredentialLabel(friendlyName ?? '');
    if (friendlyName === KIT_LABEL.reportSigner) signer = credential;
    if (label === null) continue;
    const set = credentials.get(label.keyType) ?? new Map<string, MintedCredential>();
    credentials.set(label.keyType, set.set(label.id, credential));
  }
  return { issuing, root, notAfter: endOf(credentials), credentials, signer };
}

/** Its chain is found by the names of issuers: those of intermediates in a kit are all different. */
function credentialOf(leaf: Certificate, key: Uint8Array, issuers: readonly Certificate[]): MintedCredential {
  const chain = [leaf];
  for (let above: Certificate | undefined = leaf; above !== undefined && chain.length <= issuers.length; ) {
    const { issuer }: Certificate = above;
    above = issuers.find(({ subject }) => sameName(subject, issuer));
    if (above !== undefined) chain.push(above);
  }
  return {
    chain: chain.map(({ der }) => der),
    privateKey: encodePem('PRIVATE KEY', key),
    keyType: describeKey(leaf.subjectPublicKeyInfo),
  };
}

function endOf(credentials: ProofKit['credentials']): Date {
  const [good] = [...credentials.values()].flatMap((set) => set.get('good') ?? []);
  if (good === undefined) throw new SslapiError('ERR_KIT_INVALID', 'the kit holds no good client');
  return readCertificate(good.chain[0]!).validity.notAfter;
}

function isKey({ kind, localKeyId }: Pkcs12Bag): boolean {
  return kind === 'private-key' && localKeyId !== null;
}

function readCertificate(der: Uint8Array): Certificate {
  try {
    return parseCertificate(der);
  } catch (cause) {
    throw new SslapiError('ERR_KIT_INVALID', 'a certificate in the kit cannot be read', { cause });
  }
}

function notOurs(certificates: readonly Pkcs12Bag[]): SslapiError {
  return certificates.some(({ friendlyName }) => isKitLabel(friendlyName ?? ''))
    ? new SslapiError('ERR_KIT_INVALID', 'a newer sslapi made this kit', { hint: 'Use that version.' })
    : new SslapiError('ERR_KIT_INVALID', 'the PKCS#12 file is no kit of a proof');
}

function notAKit(error: unknown): never {
  if (!(error instanceof SslapiError) || error.code !== 'ERR_INPUT_NOT_RECOGNISED') throw error;
  throw new SslapiError('ERR_KIT_INVALID', 'the kit is no PKCS#12 file that sslapi wrote', { cause: error });
}

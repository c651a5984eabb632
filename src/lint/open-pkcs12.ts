import { SslapiError } from '../errors.js';
import { decodePkcs12, type Pkcs12Bag } from '../keys/decode-pkcs12.js';
import type { Passphrase } from '../keys/passphrase.js';
import type { Pkcs12Contents } from '../x509/pkcs12.js';

/** Opens a PKCS#12 file of any age. Without a password the empty one is tried: many have it; null where that does not
 *  open it. @throws SslapiError ERR_PASSWORD_WRONG, ERR_INPUT_NOT_RECOGNISED */
export async function openPkcs12(
  der: Uint8Array,
  passphrase: Passphrase | undefined,
): Promise<Pkcs12Contents | null> {
  try {
    if (passphrase !== undefined) return pkcs12Contents(await decodePkcs12(der, passphrase));
  } catch (error) {
    const { code, message } = error as SslapiError;
    if (code === 'ERR_PASSWORD_WRONG') throw new SslapiError(code, message, { hint: CHECK, cause: error });
    if (code !== 'ERR_INPUT_NOT_RECOGNISED') throw error;
  }
  try {
    const { readPkcs12 } = await import('../x509/pkcs12.js'); // of old, or of others: node-forge knows those
    return readPkcs12(der, passphrase === undefined ? '' : Buffer.from(passphrase.reveal()).toString('utf8'));
  } catch (error) {
    if (passphrase === undefined && (error as SslapiError).code === 'ERR_PASSWORD_WRONG') return null;
    throw error;
  }
}

function pkcs12Contents(bags: readonly Pkcs12Bag[]): Pkcs12Contents {
  const of = (wanted: Pkcs12Bag['kind']) => bags.flatMap(({ kind, der }) => (kind === wanted ? [der] : []));
  const names = bags.flatMap(({ friendlyName }) => friendlyName ?? []);
  return {
    certificates: of('certificate'),
    privateKeys: of('private-key'),
    friendlyNames: [...new Set(names)],
  };
}

const CHECK = 'Check the password: --password-file FILE holds that of the PKCS#12 file.';

import { SslapiError } from '../errors.js';
import type { CertificateRecord, StoreTransaction } from '../store/store.js';
import { parseCertificate } from '../x509/certificate.js';
import { fingerprint256 } from '../x509/fingerprint.js';
import { kindInWords, recognise } from '../x509/recognise.js';
import { parseSerialNumber, serialNumberHex } from '../x509/serial-number.js';
import type { AuthorityContext } from './authority-context.js';

/** The certificates that a text means: a NAME first, a serial number else, both ways round where a prefix says so.
 *  @param fileContent what the file of that path holds, where there is one
 *  @throws SslapiError ERR_CERTIFICATE_UNKNOWN, ERR_SERIAL_UNKNOWN */
export function findCertificates(
  { store, folder }: AuthorityContext,
  reference: string,
  fileContent?: Uint8Array,
): Promise<CertificateRecord[]> {
  return store.read(async (read) => {
    if (/^serial:/i.test(reference)) return [await bySerial(read, reference.slice(7))];
    const named = await read.certificates({
      name: reference.startsWith('*.') ? `_wildcard${reference.slice(1)}` : reference,
    });
    const usable = named.filter(({ profile }) => profile !== 'probe');
    if (usable.length > 0) return usable;
    if (fileContent !== undefined) return [await byFile(read, reference, fileContent)];
    if (SERIAL_LOOK.test(reference)) return [await bySerial(read, reference)];
    throw new SslapiError(
      'ERR_CERTIFICATE_UNKNOWN',
      `no certificate has the NAME "${reference}" in ${folder.path}`,
    );
  });
}

async function bySerial(read: StoreTransaction, text: string): Promise<CertificateRecord> {
  const serialNumber = serialNumberHex(parseSerialNumber(text));
  const record = await read.certificate(serialNumber);
  if (record === null)
    throw new SslapiError('ERR_SERIAL_UNKNOWN', `no certificate has serial ${serialNumber}`);
  return record;
}

async function byFile(read: StoreTransaction, path: string, content: Uint8Array): Promise<CertificateRecord> {
  const { items } = recognise(content, path);
  const der = items.find(({ kind }) => kind === 'certificate')?.der;
  if (der === undefined)
    throw new SslapiError(
      'ERR_INPUT_NOT_RECOGNISED',
      `${path} holds ${kindInWords(items[0]!.kind)} where a certificate is wanted`,
    );
  const record = await read.certificate(serialNumberHex(parseCertificate(der).serialNumber));
  if (record === null || record.fingerprint256 !== fingerprint256(der)) {
    throw new SslapiError('ERR_CERTIFICATE_UNKNOWN', `the certificate in ${path} is not of this CA`);
  }
  return record;
}

const SERIAL_LOOK = /^(0x)?[0-9a-f]{2}[0-9a-f:]*$/i;

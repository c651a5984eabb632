import { SslapiError } from '../errors.js';
import type { Revocation } from '../store/store.js';
import { CRL_REASONS, type CrlReason } from '../x509/extensions/reason-code.js';
import { serialNumberHex } from '../x509/serial-number.js';

/** A certificate as the index of `openssl ca` has it: one line of `index.txt`. */
export interface IndexEntry {
  /** Counted from 1. */
  readonly line: number;
  readonly serialNumber: string;
  readonly notAfter: Date;
  readonly revocation: Revocation | null;
  /** As OpenSSL's one-line form writes it: `/C=DE/CN=alice`. */
  readonly subject: string;
}

/** Reads the index of `openssl ca` and easy-rsa: status, notAfter, revocation, serial number, file name and subject,
 *  parted by tabs. A line that cannot be read is an error, for a revocation could be lost with it.
 *  @param path how errors call it
 *  @throws SslapiError ERR_IMPORT_INVALID */
export function readIndexTxt(text: string, path: string): IndexEntry[] {
  const entries: IndexEntry[] = [];
  const lines = new Map<string, number>();
  text.split('\n').forEach((raw, at) => {
    const line = raw.replace(/\r$/, '');
    if (line === '' || line.startsWith('#')) return;
    const entry = readLine(line, at + 1, path);
    const former = lines.get(entry.serialNumber);
    if (former !== undefined)
      throw unfit(path, at + 1, `serial ${entry.serialNumber} stands in line ${former} already`);
    lines.set(entry.serialNumber, at + 1);
    entries.push(entry);
  });
  return entries;
}

function readLine(text: string, line: number, path: string): IndexEntry {
  const fields = splitFields(text);
  if (fields.length !== 6) throw unfit(path, line, `it has ${fields.length} fields where six are wanted`);
  const [status, expiry, revoked, serial, , subject] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (!/^[VRE]$/.test(status)) throw unfit(path, line, `its status is "${status}", not V, R or E`);
  if (!/^-?[0-9a-f]+$/i.test(serial)) throw unfit(path, line, `"${serial}" is no serial number`);
  const notAfter = momentOf(expiry);
  if (notAfter === null) throw unfit(path, line, `"${expiry}" is no time`);
  if ((status === 'R') !== (revoked !== ''))
    throw unfit(
      path,
      line,
      status === 'R' ? 'it is revoked, but not since when' : `it is ${status}, yet revoked`,
    );
  const revocation = revoked === '' ? null : revocationOf(revoked);
  if (revocation === undefined) throw unfit(path, line, `"${revoked}" is no revocation`);
  const number = serial.startsWith('-') ? -BigInt(`0x${serial.slice(1)}`) : BigInt(`0x${serial}`);
  return { line, serialNumber: serialNumberHex(number), notAfter, revocation, subject };
}

/** A tab that belongs to a field stands behind a backslash. */
function splitFields(line: string): string[] {
  return line.split(/(?<!\\)\t/).map((field) => field.replaceAll('\\\t', '\t'));
}

/** `time`, `time,reason`, or a reason with more behind it: keyTime and CAkeyTime with since when the key is known to
 *  others, holdInstruction with what to do meanwhile. */
function revocationOf(text: string): Revocation | undefined {
  const [time = '', reason = 'unspecified', more] = text.split(',');
  const revocationDate = momentOf(time);
  if (revocationDate === null) return undefined;
  const timed = TIMED.get(reason.toLowerCase());
  if (timed !== undefined) {
    const invalidityDate = momentOf(more ?? '');
    return invalidityDate === null ? undefined : { revocationDate, reason: timed, invalidityDate };
  }
  const known = REASONS.get(reason.toLowerCase());
  return known && { revocationDate, reason: known, invalidityDate: null };
}

/** `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`, as UTCTime and GeneralizedTime have it. */
function momentOf(text: string): Date | null {
  const [, century, year, month, day, hour, minute, second] = TIME.exec(text) ?? [];
  if (year === undefined) return null;
  const full = century === undefined ? (Number(year) >= 50 ? `19${year}` : `20${year}`) : century + year;
  const iso = `${full}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const moment = new Date(iso);
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === iso ? moment : null;
}

function unfit(path: string, line: number, what: string): SslapiError {
  return new SslapiError('ERR_IMPORT_INVALID', `line ${line} of ${path} cannot be read: ${what}`);
}

const TIME = /^(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** Who took something off the CRL had it on hold; in a whole CRL that reason has no place (RFC 5280 §5.3.1). */
const REASONS: ReadonlyMap<string, CrlReason> = new Map<string, CrlReason>([
  ...(Object.keys(CRL_REASONS) as CrlReason[]).map((name) => [name.toLowerCase(), name] as const),
  ['holdinstruction', 'certificateHold'],
  ['removefromcrl', 'certificateHold'],
]);
const TIMED: ReadonlyMap<string, CrlReason> = new Map([
  ['keytime', 'keyCompromise'],
  ['cakeytime', 'cACompromise'],
]);

import {
  type CertificateList,
  countRevokedCertificates,
  type RevokedCertificate,
  revokedCertificatesOf,
} from './certificate-list.js';
import { describeList, readable } from './describe-certificate.js';
import { authorityKeyIdentifierOf } from './extensions/authority-key-identifier.js';
import { crlNumberOf } from './extensions/crl-number.js';
import { reasonCodeOf } from './extensions/reason-code.js';
import { formatName } from './name.js';
import { OID, oidName } from './oid.js';
import { serialNumberHex } from './serial-number.js';
import { isoSeconds } from './whole-seconds.js';

/** What a CRL says, as JSON; of its entries the first 20. */
export interface CertificateListDescription {
  readonly version: number;
  readonly issuer: string;
  readonly crlNumber?: string;
  readonly thisUpdate: string;
  readonly nextUpdate: string | null;
  readonly status: 'valid' | 'expired' | 'not-yet-valid';
  /** Whether it only adds to another. */
  readonly delta: boolean;
  readonly signatureAlgorithm: string;
  readonly authorityKeyIdentifier?: string;
  readonly entries: number;
  readonly revoked: readonly RevokedDescription[];
  readonly extensions: ReadonlyArray<{ readonly name: string; readonly critical: boolean }>;
}

export interface RevokedDescription {
  readonly serialNumber: string;
  readonly revocationDate: string;
  readonly revocationReason: string;
}

export function describeCertificateList(list: CertificateList, now: Date): CertificateListDescription {
  const { thisUpdate, nextUpdate } = list;
  const number = readable(() => crlNumberOf(list));
  const issuers = readable(() => authorityKeyIdentifierOf(list))?.keyIdentifier;
  const expired = nextUpdate !== null && nextUpdate < now;
  return {
    version: list.version,
    issuer: formatName(list.issuer),
    ...(number !== undefined && { crlNumber: number.toString() }),
    thisUpdate: isoSeconds(thisUpdate),
    nextUpdate: nextUpdate && isoSeconds(nextUpdate),
    status: expired ? 'expired' : thisUpdate > now ? 'not-yet-valid' : 'valid',
    delta: list.extensions.some(({ oid }) => oid === OID.deltaCRLIndicator),
    signatureAlgorithm: oidName(list.signatureAlgorithm.algorithm),
    ...(issuers && { authorityKeyIdentifier: Buffer.from(issuers).toString('hex') }),
    entries: countRevokedCertificates(list),
    revoked: firstEntries(list),
    extensions: describeList(list.extensions),
  };
}

function firstEntries(list: CertificateList): RevokedDescription[] {
  const shown: RevokedDescription[] = [];
  for (const entry of revokedCertificatesOf(list)) {
    if (shown.push(describeEntry(entry)) === MOST_SHOWN) break;
  }
  return shown;
}

function describeEntry(entry: RevokedCertificate): RevokedDescription {
  return {
    serialNumber: serialNumberHex(entry.serialNumber),
    revocationDate: isoSeconds(entry.revocationDate),
    revocationReason: readable(() => reasonCodeOf(entry)) ?? 'unspecified',
  };
}

const MOST_SHOWN = 20;

import type { CertificateAuthority } from '../ca/certificate-authority.js';
import { SslapiError } from '../errors.js';
import {
  type CertificateList,
  parseCertificateList,
  revokedCertificatesOf,
} from '../x509/certificate-list.js';
import { formatName, sameName } from '../x509/name.js';
import { decodePem } from '../x509/pem.js';
import { parseSerialNumber, serialNumberHex } from '../x509/serial-number.js';

/** A CRL that our CA has published, as far as a proof needs it. */
export interface PublishedCrl {
  readonly role: 'root' | 'issuing';
  /** RFC 4514. */
  readonly issuer: string;
  readonly nextUpdate: Date | null;
  /** Serial number of the entry with the latest revocationDate, the reserved one apart; null where there is none. */
  readonly latestRevoked: bigint | null;
}

/** The CRLs in the pki folder; none where there are none that can be read: what needs them says so. */
export function publishedCrls({
  folder,
  issuing,
  root,
}: Pick<CertificateAuthority, 'folder' | 'issuing' | 'root'>): PublishedCrl[] {
  const pem = folder.read('crl-chain.pem');
  if (pem === null) return [];
  return listsIn(Buffer.from(pem).toString('latin1')).map((list) => {
    const isIssuings = sameName(list.issuer, issuing.parsed.subject);
    const { reservedSerial } = isIssuings ? issuing : (root ?? issuing);
    return {
      role: isIssuings ? 'issuing' : 'root',
      issuer: formatName(list.issuer),
      nextUpdate: list.nextUpdate,
      latestRevoked: latestOf(list, parseSerialNumber(reservedSerial)),
    };
  });
}

/** Serial number of the newest entry on the CRL of the issuing CA that will still be there at that moment: an entry leaves
 *  when its certificate has expired, and a hold may be lifted. Null where there is none. */
export async function lastingRevocation(
  ca: Pick<CertificateAuthority, 'folder' | 'issuing' | 'find'>,
  until: Date,
): Promise<bigint | null> {
  const { subject } = ca.issuing.parsed;
  const pem = ca.folder.read('crl-chain.pem') ?? new Uint8Array();
  const list = listsIn(Buffer.from(pem).toString('latin1')).find(({ issuer }) => sameName(issuer, subject));
  const entries = list === undefined ? [] : [...revokedCertificatesOf(list)];
  const newestFirst = entries.reverse().sort((a, b) => Number(b.revocationDate) - Number(a.revocationDate));
  for (const { serialNumber } of newestFirst) {
    const [record] = await ca.find(`serial:${serialNumberHex(serialNumber)}`).catch(() => []);
    const isReserved = record?.certificate === null;
    const isHeld = record?.revocation?.reason === 'certificateHold';
    if (record !== undefined && !isReserved && !isHeld && record.notAfter > until) return serialNumber;
  }
  return null;
}

function listsIn(pem: string): CertificateList[] {
  try {
    return decodePem(pem).map(({ der }) => parseCertificateList(der));
  } catch (error) {
    if (error instanceof SslapiError) return [];
    throw error;
  }
}

/** Of several in the same second, the one that stands last. */
function latestOf(list: CertificateList, reserved: bigint): bigint | null {
  let latest: { serialNumber: bigint; revocationDate: Date } | null = null;
  for (const { serialNumber, revocationDate } of revokedCertificatesOf(list)) {
    if (serialNumber !== reserved && revocationDate >= (latest?.revocationDate ?? 0))
      latest = { serialNumber, revocationDate };
  }
  return latest?.serialNumber ?? null;
}

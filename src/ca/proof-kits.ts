import { randomOctets } from '../keys/random-octets.js';
import type { CertificateRecord } from '../store/store.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';
import { subjectAltNameOf } from '../x509/extensions/subject-alt-name.js';
import { fingerprint256 } from '../x509/fingerprint.js';
import { sameName } from '../x509/name.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { type Authority, type AuthorityContext, appendEvent } from './authority-context.js';
import { recordOf } from './sign-certificate.js';

/** A certificate that goes into a kit, and what it is there for. */
export interface KitCertificate {
  readonly der: Uint8Array;
  readonly what: string;
}

/** Writes down the certificates of a kit, so that they can be revoked as one: those that a CA of ours signed under a serial
 *  number that is theirs alone, and that are valid before `notAfter`. Of the others there is an event.
 *  @returns what the kit is called in the store: `kit.` and eight hex digits */
export async function recordKit(
  context: AuthorityContext,
  certificates: readonly KitCertificate[],
  notAfter: Date,
): Promise<string> {
  const kit = `${KIT_PREFIX}${Buffer.from(randomOctets(4)).toString('hex')}`;
  await context.store.transaction(async (transaction) => {
    let line: string | undefined;
    const seen = new Set(context.authorities.map(({ certificate }) => fingerprint256(certificate)));
    for (const { der, what } of certificates) {
      const fingerprint = fingerprint256(der);
      if (seen.has(fingerprint)) continue;
      seen.add(fingerprint);
      const certificate = parseCertificate(der);
      const serialNumber = serialNumberHex(certificate.serialNumber);
      await appendEvent(context, transaction, 'minted', serialNumber, { credential: what, kit });
      const authority = issuerOf(context, certificate);
      const isKnown = (await transaction.certificate(serialNumber)) !== null;
      if (authority === null || isKnown || !isValidBefore(certificate, context.now(), notAfter)) continue;
      line ??= serialNumber;
      const kept = { authorityId: authority.id, name: `${kit}.${what}`, line } as const;
      const names = subjectAltNameOf(certificate) ?? [];
      const record = recordOf(
        certificate,
        { ...kept, profile: 'probe', delivered: true, folder: null },
        names,
      );
      await transaction.insertCertificate(record);
    }
  });
  return kit;
}

/** The certificates of all kits that are neither revoked nor over. */
export async function liveKitCertificates({ store, now }: AuthorityContext): Promise<CertificateRecord[]> {
  const live = { profiles: ['probe'], revoked: false, endsFrom: now() } as const;
  const records = await store.read((read) => read.certificates(live));
  return records.filter(({ name }) => name.startsWith(KIT_PREFIX));
}

/** To which kit a certificate belongs. */
export function kitOf({ name }: Pick<CertificateRecord, 'name'>): string {
  return name.slice(0, KIT_PREFIX.length + 8);
}

function issuerOf({ authorities }: AuthorityContext, { issuer }: Certificate): Authority | null {
  return authorities.find(({ parsed }) => sameName(parsed.subject, issuer)) ?? null;
}

function isValidBefore({ validity }: Certificate, now: Date, end: Date): boolean {
  return validity.notAfter >= now && validity.notBefore <= end;
}

const KIT_PREFIX = 'kit.';

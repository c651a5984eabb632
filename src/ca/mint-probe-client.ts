import { generateKey } from '../keys/generate-key.js';
import type { KeyType } from '../keys/key-type.js';
import type { CertificateRecord } from '../store/store.js';
import type { GeneralName } from '../x509/general-name.js';
import type { Name } from '../x509/name.js';
import { encodePem } from '../x509/pem.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { wholeSeconds } from '../x509/whole-seconds.js';
import { type AuthorityContext, appendEvent, signerOf } from './authority-context.js';
import { PROFILES } from './profiles.js';
import { freshSerialNumber, recordOf, signCertificate } from './sign-certificate.js';
import { BACKDATE_MS } from './validity-period.js';

/** Whom a certificate that is made to be revoked shall name. */
export interface ProbeClientWish {
  readonly subject: Name;
  readonly subjectAltName: readonly GeneralName[];
  readonly keyType: KeyType;
  /** How long it is valid from now on, in milliseconds. */
  readonly lifetimeMs: number;
}

/** A client certificate of profile `probe` that the store knows, so that it can be revoked like any other. */
export interface ProbeClient {
  readonly record: CertificateRecord;
  /** In DER, leaf first, without the root. */
  readonly chain: readonly Uint8Array[];
  /** PKCS#8 in PEM; kept nowhere. */
  readonly privateKey: string;
}

/** Makes a client for a probe and records it before anybody has it; no file is written, and it takes no NAME of anybody. */
export async function mintProbeClient(
  context: AuthorityContext,
  { subject, subjectAltName, keyType, lifetimeMs }: ProbeClientWish,
): Promise<ProbeClient> {
  const { issuing, root, store } = context;
  const now = context.now();
  const key = await generateKey(keyType);
  const serialNumber = freshSerialNumber();
  const der = await signCertificate(
    {
      profile: PROFILES.probe,
      subject,
      subjectAltName,
      subjectPublicKeyInfo: key.subjectPublicKeyInfo,
      validity: {
        notBefore: wholeSeconds(new Date(now.getTime() - BACKDATE_MS)),
        notAfter: wholeSeconds(new Date(now.getTime() + lifetimeMs)),
      },
      issuer: {
        subject: issuing.parsed.subject,
        subjectPublicKeyInfo: issuing.parsed.subjectPublicKeyInfo.der,
        role: issuing.role,
      },
      urls: {},
    },
    await signerOf(context, issuing),
    serialNumber,
  );
  const name = `probe.${serialNumberHex(serialNumber)}`;
  const kept = { authorityId: issuing.id, name, profile: 'probe', delivered: true, folder: null } as const;
  const record = recordOf(der, kept, subjectAltName);
  await store.transaction(async (transaction) => {
    await transaction.insertCertificate(record);
    await appendEvent(context, transaction, 'issued', record.serialNumber, { name, profile: 'probe' });
  });
  return {
    record,
    chain: root === null ? [der] : [der, issuing.parsed.der],
    privateKey: encodePem('PRIVATE KEY', key.pkcs8),
  };
}

import { KEY_TYPES, type KeyType } from '../keys/key-type.js';

/** What is written on each thing in a kit, as its friendlyName: that of a credential says its id and the type of key that it
 *  was made for, `expired ec-p256`. */
export const KIT_LABEL = {
  /** The number is the version of the kit's format. */
  issuing: 'sslapi-kit 1 issuing',
  root: 'sslapi-kit 1 root',
  reportSigner: 'report-signer',
  credential: (id: string, keyType: KeyType): string => `${id} ${keyType}`,
} as const;

/** Whether a label is that of a kit of any version. */
export function isKitLabel(label: string): boolean {
  return /^sslapi-kit \d+ /.test(label);
}

/** The id and the type of key that a label names; null where it is that of no credential. */
export function readCredentialLabel(label: string): { id: string; keyType: KeyType } | null {
  const [id = '', type, ...rest] = label.split(' ');
  const keyType = KEY_TYPES.find((known) => known === type);
  return keyType === undefined || rest.length > 0 ? null : { id, keyType };
}

/** The most that a kit lives. */
export const MAX_KIT_DAYS = 30;
export const DEFAULT_KIT_DAYS = 7;
/** One for servers that take EC keys, one for those that take nothing but RSA. */
export const DEFAULT_KIT_KEY_TYPES: readonly KeyType[] = ['ec-p256', 'rsa-2048'];

import { basename, dirname } from 'node:path';
import { SslapiError } from '../errors.js';
import type { Passphrase } from '../keys/passphrase.js';
import { privateKeyPem } from '../keys/private-key.js';
import { writeFilesWhole } from '../store/write-files.js';
import { type Authority, type AuthorityContext, appendEvent, openAuthorityKey } from './authority-context.js';

export interface RekeyWish {
  /** What shall encrypt the keys; null leaves them in clear. Asked for once the keys are open. */
  readonly newPassphrase: () => Promise<Passphrase | null>;
  /** The file that the brought root key was read from: it alone is written anew, and nothing in the pki folder. */
  readonly rootKeyFile?: string;
}

/** A key that was encrypted anew. */
export interface RekeyedKey {
  readonly role: Authority['role'];
  readonly path: string;
  readonly encrypted: boolean;
}

/** Changes, sets or takes away the password of the CAs' keys; they stay the same keys. Those of the pki folder change
 *  together or not at all.
 *  @throws SslapiError ERR_PASSWORD_WRONG, ERR_KEY_MISMATCH, ERR_KEY_UNREADABLE: then nothing has changed */
export async function rekeyPassword(
  context: AuthorityContext,
  { newPassphrase, rootKeyFile }: RekeyWish,
): Promise<readonly RekeyedKey[]> {
  const { folder } = context;
  const lock = await folder.lockForCreation();
  try {
    const authorities = rootKeyFile === undefined ? withKeyInFolder(context) : [rootOf(context)];
    const keys = [];
    for (const authority of authorities)
      keys.push({ role: authority.role, key: await openAuthorityKey(context, authority) });
    const passphrase = await newPassphrase();
    const pems = await Promise.all(
      keys.map(async ({ role, key }) => ({ role, pem: await privateKeyPem(key, passphrase) })),
    );
    if (rootKeyFile === undefined) folder.replaceKeys(pems);
    else
      writeFilesWhole(dirname(rootKeyFile), [
        { path: basename(rootKeyFile), content: pems[0]!.pem, mode: 0o600 },
      ]);
    const encrypted = passphrase !== null;
    await recordEvents(context, authorities, encrypted);
    return authorities.map(({ role }) => ({
      role,
      path: rootKeyFile ?? folder.at('private', `${role}.key`),
      encrypted,
    }));
  } finally {
    lock.release();
  }
}

function withKeyInFolder({ authorities, folder }: AuthorityContext): Authority[] {
  return authorities.filter(({ role }) => role === 'issuing' || folder.readKey(role) !== null);
}

function rootOf({ root }: AuthorityContext): Authority {
  if (root !== null) return root;
  throw new SslapiError('ERR_USAGE', 'this PKI is a single CA: it has no root key of its own', {
    hint: 'Leave out --root-key: the key of the CA lies in private/.',
  });
}

async function recordEvents(
  context: AuthorityContext,
  authorities: readonly Authority[],
  encrypted: boolean,
): Promise<void> {
  await context.store.transaction(async (transaction) => {
    for (const { role, serialNumber } of authorities)
      await appendEvent(context, transaction, 'rekeyed-password', serialNumber, { role, encrypted });
  });
}

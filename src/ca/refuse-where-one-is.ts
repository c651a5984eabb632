import { SslapiError } from '../errors.js';
import type { PkiFolder } from '../store/pki-folder.js';

/** Sees that no CA is in the folder, under the lock for creation; what a crash left unfinished is taken away.
 *  @throws SslapiError ERR_CA_EXISTS, ERR_STORE_DAMAGED */
export async function refuseWhereOneIs(folder: PkiFolder): Promise<void> {
  if (folder.holdsStore) {
    const store = await folder.openStore();
    const [ready, throwAway, authorities] = await store
      .read(
        async (read) =>
          [await read.setting('ready'), await read.setting('throwAway'), await read.authorities()] as const,
      )
      .finally(() => store.close());
    if (ready === 'true') throw caExists(folder, throwAway === 'true');
    // The record comes before ca.crt: a store without it is no unfinished one, and the keys may still be good.
    if (authorities.length === 0 && folder.read('ca.crt') !== null)
      throw new SslapiError('ERR_STORE_DAMAGED', `the store in ${folder.path} has forgotten its CA`);
    folder.removeUnfinishedStore();
  } else if (folder.read('ca.crt') !== null || folder.read('private', 'ca.key') !== null) {
    throw new SslapiError('ERR_CA_EXISTS', `${folder.path} holds a CA of another tool`);
  }
}

function caExists({ path }: PkiFolder, throwAway: boolean): SslapiError {
  if (!throwAway) return new SslapiError('ERR_CA_EXISTS', `there is a CA in ${path}`);
  return new SslapiError('ERR_CA_EXISTS', `there is a CA of quickstart in ${path}`, {
    hint: 'It was made to be thrown away: remove that folder, or use another with --pki.',
  });
}

import { Items } from '../store/items.js';
import type { PkiFolder } from '../store/pki-folder.js';

/** The items of a store, on a connection of their own: who waits to write keeps nobody from reading. */
export interface ItemShelf {
  readonly items: Items;
  close(): Promise<void>;
}

/** @throws SslapiError ERR_CA_NOT_FOUND, ERR_PERMISSION, ERR_STORE_… */
export async function openShelf(folder: PkiFolder): Promise<ItemShelf> {
  const store = await folder.openStore();
  return { items: new Items(store), close: () => store.close() };
}

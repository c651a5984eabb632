import type { Store } from './store.js';

/** What the demo API keeps for its clients. */
export interface Item extends ItemContent {
  /** Counts up from 1; none is given out twice. */
  readonly id: number;
  /** Who made it. */
  readonly owner: string;
  readonly createdAt: Date;
  readonly changedAt: Date;
  /** Counts its changes, from 1. */
  readonly edition: number;
}

/** What a client says of an item. */
export interface ItemContent {
  readonly name: string;
  readonly note: string;
  readonly quantity: number;
  readonly tags: readonly string[];
}

/** What came of changing an item; `stale` where it had changed since it was read. */
export type ItemChange =
  | { readonly kind: 'done'; readonly item: Item }
  | { readonly kind: 'missing' }
  | { readonly kind: 'stale'; readonly item: Item };

/** How many there may be at once. */
export const MAX_ITEMS = 10_000;

/** The items of a store. What was promised is on the disk: neither `kill -9` nor a power cut undoes it. */
export class Items {
  readonly #store: Pick<Store, 'transaction' | 'read'>;

  constructor(store: Pick<Store, 'transaction' | 'read'>) {
    this.#store = store;
  }

  /** In the order in which they were made.
   *  @param after those behind this id */
  list(after: number, limit: number): Promise<Item[]> {
    return this.#store.read((store) => store.items(after, limit));
  }

  find(id: number): Promise<Item | null> {
    return this.#store.read((store) => store.item(id));
  }

  /** Null where there are too many already. */
  add(content: ItemContent, owner: string, now: Date): Promise<Item | null> {
    return this.#store.transaction(async (store) => {
      if ((await store.countItems()) >= MAX_ITEMS) return null;
      return store.insertItem({ ...content, owner, createdAt: now, changedAt: now, edition: 1 });
    });
  }

  /** @param next what it shall be, from what it is
   *  @param mayBe whether it may be changed as it is; it always may where this is missing */
  change(
    id: number,
    next: (item: Item) => ItemContent,
    now: Date,
    mayBe: (item: Item) => boolean = () => true,
  ): Promise<ItemChange> {
    return this.#store.transaction(async (store) => {
      const item = await store.item(id);
      if (item === null) return { kind: 'missing' };
      if (!mayBe(item)) return { kind: 'stale', item };
      const changed = { ...item, ...next(item), changedAt: now, edition: item.edition + 1 };
      await store.updateItem(changed);
      return { kind: 'done', item: changed };
    });
  }

  remove(id: number, mayBe: (item: Item) => boolean = () => true): Promise<ItemChange> {
    return this.#store.transaction(async (store) => {
      const item = await store.item(id);
      if (item === null) return { kind: 'missing' };
      if (!mayBe(item)) return { kind: 'stale', item };
      await store.deleteItem(id);
      return { kind: 'done', item };
    });
  }
}

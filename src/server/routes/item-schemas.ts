const FIELDS = {
  name: { type: 'string', minLength: 1, maxLength: 200 },
  note: { type: 'string', maxLength: 2_000 },
  quantity: { type: 'integer', minimum: 0, maximum: 1_000_000_000 },
  tags: {
    type: 'array',
    maxItems: 20,
    uniqueItems: true,
    items: { type: 'string', minLength: 1, maxLength: 40 },
  },
} as const;

/** What a client says of an item. */
export const CONTENT = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: FIELDS.name,
    note: { ...FIELDS.note, default: '' },
    quantity: { ...FIELDS.quantity, default: 0 },
    tags: { ...FIELDS.tags, default: [] },
  },
} as const;

/** The same in part: what is left out stays as it is. */
export const CONTENT_IN_PART = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: FIELDS,
} as const;

export const ITEM_ID = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } },
} as const;

/** Which of many. */
export const PAGE = {
  type: 'object',
  additionalProperties: false,
  properties: {
    after: { description: 'Those behind this id.', type: 'integer', minimum: 0, default: 0 },
    limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
  },
} as const;

/** An item as it is answered. */
export const ITEM = {
  description: 'The item; its ETag tells which edition of it.',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    ...FIELDS,
    owner: { description: 'Who made it.', type: 'string' },
    createdAt: { type: 'string', format: 'date-time' },
    changedAt: { type: 'string', format: 'date-time' },
  },
} as const;

export const ITEMS = {
  description: 'A page of them; `next` is where the next page is, or null.',
  type: 'object',
  properties: { items: { type: 'array', items: ITEM }, next: { type: ['string', 'null'] } },
} as const;

export const NO_ITEM = { 404: { description: 'There is no such item.', type: 'null' } } as const;
export const UNCHANGED = {
  description: 'It is the edition that If-None-Match names.',
  type: 'null',
} as const;
const STALE = {
  412: {
    description: 'It is not the edition that If-Match names, or the one that If-None-Match does.',
    type: 'null',
  },
} as const;
export const NO_ROOM = {
  507: { description: 'There are as many items as there may be.', type: 'null' },
} as const;
export const CHANGED = { 200: ITEM, ...NO_ITEM, ...STALE } as const;
export const REMOVED = { 204: { description: 'It is gone.', type: 'null' }, ...NO_ITEM, ...STALE } as const;

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Item, type ItemChange, type ItemContent, MAX_ITEMS } from '../../store/items.js';
import { type Answer, bodyText, errorAnswer, JSON_TYPE } from '../answer.js';
import { isKnown, isMatched } from '../entity-tag.js';
import type { ServerContext } from '../server-context.js';
import {
  CHANGED,
  CONTENT,
  CONTENT_IN_PART,
  ITEM,
  ITEM_ID,
  ITEMS,
  NO_ITEM,
  NO_ROOM,
  PAGE,
  REMOVED,
  UNCHANGED,
} from './item-schemas.js';

/** `/items`: things that clients keep here. What was answered with 201, 200 or 204 is on the disk. An ETag tells which edition of
 *  an item somebody has seen; with If-Match a change is refused where there is another by now (RFC 9110 §13.1.1). */
export function itemRoutes(app: FastifyInstance, context: ServerContext): void {
  const kept = context.items();
  if (kept === undefined) return;
  const shelf = () => context.items() ?? kept; // another store may come in its place

  app.get(
    '/items',
    { schema: { summary: 'Items, a page at a time', querystring: PAGE, response: { 200: ITEMS } } },
    async (request, reply) => {
      const { after, limit } = request.query as { after: number; limit: number };
      const found = await shelf().list(after, limit + 1);
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const next = found.length > limit && last ? `/items?after=${last.id}&limit=${limit}` : null;
      if (next !== null) reply.header('link', `<${next}>; rel="next"`);
      return reply.send({ items: items.map(shown), next });
    },
  );

  app.post(
    '/items',
    { schema: { summary: 'A new item', body: CONTENT, response: { 201: ITEM, ...NO_ROOM } } },
    async (request, reply) => {
      const item = await shelf().add(request.body as ItemContent, ownerOf(request, context), new Date());
      if (item === null) return refuse(reply, FULL);
      return reply
        .code(201)
        .headers({ location: `/items/${item.id}`, etag: etagOf(item) })
        .send(shown(item));
    },
  );

  app.get(
    '/items/:id',
    { schema: { summary: 'An item', params: ITEM_ID, response: { 200: ITEM, 304: UNCHANGED, ...NO_ITEM } } },
    async (request, reply) => {
      const item = await shelf().find(idOf(request));
      if (item === null) return refuse(reply, MISSING);
      reply.header('etag', etagOf(item));
      if (isKnown(request.headers['if-none-match'] ?? '', etagOf(item))) return reply.code(304).send();
      return reply.send(shown(item));
    },
  );

  app.put(
    '/items/:id',
    { schema: { summary: 'An item, replaced', params: ITEM_ID, body: CONTENT, response: CHANGED } },
    async (request, reply) => {
      const content = request.body as ItemContent;
      return answer(reply, await shelf().change(idOf(request), () => content, new Date(), isMeant(request)));
    },
  );

  app.patch(
    '/items/:id',
    {
      schema: {
        summary: 'An item, changed in part',
        params: ITEM_ID,
        body: CONTENT_IN_PART,
        response: CHANGED,
      },
    },
    async (request, reply) => {
      const part = request.body as Partial<ItemContent>;
      const merged = (item: Item): ItemContent => ({ ...item, ...part });
      return answer(reply, await shelf().change(idOf(request), merged, new Date(), isMeant(request)));
    },
  );

  app.delete(
    '/items/:id',
    { schema: { summary: 'An item, removed', params: ITEM_ID, response: REMOVED } },
    async (request, reply) => {
      const change = await shelf().remove(idOf(request), isMeant(request));
      return change.kind === 'done' ? reply.code(204).send() : answer(reply, change);
    },
  );
}

function answer(reply: FastifyReply, change: ItemChange): FastifyReply {
  switch (change.kind) {
    case 'missing':
      return refuse(reply, MISSING);
    case 'stale':
      return refuse(reply.header('etag', etagOf(change.item)), STALE);
    case 'done':
      return reply.header('etag', etagOf(change.item)).send(shown(change.item));
  }
}

function refuse(reply: FastifyReply, { status, body }: Answer): FastifyReply {
  return reply.code(status).type(JSON_TYPE).serializer(bodyText).send(body);
}

function shown({ id, name, note, quantity, tags, owner, createdAt, changedAt }: Item): object {
  const times = { createdAt: createdAt.toISOString(), changedAt: changedAt.toISOString() };
  return { id, name, note, quantity, tags, owner, ...times };
}

function etagOf({ edition }: Item): string {
  return `"${edition}"`;
}

/** Whether If-Match and If-None-Match let an item be changed as it is, RFC 9110 §13.2.2. */
function isMeant({ headers }: FastifyRequest): (item: Item) => boolean {
  const { 'if-match': wanted, 'if-none-match': known } = headers;
  return (item) => {
    const tag = etagOf(item);
    return (wanted === undefined || isMatched(wanted, tag)) && (known === undefined || !isKnown(known, tag));
  };
}

function idOf({ params }: FastifyRequest): number {
  return (params as { readonly id: number }).id;
}

function ownerOf(request: FastifyRequest, { clientOf }: ServerContext): string {
  const client = clientOf(request);
  return client?.identity.name ?? 'anonymous';
}

const MISSING = errorAnswer(404, 'not-found', 'there is no such item', 'see those there are with GET /items');
const STALE = errorAnswer(
  412,
  'item-changed',
  'the item is not as If-Match or If-None-Match says: somebody has changed it since',
  'read it again, and decide anew',
);
const FULL = errorAnswer(
  507,
  'items-full',
  `there are ${MAX_ITEMS} items already`,
  'delete some that are not needed',
);

import type { FastifyInstance, FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import type { Metrics } from './metrics.js';
import type { ServerCounts } from './server-counts.js';

/** Counts every request by the pattern of its route, never by its path, and times it until its answer is made, refused ones too.
 *  A stream is counted when it begins. Each route has its own counter, so that none is looked for with each request. */
export function measureRequests(
  app: FastifyInstance,
  { answered }: Pick<ServerCounts, 'answered'>,
  { observe }: Pick<Metrics, 'observe'>,
): void {
  const counter = (method: string, route: string) => {
    const byStatus = new Map<number, () => void>();
    return ({ arrivedAt }: FastifyRequest, reply: FastifyReply): void => {
      const { statusCode } = reply;
      let count = byStatus.get(statusCode);
      if (count === undefined) {
        count = answered.counter(method, route, String(statusCode));
        byStatus.set(statusCode, count);
      }
      count();
      observe((performance.now() - arrivedAt.uptime) / 1000);
    };
  };
  app.addHook('onRoute', (route) => {
    const count = counter([route.method].flat().join(), route.url);
    const countRoute: onSendHookHandler = (request, reply, payload, go) => {
      count(request, reply);
      go(null, payload);
    };
    route.onSend = [countRoute, ...[route.onSend ?? []].flat()];
  });
  const nowhere = new Map([...METHODS, 'other'].map((method) => [method, counter(method, 'none')]));
  app.addHook('onSend', (request, reply, payload, go) => {
    if (request.is404) (nowhere.get(request.method) ?? nowhere.get('other')!)(request, reply);
    go(null, payload);
  });
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

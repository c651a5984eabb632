import type { PresentedCredential } from '../credentials/presented-credential.js';
import { plainHttp } from '../tls/plain-http.js';
import type { Connections } from './connections.js';
import type { HttpFacts, PageAnswer, PlainFacts, StrangerAnswer } from './http-facts.js';
import type { RequestVersion } from './observations.js';

/** What is asked for over HTTP, and as whom. */
export interface HttpQuestion {
  readonly servername: string | null;
  /** The name that stands in Host on port 80. */
  readonly host: string;
  /** The requests by their path, in order. */
  readonly requests: ReadonlyMap<string, Uint8Array>;
  /** A client that is let in; null where there is only a stranger to ask as. */
  readonly client: PresentedCredential | null;
  /** Where content in clear would be looked for; null where there is no such port. */
  readonly plainPort: number | null;
}

/** The port that serves in clear what 443 serves encrypted. */
export function plainPortOf(port: number): number | null {
  return port === 443 ? 80 : null;
}

/** Asks for every path as a stranger, in each version: what it gets tells of client authentication and of HTTP. */
export function strangerAnswers(
  connections: Connections,
  { servername, requests }: HttpQuestion,
  versions: readonly RequestVersion[],
): Promise<StrangerAnswer[]> {
  const asked = versions.flatMap((version) =>
    [...requests].map(async ([path, request]) => {
      const outcome = await connections.request({ servername, version, request });
      return { path, version, outcome };
    }),
  );
  return Promise.all(asked);
}

/** Asks as the client, where there is one, and on port 80.
 *  @param strangers what is going on already; its answers count where no client asks */
export async function gatherHttp(
  connections: Connections,
  question: HttpQuestion,
  versions: readonly RequestVersion[],
  strangers: Promise<readonly StrangerAnswer[]>,
): Promise<HttpFacts> {
  const [known, unknown, plain] = await Promise.all([
    clientAnswers(connections, question, versions),
    strangers,
    askInClear(connections, question),
  ]);
  const answers = [...question.requests.keys()].flatMap((path) => {
    const own = known.find((page) => page.path === path);
    if (own !== undefined) return [own];
    const pages = unknown.filter((one) => one.path === path).map(({ outcome }) => outcome.http);
    const answer = pages.find((page) => page !== null);
    return answer ? [{ path, answer }] : [];
  });
  return { answers, plain };
}

async function clientAnswers(
  connections: Connections,
  { servername, requests, client }: HttpQuestion,
  versions: readonly RequestVersion[],
): Promise<PageAnswer[]> {
  const version = versions.at(-1);
  if (client === null || version === undefined) return [];
  const certificate = { chain: client.chain, key: client.privateKey };
  const answers = await Promise.all(
    [...requests].map(async ([path, request]) => {
      const { http } = await connections.request({ servername, version, request, certificate });
      return http === null ? [] : [{ path, answer: http }];
    }),
  );
  return answers.flat();
}

async function askInClear(
  connections: Connections,
  { host, requests, plainPort }: HttpQuestion,
): Promise<PlainFacts> {
  if (plainPort === null) return { kind: 'not-asked', why: 'port 80 belongs to port 443 alone' };
  const pages = [...requests.keys()].map((path) =>
    connections.use(async ({ address, host: name, proxy }, timeoutMs) => {
      const target = { host, port: plainPort, address: address ?? name, ...(proxy && { proxy }) };
      const outcome = await plainHttp({ target, method: 'GET', path, timeoutMs, maxBytes: MAX_BODY_BYTES });
      return { path, outcome };
    }),
  );
  return { kind: 'asked', pages: await Promise.all(pages) };
}

/** Its status and header are what counts. */
const MAX_BODY_BYTES = 4_096;

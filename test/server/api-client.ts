import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { ApiLab, ClientFiles } from './api-lab.js';

/** What a program that calls the API is answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks for in an answer is its own matter
  readonly body: any;
}

/** A program that calls the API by one connection, as node:https does it. */
export interface ApiClient {
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<ApiAnswer>;
  readonly end: () => void;
}

/** @param client null for one without a certificate */
export function apiClient(
  lab: Pick<ApiLab, 'ca'>,
  { address }: { readonly address: { readonly port: number } },
  client: ClientFiles | null,
): ApiClient {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 1,
    ca: readFileSync(lab.ca.folder.at('ca.crt')),
    ...(client && { cert: readFileSync(client.cert), key: readFileSync(client.key) }),
  });
  return {
    end: () => agent.destroy(),
    call: (method, path, body, headers = {}) =>
      new Promise((done, fail) => {
        const isWhole = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
        const sent = isWhole ? body : JSON.stringify(body);
        const type = sent === undefined ? {} : { 'content-type': 'application/json' };
        const options = {
          agent,
          host: '127.0.0.1',
          servername: 'localhost',
          port: address.port,
          method,
          path,
          headers: { host: 'localhost', ...type, ...headers },
        };
        const asking = request(options, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', fail);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            const isJson = String(response.headers['content-type']).startsWith('application/json');
            done({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: isJson && text !== '' ? JSON.parse(text) : text,
            });
          });
        });
        asking.on('error', fail);
        asking.end(sent);
      }),
  };
}

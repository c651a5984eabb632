import { type PlainTalk, TalkFailed } from './starttls/plain-talk.js';

/** An HTTP proxy that connections go through by CONNECT, RFC 9110 §9.3.6. */
export interface HttpProxy {
  /** A name or an address, without brackets. */
  readonly host: string;
  /** 1 to 65,535 */
  readonly port: number;
  /** Who we are to it, RFC 7617; nobody by default. */
  readonly credentials?: ProxyCredentials;
}

export interface ProxyCredentials {
  readonly user: string;
  readonly password: string;
}

/** Asks a proxy for a way to an endpoint. What follows the answer's head is the endpoint's. @throws TalkFailed */
export async function connectThrough(
  talk: PlainTalk,
  { credentials }: HttpProxy,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  talk.send(
    `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credentials ? authorization(credentials) : ''}\r\n`,
  );
  const status = await talk.line();
  const [, code] = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(status) ?? [];
  if (code === undefined) throw new TalkFailed('garbled', status);
  if (!code.startsWith('2')) throw new TalkFailed('refused', status);
  while ((await talk.line()) !== '');
}

function authorization({ user, password }: ProxyCredentials): string {
  return `Proxy-Authorization: Basic ${Buffer.from(`${user}:${password}`).toString('base64')}\r\n`;
}

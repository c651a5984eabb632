import { SslapiError } from '../errors.js';
import type { ListenAddress } from './config-request.js';

/** A host name, a wildcard or an address, as it may stand unquoted in any configuration. */
export function checkServerName(name: string): string {
  if (!isHost(name) && !/^\*\.[A-Za-z0-9.-]+$/.test(name)) throw unfit('server name', name);
  return name;
}

/** `host:port`, an IPv6 address in brackets. */
export function hostAndPort({ host, port }: ListenAddress): string {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw unfit('port', String(port));
  if (host !== '*' && !isHost(host)) throw unfit('address to listen on', host);
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The scheme, host and port of an address to pass requests to. Nothing else may be in it: what a path means there is
 *  different in each server. */
export function parseUpstream(address: string): Upstream {
  const match = /^(https?|tcp):\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?\/?$/i.exec(address);
  if (match === null) throw unfit('upstream', address, 'Write it as http://HOST:PORT, without a path.');
  const scheme = match[1]!.toLowerCase() as UpstreamScheme;
  const port = Number(match[3] ?? DEFAULT_PORTS[scheme]);
  if (port < 1 || port > 65_535) throw unfit('upstream', address, 'Its port must be 1 to 65535.');
  return { scheme, tls: scheme === 'https', host: match[2]!, port };
}

/** Where requests are passed on to; an IPv6 host in brackets. */
export interface Upstream {
  readonly scheme: UpstreamScheme;
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
}

/** `tcp` is for what may be no HTTP. */
export type UpstreamScheme = 'http' | 'https' | 'tcp';

/** An absolute path without a control character; each target then quotes it in its own way. */
export function checkPath(path: string): string {
  if (hasControlCharacter(path)) throw unfit('path', JSON.stringify(path));
  if (!/^(?:\/|[A-Za-z]:[\\/])/.test(path)) throw unfit('path', path, 'Give an absolute path.');
  return path;
}

/** A client as rules name it: its whole subject, or one name of its subjectAltName. */
export function checkClientName(name: string): string {
  if (hasControlCharacter(name) || !CLIENT_NAME.test(name))
    throw unfit('client', name, 'Name it as CN=alice,O=Acme or URI:spiffe://acme/api, DNS:…, email:…, IP:….');
  return name;
}

/** A refusal of a value that would break out of the configuration, or that the server could not read there. */
export function unfit(what: string, value: string, hint?: string): SslapiError {
  return new SslapiError(
    'ERR_CONFIG_VALUE',
    `cannot write the ${what} "${value}" into a configuration`,
    hint === undefined ? {} : { hint },
  );
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f');
}

function isHost(host: string): boolean {
  return /^[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252})$/.test(host) || /^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/.test(host);
}

/** Without a port in it, `tcp` is none: 0 is refused. */
const DEFAULT_PORTS: Readonly<Record<UpstreamScheme, number>> = { http: 80, https: 443, tcp: 0 };
const CLIENT_NAME = /^(?:(?:DNS|URI|email|IP):|(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)=)./;

import { SslapiError } from '../errors.js';
import { toHost } from '../path/match-hostname.js';
import type { HttpProxy } from '../tls/proxy.js';
import type { StarttlsProtocol } from '../tls/starttls/protocols.js';
import { parseIpAddress } from '../x509/ip-address.js';

/** An endpoint as somebody names it. */
export interface ProbeTarget {
  /** A DNS name in A-labels, or an address without brackets. */
  readonly host: string;
  /** 1 to 65,535 */
  readonly port: number;
  /** The one address of the host that is meant; by default the first that answers. */
  readonly address?: string;
  /** What it is called: server_name, Host and the name that its certificate must be for; `host` by default. */
  readonly servername?: string;
  /** What is spoken until TLS begins; TLS begins at once by default. */
  readonly starttls?: StarttlsProtocol;
  /** What connections go through; nothing by default. */
  readonly proxy?: HttpProxy;
}

/** Reads HOST, HOST:PORT, [IPv6] or [IPv6]:PORT. @throws SslapiError ERR_TARGET_INVALID
 *  @param defaultPort where the text names none */
export function parseProbeTarget(text: string, defaultPort = HTTPS): ProbeTarget {
  const { bracketed, plain, port } = SYNTAX.exec(text)?.groups ?? {};
  const host = bracketed ?? plain;
  if (host === undefined) throw invalid(text, isIpv6(text) ? `write it as [${text}]` : whyNone(text));
  const number = port === undefined ? defaultPort : Number(port);
  if (number < 1 || number > 65_535) throw invalid(text, `port ${port} is not between 1 and 65535`);
  if (bracketed !== undefined && !isIpv6(host)) throw invalid(text, `${host} is no IPv6 address`);
  if (parseIpAddress(host) !== null) return { host, port: number };
  const name = toHost(host) ?? (LOCAL_NAME.test(host) ? host.toLowerCase() : null);
  if (name === null) throw invalid(text, whyNone(text));
  return { host: name, port: number };
}

/** As it is typed: an IPv6 address in brackets, the port only where it is not 443. */
export function formatProbeTarget({ host, port }: ProbeTarget): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === HTTPS ? name : `${name}:${port}`;
}

function isIpv6(host: string): boolean {
  return host.includes(':') && parseIpAddress(host) !== null;
}

function whyNone(text: string): string {
  return text.includes('://') ? 'it is a URL' : 'it is no host name or address';
}

function invalid(text: string, why: string): SslapiError {
  return new SslapiError('ERR_TARGET_INVALID', `cannot read the target "${text}": ${why}`);
}

const HTTPS = 443;
const SYNTAX = /^(?:\[(?<bracketed>[^\]]+)\]|(?<plain>[^:[\]]+))(?::(?<port>\d{1,5}))?$/;
/** Names of containers and Windows machines may have underscores, which no DNS host has. */
const LOCAL_NAME = /^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?$/i;

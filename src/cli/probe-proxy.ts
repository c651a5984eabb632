import { SslapiError } from '../errors.js';
import type { ProbeTarget } from '../probe/probe-target.js';
import type { HttpProxy } from '../tls/proxy.js';
import { parseIpAddress } from '../x509/ip-address.js';

type Environment = Readonly<Record<string, string | undefined>>;
type ProxyOf = (target: ProbeTarget) => HttpProxy | null;

/** Reads `--proxy`: http://[user@]host[:port]. @throws SslapiError ERR_USAGE */
export function parseProxy(text: string): HttpProxy {
  const proxy = readProxy(text, '--proxy');
  if (proxy.credentials?.password)
    throw new SslapiError('ERR_USAGE', 'the password of a proxy never stands on the command line', {
      hint: 'Set SSLAPI_PROXY_PASSWORD, and write --proxy http://user@host:port.',
    });
  return proxy;
}

/** Which proxy the way to a target goes through: `--proxy` for every one; else what HTTPS_PROXY names, in lower case first,
 *  but for this machine itself and those in NO_PROXY. */
export function proxiesOf(flag: HttpProxy | undefined, environment: Environment): ProxyOf {
  if (flag !== undefined) {
    const proxy = withPassword(flag, environment['SSLAPI_PROXY_PASSWORD']);
    return () => proxy;
  }
  const variable = ['https_proxy', 'HTTPS_PROXY'].find((name) => environment[name]);
  if (variable === undefined) return () => null;
  const proxy = readProxy(environment[variable] ?? '', variable);
  const exempt = environment['no_proxy'] || environment['NO_PROXY'] || '';
  return (target) => (LOOPBACK.test(target.host) || isExempt(target, exempt) ? null : proxy);
}

/** A comma list of names, which stand for what lies under them too, and of addresses, each with a port or for all; `*` is
 *  everything. */
function isExempt({ host, port }: ProbeTarget, list: string): boolean {
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    const [, bracketed, plain, only] = /^(?:\[([^\]]+)\]|([^:]+|[0-9a-f:]+))(?::(\d+))?$/i.exec(entry) ?? [];
    const name = (bracketed ?? plain)?.toLowerCase().replace(/^\*?\.|\.$/g, '');
    if (name === undefined || (only !== undefined && Number(only) !== port)) return false;
    const address = parseIpAddress(host);
    if (address === null) return host === name || host.endsWith(`.${name}`);
    const exempt = parseIpAddress(name);
    return exempt !== null && Buffer.compare(exempt, address) === 0;
  });
}

function withPassword(proxy: HttpProxy, password: string | undefined): HttpProxy {
  if (proxy.credentials === undefined) return proxy;
  const { user } = proxy.credentials;
  if (password !== undefined) return { ...proxy, credentials: { user, password } };
  throw new SslapiError('ERR_USAGE', `there is no password for ${user} at the proxy`, {
    hint: 'Set SSLAPI_PROXY_PASSWORD.',
  });
}

/** @param source what names the proxy; the text itself may hold a password and is not shown */
function readProxy(text: string, source: string): HttpProxy {
  const written = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(written)) throw unfit(source, 'is no address of a proxy');
  const { protocol, hostname, port, username, password, pathname, search } = new URL(written);
  if (protocol !== 'http:') throw unfit(source, `is no HTTP proxy but ${protocol}//`);
  if (hostname === '' || pathname !== '/' || search !== '') throw unfit(source, 'is no address of a proxy');
  const host = hostname.replace(/^\[|\]$/g, '');
  const at = { host, port: port === '' ? HTTP : Number(port) };
  if (at.port === 0) throw unfit(source, 'has no port between 1 and 65535');
  if (username === '' && password === '') return at;
  return { ...at, credentials: { user: decoded(username, source), password: decoded(password, source) } };
}

function decoded(text: string, source: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unfit(source, 'has a user or password with a stray %');
  }
}

function unfit(source: string, why: string): SslapiError {
  return new SslapiError('ERR_USAGE', `what ${source} names ${why}`, { hint: 'Write http://host:port.' });
}

const HTTP = 80;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

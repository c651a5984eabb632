import { SslapiError } from '../errors.js';
import { parseIpAddress } from '../x509/ip-address.js';

/** An address to listen on; `*` is every one. IPv6 without brackets. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** Reads `HOST:PORT`, `[v6]:PORT`, `*:PORT` or a port alone. @throws SslapiError ERR_TARGET_INVALID */
export function parseListen(text: string): HostAndPort {
  const [, v6, name, digits] = /^(?:(?:\[([^\]]+)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(text.trim()) ?? [];
  const port = Number(digits);
  const host = v6 ?? (name === undefined || name === '' ? '*' : name);
  const goodHost =
    v6 === undefined ? host === '*' || /^[A-Za-z0-9._-]+$/.test(host) : parseIpAddress(v6)?.length === 16;
  if (digits === undefined || port > 65_535 || !goodHost)
    throw new SslapiError('ERR_TARGET_INVALID', `"${text}" is no address to listen on`, {
      hint: 'Write HOST:PORT, [IPv6]:PORT or a port.',
    });
  return { host, port };
}

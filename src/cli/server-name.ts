import { SslapiError } from '../errors.js';

/** The NAME of a server as people type it. Who pastes an address from a browser is told the name in it.
 *  @throws SslapiError ERR_NAME_INVALID */
export function parseServerName(text: string): string {
  const host = hostOfAddress(text);
  if (host === null) return text;
  throw new SslapiError('ERR_NAME_INVALID', `"${text}" is an address to go to, not the name of a server`, {
    hint: `Did you mean \`sslapi issue-server ${host}\`? A certificate is for a host, whatever the port and path.`,
  });
}

/** The host of `https://api.test/`, `api.test:8443` or `api.test/path`; null for anything that may be a name. */
function hostOfAddress(text: string): string | null {
  const [, scheme, bracketed, plain, port, path] = ADDRESS.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) return null;
  const goesOn =
    port !== undefined || (path !== undefined && (bracketed !== undefined || host.includes('.')));
  return scheme !== undefined || goesOn ? host : null;
}

const ADDRESS = /^(https?:\/\/)?(?:\[([0-9a-f:.]+)\]|([^\s/:@[\]]+))(:\d{1,5})?([/?#].*)?$/i;

import type { CertificateAuthority } from '../ca/certificate-authority.js';

/** Where a server can be called: by the name of its certificate, for by its address it may not be known. */
export function httpsUrl(serverName: string, { port }: { readonly port: number }): string {
  return `https://${serverName.includes(':') ? `[${serverName}]` : serverName}:${port}`;
}

/** A command that calls the server with a client certificate that there is, or says how to get one. */
export async function callCommand(ca: CertificateAuthority, url: string): Promise<string> {
  const clients = await ca.list({ status: 'valid', profile: 'client' });
  const newest = clients.at(-1);
  const [record] = newest === undefined ? [] : await ca.find(`serial:${newest.serialNumber}`);
  if (record === undefined) return 'sslapi issue-client NAME, for a client to call it with';
  const { fullchain, privkey } = ca.filesOf(record);
  return curlCommand(ca.folder.at('ca.crt'), { fullchain, privkey: privkey ?? '' }, url);
}

/** A curl command as a shell takes it. */
export function curlCommand(
  caCertificate: string,
  { fullchain, privkey }: { readonly fullchain: string; readonly privkey: string },
  url: string,
): string {
  return `curl --cacert ${shellWord(caCertificate)} --cert ${shellWord(fullchain)} --key ${shellWord(privkey)} ${shellWord(url)}`;
}

/** A word that no shell takes for anything else. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

import type { CertificateAuthority } from '../ca/certificate-authority.js';

/** Where a server can be called: by the name of its certificate, for by its address it may not be known. */
export function httpsUrl(serverName: string, { port }: { readonly port: number }): string {
  return `https://${serverName.includes(':') ? `[${serverName}]` : serverName}:${port}`;
}

/** Commands that call the server with a client certificate that there is, by curl and in a browser, or how to get one.
 *  @param url of the server, without a path */
export async function suggestCalls(ca: CertificateAuthority, url: string): Promise<string[]> {
  const [newest] = await ca.list({ status: 'valid', profile: 'client', newest: 1 });
  const [record] = newest === undefined ? [] : await ca.find(`serial:${newest.serialNumber}`);
  if (record === undefined) return ['next: sslapi issue-client NAME, for a client to call it with'];
  const { fullchain, privkey } = ca.filesOf(record);
  const curl = curlCommand(ca.folder.at('ca.crt'), { fullchain, privkey: privkey ?? '' }, `${url}/whoami`);
  const p12 = shellWord(`${record.name}.p12`);
  const commands = `sslapi trust install, sslapi export ${shellWord(record.name)} --out ${p12}`;
  return [
    `next: ${curl}`,
    ...(privkey === undefined ? [] : [`in a browser: ${commands}, import that, open ${url}/`]),
  ];
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

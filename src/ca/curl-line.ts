import type { CertificateRecord } from '../store/store.js';
import type { AuthorityContext } from './authority-context.js';
import type { CertificateFiles } from './certificate-view.js';

/** A curl command that calls a server of this CA, as this client or, of a server's certificate, to that server. */
export async function curlLine(
  context: AuthorityContext,
  record: CertificateRecord,
  { fullchain, privkey = '' }: CertificateFiles,
): Promise<string> {
  const words = ['curl', '--cacert', context.folder.at('ca.crt')];
  if (record.profile !== 'server') words.push('--cert', fullchain, '--key', privkey);
  words.push(`https://${hostOf(record) ?? (await newestServer(context)) ?? DEMO_SERVER}/`);
  return `${words.map(quoted).join(' ')}\n`;
}

async function newestServer({ store, now }: AuthorityContext): Promise<string | null> {
  const live = { profiles: ['server'], revoked: false, endsFrom: now() } as const;
  const servers = await store.read((read) => read.certificates(live));
  return servers.map(hostOf).findLast((host) => host !== null) ?? null;
}

/** The first name of a server that a URL can have; a wildcard is none. */
function hostOf({ profile, subjectAltName }: CertificateRecord): string | null {
  if (profile !== 'server') return null;
  for (const name of subjectAltName) {
    const [, type, value = ''] = /^(DNS|IP):(.+)$/.exec(name) ?? [];
    if (type === 'IP') return value.includes(':') ? `[${value}]` : value;
    if (type === 'DNS' && !value.includes('*')) return value;
  }
  return null;
}

/** A word as a POSIX shell takes it for itself. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Where `serve` listens. */
const DEMO_SERVER = 'localhost:8443';

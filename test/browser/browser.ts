import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, launch } from 'puppeteer-core';
import { PrivateSystem } from '../interop/private-system.js';
import { peer } from '../peers/peer.js';

/** A real Chromium of one person: its home, its NSS database with that person's key, and which of its certificates it shows
 *  to whom, as an administrator would set it. */
export interface PersonsBrowser {
  readonly browser: Browser;
  /** Puts certificates with their keys into its store, as the README tells people on Linux to do it. */
  readonly import: (...files: readonly ImportedFile[]) => void;
  readonly close: () => Promise<void>;
}

export interface ImportedFile {
  /** A PKCS#12 file and its password. */
  readonly p12: string;
  readonly password: string;
}

export interface BrowserWish {
  /** Trusted for servers, in PEM. */
  readonly caFile: string;
  /** Which certificate is shown to whom without a question, by the commonName of its subject. */
  readonly shows: ReadonlyArray<{ readonly url: string; readonly commonName: string }>;
}

/** Whether this machine has a Chromium, what fills its store, and lets us set its policy for it alone. */
export function canBrowse(): boolean {
  return ['chromium', 'certutil', 'pk12util'].every(peer) && PrivateSystem.isPossible();
}

/** Starts one, with everything in a temporary folder. Its policy is set in a mount namespace of its own, so that no other
 *  Chromium on this machine ever reads it. */
export async function startBrowser({ caFile, shows }: BrowserWish): Promise<PersonsBrowser> {
  const home = mkdtempSync(join(tmpdir(), 'sslapi-browser-'));
  const store = join(home, '.pki/nssdb');
  makeStore(store, caFile);
  const browser = await launch({
    executablePath: launcher(home, policyOf(shows)),
    headless: true,
    args: FLAGS,
    userDataDir: join(home, 'data'),
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, '.config') },
  });
  return {
    browser,
    import: (...files) => {
      for (const { p12, password } of files)
        quietly('pk12util', ['-d', `sql:${store}`, '-i', p12, '-W', password]);
    },
    close: async () => {
      await browser.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function makeStore(database: string, caFile: string): void {
  mkdirSync(database, { recursive: true });
  const at = ['-d', `sql:${database}`];
  quietly('certutil', ['-N', ...at, '--empty-password']);
  quietly('certutil', ['-A', ...at, '-n', 'test root', '-t', 'C,,', '-i', caFile]);
}

function policyOf(shows: BrowserWish['shows']): object {
  return {
    AutoSelectCertificateForUrls: shows.map(({ url, commonName }) =>
      JSON.stringify({ pattern: url, filter: { SUBJECT: { CN: commonName } } }),
    ),
  };
}

/** A program that starts Chromium where its folder of settings is ours. */
function launcher(home: string, policy: object): string {
  const settings = join(home, 'settings');
  mkdirSync(join(settings, 'policies/managed'), { recursive: true });
  writeFileSync(join(settings, 'policies/managed/sslapi.json'), JSON.stringify(policy));
  const program = join(home, 'chromium.sh');
  const namespace = process.getuid?.() === 0 ? '--mount' : '--map-root-user --mount';
  const inside = `mount --bind "$0" /etc/chromium && exec chromium "$@"`;
  writeFileSync(program, `#!/bin/sh\nexec unshare ${namespace} sh -c '${inside}' '${settings}' "$@"\n`);
  chmodSync(program, 0o755);
  return program;
}

function quietly(program: string, args: readonly string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Chromium's own sandbox needs more than a container or root has; nothing but our own pages is opened. */
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'];

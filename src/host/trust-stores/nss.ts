import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../run-command.js';
import { holdsCertificate } from './certificate-blocks.js';
import { entryName, type TrustedRoot, type TrustSight, type TrustStore } from './trust-store.js';
import { isWritable } from './writable.js';

/** The databases of NSS under a home: those of Firefox's profiles, and the one that Chromium and Chrome share.
 *  @param environment XDG_DATA_HOME and APPDATA count
 *  @param hasChromium whether one is installed: then its database is made where there is none */
export function nssStores(
  home: string,
  environment: Readonly<Record<string, string | undefined>>,
  hasChromium: boolean,
): TrustStore[] {
  const profiles = profileFolders(home, environment).flatMap((folder) => databasesIn(folder));
  const shared = sharedFolders(home, environment).filter(isDatabase);
  const made = shared.length === 0 && hasChromium && isOwn(home) ? [join(home, SHARED)] : [];
  return [
    ...[...shared, ...made].map((folder) => store(folder, 'Chromium, Chrome and their kin')),
    ...profiles.map((folder) => store(folder, 'Firefox')),
  ];
}

function store(folder: string, readers: string): TrustStore {
  const there = isDatabase(folder);
  return {
    kind: 'nss',
    place: folder,
    readers,
    writable: there ? isWritable(join(folder, DATABASE)) : isWritable(nearestFolder(folder)),
    byHand: false,
    look: (root) => (there ? look(folder, root) : Promise.resolve(empty(folder, root))),
  };
}

async function look(folder: string, root: TrustedRoot): Promise<TrustSight> {
  const name = entryName(root);
  const entries = await entriesOf(folder);
  if (entries === null) return { state: 'unknown', note: 'it cannot be read', install: [], uninstall: [] };
  const ours: Array<Entry & { same: boolean }> = [];
  for (const entry of entries) ours.push(await seen(folder, entry, root));
  const named = ours.find((entry) => entry.name === name);
  if (named !== undefined && !named.same)
    return { state: 'foreign', note: `"${name}" is another certificate there`, install: [], uninstall: [] };
  const other = ours.find((entry) => entry.same && entry.name !== name);
  const remove = {
    kind: 'run',
    program: 'certutil',
    args: ['-D', '-d', `sql:${folder}`, '-n', name],
  } as const;
  const trusted = ours.some(({ same, trust }) => same && trust.startsWith('C'));
  return {
    state: trusted ? 'trusted' : other === undefined ? 'absent' : 'foreign',
    note: other === undefined ? null : `as "${other.name}", which is not of sslapi and is left alone`,
    install: trusted || other !== undefined ? [] : [add(folder, root)],
    uninstall: named === undefined ? [] : [remove],
  };
}

function empty(folder: string, root: TrustedRoot): TrustSight {
  const create = ['-N', '-d', `sql:${folder}`, '--empty-password'];
  return {
    state: 'absent',
    note: null,
    install: [
      { kind: 'make-folder', path: folder },
      { kind: 'run', program: 'certutil', args: create },
      add(folder, root),
    ],
    uninstall: [],
  };
}

/** Trusted for servers, and for nothing else. */
function add(folder: string, root: TrustedRoot) {
  const args = ['-A', '-d', `sql:${folder}`, '-n', entryName(root), '-t', 'C,,', '-a'];
  return { kind: 'run', program: 'certutil', args, input: root.pem } as const;
}

interface Entry {
  readonly name: string;
  /** For servers, mail and code: `C,,`. */
  readonly trust: string;
}

async function entriesOf(folder: string): Promise<Entry[] | null> {
  const result = await runCommand('certutil', ['-L', '-d', `sql:${folder}`]);
  if (result.kind !== 'exited' || result.code !== 0) return null;
  return [...result.stdout.matchAll(ENTRY)].map(([, name = '', trust = '']) => ({
    name: name.trim(),
    trust,
  }));
}

async function seen(folder: string, entry: Entry, root: TrustedRoot): Promise<Entry & { same: boolean }> {
  const result = await runCommand('certutil', ['-L', '-d', `sql:${folder}`, '-n', entry.name, '-a']);
  return { ...entry, same: result.kind === 'exited' && holdsCertificate(result.stdout, root.pem) };
}

function databasesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((profile) => join(folder, profile))
    .filter(isDatabase);
}

function isDatabase(folder: string): boolean {
  return existsSync(join(folder, DATABASE));
}

/** Root makes no database in the home of a user, who could not change it then. */
function isOwn(home: string): boolean {
  return statSync(home, { throwIfNoEntry: false })?.uid === process.geteuid?.();
}

function nearestFolder(folder: string): string {
  return existsSync(folder) ? folder : nearestFolder(join(folder, '..'));
}

/** Chromium takes the first where it is there; from its version 146 on it makes the second. */
function sharedFolders(
  home: string,
  { XDG_DATA_HOME }: Readonly<Record<string, string | undefined>>,
): string[] {
  return [
    join(home, SHARED),
    join(XDG_DATA_HOME || join(home, '.local/share'), 'pki/nssdb'),
    join(home, 'snap/chromium/current', SHARED),
  ];
}

function profileFolders(home: string, { APPDATA }: Readonly<Record<string, string | undefined>>): string[] {
  const inHome = [
    '.mozilla/firefox',
    '.config/mozilla/firefox',
    'snap/firefox/common/.mozilla/firefox',
    '.var/app/org.mozilla.firefox/.mozilla/firefox',
    'Library/Application Support/Firefox/Profiles',
  ];
  const folders = inHome.map((folder) => join(home, folder));
  return APPDATA ? [...folders, join(APPDATA, 'Mozilla/Firefox/Profiles')] : folders;
}

const SHARED = '.pki/nssdb';
const DATABASE = 'cert9.db';
/** A nickname, then the trust for servers, mail and code. */
const ENTRY = /^(\S.*?) +([a-zA-Z]*,[a-zA-Z]*,[a-zA-Z]*) *$/gm;

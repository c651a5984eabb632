import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runCommand } from '../run-command.js';
import { holdsCertificate } from './certificate-blocks.js';
import { entryName, type TrustedRoot, type TrustSight, type TrustStore } from './trust-store.js';
import { isWritable } from './writable.js';

/** The roots of the Java of JAVA_HOME, else of the `keytool` on the PATH; null where there is neither. */
export function javaStore(environment: Readonly<Record<string, string | undefined>>): TrustStore | null {
  const found = findJava(environment);
  if (found === null) return null;
  return {
    kind: 'java',
    place: found.keystore,
    readers: 'programs in Java',
    writable: isWritable(found.keystore),
    byHand: false,
    look: (root) => look(found, root),
  };
}

interface Java {
  readonly keytool: string;
  readonly keystore: string;
}

function findJava({ JAVA_HOME, PATH = '' }: Readonly<Record<string, string | undefined>>): Java | null {
  const named = JAVA_HOME
    ? [join(JAVA_HOME, 'bin')]
    : PATH.split(delimiter).filter((folder) => folder !== '');
  const program = process.platform === 'win32' ? 'keytool.exe' : 'keytool';
  const keytool = named.map((folder) => join(folder, program)).find((file) => existsSync(file));
  if (keytool === undefined) return null;
  const home = join(dirname(realpathSync(keytool)), '..');
  const keystore = ['lib/security/cacerts', 'jre/lib/security/cacerts']
    .map((file) => join(home, file))
    .find((file) => existsSync(file));
  return keystore === undefined ? null : { keytool, keystore: realpathSync(keystore) };
}

async function look({ keytool, keystore }: Java, root: TrustedRoot): Promise<TrustSight> {
  const alias = entryName(root);
  const where = ['-keystore', keystore, '-storepass', PASSWORD];
  const listed = await runCommand(keytool, ['-J-Duser.language=en', '-list', '-rfc', ...where], {
    outputLimit: 16 * 1024 * 1024,
  });
  if (listed.kind !== 'exited' || listed.code !== 0)
    return {
      state: 'unknown',
      note: `keytool cannot read it: ${wordsOf(listed)}`,
      install: [],
      uninstall: [],
    };
  const entries = listed.stdout.split(/^Alias name: /m).slice(1);
  const holders = entries.filter((entry) => holdsCertificate(entry, root.pem)).map(aliasOf);
  if (entries.some((entry) => aliasOf(entry) === alias) && !holders.includes(alias))
    return { state: 'foreign', note: `"${alias}" is another certificate there`, install: [], uninstall: [] };
  const other = holders.find((holder) => holder !== alias);
  const importing = ['-importcert', '-noprompt', '-trustcacerts', '-alias', alias, ...where];
  return {
    state: holders.length > 0 ? 'trusted' : 'absent',
    note: other === undefined ? null : noteOf(other, alias),
    install: holders.length > 0 ? [] : [{ kind: 'run', program: keytool, args: importing, input: root.pem }],
    uninstall: holders.includes(alias)
      ? [{ kind: 'run', program: keytool, args: ['-delete', '-alias', alias, ...where] }]
      : [],
  };
}

function aliasOf(entry: string): string {
  return entry.slice(0, entry.indexOf('\n')).trim();
}

function noteOf(other: string, alias: string): string {
  return other === `debian:${alias}.pem`
    ? 'by way of the system store'
    : `as "${other}", which is not of sslapi and is left alone`;
}

function wordsOf(result: Awaited<ReturnType<typeof runCommand>>): string {
  return result.kind === 'exited' ? (result.stdout.trim().split('\n')[0] ?? '') : result.kind;
}

/** Every Java is delivered with this one: it guards nothing. */
const PASSWORD = 'changeit';

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemRoots } from '../system-roots.js';
import { holdsCertificate } from './certificate-blocks.js';
import {
  entryName,
  type TrustedRoot,
  type TrustSight,
  type TrustStep,
  type TrustStore,
} from './trust-store.js';
import { isWritable } from './writable.js';

/** The system's own store of a Linux: a folder for the administrator's roots, and a command that makes the bundle which
 *  OpenSSL, GnuTLS, curl, Go and Python read. Null where no known folder is there. */
export function linuxSystemStore(): TrustStore | null {
  const layout = LAYOUTS.find(({ folder }) => existsSync(folder));
  if (layout === undefined) return null;
  return {
    kind: 'system',
    place: layout.folder,
    readers: 'curl, OpenSSL, GnuTLS, Go, Python and others',
    writable: isWritable(layout.folder),
    byHand: false,
    look: async (root) => look(layout, root),
  };
}

function look({ folder, update, updateAfterRemoval }: Layout, root: TrustedRoot): TrustSight {
  const path = join(folder, `${entryName(root)}.crt`);
  const lying = read(path);
  if (lying !== null && !holdsCertificate(lying, root.pem))
    return { state: 'foreign', note: `${path} holds another certificate`, install: [], uninstall: [] };
  const bundled = holdsCertificate(systemRoots({}) ?? '', root.pem);
  const other = lying === null && bundled ? otherFile(folder, root) : null;
  const install: TrustStep[] = [{ kind: 'write', path, content: root.pem }, update];
  const uninstall: TrustStep[] = [{ kind: 'remove', path }, updateAfterRemoval, ...tellJava(root)];
  return {
    state: bundled ? 'trusted' : 'absent',
    note: other === null ? null : `as ${other}, which is not of sslapi and is left alone`,
    install: bundled && (lying !== null || other !== null) ? [] : install,
    uninstall: lying !== null || (bundled && other === null) ? uninstall : [],
  };
}

function otherFile(folder: string, { pem }: TrustedRoot): string | null {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const found = files
    .map((file) => join(folder, file))
    .find((file) => holdsCertificate(read(file) ?? '', pem));
  return found ?? null;
}

/** Debian's own command tells its Java what came, and not what went: the certificate would stay trusted there. */
function tellJava(root: TrustedRoot): TrustStep[] {
  if (!existsSync(JAVA_HOOK)) return [];
  const input = `-/etc/ssl/certs/${entryName(root)}.pem\n`;
  return [{ kind: 'run', program: JAVA_HOOK, args: [], input }];
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null; // not there, a folder, or not ours to read
  }
}

interface Layout {
  readonly folder: string;
  readonly update: TrustStep;
  /** Some commands leave the links of what is gone. */
  readonly updateAfterRemoval: TrustStep;
}

function layout(folder: string, program: string, args: readonly string[], afterRemoval = args): Layout {
  const update = { kind: 'run', program, args } as const;
  return { folder, update, updateAfterRemoval: { ...update, args: afterRemoval } };
}

/** Fedora and RHEL, Arch, openSUSE, then Debian, Ubuntu and Alpine. */
const LAYOUTS: readonly Layout[] = [
  layout('/etc/pki/ca-trust/source/anchors', 'update-ca-trust', ['extract']),
  layout('/etc/ca-certificates/trust-source/anchors', 'update-ca-trust', ['extract']),
  layout('/usr/share/pki/trust/anchors', 'update-ca-certificates', [], ['--fresh']),
  layout('/usr/local/share/ca-certificates', 'update-ca-certificates', [], ['--fresh']),
];
const JAVA_HOOK = '/etc/ca-certificates/update.d/jks-keystore';

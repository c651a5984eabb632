import type { TrustedRoot, TrustSight, TrustStep, TrustStore } from './trust-store.js';

/** The stores of macOS and Windows: the commands are told, and a person runs them. Null on other systems.
 *  @param file where the root's certificate lies */
export function systemStoreByHand(platform: NodeJS.Platform, file: string): TrustStore | null {
  const commands = COMMANDS[platform];
  if (commands === undefined) return null;
  return {
    kind: 'system',
    place: commands.place,
    readers: commands.readers,
    writable: true,
    byHand: true,
    look: async (root) => sight(commands, root, file),
  };
}

function sight({ install, uninstall }: Commands, root: TrustedRoot, file: string): TrustSight {
  return {
    state: 'unknown',
    note: 'sslapi does not look into this store',
    install: install(file),
    uninstall: uninstall(root.fingerprint256.toUpperCase()),
  };
}

interface Commands {
  readonly place: string;
  readonly readers: string;
  readonly install: (file: string) => TrustStep[];
  /** By the SHA-256 fingerprint in upper case. */
  readonly uninstall: (fingerprint: string) => TrustStep[];
}

const KEYCHAIN = '/Library/Keychains/System.keychain';

const COMMANDS: Partial<Record<NodeJS.Platform, Commands>> = {
  darwin: {
    place: KEYCHAIN,
    readers: 'Safari, Chrome and most programs of macOS',
    install: (file) => [
      run('sudo', 'security', 'add-trusted-cert', '-d', '-r', 'trustRoot', '-k', KEYCHAIN, file),
    ],
    uninstall: (fingerprint) => [
      run('sudo', 'security', 'delete-certificate', '-Z', fingerprint, '-t', KEYCHAIN),
    ],
  },
  win32: {
    place: 'Cert:\\LocalMachine\\Root',
    readers: 'Edge, Chrome and most programs of Windows; run as administrator',
    install: (file) => [run('certutil', '-addstore', '-f', 'Root', file)],
    uninstall: (fingerprint) => [
      run(
        'powershell',
        '-Command',
        `Get-ChildItem Cert:\\LocalMachine\\Root | Where-Object { $_.GetCertHashString("SHA256") -eq "${fingerprint}" } | Remove-Item`,
      ),
    ],
  },
};

function run(program: string, ...args: string[]): TrustStep {
  return { kind: 'run', program, args };
}

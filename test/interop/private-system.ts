import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ran, Workplace } from './sslapi.js';

/** This machine with trust stores of its own: the folders that `trust` changes are copies, in a mount namespace that only
 *  the programs in here see. Whatever happens to a test, the machine's own stores are as they were. */
export class PrivateSystem {
  readonly #holder: ChildProcess;
  readonly #copies: string;

  private constructor(holder: ChildProcess, copies: string) {
    this.#holder = holder;
    this.#copies = copies;
  }

  /** Whether this machine lets us have one: as root, or with user namespaces. In CI it is an error if not. */
  static isPossible(): boolean {
    try {
      execFileSync('unshare', [...NAMESPACES, 'true'], { stdio: 'ignore' });
      return true;
    } catch {
      const advice = 'this user may not unshare(1) a mount namespace: be root, or allow user namespaces';
      if (process.env['CI']) throw new Error(advice);
      console.warn(`skipped: ${advice}`);
      return false;
    }
  }

  static async start(): Promise<PrivateSystem> {
    const copies = mkdtempSync(join(tmpdir(), 'sslapi-system-'));
    const holder = spawn('unshare', [...NAMESPACES, 'sh', '-c', SETUP, 'setup', copies, ...CHANGED], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ready = await Promise.race([once(holder.stdout!, 'data'), once(holder, 'exit')]);
    if (String(ready[0]).trim() !== 'ready') throw new Error('the private system did not start');
    return new PrivateSystem(holder, copies);
  }

  /** Runs a program of this machine in there, in the folder of that workplace. */
  run(place: Workplace, command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const inside = ['sh', '-c', 'cd "$0" && exec timeout 120 "$@"', place.path, ...command];
    return place.program('nsenter', ['-t', String(this.#holder.pid), ...ENTERED, ...inside], {
      ...BARE,
      ...env,
    });
  }

  async stop(): Promise<void> {
    this.#holder.stdin!.end();
    if (this.#holder.exitCode === null) await once(this.#holder, 'exit');
    rmSync(this.#copies, { recursive: true, force: true });
  }
}

const IS_ROOT = process.getuid?.() === 0;
const NAMESPACES = IS_ROOT ? ['--mount'] : ['--map-root-user', '--mount'];
const ENTERED = IS_ROOT ? ['--mount'] : ['--user', '--preserve-credentials', '--mount'];
/** What the stores' own commands write to; Debian's have dpkg tell Java. */
const CHANGED = [
  '/etc/ssl',
  '/usr/local/share/ca-certificates',
  '/var/lib/ca-certificates-java',
  '/var/lib/dpkg',
];
/** Lives until its standard input ends. */
const SETUP = `
copies=$1; shift
for folder do
  [ -d "$folder" ] || continue
  mkdir -p "$copies$folder"
  cp -a "$folder/." "$copies$folder" 2>/dev/null || cp -R "$folder/." "$copies$folder" 2>/dev/null
  mount --bind "$copies$folder" "$folder" || exit 1
done
echo ready; exec cat >/dev/null`;
/** Nothing that names another store. */
const BARE: NodeJS.ProcessEnv = {
  SSL_CERT_FILE: undefined,
  SSL_CERT_DIR: undefined,
  CURL_CA_BUNDLE: undefined,
  JAVA_HOME: undefined,
  JAVA_TOOL_OPTIONS: undefined,
  SUDO_USER: undefined,
};

import { userInfo } from 'node:os';
import type { CertificateAuthority } from '../ca/certificate-authority.js';
import { EXIT, type ExitCode } from '../errors.js';
import type { Output } from '../ui/output.js';
import { createOutput } from '../ui/output.js';
import type { Terminal } from '../ui/terminal.js';
import { warnOfCrls } from './crl-warning.js';
import { caPassphrase, type PasswordFlags, rootKeyOf } from './passwords.js';

/** Flags that every command has. */
export interface CommonFlags extends PasswordFlags {
  readonly pki?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
}

/** What a command works with while it runs. */
export interface CommandRun {
  readonly output: Output;
  readonly terminal: Terminal;
  /** Opens the CA of `--pki`, once; it is closed when the command ends. */
  openCa(): Promise<CertificateAuthority>;
  /** Ends the command with this code unless something worse comes. */
  exit(code: ExitCode): void;
  /** Runs when the user interrupts, instead of ending at once: for what serves until then. */
  onInterrupt(stop: () => void): void;
  /** Runs when the process is told to read its files again (SIGHUP). On a terminal that is how the terminal's end is told, which
   *  ends the command as ever. */
  onReload(reload: () => void): void;
}

/** The world of a command line: streams and environment in, exit code out. */
export class CommandContext {
  readonly terminal: NodeJS.Process;
  exitCode: ExitCode = EXIT.yes;
  #stop: (() => void) | undefined;
  #isStopping = false;

  constructor(terminal: NodeJS.Process) {
    this.terminal = terminal;
  }

  /** Runs a command's work; an error becomes one clear line and its exit code. Where a CRL is about to end, a line at the
   *  end says so.
   *  @param tellsCrls whether the command itself tells how the CRLs are */
  async run(
    flags: CommonFlags,
    work: (run: CommandRun) => Promise<void>,
    { tellsCrls = false }: { readonly tellsCrls?: boolean } = {},
  ): Promise<void> {
    const { terminal } = this;
    const output = await createOutput(terminal, { ...flags, noColor: flags.color === false });
    let opened: Promise<CertificateAuthority> | undefined;
    try {
      await work({
        output,
        terminal,
        openCa: () => {
          opened ??= this.#open(flags);
          return opened;
        },
        exit: (code) => {
          this.exitCode = code;
        },
        onInterrupt: (stop) => {
          this.#stop = stop;
        },
        onReload: (reload) => {
          if (terminal.stdin.isTTY !== true) terminal.on('SIGHUP', reload);
        },
      });
    } catch (error) {
      this.exitCode = output.fail(error);
    } finally {
      await opened
        ?.then(async (ca) => {
          if (!tellsCrls && flags.quiet !== true) warnOfCrls(output, await ca.crlsDue());
          await ca.close();
        })
        .catch(() => undefined);
    }
  }

  /** Ctrl-C: between two steps of the event loop, where no file is half-written. A second time, whatever goes on ends at once. */
  interrupt(): void {
    if (this.#stop === undefined || this.#isStopping) process.exit(EXIT.interrupted);
    this.#isStopping = true;
    this.#stop();
  }

  async #open(flags: CommonFlags): Promise<CertificateAuthority> {
    const { CertificateAuthority: Authority } = await import('./ca-commands.js');
    const rootKey = rootKeyOf(flags, this.terminal);
    return Authority.open({
      ...(flags.pki !== undefined && { pki: flags.pki }),
      passphrase: caPassphrase(flags, this.terminal),
      ...(rootKey && { rootKey }),
      actor: actor(),
    });
  }
}

/** Who acts, as the events name it: the user of this machine. */
export function actor(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`; // a container without that user
  }
}

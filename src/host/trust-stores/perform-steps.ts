import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { SslapiError } from '../../errors.js';
import { type CommandResult, runCommand } from '../run-command.js';
import type { TrustStep } from './trust-store.js';

/** A step as a person reads it, or types it. */
export function describeStep(step: TrustStep): string {
  switch (step.kind) {
    case 'write':
      return `write ${step.path}`;
    case 'make-folder':
      return `make the folder ${step.path}`;
    case 'remove':
      return `remove ${step.path}`;
    case 'run':
      return `run ${fed(step)}`;
  }
}

function fed({ input, ...command }: Extract<TrustStep, { kind: 'run' }>): string {
  if (input === undefined) return commandLine(command);
  const isCertificate = input.startsWith('-----BEGIN');
  return isCertificate
    ? `${commandLine(command)} < the certificate`
    : `echo ${input.trim()} | ${commandLine(command)}`;
}

/** The command of a step, quoted for a shell. */
export function commandLine({
  program,
  args,
}: {
  readonly program: string;
  readonly args: readonly string[];
}): string {
  return [program, ...args].map((word) => (PLAIN.test(word) ? word : quoted(word))).join(' ');
}

/** Does the steps in order. Where one fails, the files that were written before it go again.
 *  @throws SslapiError ERR_PROGRAM_FAILED, and what the system says of files */
export async function performSteps(steps: readonly TrustStep[]): Promise<void> {
  const written: string[] = [];
  try {
    for (const step of steps) {
      if (step.kind === 'write' && !existsSync(step.path)) written.push(step.path);
      await perform(step);
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    throw error;
  }
}

async function perform(step: TrustStep): Promise<void> {
  switch (step.kind) {
    case 'write':
      writeFileSync(`${step.path}.new`, step.content, { mode: 0o644 });
      renameSync(`${step.path}.new`, step.path);
      return;
    case 'make-folder':
      mkdirSync(step.path, { recursive: true, mode: 0o700 });
      return;
    case 'remove':
      rmSync(step.path, { force: true });
      return;
    case 'run': {
      const { program, args, input } = step;
      const result = await runCommand(program, args, {
        timeoutMs: STEP_MS,
        ...(input !== undefined && { input }),
      });
      if (result.kind === 'exited' && result.code === 0) return;
      throw new SslapiError('ERR_PROGRAM_FAILED', `\`${commandLine(step)}\` ${whyNot(result)}`);
    }
  }
}

function whyNot(result: CommandResult): string {
  switch (result.kind) {
    case 'absent':
      return 'is not on this machine';
    case 'not-run':
      return `cannot be run: ${result.why}`;
    case 'timeout':
      return `was not done within ${result.timeoutMs / 1000} seconds`;
    case 'exited':
      return `ended with ${result.code}: ${(result.stderr.trim() || result.stdout.trim()).slice(0, 300)}`;
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;
/** Debian has its Java read every certificate anew. */
const STEP_MS = 180_000;

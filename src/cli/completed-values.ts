import { EXPORT_FORMATS } from '../ca/export-format.js';
import { SCHEDULES } from '../config/schedule.js';
import { TARGETS } from '../config/targets.js';
import { TRUST_STORE_KINDS } from '../host/trust-stores/trust-store.js';
import { KEY_TYPES } from '../keys/key-type.js';
import { SEVERITIES } from '../lint/lint.js';
import { PROVABLE_TARGETS } from '../loop/installed-server.js';
import { ALL } from '../loop/prove-each.js';
import { POLICIES } from '../policy/policies.js';
import { REPORT_FORMATS } from '../report/formats.js';
import { BAD_KINDS } from '../server/bad/kinds/index.js';
import { STARTTLS_PROTOCOLS } from '../tls/starttls/protocols.js';
import { CRL_REASONS } from '../x509/extensions/reason-code.js';
import { COMMANDS } from './command-list.js';
import type { CommandFacts, FlagFacts } from './command-tree.js';
import { TRUST_ACTIONS } from './trust-answers.js';

/** What may stand in a place of the command line. */
export interface CompletedValue {
  readonly words: readonly string[];
  /** NAMEs of the local CA. */
  readonly names: boolean;
  readonly paths: 'files' | 'folders' | null;
}

/** A command as a shell completes it. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: ReadonlyArray<FlagFacts & { readonly takes: CompletedValue | null }>;
  readonly operand: CompletedValue;
}

export type Shell = (typeof SHELLS)[number];

/** The shells that there are completions for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** What a shell completes, of every command; `help` is one for it. */
export function completedCommands(tree: readonly CommandFacts[]): CompletedCommand[] {
  return [
    ...tree.map(({ name, summary, flags }) => ({
      name,
      summary,
      flags: flags.map((flag) => ({ ...flag, takes: valueOfFlag(name, flag) })),
      operand: OPERANDS[name] ?? NOTHING,
    })),
    { name: 'help', summary: 'what a command does, with examples', flags: [], operand: OPERANDS['help']! },
  ];
}

function valueOfFlag(command: string, { long, value, choices }: FlagFacts): CompletedValue | null {
  if (value === null) return null;
  const words = choices.length > 0 ? choices : (WORDS[`${command} ${long}`] ?? WORDS[long]);
  if (words !== undefined) return { words, names: false, paths: long === '--policy' ? 'files' : null };
  if (long === '--server' || long === '--client') return NAMES;
  if (value === 'dir') return { ...NOTHING, paths: 'folders' };
  return value === 'file' || value.endsWith('.json') ? FILES : NOTHING;
}

const NOTHING: CompletedValue = { words: [], names: false, paths: null };
const NAMES: CompletedValue = { ...NOTHING, names: true };
const FILES: CompletedValue = { ...NOTHING, paths: 'files' };
const NAMES_AND_FILES: CompletedValue = { ...NAMES, paths: 'files' };

/** Words of flags whose own parsers know them; where a command means others by a flag, it stands before. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  '--key-type': KEY_TYPES,
  '--reason': Object.keys(CRL_REASONS),
  '--fail-on': SEVERITIES,
  '--starttls': STARTTLS_PROTOCOLS,
  'export --format': EXPORT_FORMATS.map(({ name }) => name),
  'probe --format': REPORT_FORMATS,
  'probe --policy': POLICIES.map(({ id }) => id),
  'probe --http': ['1.1', '2'],
  'prove --format': REPORT_FORMATS,
  'prove --http': ['1.1', '2'],
  'serve --bad': ['all', 'list', ...BAD_KINDS.map(({ id }) => id)],
  'trust --store': TRUST_STORE_KINDS,
};

/** Every command with an operand. */
export const OPERANDS: Readonly<Record<string, CompletedValue>> = {
  'issue-server': NOTHING,
  'issue-client': NOTHING,
  csr: NOTHING,
  'sign-csr': FILES,
  renew: NAMES,
  revoke: NAMES_AND_FILES,
  unrevoke: NAMES,
  export: NAMES,
  inspect: NAMES_AND_FILES,
  verify: NAMES_AND_FILES,
  config: { ...NOTHING, words: [...TARGETS.map(({ name }) => name), ...SCHEDULES] },
  probe: NOTHING,
  prove: { ...NOTHING, words: [...PROVABLE_TARGETS.map(({ name }) => name), ALL] },
  'verify-report': FILES,
  policies: { ...FILES, words: POLICIES.map(({ id }) => id) },
  path: NAMES,
  trust: { ...FILES, words: TRUST_ACTIONS },
  completion: { ...NOTHING, words: SHELLS },
  help: { ...NOTHING, words: COMMANDS.map(({ name }) => name) },
};

import { homedir } from 'node:os';
import { EXIT, SslapiError } from '../errors.js';
import { findTrustStores } from '../host/trust-stores/find-trust-stores.js';
import { commandLine, describeStep, performSteps } from '../host/trust-stores/perform-steps.js';
import {
  TRUST_STORE_KINDS,
  type TrustSight,
  type TrustStep,
  type TrustStore,
  type TrustStoreKind,
} from '../host/trust-stores/trust-store.js';
import { askConfirm } from '../ui/prompt.js';
import { isoSeconds } from '../x509/whole-seconds.js';
import type { CommandRun, CommonFlags } from './command-context.js';
import { type RootToTrust, rootToTrust, warningsOf } from './trusted-root.js';

export const TRUST_ACTIONS = ['install', 'uninstall', 'status'] as const;

export type TrustAction = (typeof TRUST_ACTIONS)[number];

export interface TrustFlags extends CommonFlags {
  readonly store?: readonly TrustStoreKind[];
  readonly yes?: boolean;
}

/** A store, and how the root stands in it. */
interface Seen {
  readonly store: TrustStore;
  readonly sight: TrustSight;
}

/** Tells how the root stands in the stores. Exit 1 where one does not trust it, 3 where that could not be told. */
export async function tellTrust(run: CommandRun, file: string | undefined, flags: TrustFlags): Promise<void> {
  const root = rootToTrust(file, flags.pki ?? './pki');
  const seen = await lookInto(run, root, flags);
  answer(run, root, seen);
  const states = seen.map(({ sight }) => sight.state);
  if (states.some((state) => state === 'absent' || state === 'foreign')) run.exit(EXIT.no);
  else if (states.includes('unknown')) run.exit(EXIT.couldNot);
}

/** Says what will be done, and does it once that is agreed to. What only root may do is left, and told. */
export async function changeTrust(
  run: CommandRun,
  action: 'install' | 'uninstall',
  file: string | undefined,
  flags: TrustFlags,
): Promise<void> {
  const { output, terminal } = run;
  const root = rootToTrust(file, flags.pki ?? './pki');
  const before = await lookInto(run, root, flags);
  const toDo = before.filter(({ sight }) => sight[action].length > 0);
  const mine = toDo.filter(({ store }) => store.writable && !store.byHand);
  if (action === 'install' && toDo.length > 0) for (const warning of warningsOf(root)) output.warn(warning);
  if (mine.length > 0) {
    tellPlan(run, action, flags, root, mine);
    const agreed = flags.yes === true || (await askConfirm(terminal, { message: 'Do that?', flag: '--yes' }));
    if (!agreed) {
      output.say('nothing was changed');
      run.exit(EXIT.no);
      return;
    }
    for (const { store, sight } of mine) await change(run, store, sight[action]);
  }
  const after = mine.length > 0 ? await lookInto(run, root, flags) : before;
  answer(run, root, after);
  if (toDo.length === 0)
    output.say(
      `nothing to do: ${action === 'install' ? 'no store lacks it' : 'no store has it from sslapi'}`,
    );
  tellRest(run, action, root, toDo, after);
  tellWhoseHome(run, after);
}

async function lookInto(run: CommandRun, root: RootToTrust, { store }: TrustFlags): Promise<Seen[]> {
  const { env } = run.terminal;
  const stores = findTrustStores({
    kinds: store ?? TRUST_STORE_KINDS,
    mustBeThere: store !== undefined,
    home: env['HOME'] || homedir(),
    environment: env,
    file: root.file,
  });
  if (stores.length === 0)
    throw new SslapiError('ERR_TRUST_STORE_ABSENT', 'there is no trust store on this machine that we know');
  const seen: Seen[] = [];
  for (const one of stores) seen.push({ store: one, sight: await one.look(root) });
  return seen;
}

/** Whoever is asked sees it, even with --quiet. */
function tellPlan(
  { output }: CommandRun,
  action: 'install' | 'uninstall',
  { quiet, yes }: TrustFlags,
  { subject, fingerprint256 }: RootToTrust,
  seen: readonly Seen[],
): void {
  const tell = quiet === true && yes !== true ? output.warn : output.say;
  tell(`to ${action} ${subject} (SHA-256 ${fingerprint256}), this will be done:`);
  for (const { store, sight } of seen) tell(`  ${planOf(store, sight[action])}`);
}

async function change({ output }: CommandRun, { kind, place }: TrustStore, steps: readonly TrustStep[]) {
  try {
    await output.during(`${kind}: ${place}`, () => performSteps(steps));
  } catch (error) {
    if (!(error instanceof SslapiError)) throw error;
    throw new SslapiError(error.code, `${kind}: ${error.message}`, {
      hint: 'What was done to other stores before stays; see it with `sslapi trust status`.',
      cause: error,
    });
  }
}

function planOf({ kind, place }: TrustStore, steps: readonly TrustStep[]): string {
  return `${kind}, ${place}: ${steps.map(describeStep).join('; ')}`;
}

/** What was left, and what did not come out as it should: neither is ever silent. */
function tellRest(
  run: CommandRun,
  action: 'install' | 'uninstall',
  root: RootToTrust,
  toDo: readonly Seen[],
  after: readonly Seen[],
): void {
  const { output } = run;
  const wanted = action === 'install' ? 'trusted' : 'absent';
  const left = toDo.filter(({ store }) => !store.writable && !store.byHand);
  for (const { store, sight } of toDo.filter(({ store }) => store.byHand))
    output.warn(`${store.place}: sslapi changes nothing there; run ${commandsOf(sight[action])}`);
  if (left.length > 0) {
    const kinds = [...new Set(left.map(({ store }) => store.kind))];
    const args = ['sslapi', 'trust', action, root.file, '--store', kinds.join(',')];
    const again = commandLine({ program: 'sudo', args });
    output.warn(`${placesOf(left)}: this user may not change that; run ${again}`);
  }
  const others = after.filter(({ store, sight }) => sight.state !== wanted && !toDoLeft(store, left));
  for (const { store, sight } of others)
    if (!store.byHand)
      output.warn(`${store.place}: ${sight.state}${sight.note === null ? '' : `, ${sight.note}`}`);
  if (left.length > 0 || others.length > 0) run.exit(EXIT.couldNot);
  else if (action === 'install' && toDo.length > 0)
    output.say('next: browsers that run have to be started anew; sslapi trust uninstall takes it back');
}

/** `sudo` means the browsers of root. */
function tellWhoseHome({ output, terminal: { env } }: CommandRun, seen: readonly Seen[]): void {
  const { SUDO_USER: user, HOME: home = homedir() } = env;
  if (user === undefined || user === 'root' || seen.every(({ store }) => store.kind === 'java')) return;
  output.say(
    `the browsers are those of ${home}: for those of ${user}, run it without sudo and with --store nss`,
  );
}

function toDoLeft(store: TrustStore, left: readonly Seen[]): boolean {
  return left.some((one) => one.store.place === store.place);
}

function placesOf(seen: readonly Seen[]): string {
  return seen.map(({ store }) => store.place).join(', ');
}

function commandsOf(steps: readonly TrustStep[]): string {
  return steps.map((step) => (step.kind === 'run' ? commandLine(step) : describeStep(step))).join(' && ');
}

function answer({ output }: CommandRun, root: RootToTrust, seen: readonly Seen[]): void {
  const { subject, fingerprint256, certificate } = root;
  const stores = seen.map(({ store: { kind, place, readers }, sight: { state, note } }) => ({
    store: kind,
    place,
    readers,
    state,
    note,
  }));
  const notAfter = isoSeconds(certificate.validity.notAfter);
  output.answer({ root: { subject, fingerprint256, notAfter }, stores }, () =>
    output.table(
      [{ heading: 'STORE' }, { heading: 'STATE' }, { heading: 'WHERE' }, { heading: 'READ BY' }],
      stores.map(({ store, state, place, readers, note }) => [
        store,
        state,
        place,
        note === null ? readers : `${readers} (${note})`,
      ]),
    ),
  );
}

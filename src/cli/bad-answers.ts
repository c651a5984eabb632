import { SslapiError } from '../errors.js';
import { badEventJson, badEventLine } from '../server/bad/bad-event.js';
import type { BadKind } from '../server/bad/bad-kind.js';
import { type BadServers, startBadServers } from '../server/bad/bad-servers.js';
import { BAD_KINDS } from '../server/bad/kinds/index.js';
import type { CommandRun, CommonFlags } from './command-context.js';
import { nearestFirst } from './nearest.js';
import type { HostAndPort } from './parse-listen.js';
import { httpsUrl, shellWord } from './suggest-call.js';

/** Flags of `serve --bad`. */
export interface BadFlags extends CommonFlags {
  readonly bad: string;
  readonly listen: HostAndPort;
  /** What clients call the servers by. */
  readonly server: string;
}

/** `serve --bad KIND|all|list`: faulty servers to try clients with, until it is interrupted. */
export async function serveBad(run: CommandRun, flags: BadFlags): Promise<void> {
  if (flags.bad === 'list') return listKinds(run);
  const { output, openCa, onInterrupt } = run;
  const kinds = kindsNamed(flags.bad);
  refuseTooManyPorts(flags.listen, kinds);
  const ca = await openCa();
  const servers = await startBadServers({
    ...{ ca, kinds, listen: flags.listen, host: flags.server },
    onEvent: (event) => (flags.json ? output.jsonLine(badEventJson(event)) : output.say(badEventLine(event))),
    onRenewalFailed: (error) =>
      output.warn(
        `the certificates could not be made anew: ${error instanceof Error ? error.message : error}`,
      ),
  });
  const stopped = new Promise<void>((resolve) => onInterrupt(resolve));
  try {
    if (servers.serving.length === 0) throw noneOf(servers);
    tellServing(run, flags, servers);
    const [first] = servers.serving;
    const url = httpsUrl(flags.server, first!.address);
    output.say(`next: curl --cacert ${shellWord(ca.folder.at('ca.crt'))} ${shellWord(url)}; Ctrl-C ends it`);
    await stopped;
  } finally {
    await servers.close();
  }
}

function listKinds({ output }: CommandRun): void {
  const kinds = BAD_KINDS.map(({ whyNot: _whyNot, make: _make, ...facts }) => facts);
  output.answer({ kinds }, () =>
    output.table(
      [
        { heading: 'KIND' },
        { heading: 'A GOOD CLIENT' },
        { heading: 'ANSWERED AS FAR AS' },
        { heading: 'WHAT IS WRONG', shrinks: true },
      ],
      kinds.map(({ id, expected, answers, breaks }) => [id, DOES[expected], FAR[answers], breaks]),
    ),
  );
}

/** `all`, one, or several with commas between them. @throws SslapiError ERR_USAGE */
function kindsNamed(text: string): readonly BadKind[] {
  if (text === 'all') return BAD_KINDS;
  return [...new Set(text.split(','))].map((id) => {
    const found = BAD_KINDS.find((kind) => kind.id === id);
    if (found !== undefined) return found;
    if (ALONE.includes(id))
      throw new SslapiError('ERR_USAGE', `"${id}" stands alone, without other kinds`, {
        hint: `Write \`sslapi serve --bad ${id}\`.`,
      });
    throw new SslapiError('ERR_USAGE', `"${id}" is no kind of faulty server`, {
      hint: nearestFirst(
        id,
        [...ALONE, ...BAD_KINDS.map((kind) => kind.id)],
        'See all of them with `sslapi serve --bad list`.',
      ),
    });
  });
}

function refuseTooManyPorts({ port }: HostAndPort, kinds: readonly BadKind[]): void {
  if (port + kinds.length - 1 <= LAST_PORT) return;
  throw new SslapiError('ERR_USAGE', `there are no ${kinds.length} ports from ${port} on`, {
    hint: `Begin at ${LAST_PORT - kinds.length + 1} at most, or with --listen 0 at any that are free.`,
  });
}

function noneOf({ leftOut }: BadServers): SslapiError {
  const { kind, why } = leftOut[0]!;
  const what = `the faulty server "${kind.id}" cannot be made: ${why}`;
  if (kind.needs === 'root-key') return new SslapiError('ERR_ROOT_KEY_OFFLINE', what);
  return new SslapiError('ERR_KEY_TYPE_UNSUPPORTED', what, {
    hint: 'Make another CA for it: `sslapi init-ca --pki DIR --key-type ec-p256`.',
  });
}

/** A line for each port, and one for each that is not there. */
function tellServing({ output }: CommandRun, flags: BadFlags, { serving, leftOut }: BadServers): void {
  const width = Math.max(...serving.map(({ kind }) => kind.id.length));
  for (const { kind, address } of serving) {
    const { id, expected, answers, breaks } = kind;
    const url = httpsUrl(flags.server, address);
    if (flags.json)
      output.jsonLine({
        ...{ schemaVersion: 1, kind: 'listening', bad: id, url, ...address },
        ...{ expected, answers, breaks },
      });
    else
      output.data(
        `${id.padEnd(width)}  ${url}  ${MUST[expected]}: ${breaks}${answers === 'hello' ? HELLO_ONLY : ''}\n`,
      );
  }
  for (const { kind, why } of leftOut) {
    if (flags.json) output.jsonLine({ schemaVersion: 1, kind: 'left-out', bad: kind.id, why });
    output.warn(`${kind.id} is left out: ${why}`);
  }
  if (!isLoopback(flags.listen.host))
    output.warn(`other machines can reach servers that are wrong on purpose (--listen ${flags.listen.host})`);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

const MUST = { accept: 'accept', refuse: 'refuse', either: 'either' } as const;
const DOES = { accept: 'accepts', refuse: 'refuses', either: 'either' } as const;
const FAR = { http: 'a request', hello: 'the hello' } as const;
const HELLO_ONLY = ' (answered as far as the hello)';
const ALONE: readonly string[] = ['all', 'list'];
const LAST_PORT = 65_535;

import { type Inspection, inspect } from '../lint/inspect.js';
import { MAX_CRL_OCTETS, readReference } from './certificate-reference.js';
import type { CommandRun } from './command-context.js';
import type { InspectFlags } from './commands/inspect.js';
import { inspectServer, looksLikeEndpoint } from './inspect-server.js';
import { knownAs } from './inspection-document.js';
import { passwordFrom } from './passwords.js';
import { readInputIfThere } from './read-input.js';

/** What there is to tell of FILE, `-`, NAME, SERIAL or HOST:PORT; a file of that name comes first. */
export async function inspectionOf(
  what: string,
  flags: InspectFlags,
  run: CommandRun,
  now: Date,
): Promise<Inspection> {
  if (looksLikeEndpoint(what) && readInputIfThere(what, MAX_CRL_OCTETS) === undefined)
    return inspectServer(what, flags, run, now);
  const { name, bytes, view } = await readReference(what, run.openCa, MAX_CRL_OCTETS);
  const { passwordFile } = flags;
  const passphrase = passwordFile === undefined ? {} : { passphrase: passwordFrom(passwordFile) };
  return knownAs(await inspect(bytes, { name, now, ...passphrase }), view);
}

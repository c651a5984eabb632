import { resolve } from 'node:path';
import { Command } from 'commander';
import type { Overview } from '../ca/overview.js';
import { SslapiError } from '../errors.js';
import { formatName } from '../x509/name.js';
import type { CommandContext, CommonFlags } from './command-context.js';
import { applyDefaults } from './defaults.js';
import { withCommonOptions } from './options.js';

/** `sslapi` alone: the state of the PKI that is here, or where to start. */
export async function glance(context: CommandContext): Promise<void> {
  const command = withCommonOptions(new Command('sslapi'));
  await applyDefaults(command, context);
  const flags = command.opts<CommonFlags>();
  await context.run(flags, async ({ output, openCa }) => {
    const ca = await openCa().catch(noneThere);
    output.data(
      ca === null ? startText(flags.pki ?? './pki') : overviewText(await ca.overview(), new Date()),
    );
  });
}

function noneThere(error: unknown): null {
  if (error instanceof SslapiError && error.code === 'ERR_CA_NOT_FOUND') return null;
  throw error;
}

function startText(pki: string): string {
  return `A private CA, mutual TLS, and the proof that it holds. There is no CA in ${resolve(pki)}: start with
  sslapi quickstart    the whole loop in a second, with a CA to throw away
  sslapi init-ca       a CA of your own; then sslapi issue-server, sslapi issue-client
  sslapi probe HOST    a look at any TLS endpoint, which needs no CA
  sslapi help          every command; --pki DIR names the CA of another folder
`;
}

/** The overview as people read it. */
export function overviewText(overview: Overview, now: Date): string {
  const { authorities, live, revoked, expired, next, throwAway } = overview;
  const cas = authorities.map(
    ({ authority: { role, parsed } }): Line => [
      role,
      `${formatName(parsed.subject)}, until ${day(parsed.validity.notAfter)}${throwAway ? ' (to be thrown away)' : ''}`,
    ],
  );
  const crls = authorities.map(
    ({ authority: { role }, crl }): Line => [
      role === 'issuing' ? 'CRL' : `${role} CRL`,
      crl === null
        ? 'none was ever made'
        : `number ${crl.number}, ${ago(crl.thisUpdate, now)} old, ${crl.nextUpdate < now ? `over since ${day(crl.nextUpdate)}` : `good until ${day(crl.nextUpdate)}`}`,
    ],
  );
  const lines: Line[] = [
    ...cas,
    ['issued', `${live} live, ${revoked} revoked, ${expired} expired`],
    ...(next ? [['next end', `${next.name}, ${day(next.notAfter)}`] as const] : []),
    ...crls.reverse(),
    ['due', dueText(overview, now)],
    ['more', 'sslapi list, sslapi status, sslapi help'],
  ];
  return lines.map(([label, text]) => `${`${label}:`.padEnd(10)}${text}\n`).join('');
}

type Line = readonly [label: string, text: string];

function dueText({ authorities, due }: Overview, now: Date): string {
  const ending = authorities.filter(({ authority: { parsed } }) => isNearEnd(parsed.validity, now));
  const things = [
    ...ending.map(({ authority }) => `the ${authority.role} CA ends soon: make its successor`),
    ...authorities
      .filter(({ crlDue }) => crlDue)
      .map(({ authority }) => `the CRL of the ${authority.role} CA (sslapi gen-crl)`),
    ...(due === 0 ? [] : [`${due} ${due === 1 ? 'certificate' : 'certificates'} (sslapi renew --due)`]),
  ];
  return things.length === 0 ? 'nothing' : things.join('; ');
}

/** A tenth of its life is half a year of the issuing CA's five. */
function isNearEnd({ notBefore, notAfter }: { notBefore: Date; notAfter: Date }, now: Date): boolean {
  return (notAfter.getTime() - now.getTime()) * 10 < notAfter.getTime() - notBefore.getTime();
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function ago(then: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - then.getTime()) / 60_000));
  if (minutes < 120) return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} hours` : `${Math.floor(minutes / 1440)} days`;
}

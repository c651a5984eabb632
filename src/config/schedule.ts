import { SslapiError } from '../errors.js';
import { fillTemplate, type TemplateValues } from './fill-template.js';
import { readTemplate } from './read-template.js';

/** What runs sslapi by the clock. */
export type ScheduleKind = 'cron' | 'systemd' | 'k8s';

export interface ScheduleRequest {
  readonly kind: ScheduleKind;
  /** The words that run sslapi: `/usr/bin/node`, `/usr/lib/…/sslapi.js`. */
  readonly program: readonly string[];
  /** As npm knows it, for what runs elsewhere: `0.1.0`. */
  readonly version: string;
  /** Absolute. */
  readonly pki: string;
  /** Whose the pki folder is. */
  readonly user: string;
  /** Where the password of the CA's keys lies; null where they are in clear. */
  readonly passwordFile: string | null;
  /** What reloads the servers. */
  readonly reload?: string | undefined;
}

/** A file for the scheduler. */
export interface ScheduleFile {
  readonly name: string;
  /** Where it goes. */
  readonly place: string;
  readonly content: string;
}

export const SCHEDULES: readonly ScheduleKind[] = ['cron', 'systemd', 'k8s'];

export function isSchedule(name: string | undefined): name is ScheduleKind {
  return SCHEDULES.some((one) => one === name);
}

/** The files that have the CRLs signed anew before they end, and renew what is due.
 *  @throws SslapiError ERR_CONFIG_VALUE for what cannot be said there */
export function renderSchedule(request: ScheduleRequest): ScheduleFile[] {
  for (const text of [
    request.pki,
    request.user,
    request.passwordFile ?? '',
    request.reload ?? '',
    ...request.program,
  ])
    if (/[\p{Cc}]/u.test(text))
      throw new SslapiError('ERR_CONFIG_VALUE', `${JSON.stringify(text)} holds a control character`);
  const commands = commandsOf(request);
  const file = (name: string, place: string, values: TemplateValues): ScheduleFile => ({
    name,
    place,
    content: fillTemplate(readTemplate(request.kind, name), { ...common(request), ...values }),
  });
  switch (request.kind) {
    case 'cron': {
      const [genCrl, renew] = commands.map(cronLine) as [string, string];
      return [file('crontab', '/etc/cron.d/sslapi', { gen_crl: genCrl, renew })];
    }
    case 'systemd':
      return [
        file('sslapi-refresh.service', '/etc/systemd/system/sslapi-refresh.service', {
          both: systemdWord(oneAfterTheOther(commands)),
          pki: systemdPath(request.pki),
        }),
        file('sslapi-refresh.timer', '/etc/systemd/system/sslapi-refresh.timer', {}),
      ];
    case 'k8s':
      return [file('cronjob.yaml', 'kubectl apply -f', { both: JSON.stringify(oneAfterTheOther(commands)) })];
  }
}

/** `gen-crl` and `renew`, each as a line of a shell. */
function commandsOf({ kind, program, version, pki, passwordFile, reload }: ScheduleRequest): string[] {
  const inside = kind === 'k8s';
  const words = inside ? ['npx', '--yes', `sslapi@${version}`] : program;
  const more = [
    ...['--quiet', '--pki', inside ? '/pki' : pki],
    ...(passwordFile === null || inside ? [] : ['--password-file', passwordFile]),
    ...(reload === undefined ? [] : ['--exec', reload]),
  ];
  return [
    ['gen-crl', '--refresh'],
    ['renew', '--due'],
  ].map((command) => [...words, ...command, ...more].map(shellWord).join(' '));
}

function common({ pki, user, passwordFile, reload }: ScheduleRequest): TemplateValues {
  const minute = [...pki].reduce((sum, character) => (sum * 31 + character.codePointAt(0)!) % 55, 7);
  return {
    user,
    pki_text: pki.replaceAll('%', '%%'),
    minute: String(minute), // not everybody's at once
    next_minute: String(minute + 5),
    encrypted: passwordFile !== null,
    password_file: passwordFile ?? '',
    reloads: reload !== undefined,
  };
}

function oneAfterTheOther([genCrl, renew]: readonly string[]): string {
  return `${genCrl}; crl=$?; ${renew} && exit $crl`;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** To cron a percent sign is the end of the command, unless a backslash stands before it. */
function cronLine(line: string): string {
  return line.replaceAll('%', '\\%');
}

/** In double quotes; in a command systemd knows variables with `$` too. */
function systemdWord(text: string): string {
  return systemdPath(text).replaceAll('$', '$$$$');
}

/** In double quotes; systemd knows specifiers with `%`. */
function systemdPath(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%')}"`;
}

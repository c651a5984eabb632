import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderSchedule, SCHEDULES, type ScheduleRequest } from '../../src/config/schedule.js';
import { build } from '../build.js';
import { Workplace } from '../interop/sslapi.js';
import { peer } from '../peers/peer.js';

const REQUEST: ScheduleRequest = {
  kind: 'cron',
  program: ['/bin/echo', '/opt/with space/sslapi.js'],
  version: '0.1.0',
  pki: '/srv/acme/pki',
  user: 'root',
  passwordFile: null,
};
const ODD = { pki: '/srv/it\'s 100% "a" $HOME\\x/pki', reload: `echo "50%" 'of' $(date +%s) \\ done` };
const WISHES: ReadonlyArray<readonly [string, Partial<ScheduleRequest>]> = [
  ['as they are', {}],
  ['with a password', { passwordFile: '/etc/sslapi/ca password' }],
  ['with a command that reloads', { reload: 'systemctl reload nginx' }],
  ['with signs that mean something elsewhere', ODD],
];

describe.each(WISHES)('the files of schedulers, %s', (_, wish) => {
  it.runIf(peer('systemd-analyze'))('systemd-analyze finds nothing wrong with those of systemd', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sslapi-units-'));
    const files = renderSchedule({ ...REQUEST, ...wish, kind: 'systemd' });
    for (const { name, content } of files) writeFileSync(join(folder, name), content);
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', ...files.map(({ name }) => join(folder, name))],
      { encoding: 'utf8' },
    );
    rmSync(folder, { recursive: true });

    expect({ status, said: `${stdout}${stderr}` }).toEqual({ status: 0, said: '' });
  });

  it('a shell reads back from that of Kubernetes what was meant', () => {
    const [file] = renderSchedule({ ...REQUEST, ...wish, kind: 'k8s' });
    const job = yaml(file!.content) as {
      spec: {
        jobTemplate: {
          spec: { template: { spec: { containers: [{ args: string[]; env: { name: string }[] }] } } };
        };
      };
    };
    const [{ args, env }] = job.spec.jobTemplate.spec.template.spec.containers;
    const more = wish.reload === undefined ? [] : ['--exec', wish.reload];

    expect(wordsOf(`npx() { printf '%s\\n' "$@"; }; ${args[0]}`)).toEqual([
      ...['--yes', 'sslapi@0.1.0', 'gen-crl', '--refresh', '--quiet', '--pki', '/pki', ...more],
      ...['--yes', 'sslapi@0.1.0', 'renew', '--due', '--quiet', '--pki', '/pki', ...more],
    ]);
    expect(env.some(({ name }) => name === 'SSLAPI_CA_PASSWORD')).toBe(wish.passwordFile !== undefined);
  });

  it('a shell reads back from those of cron what was meant', () => {
    const [file] = renderSchedule({ ...REQUEST, ...wish, program: ['printf', '%s\\n'] });
    const password = wish.passwordFile == null ? [] : ['--password-file', wish.passwordFile];
    const more = [...password, ...(wish.reload === undefined ? [] : ['--exec', wish.reload])];
    const lines = jobsOf(file!.content);

    expect(lines.map(({ user }) => user)).toEqual(['root', 'root']);
    expect(lines.map(({ command }) => wordsOf(command.replace(/ >\/dev\/null$/, '')))).toEqual([
      ['gen-crl', '--refresh', '--quiet', '--pki', wish.pki ?? REQUEST.pki, ...more],
      ['renew', '--due', '--quiet', '--pki', wish.pki ?? REQUEST.pki, ...more],
    ]);
  });
});

it.each(SCHEDULES)('what cannot stand on a line is refused for %s', (kind) => {
  expect(() => renderSchedule({ ...REQUEST, kind, reload: 'one\ntwo' })).toThrow(
    expect.objectContaining({ code: 'ERR_CONFIG_VALUE' }),
  );
});

describe.runIf(peer('faketime'))('run as cron runs it, with cron’s environment', () => {
  let place: Workplace;
  beforeAll(async () => {
    build();
    place = new Workplace();
    writeFileSync(place.at('pass'), 'right\n');
    await place.ok('init-ca', '--password-file', 'pass');
    await place.ok('issue-client', 'alice', '--days', '30', '--password-file', 'pass');
    await place.ok(
      'config',
      'cron',
      '--exec',
      'echo "$SSLAPI_NAME:$SSLAPI_CRL_CHAIN" >> reloads',
      '--password-file',
      'pass',
      '--out',
      'crontab',
    );
  });
  afterAll(() => place.remove());

  it.each([
    ['a day later, it does nothing', 1, ''],
    ['25 days later, the CRL and the certificate are new, and the servers reloaded', 25, 'both'],
  ])('%s', (_, days, expected) => {
    const mail = jobsOf(readFileSync(place.at('crontab'), 'utf8')).map(({ command }) =>
      execFileSync('faketime', ['-f', `+${days}d`, '/bin/sh', '-c', command], {
        cwd: place.path,
        env: { HOME: place.path, SHELL: '/bin/sh', PATH: '/usr/bin:/bin' },
        encoding: 'utf8',
        stdio: 'pipe',
      }),
    );
    const reloads = () => readFileSync(place.at('reloads'), 'utf8');

    expect(mail).toEqual(['', '']);
    if (expected === '') expect(reloads).toThrow();
    else expect(reloads()).toBe(`:${place.at('pki/crl-chain.pem')}\nalice:\n`);
  });

  it('tells where the files go, and warns of servers that nobody reloads', async () => {
    const { exitCode, stderr } = await place.run(['config', 'systemd', '--out', 'units']);
    const again = await place.run(['config', 'systemd', '--out', 'units']);
    const check = await place.run(['config', 'cron', '--check']);

    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      "warning: servers read CRLs when they are reloaded: --exec 'systemctl reload nginx' has it done",
    );
    expect(stderr).toContain('put the password of the CA into /etc/sslapi/ca.password');
    expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('ERR_FILE_EXISTS') });
    expect(check).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--check asks servers') });
  });
});

/** The jobs of a crontab with a user's column, their commands as cron hands them to the shell. */
function jobsOf(crontab: string): { user: string; command: string }[] {
  return [...crontab.matchAll(/^\d+ \* \* \* \* (\S+) (.+)$/gm)].map(([, user, line]) => ({
    user: user!,
    command: line!.replaceAll('\\%', '%'),
  }));
}

/** What the programs of a line get, a word a line. */
function wordsOf(line: string): string[] {
  return execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' }).split('\n').slice(0, -1);
}

function yaml(text: string): unknown {
  const program = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))';
  return JSON.parse(execFileSync('/usr/bin/python3', ['-c', program], { input: text, encoding: 'utf8' }));
}

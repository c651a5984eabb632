import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BY_GO } from '../../src/config/findings-by-go.js';
import { readTemplate } from '../../src/config/read-template.js';
import { findTarget } from '../../src/config/targets.js';
import { PROVABLE_TARGETS } from '../../src/loop/installed-server.js';
import { type ProveStep, prove } from '../../src/loop/prove.js';
import { proveEach } from '../../src/loop/prove-each.js';
import type { ProbeReport, ProbeReports } from '../../src/probe/probe-report.js';
import type { ProofRow } from '../../src/probe/proof-row.js';
import { isAtLeast } from '../../src/probe/severity.js';
import { exitCodeOf } from '../../src/probe/verdict.js';
import { reporters } from '../../src/report/index.js';
import { build } from '../build.js';
import { freePort } from '../free-port.js';
import { until } from '../host/until.js';
import { peer } from '../peers/peer.js';
import { reportFaults } from '../report/readers.js';

const home = mkdtempSync(join(tmpdir(), 'sslapi-proving-'));
const own = process.env['TMPDIR'];
beforeAll(() => {
  build();
  process.env['TMPDIR'] = place('in-process'); // for the proofs of this process
});
afterAll(() => {
  if (own === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = own;
  for (const pid of processesIn(home)) process.kill(Number(pid), 'SIGKILL'); // none, but where a test failed
  rmSync(home, { recursive: true, force: true });
});

/** A folder for the temporary files of one command. */
function place(name: string): string {
  const folder = join(home, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Processes that were started on files there, or work there. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      if (!/^\d+$/.test(pid)) return false;
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return line.includes(folder) || readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false; // it has ended, or is none
    }
  });
}

interface Cli {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly status: Promise<number | null>;
}

function sslapi(folder: string, args: readonly string[], env: Record<string, string> = {}): Cli {
  const child = spawn(process.execPath, ['bin/sslapi.js', ...args], {
    env: { ...process.env, TMPDIR: folder, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const status = once(child, 'close').then(([code]) => code as number | null);
  return { child, stdout: () => stdout, stderr: () => stderr, status };
}

const told = (report: ProbeReport) =>
  (report.proof ?? [])
    .filter(({ status }) => status === 'fail' || status === 'inconclusive')
    .map(({ credential, tlsVersion, alpn, status, evidence }) =>
      [credential, tlsVersion, alpn, status, evidence].join(' '),
    );

describe('sslapi prove, of every server that is here', () => {
  const there = PROVABLE_TARGETS.filter(({ run }) => run.programs.some(peer));
  let all: Cli;
  let one: Cli;
  let reports: readonly ProbeReport[] = [];
  beforeAll(async () => {
    all = sslapi(place('all'), ['prove', 'all', '--json']);
    one = sslapi(place('one'), ['prove', 'nginx', '--level', 'modern']); // at the same time
    await Promise.all([all.status, one.status]);
    reports = (JSON.parse(all.stdout()) as ProbeReports).reports;
  }, 300_000);

  it.each(there.map(({ name }) => name))('%s keeps out who must stay out, as it is configured', (name) => {
    const report = reports.find(({ server }) => server?.name === name)!;

    expect(told(report)).toEqual([]);
    expect(report).toMatchObject({ verdict: 'pass', server: { level: 'intermediate' } });
    const found = report.checks
      .filter(({ status }) => status === 'fail' || status === 'inconclusive')
      .map(({ id }) => id);
    expect(OWN_FINDINGS[name] ?? NO_HYBRID_GROUPS).toEqual(expect.arrayContaining(found));
    const rows = new Set(report.proof!.map(({ credential }) => credential));
    expect([...rows]).toEqual(expect.arrayContaining(MUST_BE_THERE));
    if (TAKES_NEW_CRLS.has(name))
      expect(
        report.proof!.filter(isOfIntermediate).filter(({ evidence }) => /faultless twin/.test(evidence)),
      ).toEqual([]);
    const limits = report.server!.limits.map(({ limit }) => limit);
    expect(limits).toEqual(KNOWN_LIMITS[name] ?? []);
    const heard = report.checks.filter(({ id }) => id.startsWith('upstream-'));
    expect(heard.map(({ id, status }) => `${id} ${status}`)).toEqual(
      findTarget(name).passesIdentity ? ['upstream-hears-client pass', 'upstream-hears-no-forgery pass'] : [],
    );
  });

  it('ends with 0, in a report that is as its schema says', async () => {
    expect({ status: await all.status, stderr: all.stderr() }).toMatchObject({ status: 0 });
    expect(reportFaults(all.stdout())).toEqual([]);
    expect(reports.map(({ server }) => server?.name)).toEqual(there.map(({ name }) => name));
  });

  it.runIf(peer('nginx'))('says each step with its time, and shows the whole table', async () => {
    expect({ status: await one.status, stderr: one.stderr() }).toMatchObject({ status: 0 });
    expect(one.stderr().trim().split('\n')).toEqual([
      expect.stringMatching(/^nginx: a CA to throw away, a server, clients \(\d+\.\d s\)$/),
      expect.stringMatching(/^nginx: nginx \d+\.[\d.]+ runs \(\d+\.\d s\)$/),
      expect.stringMatching(/^nginx: good and bad clients shown, one of them revoked \(\d+\.\d s\)$/),
    ]);
    expect(one.stdout()).toMatch(/^PASS {2}nginx, modern, on localhost:\d+/);
    for (const row of [/^ ✓ {2}good +accepted \(HTTP 200\)/m, /^ ✓ {2}revoked-latest +refused \(HTTP 400\)/m])
      expect(one.stdout()).toMatch(row);
    expect(one.stdout().trimEnd()).toMatch(/: PASS$/);
  });

  it('leaves no process and no folder', () => {
    for (const folder of [place('all'), place('one')])
      expect({ files: readdirSync(folder), processes: processesIn(folder) }).toEqual({
        files: [],
        processes: [],
      });
  });
});

/** What no configuration can change: the OpenSSL of Debian and of Node 20 has no hybrid groups, and Go does some things by itself. */
const NO_HYBRID_GROUPS = ['offers-post-quantum-key-exchange'];
const OWN_FINDINGS: Readonly<Record<string, readonly string[]>> = {
  caddy: ['signs-with-no-sha-1', 'tickets-live-at-most-a-day', ...BY_GO],
  go: BY_GO,
};

const MUST_BE_THERE = [
  ...['good', 'none', 'self-signed', 'rogue-ca', 'other-ca', 'wrong-key', 'expired', 'eku-server-only'],
  ...['revoked', 'revoked-latest', 'revoked-issuer', 'path-length-exceeded', 'spoofed-header'],
  ...['resumed-after-revocation', 'open-connection-after-revocation'],
];

const KNOWN_LIMITS: Readonly<Record<string, readonly string[]>> = {
  caddy: [
    'caddy cannot check CRLs',
    'caddy has the TLS of the Go that it was built with (1.19 for that of Debian), and gives tickets for a week',
  ],
  go: ['go has the TLS of its version of Go'],
  stunnel: ['stunnel looks for the client alone in CRLs, and for no CA above it'],
};

/** What is known to take the CRLs of CAs that the proof makes: there the fault alone decides, and not that there is no CRL. */
const TAKES_NEW_CRLS = new Set(['nginx', 'apache', 'haproxy', 'node', 'stunnel']);
const isOfIntermediate = ({ credential }: ProofRow) =>
  /^(revoked-issuer|expired-issuer|issuer-without-.*|name-constraint-violation)$/.test(credential);

/** Templates with a fault in them. */
function faulty(what: string | RegExp, instead: string) {
  return (target: string, file: string): string => readTemplate(target, file).replaceAll(what, instead);
}

describe.runIf(peer('nginx') && peer('haproxy') && peer('apache2'))('a fault in a template is seen', () => {
  it.concurrent.each([
    [
      'nginx',
      'whoever has no certificate is let in',
      'ssl_verify_client on;',
      'ssl_verify_client optional;',
      ['none'],
    ],
    [
      'nginx',
      'no CRL is looked at',
      /^ *ssl_crl .*/gm,
      '',
      ['resumed-after-revocation', 'revoked', 'revoked-issuer', 'revoked-latest'],
    ],
    [
      'apache',
      'the upstream believes what clients say',
      /^ *\{\{unforged\}\}$/gm,
      '',
      ['upstream-hears-no-forgery'],
    ],
    [
      'haproxy',
      'the upstream is not told who the client is',
      /^ *http-request set-header X-SSL-Client-Subject.*/gm,
      '',
      ['upstream-hears-client'],
    ],
    [
      'haproxy',
      'requests are taken before the handshake is done, which none but a client gets to see',
      /no-tls-tickets/g,
      'allow-0rtt',
      ['refuses-early-data'],
    ],
  ] as const)('%s: %s', async (name, _fault, what, instead, seen) => {
    const { verdict, proof, checks } = await prove(name, {
      level: 'modern',
      template: faulty(what, instead),
    });

    const failed = [
      ...proof!.flatMap(({ credential, status }) => (status === 'fail' ? [credential] : [])),
      ...checks.flatMap(({ id, status, severity }) =>
        status === 'fail' && isAtLeast(severity, 'medium') ? [id] : [],
      ),
    ];
    expect(verdict).toBe('fail');
    expect([...new Set(failed)].sort()).toEqual(expect.arrayContaining([...seen]));
  });
});

describe('a server that cannot be proven', () => {
  const inProcess = () => readdirSync(process.env['TMPDIR']!);

  it('that is not there: 3, and says what to install', async () => {
    const folder = place('absent');
    const { status, stderr } = sslapi(folder, ['prove', 'go'], { PATH: '/nowhere' });

    expect(await status).toBe(3);
    expect(stderr()).toMatch(
      /^error: there is no go on this machine \(Go .*\) \(ERR_SERVER_ABSENT\)\nhint: Install it/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that is not there, among others that are: 3, before anything is started', async () => {
    const folder = place('one-absent');
    const { status, stderr } = sslapi(folder, ['prove', 'nginx', 'go'], { PATH: '/nowhere' });

    expect(await status).toBe(3);
    expect(stderr()).toMatch(/^error: there is no (go|nginx) on this machine/);
  });

  it.runIf(peer('nginx') && peer('haproxy'))(
    'that does not start, among others that do: told in the report',
    async () => {
      const broken = faulty('ssl_verify_client on;', 'ssl_verify_clients on;');
      const probed = await proveEach(['nginx', 'haproxy', 'nginx'], { level: 'modern', template: broken });

      expect(probed).toMatchObject({
        verdict: 'inconclusive',
        reports: [
          {
            server: { name: 'nginx' },
            verdict: 'inconclusive',
            error: { code: 'ERR_PROGRAM_FAILED', message: expect.stringContaining('unknown directive') },
          },
          { server: { name: 'haproxy' }, verdict: 'pass' },
        ],
      });
      expect(exitCodeOf(probed)).toBe(3);
      expect(reportFaults(reporters.json(probed))).toEqual([]);
      expect(reporters.text(probed)).toContain('unknown directive');
    },
  );

  it.each([
    ['is unknown', 'iis', 2, 'ERR_CONFIG_TARGET_UNKNOWN'],
    ['cannot be started from here', 'spring-boot', 3, 'ERR_SERVER_ABSENT'],
  ])('that %s', async (_what, name, exitCode, code) => {
    await expect(prove(name)).rejects.toMatchObject({ code, exitCode });
  });

  it.runIf(peer('nginx'))('that does not start: 3, with its own words', async () => {
    await expect(
      prove('nginx', { template: faulty('ssl_verify_client on;', 'ssl_verify_clients on;') }),
    ).rejects.toMatchObject({
      code: 'ERR_PROGRAM_FAILED',
      exitCode: 3,
      message: expect.stringMatching(
        /^nginx did not start: it ended with 1\n.*\[emerg\].* unknown directive "ssl_verify_clients"/,
      ),
    });
    expect(inProcess()).toEqual([]);
  });

  it.runIf(peer('nginx'))('that shows another certificate than ours', async () => {
    const foreign = faulty(/ssl_certificate_key .*|ssl_certificate .*/g, '').bind(null);
    const answered = prove('nginx', {
      template: (target, file) =>
        foreign(target, file).replace('listen {{listen}} ssl;', 'listen {{listen}};'),
      startMs: 1_000,
    });

    await expect(answered).rejects.toMatchObject({
      message: expect.stringMatching(/^nginx did not start: no TLS with our certificate within 1 s/),
    });
    expect(processesIn(process.env['TMPDIR']!)).toEqual([]);
  });

  it.runIf(peer('nginx'))('that ends in the middle', async () => {
    const killed = (step: ProveStep): void => {
      if (!/runs/.test(step.text)) return;
      for (const pid of processesIn(process.env['TMPDIR']!)) process.kill(Number(pid), 'SIGKILL');
    };

    await expect(prove('nginx', { onStep: killed })).rejects.toMatchObject({
      code: 'ERR_PROGRAM_FAILED',
      message: expect.stringMatching(/^nginx ended in the middle of the proof: it ended with 137/),
    });
    expect(inProcess()).toEqual([]);
  });

  it('for whose port somebody else came first takes another one', async () => {
    const other = createServer((socket) => socket.on('error', () => undefined).destroy()).listen(
      0,
      '127.0.0.1',
    );
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const ports = [port, await freePort()];
    try {
      const { verdict, target } = await prove('node', {
        level: 'modern',
        choosePort: async () => ports.shift()!,
      });
      expect({ verdict, port: target.port }).toEqual({ verdict: 'pass', port: expect.not.toBeOneOf([port]) });

      const stubborn = prove('node', { choosePort: async () => port });
      await expect(stubborn).rejects.toMatchObject({
        message: expect.stringContaining('EADDRINUSE'),
      });
    } finally {
      other.close();
    }
  });
});

describe.runIf(peer('haproxy'))('a proof that is broken off', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 130],
    ['SIGHUP', 129],
  ] as const)('by %s leaves no process and no folder', async (signal, code) => {
    const folder = place(signal);
    const { child, status, stderr } = sslapi(folder, ['prove', 'haproxy']);
    await until(() => /runs/.test(stderr()));
    expect(processesIn(folder).length).toBeGreaterThan(0);

    child.kill(signal);

    expect(await status).toBe(code);
    await until(() => processesIn(folder).length === 0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves the folder where that was asked for, and says where', async () => {
    const folder = place('kept');
    const { status, stderr } = sslapi(folder, ['prove', 'haproxy', '--keep', '--level', 'modern', '-v']);

    expect(await status).toBe(0);
    const [, kept] = /haproxy: kept (\S+)/.exec(stderr())!;
    expect(readdirSync(kept!)).toEqual(expect.arrayContaining(['haproxy.conf', 'pki']));
    expect(processesIn(folder)).toEqual([]);
  });
});

it('lists what can be proven, and what is here', async () => {
  const listed = sslapi(place('list'), ['prove', '--list', '--json']);

  expect(await listed.status).toBe(0);
  const { targets } = JSON.parse(listed.stdout()) as { targets: readonly { name: string }[] };
  expect(targets.map(({ name }) => name)).toEqual(PROVABLE_TARGETS.map(({ name }) => name));
});

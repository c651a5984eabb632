import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProbeEachOptions, probeEach } from '../../src/probe/probe-each.js';
import type { ProbeReport, ProbeReports } from '../../src/probe/probe-report.js';
import { parseProbeTarget } from '../../src/probe/probe-target.js';
import { peer } from '../peers/peer.js';
import { FaultyServers, greeting } from '../tls/faulty-server.js';
import { type LabCertificates, labCertificates } from '../tls/lab-certificates.js';
import { StarttlsServers } from '../tls/starttls-servers.js';

let lab: LabCertificates;
let starttls: StarttlsServers;
const servers: Server[] = [];
const faulty = new FaultyServers();
/** Connections that are open at this moment, and the most that were, at each port. */
const open = new Map<number, number>();
let most = 0;
let mostPorts = 0;

beforeAll(() => {
  lab = labCertificates();
  lab.issue('server');
  starttls = new StarttlsServers(lab);
});

afterAll(async () => {
  for (const server of servers) server.close();
  faulty.close();
  await starttls.close();
  lab.close();
});

/** A server that is watched for how many look at it. */
async function serve(host: string): Promise<number> {
  const server = createServer({ key: lab.pem('server.key'), cert: lab.pem('server.crt') });
  servers.push(server);
  server.on('tlsClientError', () => {});
  server.on('secureConnection', (socket) => socket.on('error', () => {}).on('data', () => socket.end()));
  server.listen(0, host);
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  server.on('connection', (socket) => {
    const change = (by: number): void => {
      open.set(port, (open.get(port) ?? 0) + by);
      most = Math.max(
        most,
        [...open.values()].reduce((sum, count) => sum + count),
      );
      mostPorts = Math.max(mostPorts, [...open.values()].filter((count) => count > 0).length);
    };
    change(1);
    socket.on('close', () => change(-1));
  });
  return port;
}

async function each(targets: readonly string[], options: ProbeEachOptions = {}): Promise<ProbeReports> {
  const probed = await probeEach(
    targets.map((text) => parseProbeTarget(text)),
    { asList: true, timeoutMs: 3_000, ...options },
  );
  if (!('reports' in probed)) throw new Error('no list');
  return probed;
}

function portsOf({ reports }: ProbeReports): number[] {
  return reports.map(({ target }) => target.port);
}

describe('many targets in one run', () => {
  it('give their reports in the order of the targets, within one bound for all and two ports of a host at a time', async () => {
    const ports = await Promise.all(['127.0.0.1', '127.0.0.1', '127.0.0.1', '127.0.0.1'].map(serve));
    const progress: string[] = [];
    const onProgress = (done: number, total: number): number => progress.push(`${done} of ${total}`);

    const probed = await each(
      ports.map((port) => `127.0.0.1:${port}`),
      { concurrency: 12, onProgress },
    );

    expect(portsOf(probed)).toEqual(ports);
    expect(probed.reports.map(({ protocols }) => protocols['TLSv1.3'])).toEqual([true, true, true, true]);
    expect(progress).toEqual(['1 of 4', '2 of 4', '3 of 4', '4 of 4']);
    expect(most).toBeGreaterThan(4);
    expect(most).toBeLessThanOrEqual(12 + LAG);
    expect(mostPorts).toBeLessThanOrEqual(2 + 1);
  });

  it('each have their own end: what is not there, not TLS or silent is told beside the others', async () => {
    const good = await serve('127.0.0.1');
    const mail = await faulty.listen(greeting('220 mx ESMTP\r\n'));
    const silent = await faulty.listen((socket) => socket.resume());

    const { reports, verdict } = await each(
      ['127.0.0.1:1', `127.0.0.1:${mail}`, `127.0.0.1:${silent}`, `127.0.0.1:${good}`, 'nowhere.invalid'],
      { timeoutMs: 700 },
    );

    expect(reports.map(({ error }) => error?.code)).toEqual([
      'ERR_UNREACHABLE',
      'ERR_NOT_TLS',
      'ERR_UNREACHABLE',
      undefined,
      'ERR_UNREACHABLE',
    ]);
    expect(reports[1]?.error?.hint).toContain('--starttls smtp');
    expect(verdict).toBe('fail'); // nobody trusts the lab's CA
  });

  it('a single one gives its report alone, or in a list where that is asked for', async () => {
    const target = parseProbeTarget('127.0.0.1:1');

    expect(await probeEach([target])).toHaveProperty('target');
    expect(await probeEach([target], { asList: true })).toHaveProperty('reports.length', 1);
  });
});

describe('addresses', () => {
  it('::1 is looked at as it is written', async () => {
    const port = await serve('::1');

    const probed = (await probeEach([parseProbeTarget(`[::1]:${port}`)], {
      timeoutMs: 3_000,
    })) as ProbeReport;

    expect(probed).toMatchObject({
      target: { host: '::1', port, address: '::1', servername: null },
      protocols: { 'TLSv1.3': true },
    });
  });

  it('all of a name are looked at one by one, those that do not answer too', async () => {
    const port = await serve('127.0.0.1');
    const asked: string[] = [];
    const resolve = async (host: string): Promise<readonly string[]> => {
      asked.push(host);
      return ['127.0.0.2', '127.0.0.1'];
    };

    const { reports } = await each([`api.test:${port}`, 'api.test:1'], {
      allAddresses: true,
      resolve,
    });

    expect(asked).toEqual(['api.test']); // once for all its ports
    expect(reports.map(({ target, error }) => [target.servername, target.address, error?.message])).toEqual([
      ['api.test', '127.0.0.2', `cannot reach api.test:${port} at 127.0.0.2: nothing listens there`],
      ['api.test', '127.0.0.1', undefined],
      ['api.test', '127.0.0.2', 'cannot reach api.test:1 at 127.0.0.2: nothing listens there'],
      ['api.test', '127.0.0.1', 'cannot reach api.test:1 at 127.0.0.1: nothing listens there'],
    ]);
  });

  it('a name that cannot be resolved is told so, by itself', async () => {
    const { reports } = await each(['nowhere.invalid:1'], { allAddresses: true });

    expect(reports).toMatchObject([{ target: { address: null }, error: { code: 'ERR_UNREACHABLE' } }]);
  });
});

describe('STARTTLS and proxies', () => {
  it.each(['imap', 'postgres'] as const)('%s: the report has what is offered behind it', async (protocol) => {
    if (!peer(protocol === 'imap' ? 'dovecot' : 'pg_ctlcluster')) return;
    const port = await starttls[protocol]();

    const target = { ...parseProbeTarget(`127.0.0.1:${port}`), starttls: protocol, servername: 'localhost' };
    const report = (await probeEach([target], { timeoutMs: 4_000 })) as ProbeReport;

    expect(report.error).toBeUndefined();
    expect(report.target).toEqual({
      host: '127.0.0.1',
      port,
      servername: 'localhost',
      address: '127.0.0.1',
      starttls: protocol,
    });
    expect(report.protocols).toMatchObject({ SSLv3: false, 'TLSv1.2': true, 'TLSv1.3': true });
    expect(report.certificates[0]).toMatchObject({ subjectAltName: ['DNS:localhost'] });
  });

  it.each([
    ['ERR_STARTTLS', '554 go away', 'smtp', null],
    ['ERR_PROXY', 'HTTP/1.1 403 Forbidden', undefined, 'proxy'],
  ] as const)('%s: who says no is named, with what was said', async (code, said, protocol, through) => {
    const port = await faulty.listen(greeting(`${said}\r\n\r\n`));
    const proxy = { host: '127.0.0.1', port, credentials: { user: 'lab', password: 'hush' } };
    const target = {
      ...parseProbeTarget(`127.0.0.1:${port}`),
      ...(protocol && { starttls: protocol }),
      ...(through && { proxy }),
    };

    const report = (await probeEach([target], { timeoutMs: 1_000 })) as ProbeReport;

    expect(report).toMatchObject({ verdict: 'inconclusive', error: { code } });
    expect(report.error?.message).toContain(said);
    expect(JSON.stringify(report)).not.toContain('hush');
  });
});

/** A server hears of a close later than we do. */
const LAG = 6;

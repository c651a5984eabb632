import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../../src/probe/probe.js';
import type { ProbeReport } from '../../src/probe/probe-report.js';
import { keyUsage } from '../../src/x509/extensions/key-usage.js';
import { subjectAltName } from '../../src/x509/extensions/subject-alt-name.js';
import { tlsFeature } from '../../src/x509/extensions/tls-feature.js';
import { type RunningServer, startServer } from '../config/running-server.js';
import { freePort } from '../free-port.js';
import { type Made, makeCa } from '../path/certificate-maker.js';
import { peer } from '../peers/peer.js';
import { LabChain, life, pemOf } from './lab-chain.js';

interface Site {
  readonly leaf: Made;
  readonly chain?: readonly Made[];
  readonly staple?: Uint8Array;
  readonly lines?: string;
}

describe.skipIf(!peer('nginx') || !peer('openssl'))('nginx', () => {
  let nginx: RunningServer;
  let lab: LabChain;
  const ports = new Map<string, number>();

  beforeAll(async () => {
    lab = new LabChain();
    const sites = sitesOf(lab);
    const servers: string[] = [];
    for (const [name, site] of Object.entries(sites)) {
      const port = await freePort();
      ports.set(name, port);
      servers.push(serverBlock(lab, name, port, site));
    }
    const configuration = `pid ${lab.at('nginx.pid')};\nerror_log stderr info;\nevents {}\nhttp {\n  access_log off;\n${servers.join('\n')}\n}`;
    nginx = await startServer(NGINX, configuration, lab.at('nginx.conf'), ports.get('right')!);
  });
  afterAll(async () => {
    await nginx?.stop();
    lab?.remove();
  });

  const probed = (name: SiteName, now = new Date()): Promise<ProbeReport> =>
    probe(`localhost:${ports.get(name)}`, {
      now: () => now,
      trust: [
        {
          name: 'the lab',
          certificates: () => [lab.root.der],
          intermediates: () => [lab.issuing.der],
        },
      ],
    });
  const failing = async (name: SiteName, now?: Date): Promise<string[]> => {
    const { checks, error } = await probed(name, now);
    expect(error).toBeUndefined();
    const mine = checks.filter(({ id }) => /certificate|staple|hsts|cookie|hides|redirect|client/.test(id));
    return mine.filter(({ status }) => status === 'fail').map(({ id }) => id);
  };

  it('that is right has no fault', async () => {
    const report = await probed('right');

    expect(await failing('right')).toEqual([]);
    expect(report.checks.find(({ id }) => id === 'staples-valid-ocsp-response')).toMatchObject({
      status: 'pass',
      evidence: 'it says: good',
    });
    expect(report.checks.find(({ id }) => id === 'certificate-not-revoked')).toMatchObject({
      status: 'pass',
      evidence: 'the staple on CN=a leaf: not revoked',
    });
  });

  it.each<[string, SiteName, string[]]>([
    ['lacks its issuing CA', 'incomplete', ['certificate-trusted', 'certificate-chain-complete']],
    [
      'has its chain in disorder',
      'disordered',
      ['certificate-chain-ordered', 'certificate-chain-without-root'],
    ],
    ['sends its root', 'rooted', ['certificate-chain-without-root']],
    ['sends a stranger', 'strange', ['certificate-chain-without-strangers']],
    ['has let it expire', 'expired', ['certificate-trusted', 'certificate-not-expired']],
    ['came too early', 'early', ['certificate-trusted', 'certificate-already-valid']],
    ['made its own', 'selfSigned', ['certificate-trusted', 'certificate-not-self-signed']],
    ['staples that it is revoked', 'revoked', ['certificate-not-revoked']],
    ['does not staple as promised', 'broken', ['certificate-must-staple-kept']],
    ['tells much and protects little', 'chatty', ['sends-hsts', 'cookies-secure', 'hides-server-version']],
  ])('that %s', async (_what, name, faults) => {
    expect((await failing(name)).sort()).toEqual([...faults].sort());
  });

  it('that staples the response of the day before yesterday has a fault', async () => {
    const later = new Date(Date.now() + 2 * 86_400_000);

    expect(await failing('right', later)).toEqual(['staples-valid-ocsp-response']);
  });

  it('is told which certificate is missing, and what to do', async () => {
    const { checks } = await probed('incomplete');

    expect(checks.find(({ id }) => id === 'certificate-chain-complete')?.evidence).toBe(
      'CN=Lab Issuing is missing, and with it the chain is trusted: deploy fullchain.pem',
    );
  });
});

type SiteName = keyof ReturnType<typeof sitesOf>;

function sitesOf(lab: LabChain) {
  const right = lab.server();
  const revoked = lab.server({}, 'revoked');
  const stranger = makeCa('CN=Stranger', life(-10, 300));
  const own = [
    subjectAltName([{ type: 'dNSName', value: 'localhost' }]),
    keyUsage(['digitalSignature', 'keyCertSign']),
  ];
  const { root, issuing } = lab;
  return {
    right: { leaf: right, staple: lab.staple(right, '-ndays', '1') },
    incomplete: { leaf: lab.server(), chain: [] },
    disordered: { leaf: lab.server(), chain: [root, issuing] },
    rooted: { leaf: lab.server(), chain: [issuing, root] },
    strange: { leaf: lab.server(), chain: [issuing, stranger] },
    expired: { leaf: lab.server(life(-90, -1)) },
    early: { leaf: lab.server(life(1, 90)) },
    selfSigned: { leaf: makeCa('CN=localhost', { ...life(-1, 89), more: own }), chain: [] },
    revoked: { leaf: revoked, staple: lab.staple(revoked, '-ndays', '1') },
    broken: { leaf: lab.server({ more: [tlsFeature([5])] }) },
    chatty: {
      leaf: lab.server(),
      lines: 'server_tokens on; add_header Set-Cookie "id=1"; return 200 "hello";',
    },
  } satisfies Record<string, Site>;
}

const HSTS =
  'server_tokens off; add_header Strict-Transport-Security "max-age=63072000" always; return 200 "hello";';

function serverBlock(lab: LabChain, name: string, port: number, site: Site): string {
  const { leaf, chain = [lab.issuing], staple, lines = HSTS } = site;
  const pem = [leaf, ...chain].map((one) => one.pem).join('');
  const stapling = staple ? `ssl_stapling on; ssl_stapling_file ${lab.write(`${name}.staple`, staple)};` : '';
  return `  server {
    listen 127.0.0.1:${port} ssl;
    server_name localhost;
    ssl_certificate ${lab.write(`${name}.pem`, pem)};
    ssl_certificate_key ${lab.write(`${name}.key`, pemOf(leaf))};
    ${stapling}
    location / { ${lines} }
  }`;
}

const NGINX = {
  target: 'nginx',
  program: 'nginx',
  args: (file: string) => ['-e', 'stderr', '-c', file, '-g', 'daemon off;'],
  reload: () => undefined,
} as const;

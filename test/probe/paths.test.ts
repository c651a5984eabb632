import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presentedCredential } from '../../src/credentials/presented-credential.js';
import { Connections } from '../../src/probe/connections.js';
import { gatherHttp, plainPortOf, strangerAnswers } from '../../src/probe/gather-http.js';
import { getRequest } from '../../src/probe/http-request.js';
import { probe } from '../../src/probe/probe.js';
import { type RunningServer, startServer } from '../config/running-server.js';
import { freePort } from '../free-port.js';
import { type Made, makeLeaf } from '../path/certificate-maker.js';
import { peer } from '../peers/peer.js';
import { LabChain, life, pemOf } from './lab-chain.js';

describe('port 80', () => {
  it('is asked for what 443 serves, and for nothing else', () => {
    expect([443, 8443, 80].map(plainPortOf)).toEqual([80, null, null]);
  });
});

describe.skipIf(!peer('nginx'))('nginx with client certificates, and a port in clear', () => {
  let lab: LabChain;
  let alice: Made;
  let nginx: RunningServer;
  let plain: Server;
  let asked: string[];

  beforeAll(async () => {
    lab = new LabChain();
    alice = makeLeaf(lab.issuing, 'DNS:alice.test', life(-1, 30));
    const leaf = lab.server();
    plain = createServer((request, response) => {
      asked.push(`${request.headers.host} ${request.url}`);
      if (request.url === '/') response.writeHead(301, { location: 'https://localhost/' });
      response.end('in clear');
    });
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const port = await freePort();
    nginx = await startServer(
      NGINX,
      `pid ${lab.at('nginx.pid')};
error_log stderr info;
events {}
http {
  access_log off;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${lab.write('server.pem', leaf.pem + lab.issuing.pem)};
    ssl_certificate_key ${lab.write('server.key', pemOf(leaf))};
    ssl_client_certificate ${lab.write('ca-chain.crt', lab.issuing.pem + lab.root.pem)};
    ssl_verify_client optional;
    ssl_verify_depth 3;
    ssl_protocols TLSv1.2 TLSv1.3;
    location / { add_header Strict-Transport-Security "max-age=63072000"; return 200 "hello"; }
    location /me { if ($ssl_client_verify != SUCCESS) { return 403; } return 200 "you"; }
  }
}`,
      lab.at('nginx.conf'),
      port,
    );
  });
  afterAll(async () => {
    await nginx?.stop();
    plain?.close();
    lab?.remove();
  });

  const gathered = async (client: boolean) => {
    asked = [];
    const target = { host: 'localhost', port: nginx.port, address: '127.0.0.1' };
    const connections = new Connections(target, 8, 5000);
    const request = (path: string) => [path, getRequest(target, 'localhost', path)] as const;
    const question = {
      servername: 'localhost',
      host: 'localhost',
      requests: new Map([request('/'), request('/me')]),
      client: client
        ? await presentedCredential(Buffer.from(alice.pem + lab.issuing.pem), Buffer.from(pemOf(alice)))
        : null,
      plainPort: (plain.address() as { port: number }).port,
    };
    const strangers = strangerAnswers(connections, question, ['TLSv1.2', 'TLSv1.3']);
    return gatherHttp(connections, question, ['TLSv1.2', 'TLSv1.3'], strangers);
  };

  it('is asked for every path, as a stranger where nobody is known', async () => {
    const { answers, plain: inClear } = await gathered(false);

    expect(answers.map(({ path, answer }) => `${path} ${answer.status}`)).toEqual(['/ 200', '/me 403']);
    expect(inClear.kind === 'asked' && inClear.pages.map(({ outcome }) => outcome)).toMatchObject([
      { status: 301, headers: { location: 'https://localhost/' } },
      { status: 200 },
    ]);
    expect(asked.sort().map((line) => line.replace(/:\d+/, ''))).toEqual(['localhost /', 'localhost /me']);
  });

  it('gives the answers of a known client where there is one', async () => {
    const { answers } = await gathered(true);

    expect(answers.map(({ path, answer }) => `${path} ${answer.status}`)).toEqual(['/ 200', '/me 200']);
  });

  it('is told path by path', async () => {
    const { checks } = await probe(`localhost:${nginx.port}`, {
      trust: [{ name: 'the lab', certificates: () => [lab.root.der] }],
      paths: ['/', '/me'],
    });

    expect(checks.find(({ id }) => id === 'requires-client-certificate')).toMatchObject({
      status: 'fail',
      evidence: 'a request without a certificate was served: / by TLSv1.2, / by TLSv1.3',
    });
    expect(checks.find(({ id }) => id === 'asks-in-first-handshake')?.status).toBe('pass');
    expect(checks.find(({ id }) => id === 'sends-hsts')).toMatchObject({
      status: 'inconclusive',
      evidence: '/me: HTTP 403 has none, and others may have it',
    });
  });
});

describe.skipIf(!peer('apache2'))('Apache that asks for a certificate for one path alone', () => {
  let lab: LabChain;
  let apache: RunningServer;

  beforeAll(async () => {
    lab = new LabChain();
    const leaf = lab.server();
    const port = await freePort();
    mkdirSync(lab.at('www/me'), { recursive: true });
    lab.write('www/index.html', 'hello');
    lab.write('www/me/index.html', 'you');
    chmodSync(lab.folder, 0o755);
    apache = await startServer(
      APACHE,
      `${MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
Listen 127.0.0.1:${port}
User www-data
Group www-data
ServerName localhost
ErrorLog ${lab.at('error.log')}
DefaultRuntimeDir ${lab.folder}
PidFile ${lab.at('apache.pid')}
DocumentRoot ${lab.at('www')}
SSLEngine on
SSLCertificateFile ${lab.write('server.pem', leaf.pem + lab.issuing.pem)}
SSLCertificateKeyFile ${lab.write('server.key', pemOf(leaf))}
SSLCACertificateFile ${lab.write('ca-chain.crt', lab.issuing.pem + lab.root.pem)}
<Location /me>
  SSLVerifyClient require
  SSLVerifyDepth 3
</Location>`,
      lab.at('apache.conf'),
      port,
    );
  });
  afterAll(async () => {
    await apache?.stop();
    lab?.remove();
  });

  it('is told so, in both versions', async () => {
    const { checks, clientAuth } = await probe(`localhost:${apache.port}`, {
      trust: [{ name: 'the lab', certificates: () => [lab.root.der] }],
      paths: ['/', '/me/'],
    });

    expect(checks.find(({ id }) => id === 'asks-in-first-handshake')).toMatchObject({
      status: 'fail',
      evidence: 'asked later, for /me/ by TLSv1.2, /me/ by TLSv1.3',
    });
    expect(checks.find(({ id }) => id === 'asks-clients-in-every-version')?.status).toBe('not-applicable');
    expect(checks.find(({ id }) => id === 'requires-client-certificate')).toMatchObject({
      status: 'fail',
      evidence: 'a request without a certificate was served: / by TLSv1.2, / by TLSv1.3',
    });
    expect(clientAuth).toMatchObject({ requested: true, required: false });
  });
});

const NGINX = {
  target: 'nginx',
  program: 'nginx',
  args: (file: string) => ['-e', 'stderr', '-c', file, '-g', 'daemon off;'],
  reload: () => undefined,
} as const;
const APACHE = {
  target: 'apache',
  program: 'apache2',
  args: (file: string) => ['-D', 'FOREGROUND', '-f', file],
  reload: () => undefined,
} as const;
const MODULES = ['mpm_event', 'authn_core', 'authz_core', 'dir', 'socache_shmcb', 'ssl'];

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Observations } from '../../../src/probe/observations.js';
import { probe } from '../../../src/probe/probe.js';
import { makeProbePki, type ProbePki } from '../probe-pki.js';
import { finding } from './observed-chains.js';

let pki: ProbePki;
const servers: Server[] = [];
beforeAll(async () => {
  pki = await makeProbePki();
});
afterAll(async () => {
  for (const server of servers) server.close();
  await pki.close();
});

describe('a mail server that says STARTTLS', () => {
  it.each([
    ['and then nothing in clear passes', '220 go\r\n', 'pass'],
    ['and goes on in clear fails', '220 go\r\n250 injected\r\n', 'fail'],
  ])('%s', async (_claim, word, status) => {
    const report = await probe(
      { host: 'localhost', port: await mailServer(word), starttls: 'smtp' },
      { timeoutMs: 2_000 },
    );

    expect(report.protocols['TLSv1.3']).toBe(true);
    expect(report.checks.find(({ id }) => id === 'starttls-begins-clean')?.status).toBe(status);
  });

  it('is not asked for where TLS begins at once', () => {
    expect(finding('starttls-begins-clean', {} as Observations).status).toBe('not-applicable');
  });
});

/** SMTP as far as TLS, which Node then speaks. */
function mailServer(word: string): Promise<number> {
  const { fullchain, privkey } = pki.served.files;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 lab\r\n');
    socket.once('data', () => {
      socket.write('250-lab\r\n250 STARTTLS\r\n');
      socket.once('data', () => {
        socket.write(word);
        const [cert, key] = [readFileSync(fullchain), readFileSync(privkey)];
        new TLSSocket(socket, { isServer: true, cert, key }).on('error', () => {});
      });
    });
  });
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}

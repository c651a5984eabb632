import { existsSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { peer } from '../peers/peer.js';
import { openLab } from './lab.js';
import { type Fixture, fixtureFile, readFixture } from './rival-view.js';
import { ASK } from './rivals.js';
import { startAll } from './start-all.js';

const SERVERS = peer('openssl') ? (await import('./servers.js')).SERVERS : [];
/** `npm run lab:record`: what other scanners say of the lab, testssl.sh among them, kept for agreement.test.ts.
 *  `SSLAPI_RECORD_LAB=NAME,NAME` asks them about some servers only. */
const wanted = process.env['SSLAPI_RECORD_LAB']?.split(',') ?? [];
const recorded = SERVERS.filter(({ name }) => wanted.includes('all') || wanted.includes(name));

it.skipIf(recorded.length === 0)(
  'what other scanners say of the lab is recorded',
  async () => {
    const lab = openLab();
    try {
      const ports = await startAll(lab, recorded);
      for (const server of recorded) {
        const port = ports.get(server.name)!;
        const fixture: Fixture = {
          server: server.name,
          recordedAt: new Date().toISOString().slice(0, 10),
          sslscan: await ASK.sslscan(port, server),
          nmap: await ASK.nmap(port, server),
          ...(server.testssl ? { testssl: await ASK.testssl(port, server) } : {}),
        };
        writeFileSync(fixtureFile(server.name), `${JSON.stringify(fixture, null, 2)}\n`);
        console.log(`recorded ${server.name}`);
      }
    } finally {
      await lab.close();
    }
  },
  3_600_000,
);

it('there is a record of every server, and of no other', () => {
  for (const { name } of SERVERS) {
    expect.soft(existsSync(fixtureFile(name)), `${name}: npm run lab:record`).toBe(true);
    if (existsSync(fixtureFile(name))) expect.soft(readFixture(name).server).toBe(name);
  }
});

import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ccsInjection } from '../../src/tls/ccs-injection.js';
import type { Target } from '../../src/tls/connect.js';
import type { FaultTrial } from '../../src/tls/fault-trial.js';
import { fullOffer } from '../../src/tls/full-offer.js';
import { heartbleed } from '../../src/tls/heartbleed.js';
import { record } from '../../src/tls/record.js';
import { tryRenegotiation } from '../../src/tls/renegotiation.js';
import { takeSession } from '../../src/tls/resumption.js';
import { robot, rsaSuites } from '../../src/tls/robot.js';
import { ticketbleed } from '../../src/tls/ticketbleed.js';
import { clearFlight, MEMORY, RSA_SUITE } from './faulty-implementations.js';
import { FaultyServers } from './faulty-server.js';
import { type LabCertificates, labCertificates } from './lab-certificates.js';
import { seeded } from './seeded.js';

const servers = new FaultyServers();
let lab: LabCertificates;
beforeAll(() => {
  lab = labCertificates();
  lab.issue('server-rsa', { keyType: 'rsa' });
});
afterAll(() => {
  servers.close();
  lab.close();
});

/** SSLAPI_FUZZ_SEED runs another series, SSLAPI_FUZZ_SECONDS a longer one: a round for each five. */
const SEED = Number(process.env['SSLAPI_FUZZ_SEED'] ?? 6520);
const ROUNDS = Math.max(1, Math.round(Number(process.env['SSLAPI_FUZZ_SECONDS'] ?? 5) / 5));

/** Answers the hello with one thing and all that follows with the other, one of them or both spoiled every few times, then
 *  closes; and closes soon where nothing follows. */
function spoiled(seed: number, flight: Uint8Array, after: Uint8Array): Promise<number> {
  const random = seeded(seed);
  const perhaps = (right: Uint8Array): Uint8Array => (random.below(3) === 0 ? random.mutated(right) : right);
  return servers.listen((socket) =>
    socket.once('data', () => {
      socket.write(perhaps(flight));
      const timer = setTimeout(() => socket.end(), 60);
      socket.once('data', () => socket.end(perhaps(after))).once('close', () => clearTimeout(timer));
    }),
  );
}

const offer = fullOffer(null, ['TLSv1.2']);
const rsaOffer = { ...offer, cipherSuites: rsaSuites('TLSv1.2') };
const heartbeat = record(24, 0x0303, Buffer.concat([Uint8Array.of(2, 0, 64), MEMORY.subarray(0, 80)]));
const alert = record(21, 0x0303, Uint8Array.of(2, 20));
const limits = { timeoutMs: 1_000 };

const TRIALS: readonly (readonly [
  string,
  () => Uint8Array,
  Uint8Array,
  (target: Target) => Promise<FaultTrial>,
])[] = [
  [
    'Heartbleed',
    () => clearFlight({ heartbeat: true }),
    heartbeat,
    (target) => heartbleed(target, offer, limits),
  ],
  ['CCS injection', () => clearFlight({}), alert, (target) => ccsInjection(target, offer, limits)],
  [
    'Ticketbleed',
    () => clearFlight({}),
    alert,
    (target) => ticketbleed(target, offer, MEMORY.subarray(0, 160), limits),
  ],
  [
    'ROBOT',
    () => clearFlight({ suite: RSA_SUITE, certificate: lab.der('server-rsa') }),
    alert,
    (target) => robot((work) => work(target, limits.timeoutMs), rsaOffer),
  ],
];

it.each(TRIALS)(
  '%s: a server that answers anything at all is told as a value',
  async (_name, flight, after, tryIt) => {
    const port = await spoiled(SEED, flight(), after);
    const seen = new Set<string>();

    for (let done = 0; done < 120 * ROUNDS; done += 10) {
      const batch = Array.from({ length: 10 }, () => tryIt({ host: '127.0.0.1', port }));
      for (const trial of await Promise.all(batch))
        seen.add(trial.kind === 'untold' ? trial.ended.kind : trial.kind);
    }

    expect([...seen]).toEqual(expect.arrayContaining(['malformed', 'not-seen']));
  },
);

it('ROBOT: whatever key a certificate holds is told as a value', async () => {
  const random = seeded(SEED + 2);
  const certificate = lab.der('server-rsa');
  const modulus = certificate.indexOf(
    createPublicKey(lab.pem('server-rsa.key')).export({ format: 'jwk' }).n!,
    0,
    'base64url',
  );
  const spoiltKey = (): Uint8Array => {
    const copy = Buffer.from(certificate);
    if (random.below(4) === 0) copy[modulus + 255] = 2 * random.below(128); // no RSA modulus is even
    for (let count = 1 + random.below(3); count > 0; count -= 1)
      copy[modulus - 20 + random.below(300)] = random.below(256);
    return copy;
  };
  const port = await servers.listen((socket) =>
    socket.once('data', () => {
      socket.write(clearFlight({ suite: RSA_SUITE, certificate: spoiltKey() }));
      socket.once('data', () => socket.end(alert));
    }),
  );
  const seen = new Set<string>();

  for (let done = 0; done < 200 * ROUNDS; done += 10) {
    const target = { host: '127.0.0.1', port };
    const batch = Array.from({ length: 10 }, () => robot((work) => work(target, 1_000), rsaOffer));
    for (const trial of await Promise.all(batch))
      seen.add(trial.kind === 'untold' ? trial.ended.kind : trial.kind);
  }

  expect([...seen].sort()).toEqual(['malformed', 'not-seen']);
});

it('sessions and renegotiation: a server that answers anything at all is told as a value', async () => {
  const port = await spoiled(SEED + 1, clearFlight({}), alert);
  const target = { host: '127.0.0.1', port };
  const asked = { target, servername: null, version: 'TLSv1.2', tickets: true, timeoutMs: 1_000 } as const;
  const seen = new Set<string>();

  for (let done = 0; done < 60 * ROUNDS; done += 10) {
    const batch = Array.from({ length: 5 }, () => [
      takeSession(asked, new Uint8Array()),
      takeSession({ ...asked, version: 'TLSv1.3', session: MEMORY.subarray(0, 100) }, MEMORY),
      tryRenegotiation(asked),
    ]);
    for (const outcome of await Promise.all(batch.flat())) seen.add(outcome.kind);
  }

  expect([...seen]).toEqual(['failed']);
});

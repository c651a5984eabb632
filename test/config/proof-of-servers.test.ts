import { afterAll, beforeAll } from 'vitest';
import { type Candidate, putToProof } from './program-proof.js';
import { CRL_SERVERS, type RealServer, start } from './real-servers.js';
import { type PlainUpstream, STUNNEL, startPlainUpstream } from './stunnel.js';

let upstream: PlainUpstream;
beforeAll(async () => {
  upstream = await startPlainUpstream();
});
afterAll(() => upstream.close());

const candidate = (real: RealServer, upstreamUrl: () => string | undefined): Candidate => ({
  name: real.target,
  needs: [real.program],
  looksAgain: false,
  start: async (served, wishes) => {
    const { port, reload, stop } = await start(real, served, { ...wishes, upstream: upstreamUrl() });
    return { port, stop, deploy: async () => reload() };
  },
});

/** What the OpenSSL of Debian does not have. */
putToProof(
  [...CRL_SERVERS.map((real) => candidate(real, () => undefined)), candidate(STUNNEL, () => upstream.url)],
  ['offers-post-quantum-key-exchange'],
);

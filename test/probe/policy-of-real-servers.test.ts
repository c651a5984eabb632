import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { policyOf } from '../../src/policy/policies.js';
import { probe } from '../../src/probe/probe.js';
import { makeOpensslPki, type OpensslPki } from '../config/openssl-pki.js';
import { REAL_SERVERS, start } from '../config/real-servers.js';
import type { RunningServer } from '../config/running-server.js';
import { peer } from '../peers/peer.js';

describe.each(REAL_SERVERS)('$target, configured by us and held against a policy', (real) => {
  let pki: OpensslPki;
  let server: RunningServer | undefined;
  beforeAll(() => {
    pki = makeOpensslPki('pki');
  });
  afterEach(async () => server?.stop());
  afterAll(() => pki.remove());
  const outsideOf = async (policy: Parameters<typeof policyOf>[0]) => {
    const { checks, error } = await probe(`localhost:${server!.port}`, { policy: policyOf(policy) });
    expect(error).toBeUndefined();
    return checks.filter(
      ({ id, status }) =>
        id.startsWith('policy-') &&
        status !== 'pass' &&
        status !== 'not-applicable' &&
        !real.ownFindings?.includes(id),
    );
  };

  // That each level is within the policy of its name, their proofs see (test/config, test/loop/prove.test.ts).
  describe.runIf(peer(real.program) && peer('openssl'))('at one level', () => {
    it('intermediate is outside of what is modern or approved by NIST', async () => {
      server = await start(real, pki, { level: 'intermediate', clientAuth: 'off' });

      expect((await outsideOf('modern')).map(({ id }) => id)).toContain('policy-protocols');
      expect((await outsideOf('nist')).map(({ id }) => id)).toEqual([
        'policy-cipher-suites',
        'policy-groups',
      ]);
    });
  });
});

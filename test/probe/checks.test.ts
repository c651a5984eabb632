import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/probe/checks/index.js';
import type { Observations } from '../../src/probe/observations.js';
import { commonNameOnly } from '../../src/x509/name.js';
import { makeCa, makeLeaf, NOW } from '../path/certificate-maker.js';
import { observedWith, shown } from './checks/observed-chains.js';
import { signedHandshake } from './checks/signed-handshake.js';
import { sampleScan, untoldScan } from './sample-scan.js';

const NOTHING: Omit<Partial<Observations>, 'chains' | 'trust'> = {
  handshakes: new Map(),
  scan: untoldScan(),
  chain: [],
  certificates: [],
  http: { answers: [], plain: { kind: 'not-asked', why: 'not 443' } },
  strangers: [],
  clientRequests: [],
  clientAuth: { requested: null, required: null, enforcedBy: null, acceptableCAs: [] },
  acceptableCAs: [],
  ownCAs: [],
  policy: null,
};

describe('the checks', () => {
  it('are listed once each, under the names of their files', () => {
    const onDisk = readdirSync('src/probe/checks').map((file) => file.replace('.ts', ''));

    expect(CHECKS.map(({ id }) => id).sort()).toEqual(onDisk.filter((name) => name !== 'index').sort());
  });

  it('find no fault where everything is right', async () => {
    const root = makeCa('CN=Lab Root');
    const day = 86_400_000;
    const leaf = makeLeaf(root, 'DNS:api.test', { notAfter: new Date(NOW.getTime() + 90 * day) });
    const ours = [commonNameOnly('Lab Root')];
    const field = { 'strict-transport-security': 'max-age=63072000' };
    const answer = { status: 200, headers: field, body: new Uint8Array(), title: null, whole: true };

    const right = await observedWith([shown([leaf])], {
      ...NOTHING,
      trust: [root],
      handshakes: new Map([['TLSv1.3', signedHandshake('TLSv1.3', leaf, leaf.key)]]),
      scan: sampleScan(),
      http: { answers: [{ path: '/', answer }], plain: { kind: 'not-asked', why: 'not 443' } },
      clientAuth: { requested: true, required: true, enforcedBy: 'tls', acceptableCAs: ['CN=Lab Root'] },
      clientRequests: [{ version: 'TLSv1.3', asked: true, request: REQUEST }],
      acceptableCAs: ours,
      ownCAs: ours,
    });

    const faults = CHECKS.map((check) => ({ id: check.id, ...check.run(right) }));
    expect(faults.filter(({ status }) => status === 'fail' || status === 'inconclusive')).toEqual([]);
  });

  it('say what they rest on and what to do', () => {
    for (const check of CHECKS) {
      expect(check.citation, check.id).toMatch(/^(RFC \d+ §|CWE-\d+|CVE-\d+|FIPS )/);
      expect(check.remediation.length, check.id).toBeGreaterThan(20);
      expect(check.title, check.id).toMatch(/^[A-Z].*[^.]$/);
    }
  });

  it('none passes where nothing was seen, and what a policy or HTTP alone has is not asked', async () => {
    const nothing = await observedWith([], NOTHING);

    const found = CHECKS.map((check) => ({ id: check.id, status: check.run(nothing).status }));
    const silent = found.filter(({ status }) => status === 'not-applicable').map(({ id }) => id);
    expect(found.filter(({ status }) => status === 'pass' || status === 'fail')).toEqual([]);
    const apart = (id: string) => id.startsWith('policy-') || ONLY_OF_HTTP.includes(id);
    expect(silent.filter((id) => !apart(id))).toEqual(['starttls-begins-clean']);
  });
});

const REQUEST = {
  certificateTypes: [],
  signatureSchemes: [0x0403],
  signatureSchemesCert: null,
  certificateAuthorities: [commonNameOnly('Lab Root').der],
  context: new Uint8Array(),
};
const ONLY_OF_HTTP = ['sends-hsts', 'hides-server-version', 'cookies-secure', 'redirects-plain-http'];

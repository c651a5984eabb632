import { describe, expect, it } from 'vitest';
import type { PlainOutcome } from '../../../src/tls/plain-http.js';
import { encodeRevokedCertificate } from '../../../src/x509/certificate-list.js';
import { authorityInfoAccess } from '../../../src/x509/extensions/authority-info-access.js';
import { crlDistributionPoints } from '../../../src/x509/extensions/crl-distribution-points.js';
import { tlsFeature } from '../../../src/x509/extensions/tls-feature.js';
import { OID } from '../../../src/x509/oid.js';
import { encodePem } from '../../../src/x509/pem.js';
import { type Made, makeCa, makeCrl, makeLeaf, NOW } from '../../path/certificate-maker.js';
import { makeOcspResponse } from '../../path/ocsp-maker.js';
import { type ChainWish, finding, observedWith, shown } from './observed-chains.js';

const CRL_URL = 'http://crl.test/issuing.crl';
const OCSP_URL = 'http://ocsp.test/';
const root = makeCa('CN=Lab Root');
const issuing = makeCa('CN=Lab Issuing', { issuer: root });
const leaf = makeLeaf(issuing, 'DNS:api.test');
const pointing = makeLeaf(issuing, 'DNS:api.test', {
  more: [
    crlDistributionPoints([CRL_URL, 'ldap://crl.test/cn=issuing']),
    authorityInfoAccess([
      {
        accessMethod: OID.ocsp,
        accessLocation: { type: 'uniformResourceIdentifier', value: OCSP_URL },
      },
    ]),
  ],
});
const stapling = makeLeaf(issuing, 'DNS:api.test', { more: [tlsFeature([5])] });
const HOUR_MS = 3_600_000;
const ago = (hours: number): Date => new Date(NOW.getTime() - hours * HOUR_MS);

const stapled = (made: Made, ocspResponse: Uint8Array | null, wish: ChainWish = {}) =>
  observedWith([shown([made, issuing], { ocspResponse })], { trust: [root], ...wish });
const revoking = (made: Made): Uint8Array =>
  makeCrl(issuing, {
    revokedCertificates: [encodeRevokedCertificate(made.certificate.serialNumber, ago(1), 'keyCompromise')],
  });

describe('a staple', () => {
  it.each<[string, Uint8Array | null, string, RegExp]>([
    ['that is not there', null, 'not-applicable', /none is stapled/],
    ['good', makeOcspResponse(leaf, issuing), 'pass', /it says: good/],
    ['revoked', makeOcspResponse(leaf, issuing, { status: 'revoked' }), 'pass', /is revoked since/],
    ['unknown', makeOcspResponse(leaf, issuing, { status: 'unknown' }), 'fail', /does not know/],
    ['of another CA', makeOcspResponse(leaf, issuing, { signer: root }), 'fail', /responder/],
    ['of another certificate', makeOcspResponse(pointing, issuing), 'fail', /no OCSP response at hand/],
    ['at its last second', makeOcspResponse(leaf, issuing, { nextUpdate: NOW }), 'pass', /good/],
    [
      'a second later',
      makeOcspResponse(leaf, issuing, { thisUpdate: ago(2), nextUpdate: new Date(NOW.getTime() - 1000) }),
      'fail',
      /is good from .* to 2026-06-01T11:59:59/,
    ],
    [
      'signed on the spot, by a clock that is five minutes ahead',
      makeOcspResponse(leaf, issuing, { thisUpdate: ago(-5 / 60) }),
      'pass',
      /good/,
    ],
    [
      'a second more ahead',
      makeOcspResponse(leaf, issuing, { thisUpdate: ago(-301 / 3600) }),
      'fail',
      /from/,
    ],
    ['that is garbage', new Uint8Array([0x30, 3, 1, 2, 3]), 'fail', /./],
  ])('%s', async (_what, response, status, evidence) => {
    const found = finding('staples-valid-ocsp-response', await stapled(leaf, response));

    expect(found.status).toBe(status);
    expect(found.evidence).toMatch(evidence);
  });

  it('can be judged although the chain leads to no anchor, by the issuer that was shown', async () => {
    const observe = (response: Uint8Array) => stapled(leaf, response, { trust: [] });

    const good = await observe(makeOcspResponse(leaf, issuing));
    const bad = await observe(makeOcspResponse(leaf, issuing, { signer: root }));

    expect(finding('staples-valid-ocsp-response', good).status).toBe('pass');
    expect(finding('staples-valid-ocsp-response', bad).status).toBe('fail');
  });

  it.each([
    ['a good one', stapling, makeOcspResponse(stapling, issuing), 'pass'],
    ['none', stapling, null, 'fail'],
    ['a revoked one', stapling, makeOcspResponse(stapling, issuing, { status: 'revoked' }), 'fail'],
    ['none, without the promise', leaf, null, 'not-applicable'],
  ])('is promised by tlsFeature: %s', async (_what, made, response, status) => {
    expect(finding('certificate-must-staple-kept', await stapled(made, response)).status).toBe(status);
  });

  it('that says revoked is believed', async () => {
    const revoked = await stapled(leaf, makeOcspResponse(leaf, issuing, { status: 'revoked' }));
    const good = await stapled(leaf, makeOcspResponse(leaf, issuing));
    const stale = await stapled(
      leaf,
      makeOcspResponse(leaf, issuing, { nextUpdate: ago(1), thisUpdate: ago(2) }),
    );

    expect(finding('certificate-not-revoked', revoked).status).toBe('fail');
    expect(finding('certificate-not-revoked', good)).toEqual({
      status: 'pass',
      evidence: 'the staple on CN=a leaf: not revoked',
    });
    expect(finding('certificate-not-revoked', stale).evidence).toBe('ask with --check-revocation');
  });
});

describe('the local CRLs', () => {
  const withCrls = (...crls: Uint8Array[]) =>
    observedWith([shown([leaf, issuing])], { trust: [root], source: { crls: () => crls } });
  const rootCrl = makeCrl(root);

  it.each([
    ['good', [makeCrl(issuing), rootCrl], 'pass', /the local crl-chain.pem on CN=a leaf: not revoked/],
    ['revoked', [revoking(leaf), rootCrl], 'fail', /is revoked since 2026-06-01T11:00:00/],
    [
      'run out',
      [makeCrl(issuing, { thisUpdate: ago(2), nextUpdate: ago(1) }), rootCrl],
      'inconclusive',
      /was due anew at/,
    ],
    ['without that of the issuing CA', [rootCrl], 'inconclusive', /no CRL at hand speaks of/],
    ['none', [], 'not-applicable', /--check-revocation/],
  ])('are asked where the local root is the anchor: %s', async (_what, crls, status, evidence) => {
    const found = finding('certificate-not-revoked', await withCrls(...crls));

    expect(found.status).toBe(status);
    expect(found.evidence).toMatch(evidence);
  });

  it('say nothing of what leads to another root', async () => {
    const local = { name: 'local', certificates: () => [], crls: () => [revoking(leaf)] };
    const observations = await observedWith([shown([leaf, issuing])], { trust: [root] });

    expect(finding('certificate-not-revoked', { ...observations, trust: [local] }).status).toBe(
      'not-applicable',
    );
  });
});

describe('the addresses in certificates', () => {
  const answer = (body: Uint8Array, change: object = {}): PlainOutcome => ({
    kind: 'answer',
    status: 200,
    headers: {},
    body,
    whole: true,
    ...change,
  });
  const asking = async (answers: Record<string, PlainOutcome>, made = pointing, trust = [root]) => {
    const asked: string[] = [];
    const observations = await observedWith([shown([made, issuing])], {
      trust,
      askUrl: async (url, body) => {
        asked.push(`${body ? 'POST' : 'GET'} ${url}`);
        return answers[url] ?? { kind: 'unreachable', why: 'ECONNREFUSED' };
      },
    });
    return { asked, ...finding('certificate-not-revoked', observations) };
  };
  const goodOcsp = answer(makeOcspResponse(pointing, issuing));
  const goodCrl = answer(makeCrl(issuing));

  it('are asked by HTTP, each once, and no others', async () => {
    const { asked, status, evidence } = await asking({ [CRL_URL]: goodCrl, [OCSP_URL]: goodOcsp });

    expect(asked.sort()).toEqual([`GET ${CRL_URL}`, `POST ${OCSP_URL}`]);
    expect(status).toBe('pass');
    expect(evidence).toBe(`${OCSP_URL} on CN=a leaf: not revoked; ${CRL_URL} on CN=a leaf: not revoked`);
  });

  it.each<[string, Record<string, PlainOutcome>, string, RegExp]>([
    [
      'one says revoked, the other good',
      { [CRL_URL]: answer(revoking(pointing)), [OCSP_URL]: goodOcsp },
      'fail',
      /crl.test.*is revoked since/,
    ],
    ['one does not answer', { [CRL_URL]: goodCrl }, 'pass', /ocsp.test.*ECONNREFUSED/],
    ['none answers', {}, 'inconclusive', /ECONNREFUSED/],
    ['404', { [CRL_URL]: answer(new Uint8Array(), { status: 404 }) }, 'inconclusive', /HTTP 404/],
    ['half a CRL', { [CRL_URL]: answer(makeCrl(issuing), { whole: false }) }, 'inconclusive', /cut off/],
    [
      'a CRL in PEM',
      { [CRL_URL]: answer(Buffer.from(encodePem('X509 CRL', makeCrl(issuing)))) },
      'pass',
      /./,
    ],
    ['a CRL of another CA', { [CRL_URL]: answer(makeCrl(root)) }, 'inconclusive', /no CRL at hand/],
    ['a forged CRL', { [CRL_URL]: answer(makeCrl(issuing, { key: root.key })) }, 'inconclusive', /signature/],
    ['a web page', { [CRL_URL]: answer(Buffer.from('<html>')) }, 'inconclusive', /./],
  ])('%s', async (_what, answers, expected, words) => {
    const { status, evidence } = await asking(answers);

    expect(evidence).toMatch(words);
    expect(status).toBe(expected);
  });

  it('are not there: then there is nothing to ask', async () => {
    expect(await asking({}, leaf)).toEqual({
      asked: [],
      status: 'not-applicable',
      evidence: 'the certificates name no CRL and no OCSP responder over HTTP',
    });
  });

  it('of a chain that leads nowhere are the choice of whoever made it, and not asked', async () => {
    const { asked, status } = await asking({}, pointing, []);

    expect(asked).toEqual([]);
    expect(status).toBe('not-applicable');
  });
});

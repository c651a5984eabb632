import { describe, expect, it } from 'vitest';
import { judgeChains } from '../../../src/probe/judge-chains.js';
import { authorityInfoAccess } from '../../../src/x509/extensions/authority-info-access.js';
import { subjectAltName } from '../../../src/x509/extensions/subject-alt-name.js';
import { OID } from '../../../src/x509/oid.js';
import { type Made, makeCa, makeLeaf, makeRsaKey, NOW } from '../../path/certificate-maker.js';
import { finding, observedWith, shown } from './observed-chains.js';

const root = makeCa('CN=Lab Root');
const upper = makeCa('CN=Lab Upper', { issuer: root });
const issuing = makeCa('CN=Lab Issuing', { issuer: upper });
const leaf = makeLeaf(issuing, 'DNS:api.test');
const stranger = makeCa('CN=Stranger');
const rsaLeaf = makeLeaf(issuing, 'DNS:api.test', { key: makeRsaKey() });

const judged = async (id: string, chain: readonly Made[], trust: readonly Made[] = [root]) =>
  finding(id, await observedWith([shown(chain)], { trust }));

describe('a chain that leads to an anchor', () => {
  it.each([
    ['certificate-trusted', 'a path of 4 certificates, anchored in the lab'],
    ['certificate-chain-complete', '3 sent, and they lead to the root'],
    ['certificate-chain-ordered', 'CN=a leaf ← CN=Lab Issuing ← CN=Lab Upper'],
    ['certificate-chain-without-strangers', 'all 3 are of the chain'],
    ['certificate-chain-without-root', '3 sent, no root among them'],
    ['certificate-not-self-signed', 'issued by CN=Lab Issuing'],
  ])('%s', async (id, evidence) => {
    expect(await judged(id, [leaf, issuing, upper])).toEqual({ status: 'pass', evidence });
  });
});

describe('a trust anchor', () => {
  const from = async (...sources: ReadonlyArray<readonly Made[]>) => {
    const trust = sources.map((roots, at) => ({
      name: `source ${at}`,
      certificates: () => roots.map(({ der }) => der),
    }));
    const basis = { trust, at: NOW, isPublicRoot: () => false };
    const chains = await judgeChains([shown([leaf, issuing, upper])], basis, null);
    return finding('certificate-trusted', { ...(await observedWith([])), trust, chains });
  };

  it('is looked for in every source, and the report says which one had it', async () => {
    expect(await from([], [stranger], [root])).toEqual({
      status: 'pass',
      evidence: 'a path of 4 certificates, anchored in source 2',
    });
    expect((await from([], [stranger])).status).toBe('fail');
    expect((await from([])).status).toBe('inconclusive');
  });
});

describe('a missing certificate', () => {
  it('is named where the local CA has it, with the file to deploy', async () => {
    const source = { intermediates: () => [issuing.der, upper.der] };

    const observations = await observedWith([shown([leaf])], { trust: [root], source });

    expect(finding('certificate-chain-complete', observations)).toEqual({
      status: 'fail',
      evidence:
        'CN=Lab Issuing; CN=Lab Upper is missing, and with it the chain is trusted: deploy fullchain.pem',
    });
    expect(finding('certificate-trusted', observations).status).toBe('fail');
  });

  it('names the one in the middle alone', async () => {
    const source = { intermediates: () => [issuing.der, upper.der] };

    const observations = await observedWith([shown([leaf, issuing])], { trust: [root], source });

    expect(finding('certificate-chain-complete', observations).evidence).toMatch(/^CN=Lab Upper is missing/);
  });

  it('may be a root that is not known here, so that its issuer is named and nothing claimed', async () => {
    expect(await judged('certificate-chain-complete', [leaf, issuing])).toEqual({
      status: 'inconclusive',
      evidence:
        'CN=Lab Upper, who issued CN=Lab Issuing, is neither sent nor trusted here: missing, or a root to name with --cacert',
    });
    expect((await judged('certificate-chain-complete', [leaf])).evidence).toMatch(
      /^no issuer is sent at all; CN=Lab Issuing, who issued CN=a leaf,/,
    );
  });

  it('is told with where the certificate says it is to be had', async () => {
    const aia = authorityInfoAccess([
      {
        accessMethod: OID.caIssuers,
        accessLocation: { type: 'uniformResourceIdentifier', value: 'http://ca.test/issuing.crt' },
      },
    ]);
    const pointing = makeLeaf(issuing, 'DNS:api.test', { more: [aia] });

    expect((await judged('certificate-chain-complete', [pointing])).evidence).toContain(
      'to be had from URI:http://ca.test/issuing.crt',
    );
  });

  it('is none where the chain is refused for another reason', async () => {
    const expired = makeLeaf(issuing, 'DNS:api.test', { notAfter: new Date(NOW.getTime() - 1000) });

    expect(await judged('certificate-chain-complete', [expired, issuing, upper])).toEqual({
      status: 'pass',
      evidence: 'it ends below CN=Lab Root, which is known',
    });
    expect(
      (await judged('certificate-chain-complete', [leaf, issuing, upper, root], [stranger])).status,
    ).toBe('pass');
  });
});

describe('a chain with too much in it, or in disorder', () => {
  it.each([
    ['certificate-chain-ordered', [leaf, upper, issuing], 'fail'],
    ['certificate-chain-ordered', [leaf, root, issuing, upper], 'fail'],
    ['certificate-chain-ordered', [leaf, stranger, issuing, upper], 'pass'],
    ['certificate-chain-ordered', [leaf], 'not-applicable'],
    ['certificate-chain-without-root', [leaf, issuing, upper, root], 'fail'],
    ['certificate-chain-without-strangers', [leaf, issuing, upper, root], 'pass'],
    ['certificate-chain-without-strangers', [leaf, issuing, upper, stranger], 'fail'],
    ['certificate-chain-without-strangers', [leaf, issuing, issuing, upper], 'fail'],
  ] as const)('%s #%#', async (id, chain, status) => {
    expect((await judged(id, chain)).status).toBe(status);
  });

  it('may have two certificates of one issuer side by side', async () => {
    const other = makeCa('CN=Other Root');
    const cross = makeCa('CN=Lab Upper', { issuer: other, key: upper.key });

    const found = await judged('certificate-chain-ordered', [leaf, issuing, upper, cross]);

    expect(found.status).toBe('pass');
    expect((await judged('certificate-chain-without-strangers', [leaf, issuing, upper, cross])).status).toBe(
      'pass',
    );
  });

  it('names the stranger, and counts what cannot be read', async () => {
    const unreadable = { ...shown([leaf, issuing, upper]) };
    const observations = await observedWith(
      [{ ...unreadable, chain: [...unreadable.chain, new Uint8Array([1, 2])] }],
      { trust: [root] },
    );

    expect((await judged('certificate-chain-without-strangers', [leaf, stranger])).evidence).toBe(
      'CN=Stranger',
    );
    expect(finding('certificate-chain-without-strangers', observations).evidence).toBe(
      '1 that cannot be read',
    );
  });

  it('is judged without an end where certificates issue each other in a circle', async () => {
    const first = makeCa('CN=One', { issuerName: issuing.certificate.subject });
    const second = makeCa('CN=Lab Issuing', { issuerName: first.certificate.subject });

    const found = await judged('certificate-chain-complete', [leaf, first, second]);

    expect(found.status).toBe('inconclusive');
  });
});

describe('a certificate that signed itself', () => {
  const own = makeCa('CN=api.test', { more: [subjectAltName([{ type: 'dNSName', value: 'api.test' }])] });

  it('is a fault, but where it is trusted for itself', async () => {
    expect(await judged('certificate-not-self-signed', [own])).toEqual({
      status: 'fail',
      evidence: 'CN=api.test has signed itself',
    });
    expect((await judged('certificate-not-self-signed', [own], [own])).status).toBe('pass');
  });
});

describe('several chains', () => {
  it('are all judged: what is worst of one is said, with its kind of key', async () => {
    const other = makeLeaf(stranger, 'DNS:other.test', { key: makeRsaKey() });

    const observations = await observedWith(
      [shown([leaf, issuing, upper]), shown([other], { asked: 'for-rsa' })],
      { trust: [root] },
    );

    expect(finding('certificate-trusted', observations).evidence).toMatch(/^rsa-2048: .*issuer-not-found/);
    expect(finding('certificate-matches-hostname', observations)).toEqual({
      status: 'fail',
      evidence: 'rsa-2048: api.test is not among DNS:other.test',
    });
  });

  it('of one kind of key come of servers that do not have the same certificate', async () => {
    const second = makeLeaf(issuing, 'DNS:api.test');
    const [one, two] = [
      [leaf, rsaLeaf],
      [leaf, second, rsaLeaf],
    ].map((leaves) => observedWith(leaves.map((each) => shown([each, issuing, upper]))));

    expect(finding('certificate-same-everywhere', await one!)).toEqual({
      status: 'pass',
      evidence: 'one with a key of ec, one with a key of rsa',
    });
    expect(finding('certificate-same-everywhere', await two!)).toEqual({
      status: 'fail',
      evidence: '2 with keys of ec',
    });
  });

  it('without a name are told apart, and judged for nothing else', async () => {
    const other = makeLeaf(stranger, 'DNS:default.test', { subject: 'CN=default.test' });
    const without = (made: Made) => shown([made], { asked: 'without-name' });
    const named = shown([leaf, issuing, upper]);
    const observe = (...more: ReturnType<typeof without>[]) =>
      observedWith([named, ...more], { trust: [root] });

    const strange = await observe(without(other));

    expect(finding('certificate-without-name', strange)).toEqual({
      status: 'fail',
      evidence: 'CN=default.test, which is not the one that is shown by name',
    });
    expect(finding('certificate-trusted', strange).status).toBe('pass');
    expect(finding('certificate-matches-hostname', strange).status).toBe('pass');
    expect(finding('certificate-without-name', await observe(without(leaf))).status).toBe('pass');
    expect(finding('certificate-without-name', await observe()).status).toBe('not-applicable');
  });

  it('of which none can be read tell nothing', async () => {
    const garbage = await observedWith([{ ...shown([leaf]), chain: [new Uint8Array([0x30, 0])] }]);

    expect(finding('certificate-chain-ordered', garbage).status).toBe('inconclusive');
    expect(finding('certificate-matches-hostname', garbage).status).toBe('inconclusive');
  });
});

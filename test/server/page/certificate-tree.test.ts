import { describe, expect, it } from 'vitest';
import { type CertificateNode, certificateTree } from '../../../src/server/page/certificate-tree.js';
import { fingerprint256 } from '../../../src/x509/fingerprint.js';
import { make, makeCa, makeLeaf, NOW } from '../../path/certificate-maker.js';

const root = makeCa('CN=root');
const issuing = makeCa('CN=issuing', { issuer: root });
const other = makeCa('CN=issuing', { issuer: root });
const server = makeLeaf(issuing, 'DNS:api.test', { subject: 'CN=api.test' });
const client = makeLeaf(issuing, 'URI:spiffe://acme/alice', { subject: 'CN=alice' });
const ANCHORED = [issuing.certificate, root.certificate];

describe('the tree of both chains', () => {
  it('has what they share once', () => {
    const tree = certificateTree([server.certificate, ...ANCHORED], [client.certificate, ...ANCHORED], NOW);

    expect(shapeOf(tree)).toEqual([
      [
        'trust-anchor',
        'root',
        [
          [
            'intermediate',
            'issuing',
            [
              ['server', 'api.test', []],
              ['client', 'alice', []],
            ],
          ],
        ],
      ],
    ]);
  });

  it('tells two CAs of one name apart', () => {
    const foreign = makeLeaf(other, 'DNS:alice', { subject: 'CN=alice' });

    const tree = certificateTree(
      [server.certificate, ...ANCHORED],
      [foreign.certificate, other.certificate, root.certificate],
      NOW,
    );

    expect(tree[0]?.issued.map(({ name, issued }) => [name, issued.length])).toEqual([
      ['issuing', 1],
      ['issuing', 1],
    ]);
  });

  it('is two trees where they share nothing', () => {
    const stranger = make({ subject: 'CN=stranger' });

    const tree = certificateTree([stranger.certificate], [client.certificate, ...ANCHORED], NOW);

    expect(tree.map(({ role, name }) => [role, name])).toEqual([
      ['server', 'stranger'],
      ['trust-anchor', 'root'],
    ]);
  });

  it('has the server alone where the client showed none', () => {
    const tree = certificateTree([server.certificate, issuing.certificate], null, NOW);

    expect(shapeOf(tree)).toEqual([['trust-anchor', 'issuing', [['server', 'api.test', []]]]]);
  });

  it('says of each what people compare', () => {
    const nameless = makeLeaf(issuing, 'URI:spiffe://acme/alice', { subject: 'O=Acme' });

    const [node] = certificateTree([], [nameless.certificate], NOW);

    expect(node).toMatchObject({
      name: 'URI:spiffe://acme/alice',
      subject: 'O=Acme',
      issuer: 'CN=issuing',
      notBefore: '2025-06-01T12:00:00Z',
      notAfter: '2027-06-01T12:00:00Z',
      keyType: 'ec-p256',
      fingerprint256: fingerprint256(nameless.der),
    });
  });
});

function shapeOf(nodes: readonly CertificateNode[]): unknown[] {
  return nodes.map(({ role, name, issued }) => [role, name, shapeOf(issued)]);
}

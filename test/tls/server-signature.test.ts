import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../../src/tls/exchange.js';
import { fullOffer } from '../../src/tls/full-offer.js';
import { isSignedBy, type ServerSignature } from '../../src/tls/server-signature.js';
import type { TlsVersion } from '../../src/tls/version.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { peer } from '../peers/peer.js';
import { type LabCertificates, labCertificates } from './lab-certificates.js';
import { LabServers } from './lab-servers.js';

const KEYS = ['ec', 'ec-p384', 'rsa', 'ed25519'] as const;
type Key = (typeof KEYS)[number];

describe.skipIf(!peer('openssl'))('what openssl signs', () => {
  const ports = new Map<Key, number>();
  let lab: LabCertificates;
  let servers: LabServers;
  beforeAll(async () => {
    lab = labCertificates();
    servers = new LabServers(lab);
    for (const keyType of KEYS) {
      lab.issue(keyType, { keyType });
      lab.issue(`other-${keyType}`, { keyType });
      ports.set(
        keyType,
        await servers.openssl(
          ...[
            '-cert',
            `${keyType}.crt`,
            '-key',
            `${keyType}.key`,
            '-cipher',
            'ALL:@SECLEVEL=0',
            '-min_protocol',
            'TLSv1',
          ],
        ),
      );
    }
  });
  afterAll(() => {
    servers?.close();
    lab?.close();
  });

  const keyOf = (name: string) => parseCertificate(lab.der(name)).subjectPublicKeyInfo;
  const signedIn = async (keyType: Key, version: TlsVersion): Promise<ServerSignature | null> => {
    const target = { host: '127.0.0.1', port: ports.get(keyType)! };
    const outcome = await exchange(target, fullOffer('localhost', [version]));
    return outcome.kind === 'server-hello' ? outcome.flight.signed : null;
  };

  it.each<[Key, TlsVersion]>([
    ...KEYS.flatMap((key): [Key, TlsVersion][] => [
      [key, 'TLSv1.3'],
      [key, 'TLSv1.2'],
    ]),
    ['rsa', 'TLSv1'],
    ['ec', 'TLSv1'],
    ['rsa', 'TLSv1.1'],
  ])('with a key of %s in %s is signed by it, and by no other', async (keyType, version) => {
    const signed = (await signedIn(keyType, version))!;

    expect(isSignedBy(keyOf(keyType), signed)).toBe(true);
    expect(isSignedBy(keyOf(`other-${keyType}`), signed)).toBe(false);
    const changed = { ...signed, content: Uint8Array.from(signed.content).fill(1, 0, 40) };
    expect(isSignedBy(keyOf(keyType), changed)).toBe(false);
  });
});

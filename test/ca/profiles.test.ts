import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKDATE_MS, DAY_MS } from '../../src/ca/validity-period.js';
import type { Certificate } from '../../src/x509/certificate.js';
import { authorityKeyIdentifierOf } from '../../src/x509/extensions/authority-key-identifier.js';
import { basicConstraintsOf } from '../../src/x509/extensions/basic-constraints.js';
import { extKeyUsageOf } from '../../src/x509/extensions/ext-key-usage.js';
import { keyUsageOf } from '../../src/x509/extensions/key-usage.js';
import { subjectKeyIdentifierOf } from '../../src/x509/extensions/subject-key-identifier.js';
import { keyIdentifierOf } from '../../src/x509/fingerprint.js';
import { commonNameOf, formatName } from '../../src/x509/name.js';
import { OID } from '../../src/x509/oid.js';
import { serialNumberHex } from '../../src/x509/serial-number.js';
import { BEGIN, LabAuthority } from './lab-authority.js';

let lab: LabAuthority;
let all: Record<'root' | 'issuing' | 'server' | 'client', Certificate>;
beforeAll(async () => {
  lab = await LabAuthority.make();
  await lab.ca.issueServer({ commonName: 'api.test' });
  await lab.ca.issueClient({ commonName: 'alice' });
  await lab.ca.issueServer({ commonName: 'rsa.test', keyType: 'rsa-2048' });
  all = {
    root: lab.certificate('ca.crt'),
    issuing: lab.certificate('ca-chain.crt'),
    server: lab.leaf('api.test'),
    client: lab.leaf('alice'),
  };
});
afterAll(() => lab.remove());

const critical = ({ extensions }: Certificate, id: string) =>
  extensions.find(({ oid }) => oid === id)?.critical;

describe('every certificate', () => {
  it('has a positive serial number of 16 octets, as the CRLs reserve them too', () => {
    const serials = Object.values(all).map(({ serialNumber }) => serialNumberHex(serialNumber));

    for (const serial of [...serials, ...lab.revoked(), ...lab.revoked('root')])
      expect(serial).toMatch(/^[4-7][0-9a-f]{31}$/);
    expect(new Set(serials).size).toBe(4);
  });

  it('is valid since five minutes before it was made, as clocks differ', () => {
    const since = BEGIN.getTime() - BACKDATE_MS;

    expect(Object.values(all).map(({ validity }) => validity.notBefore.getTime())).toEqual([
      since,
      since,
      since,
      since,
    ]);
    expect(BACKDATE_MS).toBe(300_000);
  });

  it('lives as long as its profile says', () => {
    const days = Object.values(all).map(
      ({ validity }) => (validity.notAfter.getTime() - BEGIN.getTime()) / DAY_MS,
    );

    expect(days).toEqual([3650, 1825, 397, 90]);
  });

  it('names its own key and that of its issuer', () => {
    const issuers = { root: all.root, issuing: all.root, server: all.issuing, client: all.issuing };
    for (const [name, certificate] of Object.entries(all)) {
      const issuer = issuers[name as keyof typeof issuers];
      expect(subjectKeyIdentifierOf(certificate)).toEqual(
        new Uint8Array(keyIdentifierOf(certificate.subjectPublicKeyInfo.der)),
      );
      expect(authorityKeyIdentifierOf(certificate)?.keyIdentifier).toEqual(subjectKeyIdentifierOf(issuer));
      expect(formatName(certificate.issuer)).toBe(formatName(issuer.subject));
    }
  });

  it('has critical basicConstraints and keyUsage, RFC 5280 §4.2.1.9 and §4.2.1.3', () => {
    for (const certificate of Object.values(all)) {
      expect(critical(certificate, OID.basicConstraints)).toBe(true);
      expect(critical(certificate, OID.keyUsage)).toBe(true);
      expect(critical(certificate, OID.authorityKeyIdentifier)).toBe(false);
      expect(critical(certificate, OID.subjectKeyIdentifier)).toBe(false);
    }
  });

  it('has no addresses in it unless they were asked for', () => {
    for (const { extensions } of Object.values(all)) {
      const ids = extensions.map(({ oid }) => oid);
      expect(ids).not.toContain(OID.cRLDistributionPoints);
      expect(ids).not.toContain(OID.authorityInfoAccess);
    }
  });
});

describe('a CA', () => {
  it('may sign certificates and CRLs and nothing else', () => {
    for (const ca of [all.root, all.issuing])
      expect([...keyUsageOf(ca)!].sort()).toEqual(['cRLSign', 'keyCertSign']);
  });

  it('has no extKeyUsage, which Go and others would read as a limit on what is below', () => {
    expect([extKeyUsageOf(all.root), extKeyUsageOf(all.issuing)]).toEqual([undefined, undefined]);
  });

  it('issues leaves alone where it is the issuing one', () => {
    expect(basicConstraintsOf(all.root)).toEqual({ ca: true });
    expect(basicConstraintsOf(all.issuing)).toEqual({ ca: true, pathLenConstraint: 0 });
  });

  it('has a name that no other root has', async () => {
    const other = await LabAuthority.make({ name: 'Twin' });
    const twin = await LabAuthority.make({ name: 'Twin' });
    const names = [other, twin].map((one) => commonNameOf(one.certificate('ca.crt').subject));
    await Promise.all([other.remove(), twin.remove()]);

    for (const name of names) expect(name).toMatch(/^Twin Root CA [0-9a-f]{8}$/);
    expect(names[0]).not.toBe(names[1]);
  });

  it('is asked for its CRL where it says when it was told to', async () => {
    const published = await LabAuthority.make({ crlUrl: 'http://pki.test/{ca}.crl' });
    await published.ca.issueClient({ commonName: 'alice' });
    const text = (certificate: Certificate) => Buffer.from(certificate.der).toString('latin1');
    const [root, issuing, leaf] = [
      published.certificate('ca.crt'),
      published.certificate('ca-chain.crt'),
      published.leaf('alice'),
    ].map(text);
    await published.remove();

    expect(root).not.toContain('http://pki.test');
    expect(issuing).toContain('http://pki.test/root.crl');
    expect(leaf).toContain('http://pki.test/issuing.crl');
  });
});

describe('a leaf', () => {
  it('is no CA and has one purpose', () => {
    expect([basicConstraintsOf(all.server), basicConstraintsOf(all.client)]).toEqual([
      { ca: false },
      { ca: false },
    ]);
    expect(extKeyUsageOf(all.server)).toEqual([OID.serverAuth]);
    expect(extKeyUsageOf(all.client)).toEqual([OID.clientAuth]);
  });

  it('signs; only an RSA server may be encrypted to as well', () => {
    expect([...keyUsageOf(all.server)!]).toEqual(['digitalSignature']);
    expect([...keyUsageOf(lab.leaf('rsa.test'))!].sort()).toEqual(['digitalSignature', 'keyEncipherment']);
  });
});

describe('time, RFC 5280 §4.1.2.5', () => {
  it('is UTCTime through 2049 and GeneralizedTime from 2050 on', async () => {
    const late = await LabAuthority.make({}, new Date('2049-11-01T00:00:00Z'));
    await late.ca.issueClient({ commonName: 'last', notAfter: new Date('2049-12-31T23:59:59Z') });
    await late.ca.issueClient({ commonName: 'first', notAfter: new Date('2050-01-01T00:00:00Z') });
    const [last, first] = ['last', 'first'].map((name) =>
      Buffer.from(late.leaf(name).tbs).toString('latin1'),
    );
    await late.remove();

    expect(last).toContain('\x17\x0d491231235959Z');
    expect(first).toContain('\x18\x0f20500101000000Z');
    expect(first).toContain('\x17\x0d491031235500Z');
  });
});

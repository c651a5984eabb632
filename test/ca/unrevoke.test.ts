import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { peer } from '../peers/peer.js';
import { LabAuthority } from './lab-authority.js';

let lab: LabAuthority;
beforeEach(async () => {
  lab = await LabAuthority.make();
});
afterEach(() => lab.remove());

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('a certificate on hold', () => {
  beforeEach(async () => {
    await lab.ca.issueClient({ commonName: 'tablet' });
    await lab.ca.revoke(await lab.ca.find('tablet'), { reason: 'certificateHold' });
  });

  it('is on the CRL until it is taken off hold, and on the next one no more', async () => {
    const [held] = await lab.ca.find('tablet');
    expect(lab.revoked()).toContain(held!.serialNumber);

    const { certificate, crls } = await lab.ca.unrevoke([held!]);

    expect(certificate.status).toBe('valid');
    expect(lab.revoked()).not.toContain(held!.serialNumber);
    expect(crls.written.map(({ authority, number }) => [authority.role, number])).toEqual([['issuing', 3n]]);
    expect(await lab.ca.revocationOf(held!.serialNumber)).toBeNull();
    expect((await lab.ca.events()).at(-2)).toMatchObject({
      what: 'unrevoked',
      serialNumber: held!.serialNumber,
    });
  });

  it.runIf(peer('openssl'))('is refused by OpenSSL while it is, and taken after', async () => {
    expect(openssl()).toContain('certificate revoked');

    await lab.ca.unrevoke(await lab.ca.find('tablet'));

    expect(openssl()).toContain('OK');
  });

  it('stays on hold where its NAME was given to another meanwhile', async () => {
    const held = await lab.ca.find('tablet');
    await lab.ca.issueClient({ commonName: 'tablet' });

    await expect(lab.ca.unrevoke(held)).rejects.toEqual(code('ERR_NAME_TAKEN'));
    expect(lab.revoked()).toContain(held[0]!.serialNumber);
  });
});

it.each(['keyCompromise', 'superseded', 'unspecified'] as const)(
  'what was revoked for %s stays revoked for ever (RFC 5280 §5.3.1)',
  async (reason) => {
    await lab.ca.issueClient({ commonName: 'alice' });
    await lab.ca.revoke(await lab.ca.find('alice'), { reason });

    await expect(lab.ca.unrevoke(await lab.ca.find('alice'))).rejects.toEqual(code('ERR_NOT_ON_HOLD'));
    expect((await lab.ca.find('alice'))[0]!.revocation?.reason).toBe(reason);
  },
);

it('what is not revoked is not taken off hold, and neither are the reserved serials', async () => {
  await lab.ca.issueClient({ commonName: 'alice' });

  await expect(lab.ca.unrevoke(await lab.ca.find('alice'))).rejects.toEqual(code('ERR_NOT_ON_HOLD'));
  const reserved = await lab.ca.find(`serial:${lab.ca.issuing.reservedSerial}`);
  await expect(lab.ca.unrevoke(reserved)).rejects.toEqual(code('ERR_NOT_ON_HOLD'));
});

function openssl(): string {
  const at = String(Math.floor(lab.now.getTime() / 1000) + 60);
  const trust = ['-CAfile', lab.at('ca.crt'), '-untrusted', lab.at('issued/tablet/chain.pem'), '-attime', at];
  const crls = ['-crl_check_all', '-CRLfile', lab.at('crl-chain.pem')];
  try {
    return execFileSync('openssl', ['verify', ...trust, ...crls, lab.at('issued/tablet/cert.pem')], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    return String((error as { stderr: string }).stderr);
  }
}

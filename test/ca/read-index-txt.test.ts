import { describe, expect, it } from 'vitest';
import { readIndexTxt } from '../../src/ca/read-index-txt.js';

const read = (text: string) => readIndexTxt(text, 'index.txt');
const line = (
  fields: Partial<Record<'status' | 'expiry' | 'revoked' | 'serial' | 'subject', string>> = {},
) => {
  const {
    status = 'V',
    expiry = '270101000000Z',
    revoked = '',
    serial = '0A',
    subject = '/CN=alice',
  } = fields;
  return [status, expiry, revoked, serial, 'unknown', subject].join('\t');
};

describe('a line of index.txt', () => {
  it('tells serial number, notAfter and subject', () => {
    expect(read(`${line({ serial: '00FFA1' })}\n`)).toEqual([
      {
        line: 1,
        serialNumber: 'ffa1',
        notAfter: new Date('2027-01-01'),
        revocation: null,
        subject: '/CN=alice',
      },
    ]);
  });

  it.each([
    ['UTCTime', '491231235959Z', '2049-12-31T23:59:59Z'],
    ['UTCTime of the last century', '500101000000Z', '1950-01-01T00:00:00Z'],
    ['GeneralizedTime', '20500101000000Z', '2050-01-01T00:00:00Z'],
  ])('has its end as %s', (_kind, expiry, moment) => {
    expect(read(line({ expiry }))[0]!.notAfter).toEqual(new Date(moment));
  });

  it.each<[revoked: string, reason: string, since: string | null]>([
    ['260101000000Z', 'unspecified', null],
    ['260101000000Z,keyCompromise', 'keyCompromise', null],
    ['260101000000Z,CACompromise', 'cACompromise', null],
    ['260101000000Z,PRIVILEGEWITHDRAWN', 'privilegeWithdrawn', null],
    ['260101000000Z,keyTime,20251224000000Z', 'keyCompromise', '2025-12-24'],
    ['260101000000Z,CAkeyTime,20251224000000Z', 'cACompromise', '2025-12-24'],
    ['260101000000Z,holdInstruction,holdInstructionReject', 'certificateHold', null],
    ['260101000000Z,removeFromCRL', 'certificateHold', null],
  ])('revoked as %s means %s', (revoked, reason, since) => {
    expect(read(line({ status: 'R', revoked }))[0]!.revocation).toEqual({
      revocationDate: new Date('2026-01-01'),
      reason,
      invalidityDate: since && new Date(since),
    });
  });

  it('may end as on Windows, be empty or a comment', () => {
    expect(read(`# old\r\n${line()}\r\n\r\n`)).toMatchObject([{ line: 2, subject: '/CN=alice' }]);
  });

  it('may have a tab in a field, behind a backslash', () => {
    expect(read(line({ subject: '/CN=a\\\tb' }))[0]!.subject).toBe('/CN=a\tb');
  });

  it.each<[string, string]>([
    ['V\t270101000000Z\t\t0A\tunknown', 'it has 5 fields'],
    [line({ status: 'X' }), 'its status is "X"'],
    [line({ serial: 'xyz' }), '"xyz" is no serial number'],
    [line({ serial: '' }), '"" is no serial number'],
    [line({ expiry: '270230000000Z' }), '"270230000000Z" is no time'],
    [line({ expiry: '2701010000Z' }), 'is no time'],
    [line({ status: 'R' }), 'revoked, but not since when'],
    [line({ status: 'V', revoked: '260101000000Z' }), 'yet revoked'],
    [line({ status: 'R', revoked: '260101000000Z,boredom' }), 'is no revocation'],
    [line({ status: 'R', revoked: '260101000000Z,keyTime' }), 'is no revocation'],
    [line({ status: 'R', revoked: 'yesterday' }), 'is no revocation'],
    [
      `${line()}\n${line({ serial: '0a' })}`,
      'line 2 of index.txt cannot be read: serial 0a stands in line 1',
    ],
  ])('is refused with its number: %j', (text, what) => {
    expect(() => read(text)).toThrow(what);
    expect(() => read(text)).toThrow(/^line \d of index\.txt/);
  });
});

import { describe, expect, it } from 'vitest';
import { importedNames, type Nameless } from '../../src/ca/imported-names.js';

describe('the NAME of what another tool issued', () => {
  it.each<[string, Partial<Nameless>, string]>([
    ['is its commonName', { text: 'alice@acme.test' }, 'alice@acme.test'],
    ['of a wildcard begins with _wildcard', { text: '*.api.test' }, '_wildcard.api.test'],
    ['has _ for what no NAME may hold', { text: 'HTTP/www.test (old)' }, 'HTTP_www.test_old_'],
    ['loses the marks above its letters', { text: 'Zoë Müller' }, 'Zoe_Muller'],
    ['begins with neither a dot nor a hyphen', { text: '-x' }, '_x'],
    ['is never longer than 64', { text: 'x'.repeat(70) }, 'x'.repeat(64)],
    ['is its serial number where it has none', { text: '' }, 'serial-0a'],
    ['is its serial number where nothing of it is left', { text: '日本' }, 'serial-0a'],
    ['is not that of a CA', { text: 'issuing.ca' }, 'issuing.ca-0a'],
  ])('%s', (_claim, one, name) => {
    expect(importedNames([{ ...LIVE, ...one }], ['issuing.ca'])).toEqual([name]);
  });

  it('goes to the newest that lives, the others have their serial numbers behind it', () => {
    const older = { ...LIVE, serialNumber: '01', notBefore: new Date('2025-01-01') };
    const newer = { ...LIVE, serialNumber: '02', notBefore: new Date('2026-01-01') };

    expect(importedNames([older, newer], [])).toEqual(['alice-01', 'alice']);
    expect(importedNames([newer, older], [])).toEqual(['alice', 'alice-01']);
  });

  it('is shared by what is revoked or expired: such a NAME is free', () => {
    const revoked: Nameless = { ...LIVE, status: 'revoked' };
    const expired: Nameless = { ...LIVE, status: 'expired' };

    expect(importedNames([revoked, LIVE, expired], [])).toEqual(['alice', 'alice', 'alice']);
  });

  it('is its own for one on hold, which may come back', () => {
    const held: Nameless = { ...LIVE, serialNumber: '0b', status: 'revoked', held: true };

    expect(importedNames([held, LIVE], [])).toEqual(['alice-0b', 'alice']);
    expect(importedNames([held], [])).toEqual(['alice']);
  });

  it('stays within 64 with the serial number, and is never given twice', () => {
    const long = { ...LIVE, text: 'x'.repeat(64) };
    const twins = ['0a', 'f'.repeat(40)].map((serialNumber) => ({ ...long, serialNumber }));
    const names = importedNames(
      [...twins, { ...LIVE, text: `${'x'.repeat(61)}-0a`, serialNumber: '0c' }],
      [],
    );

    expect(new Set(names).size).toBe(3);
    expect(names.every((name) => name.length <= 64)).toBe(true);
  });
});

const LIVE: Nameless = {
  text: 'alice',
  serialNumber: '0a',
  status: 'valid',
  held: false,
  notBefore: new Date('2026-01-01'),
};

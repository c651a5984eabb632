import { describe, expect, it } from 'vitest';
import { parseServerName } from '../../src/cli/server-name.js';

describe('the name of a server', () => {
  it.each([
    'api.test',
    '*.api.test',
    '10.0.0.7',
    '::1',
    'fd00::7',
    '2001:db8::1:8443',
    'localhost',
    'spiffe://acme/api',
    'not/a/host',
  ])('%s is left as it is', (text) => {
    expect(parseServerName(text)).toBe(text);
  });

  it.each([
    ['https://api.test/', 'api.test'],
    ['HTTP://api.test', 'api.test'],
    ['https://10.0.0.7:8443/health?x=1', '10.0.0.7'],
    ['https://[fd00::7]/', 'fd00::7'],
    ['api.test:8443', 'api.test'],
    ['api.test/', 'api.test'],
    ['[fd00::7]:443', 'fd00::7'],
  ])('%s is none, but %s is', (text, host) => {
    expect(() => parseServerName(text)).toThrow(
      expect.objectContaining({
        code: 'ERR_NAME_INVALID',
        hint: expect.stringContaining(`issue-server ${host}\``),
      }),
    );
  });
});

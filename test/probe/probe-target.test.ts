import { describe, expect, it } from 'vitest';
import { formatProbeTarget, parseProbeTarget } from '../../src/probe/probe-target.js';

describe('a target', () => {
  it.each([
    ['api.test', { host: 'api.test', port: 443 }],
    ['API.test.:8443', { host: 'api.test', port: 8443 }],
    ['127.0.0.1:1', { host: '127.0.0.1', port: 1 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
    ['[2001:db8::1]', { host: '2001:db8::1', port: 443 }],
    ['bücher.test', { host: 'xn--bcher-kva.test', port: 443 }],
    ['my_service:80', { host: 'my_service', port: 80 }],
  ])('%s', (text, target) => expect(parseProbeTarget(text)).toEqual(target));

  it.each([
    '',
    ':443',
    'api.test:',
    'api.test:0',
    'api.test:65536',
    'api.test:x',
    '::1',
    '[api.test]:1',
    '[::1',
    'https://api.test/',
    'a b',
    'a\r\nHost: b',
    '-x',
    'a'.repeat(300),
  ])('%j is none', (text) =>
    expect(() => parseProbeTarget(text)).toThrow(expect.objectContaining({ code: 'ERR_TARGET_INVALID' })),
  );

  it.each(['api.test', 'api.test:8443', '[::1]:1'])('%s is written as it is typed', (text) =>
    expect(formatProbeTarget(parseProbeTarget(text))).toBe(text),
  );
});

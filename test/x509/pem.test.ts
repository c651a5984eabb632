import { describe, expect, it } from 'vitest';
import { decodePem, encodePem } from '../../src/x509/pem.js';

describe('PEM is written and read as RFC 7468 says', () => {
  it.each([1, 47, 48, 49, 1000])('%i octets come back, in lines of 64 characters', (length) => {
    const der = Uint8Array.from({ length }, (_, index) => index);
    const text = encodePem('CERTIFICATE', der);

    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(64);
    expect(decodePem(text)).toEqual([{ label: 'CERTIFICATE', der, headers: '' }]);
  });

  it('several blocks with comments around them, and Windows line ends', () => {
    const text = `one\n${encodePem('X', Uint8Array.of(1))}two\n${encodePem('Y Z', Uint8Array.of(2))}three`;

    expect(decodePem(text.replaceAll('\n', '\r\n')).map(({ label, der }) => [label, ...der])).toEqual([
      ['X', 1],
      ['Y Z', 2],
    ]);
  });

  it('the headers of an encrypted key of old', () => {
    const text =
      '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAQ==\n-----END RSA PRIVATE KEY-----';

    expect(decodePem(text)[0]!.headers).toBe('Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00');
  });

  it.each([
    ['no END line', '-----BEGIN X-----\nAQ=='],
    ['another END line', '-----BEGIN X-----\nAQ==\n-----END Y-----'],
    ['no base64', '-----BEGIN X-----\nA!==\n-----END X-----'],
    ['base64 cut off', '-----BEGIN X-----\nAQ=\n-----END X-----'],
    ['nothing inside', '-----BEGIN X-----\n-----END X-----'],
    ['no label', '-----BEGIN -----\nAQ==\n-----END -----'],
  ])('%s is damage', (_kind, text) => {
    expect(() => decodePem(text)).toThrow('the PEM text is damaged');
  });
});

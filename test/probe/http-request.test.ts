import { describe, expect, it } from 'vitest';
import { getRequest, parseHeaderFields, parsePath } from '../../src/probe/http-request.js';

describe('a request', () => {
  it('is a GET that ends the connection, RFC 9112 §3 and §9.6', () => {
    const text = Buffer.from(getRequest({ host: '::1', port: 8443 }, 'api.test', '/me')).toString();

    expect(text).toBe(
      'GET /me HTTP/1.1\r\nHost: api.test:8443\r\nUser-Agent: sslapi-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n',
    );
  });

  it("takes a header field of the user's instead of its own", () => {
    const fields = parseHeaderFields('# token\nAuthorization: Bearer x\r\n\nhost: other.test\n');
    const text = Buffer.from(getRequest({ host: 'h', port: 443 }, 'h', '/', fields)).toString();

    expect(text).toContain('\r\nAuthorization: Bearer x\r\nhost: other.test\r\n\r\n');
    expect(text).not.toContain('Host: h');
  });

  it.each(['', 'me', 'http://x/', '/a b', '/a\r\nX: y', '/ü'])('%j is no path', (path) =>
    expect(() => parsePath(path)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' })),
  );

  it.each(['no colon', 'a b: c', ': c', 'a: b\0c'])('%j is no header field, and is not shown', (line) =>
    expect(() => parseHeaderFields(line)).toThrow(
      expect.objectContaining({ code: 'ERR_USAGE', message: expect.not.stringContaining(line) }),
    ),
  );
});

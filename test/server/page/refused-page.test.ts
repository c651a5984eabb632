import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../src/server/answer.js';
import { readPage } from '../../../src/server/page/page-document.js';
import { asksForPage, refusedPage } from '../../../src/server/page/refused-page.js';
import { htmlFaults } from '../../report/readers.js';

const page = readPage();
const HOSTILE = `CN="><script>$' $& <b>&amp; </body> may not`;
const DENIED = errorAnswer(403, 'not-allowed', HOSTILE, 'ask', { 'retry-after': '7' });

describe('the page for who is refused', () => {
  const { status, body, headers } = refusedPage(page, DENIED);
  const html = String(body);

  it('is the page with the answer in it, as text whatever it says', async () => {
    const [, refused = ''] = /<body data-refused="([^"]*)">/.exec(html) ?? [];

    const text = refused.replace(/&#(\d+);/g, (_found, code: string) => String.fromCharCode(Number(code)));
    expect(JSON.parse(text)).toEqual(DENIED.body);
    expect(html.replace(` data-refused="${refused}"`, '')).toBe(page.html);
    expect(await htmlFaults(html)).toEqual([]);
  });

  it('has the status and the header fields of both', () => {
    expect(status).toBe(403);
    expect(headers).toMatchObject({ 'retry-after': '7', ...page.headers });
  });
});

describe('a connection that begins so asks for a page', () => {
  it.each<[string, boolean]>([
    ['GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html,*/*;q=0.8\r\n\r\n', true],
    ['GET / HTTP/1.1\r\nHost: a\r\naccept:text/html', true],
    ['GET / HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n', false],
    ['GET / HTTP/1.1\r\nX-Accept: text/html\r\n\r\n', false],
    ['GET / HTTP/1.1\r\nHost: a\r\n\r\nAccept: text/html\r\n', false],
    ['POST / HTTP/1.1\r\nAccept: text/html\r\n\r\n', false],
    [`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\nAccept: text/html\r\n\r\n`, false],
    ['\x16\x03\x01\r\naccept: text/html', false],
    ['', false],
  ])('%j', (first, asks) => expect(asksForPage(Buffer.from(first, 'latin1'))).toBe(asks));
});

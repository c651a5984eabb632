import { describe, expect, it } from 'vitest';
import { type Rest, readHttpResponse } from '../../src/tls/http-response.js';

const read = (text: string, rest: Rest = 'more') => readHttpResponse(Buffer.from(text, 'latin1'), rest);
const bodyOf = (text: string, rest?: Rest): string => {
  const answer = read(text, rest);
  return typeof answer === 'object'
    ? `${Buffer.from(answer.body).toString('latin1')}${answer.whole ? '' : ' …'}`
    : answer;
};

describe('an HTTP/1.1 response', () => {
  it('has a status, headers in lower case, a body and a title', () => {
    const page = '<html><head><title>400 No required SSL\n certificate was sent</title></head>';
    const answer = read(
      `HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nSET-COOKIE: a\r\nset-cookie: b\r\nContent-Length: ${page.length}\r\n\r\n${page}`,
    );

    expect(answer).toMatchObject({
      status: 400,
      headers: { server: 'nginx', 'set-cookie': 'a, b' },
      title: '400 No required SSL certificate was sent',
      whole: true,
    });
  });

  it.each<[string, string, string]>([
    ['Content-Length', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef', 'abc'],
    [
      'chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n',
      'abc0123456789',
    ],
    ['no body at all', 'HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n', ''],
    [
      'after an interim answer',
      'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na',
      'a',
    ],
    ['bare line feeds', 'HTTP/1.0 200 OK\nContent-Length: 1\n\na', 'a'],
    ['no reason phrase', 'HTTP/1.1 200\r\nContent-Length: 1\r\n\r\na', 'a'],
  ])('is whole: %s', (_what, text, body) => expect(bodyOf(text)).toBe(body));

  it.each<[string, string]>([
    ['inside the status line', 'HTTP/1.1 2'],
    ['at its first letter', 'H'],
    ['inside the head', 'HTTP/1.1 200 OK\r\nContent-Le'],
    ['before the body', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n'],
    ['without a length', 'HTTP/1.1 200 OK\r\n\r\nabc'],
    ['inside a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab'],
    ['before the last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n'],
    ['after an interim answer', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ])('is incomplete %s', (_where, text) => expect(read(text)).toBe('incomplete'));

  it.each<[string, string, Rest, string]>([
    [
      'a body without a length is whole once the peer has closed',
      'HTTP/1.1 200 OK\r\n\r\nabc',
      'closed',
      'abc',
    ],
    ['and is not where the peer broke off', 'HTTP/1.1 200 OK\r\n\r\nabc', 'broken', 'abc …'],
    [
      'nor is one that is shorter than it said',
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc',
      'closed',
      'abc …',
    ],
    [
      'nor one whose last chunk is missing',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
      'closed',
      'abc …',
    ],
    [
      'broken chunks end where they break',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzzz',
      'closed',
      'abc …',
    ],
    ['a head without an end is none', 'HTTP/1.1 200 OK\r\nServer: x\r\n', 'closed', 'not-http'],
  ])('%s', (_what, text, rest, body) => expect(bodyOf(text, rest)).toBe(body));

  it.each([
    ['SSH-2.0-x\r\n'],
    ['\0\0\x12\x04'],
    ['<html>'],
    ['HTTP/2 200'],
    ['HTTP/1.1 abc\r\n\r\n'],
    ['HTTP/1.1 42\r\n\r\n'],
  ])('%j is none', (text) => expect(read(text)).toBe('not-http'));

  it('keeps 64 KiB of a body and no more, however it comes', () => {
    const long = 'x'.repeat(70_000);
    for (const text of [
      `HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n${long}`,
      `HTTP/1.1 200 OK\r\n\r\n${long}`,
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11170\r\n${long}\r\n0\r\n\r\n`,
    ]) {
      expect(read(text)).toMatchObject({ body: { length: 65_536 }, whole: false });
    }
  });

  it('refuses a head that goes on for ever', () => {
    expect(read(`HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(12_000)}`)).toBe('not-http');
  });

  it('a header may have any name without harm', () => {
    expect(
      read('HTTP/1.1 200 OK\r\n__proto__: x\r\nconstructor: y\r\nContent-Length: 0\r\n\r\n'),
    ).toMatchObject({
      headers: { constructor: 'y' },
    });
  });
});

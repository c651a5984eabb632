/** Behind each, for a server that lost its place. */
const SMUGGLED = 'GET /whoami?smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** What no server may take, by what is wrong with it, as octets (latin1). A second request that is smuggled in behind it must
 *  never be answered. */
export const MALFORMED: Readonly<Record<string, string>> = {
  'a method that is none': request('G@T /whoami HTTP/1.1'),
  'a method in small letters': request('get /whoami HTTP/1.1'),
  'a method that nobody knows': request('SMUGGLE /whoami HTTP/1.1'),
  'no path': request('GET HTTP/1.1'),
  'a path without a slash': request('GET whoami HTTP/1.1'),
  'a version that is none': request('GET /whoami HTTP/9.9'),
  'a version without a number': request('GET /whoami HTTP'),
  'HTTP/0.9': 'GET /whoami\r\n',
  'HTTP/2 without its handshake': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'spaces in the path': request('GET /who ami HTTP/1.1'),
  'NUL in the path': request('GET /who\0ami HTTP/1.1'),
  'no Host': 'GET /whoami HTTP/1.1\r\n\r\n',
  'two Hosts': request('GET /whoami HTTP/1.1', 'Host: other'),
  'a header name with a space': request('GET /whoami HTTP/1.1', 'X Y: 1'),
  'a space before the colon': request('GET /whoami HTTP/1.1', 'X-Y : 1'),
  'a header without a colon': request('GET /whoami HTTP/1.1', 'X-Y'),
  'a header without a name': request('GET /whoami HTTP/1.1', ': 1'),
  'a line that goes on (obs-fold)': request('GET /whoami HTTP/1.1', 'X-Y: 1\r\n 2'),
  'NUL in a value': request('GET /whoami HTTP/1.1', 'X-Y: a\0b'),
  'a bare CR in a value': request('GET /whoami HTTP/1.1', 'X-Y: a\rX-Z: b'),
  'bare LFs': 'GET /whoami HTTP/1.1\nHost: localhost\n\n',
  'a control character in a name': request('GET /whoami HTTP/1.1', 'X\x01Y: 1'),
  'two lengths': post('Content-Length: 5', 'Content-Length: 6'),
  'a list of lengths': post('Content-Length: 5, 5'),
  'a negative length': post('Content-Length: -1'),
  'a length with a sign': post('Content-Length: +5'),
  'a length in hexadecimal': post('Content-Length: 0x5'),
  'a length that is no number': post('Content-Length: five'),
  'a length beyond 64 bits': post('Content-Length: 99999999999999999999999'),
  'a length and chunks': post('Content-Length: 5', 'Transfer-Encoding: chunked'),
  'chunks and a length': post('Transfer-Encoding: chunked', 'Content-Length: 5'),
  'a coding that nobody knows': post('Transfer-Encoding: xchunked'),
  'chunked, but not last': post('Transfer-Encoding: chunked, identity'),
  'chunked twice': post('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'),
  'a coding behind a vertical tab': post('Transfer-Encoding: \x0bchunked'),
  'a coding with a space before the colon': post('Transfer-Encoding : chunked'),
  'a chunk of a size beyond 64 bits': chunks('fffffffffffffffff\r\n'),
  'a chunk of a negative size': chunks('-1\r\nhello\r\n0\r\n\r\n'),
  'a chunk size with a prefix': chunks('0x5\r\nhello\r\n0\r\n\r\n'),
  'a chunk longer than it says': chunks('3\r\nhello\r\n0\r\n\r\n'),
  'a chunk that ends in a bare LF': chunks('5\nhello\n0\n\n'),
  'a chunk extension of 20,000 octets': chunks(`5;x=${'y'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`),
  'a chunk extension with a bare LF': chunks('5;x\nhello\r\n0\r\n\r\n'),
  'trailers of 20,000 octets': chunks(`0\r\nX-Y: ${'y'.repeat(20_000)}\r\n\r\n`),
  garbage: '\x00\x01\x02\x03\xff\xfe\xfd\r\n\r\n',
  'TLS within TLS': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'empty lines without end': '\r\n'.repeat(100_000),
};

function request(line: string, ...headers: readonly string[]): string {
  return `${[line, 'Host: localhost', ...headers].join('\r\n')}\r\n\r\n`;
}

function post(...headers: readonly string[]): string {
  const head = request('POST /echo HTTP/1.1', 'Content-Type: application/json', ...headers);
  return `${head}0\r\n\r\n${SMUGGLED}`;
}

function chunks(body: string): string {
  const head = request('POST /echo HTTP/1.1', 'Content-Type: application/json', 'Transfer-Encoding: chunked');
  return `${head}${body}${SMUGGLED}`;
}

import { describe, expect, it } from 'vitest';
import { requestPath } from '../../src/server/request-path.js';

describe('the path of a request', () => {
  it.each([
    ['/items/7', '/items/7'],
    ['/items/7?x=/../a', '/items/7'],
    ['/items/a%20b'.replace('%20', '%C3%A9'), '/items/aéb'],
    ['/items/a.b..c', '/items/a.b..c'],
    ['/~', '/~'],
    ['https://localhost/items/7?x', '/items/7'],
    ['HTTPS://other:8443', '/'],
    ['https://other?x', '/'],
  ])('%s is read as %s', (url, path) => expect(requestPath(url)).toBe(path));

  it.each([
    '',
    '*',
    'http://other/admin',
    'https://other//admin',
    'https://other/a/../admin',
    'https:/admin',
    'wss://other/admin',
    '//admin',
    '/items//7',
    '/items/../admin',
    '/items/..',
    '/./admin',
    '/items/%2e%2e/admin',
    '/items%2fadmin',
    '/items%2Fadmin',
    '/items%252fadmin',
    '/items\\admin',
    '/items%5cadmin',
    '/admin;x=1',
    '/admin%3bx',
    '/admin%00',
    '/admin%0a',
    '/adm in',
    '/%ff',
    '/%',
    '/%zz',
  ])('%s can be read in two ways', (url) => expect(requestPath(url)).toBeNull());
});

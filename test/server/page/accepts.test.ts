import { describe, expect, it } from 'vitest';
import { accepts } from '../../../src/server/page/accepts.js';

describe('a client that asks for HTML', () => {
  it.each<[string, string | undefined, boolean]>([
    ['as Chromium does', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', true],
    ['in capitals, and with a weight', 'application/json, Text/HTML ; q=0.1', true],
    ['as curl does, whatever there is', '*/*', false],
    ['or any text', 'text/*', false],
    ['not at all', undefined, false],
    ['with a weight of nought', 'text/html;q=0, */*', false],
    ['with a longer nought', 'text/html; q=0.000', false],
    ['with a name that only begins so', 'text/html5', false],
  ])('%s', (_how, accept, wants) => expect(accepts(accept, 'text/html')).toBe(wants));
});

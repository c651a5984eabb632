import { describe, expect, it } from 'vitest';
import { permissions } from '../../../src/server/page/permissions.js';

const PATHS = [
  { path: '/items', operations: { get: { summary: 'All items' }, post: {}, parameters: {} } },
  { path: '/items/{id}', operations: { get: {}, delete: { summary: 'Takes one away' } } },
];

describe('what an identity may do', () => {
  it('is asked for every method that the API has there, and no other', () => {
    const told = permissions(PATHS, (method, path) => method === 'DELETE' || path === '/items');

    expect(told).toEqual([
      { path: '/items', summary: 'All items', allowed: { GET: true, POST: true } },
      { path: '/items/{id}', summary: 'Takes one away', allowed: { GET: false, DELETE: true } },
    ]);
  });

  it('with a parameter is what a rule for all of them says, not one for a single thing', () => {
    const told = permissions(PATHS, (_method, path) => path === '/items/7');

    expect(told[1]?.allowed).toEqual({ GET: false, DELETE: false });
  });
});

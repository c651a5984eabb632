import { type BadKind, overHttp } from '../bad-kind.js';

/** What every refusal is measured against: a client that refuses this one refuses everything, and shows nothing. */
export const good: BadKind = {
  id: 'good',
  title: 'Accepts a server of the CA that it trusts',
  breaks: 'nothing is wrong, the control for all others',
  citation: 'RFC 5280 §6.1; RFC 9525 §6',
  expected: 'accept',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: null,
  make: ({ good: credential }) => Promise.resolve(overHttp(credential)),
};

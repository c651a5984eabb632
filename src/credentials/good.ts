import type { Credential } from './credential.js';
import { mint } from './mint.js';

/** What every refusal is measured against: without it a dead endpoint would refuse everything. */
export const good: Credential = {
  id: 'good',
  title: 'Accepts a client certificate of our CA',
  breaks: 'nothing',
  citation: 'RFC 5280 §6.1',
  expected: 'accept',
  severity: 'high',
  needs: 'issuing-key',
  make: (context) => mint(context),
};

import { octetString } from '../x509/der.js';
import type { Credential } from './credential.js';
import { mint } from './mint.js';

/** Says something critical that nobody understands: who does not must not go on. */
export const unknownCriticalExtension: Credential = {
  id: 'unknown-critical-extension',
  title: 'Refuses a certificate with a critical extension that nobody knows',
  breaks: 'it has a critical extension of an unregistered object identifier',
  citation: 'RFC 5280 §6.1.5 (f); CWE-295',
  expected: 'refuse',
  severity: 'high',
  needs: 'issuing-key',
  make: (context) =>
    mint(context, {
      moreExtensions: [{ oid: UNREGISTERED, critical: true, value: octetString(new Uint8Array(4)) }],
    }),
};

/** In the arc of UUIDs, ITU-T X.667: nobody else has it. */
const UNREGISTERED = '2.25.20260601120000';

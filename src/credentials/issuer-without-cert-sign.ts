import { keyUsage } from '../x509/extensions/key-usage.js';
import type { Credential } from './credential.js';
import { FRESH_INTERMEDIATE, makeIntermediate } from './intermediate.js';
import { mint } from './mint.js';

/** The CA above it may sign CRLs, and nothing else. */
export const issuerWithoutCertSign: Credential = {
  id: 'issuer-without-cert-sign',
  title: 'Refuses a certificate whose issuer may not sign certificates',
  breaks: 'the keyUsage of its issuer is cRLSign, without keyCertSign',
  citation: 'RFC 5280 §6.1.4 (n); CWE-295',
  expected: 'refuse',
  severity: 'critical',
  needs: 'root-key',
  twin: FRESH_INTERMEDIATE,
  make: async (context) =>
    mint(context, { intermediate: await makeIntermediate(context, { instead: [keyUsage(['cRLSign'])] }) }),
};

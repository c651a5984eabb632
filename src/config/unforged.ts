import { IDENTITY_FIELDS } from '../policy/identity-fields.js';

/** Fields of identity that a server takes out of every request by name.
 *  @param others those that its template deals with itself, as it sets them */
export function unforged(others: readonly string[]): readonly string[] {
  return IDENTITY_FIELDS.filter((field) => !others.includes(field));
}

/** What nearly every template sets where the upstream is told who the client is, and takes away where it is not. */
export const TOLD_FIELDS: readonly string[] = [
  'X-SSL-Client-Verify',
  'X-SSL-Client-Subject',
  'X-SSL-Client-Issuer',
  'X-SSL-Client-Serial',
  'X-SSL-Client-Fingerprint',
  'X-SSL-Client-Cert',
];
/** What tells where a request came from. */
export const ORIGIN_FIELDS: readonly string[] = [
  'Forwarded',
  'X-Forwarded-For',
  'X-Forwarded-Server',
  'X-Real-IP',
];

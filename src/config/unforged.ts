import { IDENTITY_FIELDS } from '../policy/identity-fields.js';

/** Fields of identity that a server takes out of every request by name.
 *  @param others those that its template deals with itself, as it sets them */
export function unforged(others: readonly string[]): readonly string[] {
  return IDENTITY_FIELDS.filter((field) => !others.includes(field));
}

import type { Validity } from '../x509/certificate.js';
import { wholeSeconds } from '../x509/whole-seconds.js';
import { type Refusal, refusal } from './path-result.js';

/** RFC 5280 §4.1.2.5: valid from notBefore through notAfter, both inclusive, in whole seconds.
 *  @param at the moment to judge at; a part of a second is cut off */
export function checkValidity({ notBefore, notAfter }: Validity, at: Date): Refusal | null {
  const now = wholeSeconds(at).getTime();
  if (now < notBefore.getTime()) {
    return refusal(
      'cert-not-yet-valid',
      `valid from ${notBefore.toISOString()}, judged at ${at.toISOString()}`,
    );
  }
  if (now > notAfter.getTime()) {
    return refusal('cert-expired', `valid until ${notAfter.toISOString()}, judged at ${at.toISOString()}`);
  }
  return null;
}

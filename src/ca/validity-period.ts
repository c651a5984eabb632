import { SslapiError } from '../errors.js';
import type { Validity } from '../x509/certificate.js';
import { wholeSeconds } from '../x509/whole-seconds.js';

/** How long something shall be valid: a number of days from notBefore, or an end. */
export interface ValidityWish {
  readonly validityDays?: number;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** Clocks differ: a certificate is valid since five minutes before it was made. */
export const BACKDATE_MS = 5 * 60 * 1000;
export const DAY_MS = 24 * 60 * 60 * 1000;

/** The validity period that is wished for, no longer than its issuer's; `notice` says where it was cut.
 *  @param issuer the validity of the CA, or null for a root
 *  @throws SslapiError ERR_VALIDITY_INVALID, ERR_CA_EXPIRED */
export function validityPeriod(
  wish: ValidityWish,
  defaultDays: number,
  now: Date,
  issuer: Validity | null,
): { validity: Validity; notice: string | null } {
  if (issuer !== null && issuer.notAfter <= now) {
    throw new SslapiError('ERR_CA_EXPIRED', `the CA expired on ${issuer.notAfter.toISOString()}`);
  }
  const notBefore = wholeSeconds(wish.notBefore ?? new Date(now.getTime() - BACKDATE_MS));
  const start = wish.notBefore ?? now;
  const wished = wholeSeconds(
    wish.notAfter ?? new Date(start.getTime() + (wish.validityDays ?? defaultDays) * DAY_MS),
  );
  checkOrder(notBefore, wished, now, wish);
  if (issuer === null || wished <= issuer.notAfter)
    return { validity: { notBefore, notAfter: wished }, notice: null };
  if (notBefore >= issuer.notAfter)
    throw new SslapiError('ERR_VALIDITY_INVALID', 'notBefore lies after the end of the CA');
  return {
    validity: { notBefore, notAfter: issuer.notAfter },
    notice: `notAfter was cut to ${issuer.notAfter.toISOString()}, the end of its CA`,
  };
}

function checkOrder(notBefore: Date, notAfter: Date, now: Date, wish: ValidityWish): void {
  if (!(notAfter.getTime() <= LAST_INSTANT))
    throw new SslapiError('ERR_VALIDITY_INVALID', 'the validity ends after the year 9999');
  if (notBefore.getTime() < 0)
    throw new SslapiError('ERR_VALIDITY_INVALID', 'the validity begins before 1970');
  if (notAfter <= notBefore)
    throw new SslapiError(
      'ERR_VALIDITY_INVALID',
      `notAfter (${notAfter.toISOString()}) is not after notBefore (${notBefore.toISOString()})`,
    );
  if (notAfter <= now && wish.notBefore === undefined) {
    throw new SslapiError('ERR_VALIDITY_INVALID', `notAfter (${notAfter.toISOString()}) has passed`);
  }
}

/** RFC 5280 §4.1.2.5: the time that says "no end". */
const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59);

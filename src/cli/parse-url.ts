import { SslapiError } from '../errors.js';

/** An http: or https: address that goes into certificates; `{ca}` in it stands for the issuer's name. */
export function parseUrl(text: string): string {
  const probe = text.replaceAll('{ca}', 'issuing');
  const good = /^[\x21-\x7e]+$/.test(probe) && /^https?:\/\/[^/]/i.test(probe) && URL.canParse(probe);
  if (!good) throw new SslapiError('ERR_URL_INVALID', `"${text}" is no http: or https: address`);
  return text;
}

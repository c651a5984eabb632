import { SslapiError } from '../errors.js';

/** The NAME that a certificate is kept under: its folder, and how commands call it.
 *  A wildcard's first label becomes `_wildcard`. @throws SslapiError ERR_NAME_INVALID */
export function certificateName(text: string): string {
  const name = text.startsWith('*.') ? `_wildcard${text.slice(1)}` : text;
  if (!NAME.test(name))
    throw new SslapiError('ERR_NAME_INVALID', `"${text}" cannot be the NAME of a certificate`);
  return name;
}

const NAME = /^[A-Za-z0-9_@][A-Za-z0-9._@-]{0,63}$/;

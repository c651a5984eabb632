import { SslapiError } from '../errors.js';

/** One block between BEGIN and END lines, RFC 7468. */
export interface PemBlock {
  /** What stands behind BEGIN, such as CERTIFICATE or X509 CRL. */
  readonly label: string;
  readonly der: Uint8Array;
  /** Headers such as Proc-Type of the older PEM, RFC 1421; empty in RFC 7468. */
  readonly headers: string;
}

/** PEM text of one block: 64 characters a line, a newline at the end. */
export function encodePem(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.length).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** Every block of a PEM text, in order; text around them is comment. A block that is cut off or not base64 throws. */
export function decodePem(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  let at = 0;
  for (;;) {
    const begin = text.indexOf('-----BEGIN ', at);
    if (begin < 0) return blocks;
    const labelEnd = text.indexOf('-----', begin + 11);
    const label = labelEnd < 0 ? '' : text.slice(begin + 11, labelEnd);
    if (!LABEL.test(label)) throw broken('a BEGIN line without a label');
    const endLine = `-----END ${label}-----`;
    const end = text.indexOf(endLine, labelEnd);
    if (end < 0) throw broken(`the ${label} block has no END line`);
    blocks.push(decodeBlock(label, text.slice(labelEnd + 5, end)));
    at = end + endLine.length;
  }
}

/** Whether a text holds a PEM block at all. */
export function looksLikePem(text: string): boolean {
  return text.includes('-----BEGIN ');
}

function decodeBlock(label: string, body: string): PemBlock {
  const split = body.includes(':') ? /^([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(body) : null;
  const headers = split?.[1]?.trim() ?? '';
  const base64 = (split?.[2] ?? body).replace(/\s+/g, '');
  if (base64.length === 0 || base64.length % 4 !== 0 || !BASE64.test(base64))
    throw broken(`the ${label} block is not base64`);
  return { label, der: new Uint8Array(Buffer.from(base64, 'base64')), headers };
}

function broken(what: string): SslapiError {
  return new SslapiError('ERR_INPUT_NOT_RECOGNISED', `the PEM text is damaged: ${what}`);
}

/** Printable, and no hyphen: it would end the label. */
const LABEL = /^[!-,.-~][ !-,.-~]{0,62}$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

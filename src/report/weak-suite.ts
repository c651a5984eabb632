/** Whether the name of a cipher suite, IANA's, says that nobody should agree upon it: no encryption, no authentication, keys
 *  that were kept short, or a cipher that is broken or of 64-bit blocks. Those of SSL 2.0 are so all together. */
export function isWeakSuite(name: string): boolean {
  return WEAK.test(name) || name.startsWith('SSL_CK_');
}

/** RFC 9325 §4.1; RFC 9150's suites for integrity alone encrypt nothing either. */
const WEAK = /NULL|_anon_|_EXPORT|RC4|RC2|DES|IDEA|MD5|28147|MAGMA|^TLS_SHA\d+_SHA/;

/** `TLSv1.2` as people write it. */
export function readable(version: string): string {
  if (version === 'TLSv1') return 'TLS 1.0';
  return /^SSLv\d$/.test(version) ? `${version.replace('v', ' ')}.0` : version.replace('v', ' ');
}

/** Every certificate of a PEM text as bare base64: two are the same certificate where these are the same text. */
export function certificateBlocks(text: string): string[] {
  return [...text.matchAll(BLOCK)].map(([, base64 = '']) => base64.replace(/\s+/g, ''));
}

/** Whether a PEM text holds that very certificate. */
export function holdsCertificate(text: string, pem: string): boolean {
  const [wanted] = certificateBlocks(pem);
  return wanted !== undefined && certificateBlocks(text).includes(wanted);
}

const BLOCK = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END /g;

import type { MintedCredential } from '../../credentials/credential.js';
import { mint } from '../../credentials/mint.js';
import type { BadContext } from './bad-kind.js';

/** A faultless certificate with an RSA key: what old versions and suites are spoken with. */
export function withRsaKey(context: BadContext): Promise<MintedCredential> {
  return mint({ ...context, keyType: 'rsa-2048' });
}

/** ECDHE_RSA with AES-128-GCM, AES-256-GCM, ChaCha20-Poly1305: every client of today offers one of them. */
export const SUITES_TO_SIGN_WITH_RSA: readonly number[] = [0xc02f, 0xc030, 0xcca8];

/** Of the days before TLS 1.2: ECDHE_RSA and RSA with AES-CBC. */
export const CBC_SUITES: readonly number[] = [0xc013, 0xc014, 0x002f, 0x0035];

/** ECDHE_RSA with AES-128-GCM, AES-256-GCM, ChaCha20-Poly1305: every client of today offers one of them. */
export const SUITES_TO_SIGN_WITH_RSA: readonly number[] = [0xc02f, 0xc030, 0xcca8];

/** Of the days before TLS 1.2: ECDHE_RSA and RSA with AES-CBC. */
export const CBC_SUITES: readonly number[] = [0xc013, 0xc014, 0x002f, 0x0035];

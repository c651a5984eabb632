/** Go's suites of TLS 1.3: crypto/tls lets nobody choose them, and prefers AES where the hardware has it. */
export const GO_TLS13 = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
] as const;

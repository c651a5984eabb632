/** The name that RFC 8446 §6 (or the RFC that added it) gives an AlertDescription; `alert(n)` for an unknown one. */
export function alertName(description: number): string {
  return NAMES[description] ?? `alert(${description})`;
}

/** AlertLevel, RFC 8446 §6: TLS 1.3 gives it no meaning, earlier versions go on after a warning. */
export const ALERT_LEVEL = { warning: 1, fatal: 2 } as const;

/** The AlertDescriptions that something here depends on. */
export const ALERT = {
  closeNotify: 0,
  badRecordMac: 20,
  decryptionFailed: 21,
  handshakeFailure: 40,
  badCertificate: 42,
  internalError: 80,
  userCanceled: 90,
  certificateRequired: 116,
} as const;

/** TLS Alerts registry, those of SSL 3.0 and TLS 1.0 that were withdrawn included. */
const NAMES: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  21: 'decryption_failed',
  22: 'record_overflow',
  30: 'decompression_failure',
  40: 'handshake_failure',
  41: 'no_certificate',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  52: 'too_many_cids_requested',
  60: 'export_restriction',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  111: 'certificate_unobtainable',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  114: 'bad_certificate_hash_value',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  117: 'general_error',
  120: 'no_application_protocol',
  121: 'ech_required',
};

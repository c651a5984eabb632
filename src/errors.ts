/** What the exit status of a command means; scripts rely on these numbers. */
export const EXIT = { yes: 0, no: 1, usage: 2, couldNot: 3, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

interface ErrorKind {
  readonly exitCode: ExitCode;
  readonly hint: string;
}

/** Every error that sslapi can end with. A code never changes its meaning; the hint is the next step. */
export const ERRORS = {
  // What was typed (exit 2)
  ERR_USAGE: { exitCode: 2, hint: 'See `sslapi help`.' },
  ERR_COMMAND_UNKNOWN: { exitCode: 2, hint: 'See the commands with `sslapi help`.' },
  ERR_ANSWER_NEEDED: { exitCode: 2, hint: 'Give the answer by its flag; `--yes` agrees to questions.' },
  ERR_CONFIG_FILE_INVALID: { exitCode: 2, hint: 'It is a JSON object of flags, like {"pki": "./pki"}.' },
  ERR_CONFIG_FILE_FORBIDDEN: {
    exitCode: 2,
    hint: 'This flag counts only on the command line; take it out of there.',
  },
  ERR_NAME_INVALID: {
    exitCode: 2,
    hint: 'A NAME is 1 to 64 of A-Z a-z 0-9 . _ @ - and starts with none of ". -"; `--as NAME` (sign-csr: `--name NAME`) gives another.',
  },
  ERR_NAME_TAKEN: {
    exitCode: 2,
    hint: 'Choose another NAME, or give `--force` to replace it and revoke the old one.',
  },
  ERR_SAN_INVALID: {
    exitCode: 2,
    hint: 'Write it as DNS:api.test, IP:10.0.0.7, EMAIL:a@b.test or URI:spiffe://acme/api.',
  },
  ERR_SUBJECT_INVALID: { exitCode: 2, hint: 'Write it as RFC 4514 does: "CN=api.test,O=Acme,C=DE".' },
  ERR_DURATION_INVALID: {
    exitCode: 2,
    hint: 'Write 15m, 12h, 90d, 8w or 1y, or an instant like 2027-03-01T00:00:00Z.',
  },
  ERR_ACCESS_INVALID: {
    exitCode: 2,
    hint: 'Write {"rules": [{"identity": "alice", "methods": ["GET"], "paths": ["/items/*"]}]}; templates/access.schema.json describes it.',
  },
  ERR_RATE_LIMIT_INVALID: { exitCode: 2, hint: 'Write 600/1m, 10/1s or off.' },
  ERR_VALIDITY_INVALID: {
    exitCode: 2,
    hint: 'Let notAfter lie after notBefore, and both within the life of the CA.',
  },
  ERR_KEY_TYPE_UNKNOWN: {
    exitCode: 2,
    hint: 'Choose ec-p256, ec-p384, rsa-2048, rsa-3072, rsa-4096 or ed25519.',
  },
  ERR_KEY_TYPE_UNSUPPORTED: {
    exitCode: 3,
    hint: 'Node 24 and later have ML-DSA; choose another --key-type here.',
  },
  ERR_REASON_UNKNOWN: {
    exitCode: 2,
    hint: 'Choose unspecified, keyCompromise, cACompromise, affiliationChanged, superseded, cessationOfOperation, certificateHold or privilegeWithdrawn.',
  },
  ERR_URL_INVALID: {
    exitCode: 2,
    hint: 'Write an http: or https: address; `{ca}` stands for the name of the issuer.',
  },
  ERR_TARGET_INVALID: { exitCode: 2, hint: 'Write HOST, HOST:PORT or [IPv6]:PORT.' },
  ERR_BASELINE_INVALID: {
    exitCode: 2,
    hint: 'A baseline is what `sslapi probe --format json=FILE` wrote of the same target.',
  },
  ERR_KIT_INVALID: { exitCode: 2, hint: 'A kit is what `sslapi proof-kit --out FILE` writes.' },
  ERR_REPORT_INVALID: {
    exitCode: 2,
    hint: 'A signed report is what `sslapi probe --sign --format json=FILE` wrote.',
  },
  ERR_NAME_CONSTRAINT_INVALID: {
    exitCode: 2,
    hint: 'Write .internal or api.test, 10.0.0.0/8, or a mail host.',
  },
  ERR_CA_EXISTS: { exitCode: 2, hint: 'Use another folder with --pki; a CA is never overwritten.' },
  ERR_FILE_EXISTS: { exitCode: 2, hint: 'Give another path, or `--force` to overwrite.' },
  ERR_PASSWORD_NEEDED: {
    exitCode: 2,
    hint: 'Give --password-file FILE, --password-stdin or SSLAPI_CA_PASSWORD, or run it on a terminal.',
  },
  ERR_PASSWORD_UNFIT: { exitCode: 2, hint: 'A password has 1 to 1024 bytes, on one line.' },
  ERR_INPUT_UNREADABLE: { exitCode: 2, hint: 'Check the path; `-` reads standard input.' },
  ERR_INPUT_TOO_LARGE: { exitCode: 2, hint: 'A certificate, request or policy is at most 1 MiB.' },
  ERR_INPUT_NOT_RECOGNISED: {
    exitCode: 2,
    hint: 'A PEM or DER certificate, request, CRL or key is wanted; `sslapi inspect FILE` tells what a file is.',
  },
  ERR_DER_INVALID: {
    exitCode: 2,
    hint: 'The file is damaged, or not what its name says; make or fetch it anew.',
  },
  ERR_REQUEST_NEEDS_NAME: { exitCode: 2, hint: 'Give --name NAME.' },
  ERR_CONFIG_TARGET_UNKNOWN: { exitCode: 2, hint: 'See the targets with `sslapi config --list`.' },
  ERR_CONFIG_VALUE: {
    exitCode: 2,
    hint: 'This value cannot be written safely into that configuration; choose a simpler path or name.',
  },
  ERR_POLICY_UNKNOWN: {
    exitCode: 2,
    hint: 'Choose modern, intermediate, nist or bcp195, or give the path of a policy file.',
  },
  ERR_POLICY_INVALID: {
    exitCode: 2,
    hint: '`sslapi policies NAME --json` prints a whole policy as such a file; with "extends" it holds only what it changes.',
  },
  ERR_IMPORT_INVALID: {
    exitCode: 2,
    hint: 'Nothing was imported; put it right where it comes from, and run it again.',
  },
  ERR_TEMPLATE_INVALID: {
    exitCode: 3,
    hint: 'The template shipped with sslapi is damaged; install sslapi anew.',
  },

  // The answer is no (exit 1)
  ERR_REQUEST_REFUSED: {
    exitCode: 1,
    hint: 'Ask its owner for a new request: `sslapi csr NAME` makes a right one.',
  },
  ERR_NAME_CONSTRAINED: {
    exitCode: 1,
    hint: 'Choose a name that the CA permits (`sslapi inspect pki/ca.crt` shows which); constraints are fixed by `init-ca`.',
  },
  ERR_ISSUE_POLICY_REFUSED: {
    exitCode: 1,
    hint: 'Keep to issue-policy.json in the pki folder, or change the rule there.',
  },
  ERR_ISSUE_DECLINED: { exitCode: 1, hint: 'Nothing was signed; `--yes` answers for you.' },

  // Could not be done (exit 3)
  ERR_CA_NOT_FOUND: {
    exitCode: 3,
    hint: 'Create one with `sslapi init-ca`, or point --pki at an existing one.',
  },
  ERR_CERTIFICATE_UNKNOWN: { exitCode: 3, hint: 'See the names with `sslapi list`.' },
  ERR_SERIAL_UNKNOWN: { exitCode: 3, hint: 'See the serial numbers with `sslapi list`.' },
  ERR_CERTIFICATE_AMBIGUOUS: {
    exitCode: 3,
    hint: 'Name one by its serial number, or give --latest or --yes.',
  },
  ERR_ALREADY_REVOKED: {
    exitCode: 3,
    hint: 'Nothing was changed; `sslapi gen-crl` publishes it where no CRL has it yet.',
  },
  ERR_NOT_ON_HOLD: {
    exitCode: 3,
    hint: 'Only certificateHold can be taken back (RFC 5280 §5.3.1); issue a new certificate instead.',
  },
  ERR_NOT_RENEWABLE: {
    exitCode: 3,
    hint: 'Issue a new one: `sslapi issue-server NAME` or `sslapi issue-client NAME`.',
  },
  ERR_ALREADY_RENEWED: {
    exitCode: 3,
    hint: 'Another process renewed it meanwhile; nothing was changed.',
  },
  ERR_KEY_ELSEWHERE: {
    exitCode: 3,
    hint: 'Its owner makes a request with `sslapi csr NAME`, and you sign it with `sslapi sign-csr FILE`.',
  },
  ERR_CA_EXPIRED: {
    exitCode: 3,
    hint: 'The CA can sign nothing that is valid; create a new one in another folder.',
  },
  ERR_KIT_EXPIRED: {
    exitCode: 3,
    hint: "Have the CA's owner make a new one: `sslapi proof-kit --out FILE`.",
  },
  ERR_KIT_UNKNOWN: { exitCode: 3, hint: 'See what is left of kits with `sslapi list --profile probe`.' },
  ERR_ISSUE_POLICY_INVALID: {
    exitCode: 3,
    hint: 'Put the file right, or take it away to issue without a policy; templates/issue-policy.schema.json describes it.',
  },
  ERR_ROOT_KEY_OFFLINE: { exitCode: 3, hint: 'Bring the key of the root with --root-key FILE.' },
  ERR_PASSWORD_WRONG: { exitCode: 3, hint: 'Check the password; nothing was changed.' },
  ERR_KEY_UNREADABLE: { exitCode: 3, hint: 'A PKCS#8, PKCS#1 or SEC 1 private key in PEM or DER is wanted.' },
  ERR_KEY_MISMATCH: {
    exitCode: 3,
    hint: "This private key is not that certificate's; put the right one in its place.",
  },
  ERR_STORE_DAMAGED: { exitCode: 3, hint: 'Restore the pki folder from a backup; nothing was changed.' },
  ERR_STORE_NEWER: { exitCode: 3, hint: 'A newer sslapi made this store; use that version.' },
  ERR_STORE_BUSY: {
    exitCode: 3,
    hint: 'Another process holds the store for too long; see who, and run it again.',
  },
  ERR_PERMISSION: {
    exitCode: 3,
    hint: 'Check the owner and the mode of that folder, or use another one with --pki.',
  },
  ERR_IO: { exitCode: 3, hint: 'Check the disk and the path, and run it again.' },
  ERR_SERVER_ABSENT: { exitCode: 3, hint: 'Install that server, or leave out --check.' },
  ERR_TRUST_STORE_ABSENT: {
    exitCode: 3,
    hint: 'Leave it out of --store, or install what it needs: for nss the package libnss3-tools (Fedora: nss-tools) and a browser that was started once, for java a JDK.',
  },
  ERR_PROGRAM_FAILED: { exitCode: 3, hint: 'See what it printed.' },
  ERR_UNREACHABLE: { exitCode: 3, hint: 'Check host and port, and that the server runs.' },
  ERR_NOT_TLS: { exitCode: 3, hint: 'Check the port: what answers there does not speak TLS.' },
  ERR_STARTTLS: {
    exitCode: 3,
    hint: 'Check the port and --starttls: the server has to speak that protocol, and offer TLS in it.',
  },
  ERR_PROXY: { exitCode: 3, hint: 'Check --proxy, HTTPS_PROXY and SSLAPI_PROXY_PASSWORD.' },
  ERR_LISTEN: { exitCode: 3, hint: 'Choose another address with --listen HOST:PORT.' },
  ERR_INTERRUPTED: { exitCode: 130, hint: 'Nothing is half-written; run it again.' },
  ERR_INTERNAL: {
    exitCode: 3,
    hint: 'This is a fault of sslapi: run it with SSLAPI_DEBUG=1 and tell us what it prints.',
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** A refusal or failure that a user can cause: a stable code, a sentence with the value got, and a next step. */
export class SslapiError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SslapiError';
    this.code = code;
    this.hint = options.hint ?? ERRORS[code].hint;
  }

  get exitCode(): ExitCode {
    return ERRORS[this.code].exitCode;
  }
}

import { ERRORS, type ErrorCode, type ExitCode, SslapiError } from '../errors.js';

/** What is told about an error, on stderr and as JSON. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly exitCode: ExitCode;
}

/** Any thrown value as a failure with a code: one of the system's by its errno, an unforeseen one as ERR_INTERNAL. */
export function failureOf(error: unknown): Failure {
  if (error instanceof SslapiError) {
    const { code, message, hint, exitCode } = error;
    return { code, message, hint, exitCode };
  }
  const code = codeOf(error);
  return { code, message: error instanceof Error ? error.message : String(error), ...ERRORS[code] };
}

function codeOf(error: unknown): ErrorCode {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return 'ERR_INTERNAL';
  return NOT_ALLOWED.includes(String(error.code)) ? 'ERR_PERMISSION' : 'ERR_IO';
}

const NOT_ALLOWED = ['EACCES', 'EPERM', 'EROFS'];

import { ERRORS, type ErrorCode } from '../errors.js';
import type { Unreachable, UnreachableReason } from '../tls/connect.js';
import type { ReportedError } from './probe-report.js';
import { formatProbeTarget, type ProbeTarget } from './probe-target.js';

/** Why there was no connection that TLS could begin on. */
export function unreachableError(target: ProbeTarget, unreachable: Unreachable): ReportedError {
  const { why, said } = unreachable;
  const code = codeOf(why);
  const what = told(unreachable, target.starttls ?? 'STARTTLS')[why];
  const where = formatProbeTarget(target) + (target.address === undefined ? '' : ` at ${target.address}`);
  const message = `cannot reach ${where}: ${what}${said ? `: ${said}` : ''}`;
  return { code, message, hint: ERRORS[code].hint };
}

function codeOf(why: UnreachableReason): ErrorCode {
  if (why.startsWith('proxy-')) return 'ERR_PROXY';
  return why.startsWith('starttls-') ? 'ERR_STARTTLS' : 'ERR_UNREACHABLE';
}

function told({ code }: Unreachable, protocol: string): Record<UnreachableReason, string> {
  return {
    refused: 'nothing listens there',
    'name-not-found': 'the name does not resolve',
    'connect-timeout': 'no connection came about in time',
    network: `the network says ${code ?? 'no'}`,
    'proxy-unreachable': `no connection to the proxy came about (${code ?? 'in time'})`,
    'proxy-refused': 'the proxy refuses',
    'proxy-garbled': 'the proxy does not answer as an HTTP proxy does',
    'proxy-closed': 'the proxy closed the connection',
    'proxy-timeout': 'the proxy did not answer in time',
    'proxy-endless': 'the proxy said more than an answer is long',
    'starttls-refused': `the server refuses to go on in TLS (${protocol})`,
    'starttls-garbled': `the server does not speak ${protocol}`,
    'starttls-closed': `the server closed the connection before TLS (${protocol})`,
    'starttls-timeout': `the server did not come to TLS in time (${protocol})`,
    'starttls-endless': `the server said too much before TLS (${protocol})`,
  };
}

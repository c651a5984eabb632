import type { Ssl2Outcome } from '../../tls/exchange-ssl2.js';
import type { TlsVersion } from '../../tls/version.js';
import { endingInWords, type OfferedSuites, type Scan, type Told, told, untold } from '../scan.js';
import { type Answer, refusalInWords } from './hellos.js';
import { HELLO_VERSIONS, type HelloVersion, spokenBy } from './opening.js';

/** Which versions are spoken: those of which a suite was taken, by the hello of that version or by any other. */
export function protocolsOf(
  answers: ReadonlyMap<HelloVersion, Answer>,
  suites: ReadonlyMap<TlsVersion, OfferedSuites>,
  ssl2: Ssl2Outcome,
): Scan['protocols'] {
  const isAnySpoken =
    ssl2.kind === 'ssl2-server-hello' || HELLO_VERSIONS.some((version) => isSpoken(version, answers, suites));
  const entries = [...HELLO_VERSIONS].reverse().map((version) => {
    if (isSpoken(version, answers, suites)) return [version, told(true)] as const;
    return [version, refused(answers.get(version), suites.get(version), isAnySpoken)] as const;
  });
  return Object.fromEntries([['SSLv2', ssl2Spoken(ssl2, isAnySpoken)], ...entries]) as Scan['protocols'];
}

function isSpoken(
  version: HelloVersion,
  answers: ReadonlyMap<HelloVersion, Answer>,
  suites: ReadonlyMap<TlsVersion, OfferedSuites>,
): boolean {
  const answer = answers.get(version);
  const isAnswered = answer !== undefined && spokenBy(answer) === version;
  return isAnswered || (suites.get(version)?.ids.length ?? 0) > 0;
}

/** A version that no answer was in. A close is a refusal only of a server that speaks another. */
function refused(
  answer: Answer | undefined,
  rest: OfferedSuites | undefined,
  isAnySpoken: boolean,
): Told<boolean> {
  if (answer === undefined) return untold('not asked');
  if (answer.kind === 'untold') return untold(answer.why);
  if (answer.kind === 'refused' && answer.alert === null && !isAnySpoken)
    return untold(refusalInWords(answer));
  return rest?.incomplete ? untold(rest.incomplete) : told(false);
}

/** SSL 2.0 has no alert for a stranger's hello: who speaks TLS answers with one of TLS, or closes. */
function ssl2Spoken(outcome: Ssl2Outcome, isAnySpoken: boolean): Told<boolean> {
  switch (outcome.kind) {
    case 'ssl2-server-hello':
      return told(true);
    case 'alert':
      return told(false);
    case 'eof':
    case 'reset':
    case 'malformed':
    case 'not-tls':
      return isAnySpoken ? told(false) : untold(endingInWords(outcome));
    case 'complete':
    case 'not-read':
    case 'timeout':
    case 'unreachable':
      return untold(endingInWords(outcome));
  }
}

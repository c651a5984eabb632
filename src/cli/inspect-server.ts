import { SslapiError } from '../errors.js';
import type { Remark } from '../lint/bundle-remarks.js';
import { type Inspection, inspect } from '../lint/inspect.js';
import { type PathResult, REFUSALS } from '../path/path-result.js';
import { verifyCertificate } from '../path/verify-certificate.js';
import { formatProbeTarget, type ProbeTarget, parseProbeTarget } from '../probe/probe-target.js';
import type { TrustSource } from '../probe/trust.js';
import { unreachableError } from '../probe/unreachable-error.js';
import { alertName } from '../tls/alert.js';
import type { HandshakeOutcome } from '../tls/exchange.js';
import { type ServerChain, serverChain } from '../tls/server-chain.js';
import type { StarttlsProtocol } from '../tls/starttls/protocols.js';
import { parseIpAddress } from '../x509/ip-address.js';
import { encodePem } from '../x509/pem.js';
import type { CommandRun } from './command-context.js';
import { probeTrust } from './probe-trust.js';

/** What of the flags of `inspect` speaks of an endpoint. */
export interface EndpointFlags {
  readonly pki?: string;
  readonly servername?: string;
  readonly starttls?: StarttlsProtocol;
}

/** Whether a text names an endpoint: HOST:PORT, with no more than one colon outside of brackets. A serial number may look
 *  like that (`4f:1a`), and is meant where all of it is pairs of hex digits. */
export function looksLikeEndpoint(text: string): boolean {
  return /^(\[[0-9a-f:.]+\]|[^:/\\[\]]+):\d{1,5}$/i.test(text) && !/^([0-9a-f]{2}:)+[0-9a-f]{2}$/i.test(text);
}

/** What a server shows to strangers: its chain as sent, how it fits together, and whether it is good for that name.
 *  @throws SslapiError ERR_TARGET_INVALID, ERR_UNREACHABLE, ERR_NOT_TLS */
export async function inspectServer(
  text: string,
  { pki, servername, starttls }: EndpointFlags,
  run: CommandRun,
  now: Date,
): Promise<Inspection> {
  const target = { ...parseProbeTarget(text), ...(starttls && { starttls }) };
  const name = servername ?? target.host;
  const chain = await serverChain(target, parseIpAddress(name) === null ? name : null);
  if (chain.kind !== 'chain') throw withoutChain(target, chain);
  const pem = chain.certificates.map((der) => encodePem('CERTIFICATE', der)).join('');
  const inspection = await inspect(Buffer.from(pem), { name: formatProbeTarget(target), now });
  const trust = probeTrust({ ...(pki !== undefined && { pki }) }, run);
  return { ...inspection, remarks: [...inspection.remarks, judged(chain, name, trust, now)] };
}

/** The verdict of the first source that trusts the chain, as it was sent or with what was left out of it; else that of the
 *  first that knows more than that it has no such root. */
function judged(
  { certificates: [leaf = new Uint8Array(0), ...untrusted] }: ServerChain,
  name: string,
  sources: readonly TrustSource[],
  at: Date,
): Remark {
  const names = [{ type: parseIpAddress(name) === null ? 'dns' : 'ip', value: name } as const];
  const verdictOf = ({ certificates }: TrustSource, more: readonly Uint8Array[] = []): PathResult =>
    verifyCertificate({
      ...{ leaf, untrusted: [...untrusted, ...more], trusted: certificates(), at, purpose: 'server', names },
    });
  const accepting = sources.find((source) => verdictOf(source).ok);
  if (accepting !== undefined) return { ok: true, text: `good for ${name}: trusted by ${accepting.name}` };
  const mending = sources.find((source) => verdictOf(source, source.intermediates?.()).ok);
  if (mending !== undefined)
    return {
      ok: false,
      text: `the server leaves out an issuing CA: who only has ${mending.name} refuses it`,
    };
  const refusals = sources.map((source) => verdictOf(source)).filter((result) => !result.ok);
  const told = refusals.find(({ reason }) => !NO_SUCH_ROOT.has(reason)) ?? refusals[0];
  if (told === undefined) return { ok: false, text: 'there is no root to hold it against' };
  return {
    ok: false,
    text: `not good for ${name}: ${REFUSALS[told.reason].title}: ${told.message} (${told.reason})`,
  };
}

function withoutChain(target: ProbeTarget, outcome: HandshakeOutcome): SslapiError {
  const where = formatProbeTarget(target);
  switch (outcome.kind) {
    case 'unreachable': {
      const { code, message, hint } = unreachableError(target, outcome);
      return new SslapiError(code, message, { hint });
    }
    case 'not-tls':
      return new SslapiError('ERR_NOT_TLS', `${where} speaks ${outcome.protocol ?? 'something'}, not TLS`);
    case 'alert':
      return noChain(where, `refuses with the alert ${alertName(outcome.alert)}`);
    case 'eof':
    case 'reset':
      return noChain(where, 'closes the connection');
    case 'timeout':
      return noChain(where, 'did not answer in time');
    case 'malformed':
      return noChain(where, `does not speak TLS as it should: ${outcome.why}`);
    case 'server-hello':
      return noChain(where, 'sent no certificate that could be read');
  }
}

function noChain(where: string, what: string): SslapiError {
  return new SslapiError('ERR_UNREACHABLE', `${where} shows no certificate: it ${what}`, {
    hint: `See more of it with \`sslapi probe ${where}\`.`,
  });
}

/** What only says that another source may know more. */
const NO_SUCH_ROOT: ReadonlySet<string> = new Set(['issuer-not-found', 'root-not-trusted']);

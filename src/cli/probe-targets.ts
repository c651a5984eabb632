import { SslapiError } from '../errors.js';
import { type ProbeTarget, parseProbeTarget } from '../probe/probe-target.js';
import { STARTTLS, STARTTLS_PROTOCOLS, type StarttlsProtocol } from '../tls/starttls/protocols.js';
import type { ProbeFlags } from './probe-flags.js';
import { proxiesOf } from './probe-proxy.js';
import { readInput } from './read-input.js';

/** Reads `--starttls`. @throws SslapiError ERR_USAGE */
export function parseStarttls(text: string): StarttlsProtocol {
  const found = STARTTLS_PROTOCOLS.find((protocol) => protocol === text.toLowerCase());
  if (found !== undefined) return found;
  throw new SslapiError('ERR_USAGE', `"${text}" is no protocol that TLS begins in`, {
    hint: `Choose ${STARTTLS_PROTOCOLS.join(', ')}.`,
  });
}

/** All that is to be probed: what the command line names, then the lines of `--targets`.
 *  @throws SslapiError ERR_TARGET_INVALID, ERR_USAGE where there is nothing */
export function probeTargets(
  named: readonly string[],
  { targets: file, starttls, proxy }: ProbeFlags,
  environment: Readonly<Record<string, string | undefined>>,
): ProbeTarget[] {
  const typed = named.map((text) => readTarget(text, starttls));
  const listed = file === undefined ? [] : readList(file, starttls);
  const proxyOf = proxiesOf(proxy, environment);
  const targets = [...typed, ...listed].map((target) => {
    const through = proxyOf(target);
    return through === null ? target : { ...target, proxy: through };
  });
  if (targets.length > 0) return targets;
  throw new SslapiError('ERR_USAGE', file === undefined ? 'no target is given' : `${file} names no target`, {
    hint: 'Name HOST:PORT, or give a file of them with --targets FILE.',
  });
}

/** One target a line, with `servername=NAME` and `starttls=PROTOCOL` after it; a # begins a comment. */
function readList(file: string, starttls: StarttlsProtocol | undefined): ProbeTarget[] {
  const lines = Buffer.from(readInput(file)).toString('utf8').split(/\r?\n/);
  return lines.flatMap((line, index) => {
    const [name, ...words] = line
      .replace(/^\uFEFF|(^|\s)#.*$/g, '')
      .split(/\s+/)
      .filter(Boolean);
    return name === undefined ? [] : [readLine(name, words, starttls, `${file}, line ${index + 1}`)];
  });
}

function readLine(
  name: string,
  words: readonly string[],
  starttls: StarttlsProtocol | undefined,
  where: string,
): ProbeTarget {
  const own: { starttls?: StarttlsProtocol; servername?: string } = {};
  try {
    for (const word of words) {
      const [, key, value = ''] = /^(starttls|servername)=(.+)$/.exec(word) ?? [];
      if (key === 'starttls') own.starttls = parseStarttls(value);
      else if (key === 'servername') own.servername = value;
      else throw new SslapiError('ERR_USAGE', `"${word}" says nothing about a target`, { hint: WORDS });
    }
    const target = readTarget(name, own.starttls ?? starttls);
    return own.servername === undefined ? target : { ...target, servername: own.servername };
  } catch (error) {
    if (!(error instanceof SslapiError)) throw error;
    throw new SslapiError(error.code, `${where}: ${error.message}`, { hint: error.hint, cause: error });
  }
}

function readTarget(text: string, starttls: StarttlsProtocol | undefined): ProbeTarget {
  if (starttls === undefined) return parseProbeTarget(text);
  return { ...parseProbeTarget(text, STARTTLS[starttls].defaultPort), starttls };
}

const WORDS = 'After the target come starttls=PROTOCOL and servername=NAME.';

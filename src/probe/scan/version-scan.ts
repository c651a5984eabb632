import type { Offered, OfferedSuites } from '../scan.js';
import { groups13, olderGroups } from './group-scan.js';
import type { Answer, Hellos } from './hellos.js';
import type { Manner } from './manner.js';
import { OLDER_VERSIONS } from './offers.js';
import { type HelloVersion, type Opening, spokenBy } from './opening.js';
import { signatureSchemes } from './scheme-scan.js';
import { type Breadth, cipherSuites } from './suite-scan.js';

/** What every version is enumerated by. */
export interface VersionBasis {
  readonly hellos: Hellos;
  readonly opening: Opening;
  readonly servername: string | null;
  /** The server's certificate in DER; null where none was seen. */
  readonly leaf: Uint8Array | null;
  readonly manner: Manner;
}

/** What was found of one version; null where it was not looked for. */
export interface VersionFound {
  readonly version: HelloVersion;
  readonly isSpoken: boolean;
  readonly suites: OfferedSuites | null;
  readonly groups: Offered | null;
  readonly schemes: Offered | null;
}

/** Enumerates a version; where it is likely to be spoken, and far away, without waiting for its own hello. */
export async function scanVersion(basis: VersionBasis, version: HelloVersion): Promise<VersionFound> {
  const { hellos, opening, servername, leaf, manner } = basis;
  const nothing = { version, isSpoken: false, suites: null, groups: null, schemes: null };
  const asked = opening.versions.get(version);
  if (asked === undefined) return nothing;
  const breadth =
    isLikely(opening, version) && manner === 'wide' ? 'all' : breadthAfter(await asked, version);
  if (breadth === null) return nothing;
  if (breadth === 'exotic') {
    const suites = await cipherSuites(basis, version, breadth);
    return { ...nothing, isSpoken: suites.ids.length > 0, suites };
  }
  const [suites, groups, schemes] = await Promise.all([
    cipherSuites(basis, version, breadth),
    groupScan(basis, version),
    version === 'TLSv1.3' || version === 'TLSv1.2'
      ? signatureSchemes(hellos, servername, version, leaf, manner)
      : null,
  ]);
  const isSpoken = suites.ids.length > 0 || spokenBy(await asked) === version;
  return { version, isSpoken, suites, groups, schemes };
}

/** Groups are asked for in TLS 1.3 and in the newest version before it: a server has one list for all of those. */
async function groupScan(
  { hellos, opening, servername, leaf, manner }: VersionBasis,
  version: HelloVersion,
): Promise<Offered | null> {
  if (version === 'TLSv1.3') return groups13(hellos, servername, manner);
  if (version === 'SSLv3') return null;
  for (const newer of OLDER_VERSIONS) {
    if (newer === version) return olderGroups(hellos, servername, version, leaf, manner);
    const answer = await opening.versions.get(newer);
    if (answer !== undefined && spokenBy(answer) === newer) return null;
  }
  return null;
}

/** Whether a version is worth asking about before it is known: what the first answer was in, TLS 1.2 beside 1.3,
 *  and what is older than TLS 1.2 where that is the newest. */
function isLikely({ first }: Opening, version: HelloVersion): boolean {
  const spoken = first === null ? null : spokenBy(first);
  if (spoken === null) return false;
  if (spoken === 'TLSv1.3') return version === 'TLSv1.3' || version === 'TLSv1.2';
  return version === spoken || (spoken === 'TLSv1.2' && version !== 'TLSv1.3' && version !== 'SSLv3');
}

/** What is left to look for once the hello of a version was answered: nothing where the version itself is refused, as it is
 *  by a refusal of everything that may be spoken in an old one. */
function breadthAfter(answer: Answer, version: HelloVersion): Breadth | null {
  if (answer.kind === 'hello') return spokenBy(answer) === version ? 'all' : null;
  if (answer.kind === 'untold' || answer.alert === PROTOCOL_VERSION) return null;
  if (version !== 'TLSv1.3' && version !== 'TLSv1.2') return null;
  return answer.alert === HANDSHAKE_FAILURE ? 'exotic' : 'all';
}

/** AlertDescriptions. */
const HANDSHAKE_FAILURE = 40;
const PROTOCOL_VERSION = 70;

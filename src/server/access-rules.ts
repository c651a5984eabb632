import { type Identity, identityKey } from './identity.js';
import type { ClientAuthMode } from './server-settings.js';

/** Who may do what. The first rule that fits decides; where none does, the answer is no. */
export interface AccessRules {
  readonly rules: readonly AccessRule[];
}

export interface AccessRule {
  readonly allow: boolean;
  /** Keys of identities; `everybody` is every verified client, `anonymous` who has no certificate. */
  readonly who: ReadonlySet<string> | 'everybody' | 'anonymous';
  /** In capitals; `*` is every method. GET means HEAD too. */
  readonly methods: ReadonlySet<string>;
  readonly paths: readonly PathPattern[];
}

/** One path, or all that begin so. */
export interface PathPattern {
  readonly text: string;
  readonly isBeginning: boolean;
}

/** The file of `serve --access`, whose shape its schema has held already. */
export interface AccessDocument {
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly rules: readonly AccessDocumentRule[];
}

interface AccessDocumentRule {
  readonly allow?: boolean;
  readonly identity?: string;
  readonly group?: string;
  readonly methods: readonly string[];
  readonly paths: readonly string[];
}

/** The rules that a document states. Groups that it names have to be there. */
export function accessRules({ groups = {}, rules }: AccessDocument): AccessRules {
  return {
    rules: rules.map(({ allow = true, identity, group, methods, paths }) => ({
      allow,
      who: group === undefined ? whoIs(identity ?? '') : new Set((groups[group] ?? []).map(identityKey)),
      methods: new Set(methods),
      paths: paths.map(pathPattern),
    })),
  };
}

/** Whether an identity may do something.
 *  @param identity null for a client without a certificate
 *  @param path decoded, as the router reads it */
export function mayDo(
  { rules }: AccessRules,
  identity: Identity | null,
  method: string,
  path: string,
): boolean {
  const asked = method === 'HEAD' ? 'GET' : method;
  for (const { allow, who, methods, paths } of rules) {
    if (!isMeant(who, identity)) continue;
    if (!methods.has(asked) && !methods.has('*')) continue;
    for (const pattern of paths) if (fits(pattern, path)) return allow;
  }
  return false;
}

/** The rules where no file gives any: every verified client may read, and nobody `/admin`. Who has no certificate may read
 *  where nobody is asked for one; where one is optional, only what says who and how one is. */
export function defaultRules(clientAuth: ClientAuthMode): AccessRules {
  const reading = { allow: true, methods: new Set(['GET']) };
  const open: AccessRule[] =
    clientAuth === 'off'
      ? [{ ...reading, who: 'anonymous', paths: EVERY_PATH }]
      : clientAuth === 'optional'
        ? [{ ...reading, who: 'anonymous', paths: OPEN_PATHS }]
        : [];
  return { rules: [...NO_ADMIN, { ...reading, who: 'everybody', paths: EVERY_PATH }, ...open] };
}

function whoIs(identity: string): AccessRule['who'] {
  if (identity === '*') return 'everybody';
  return identity === 'anonymous' ? 'anonymous' : new Set([identityKey(identity)]);
}

function isMeant(who: AccessRule['who'], identity: Identity | null): boolean {
  if (identity === null) return who === 'anonymous';
  if (who === 'everybody') return true;
  if (who === 'anonymous') return false;
  for (const key of identity.keys) if (who.has(key)) return true; // few, where a group may be large
  return false;
}

/** A path; where it ends in `*`, all that begin so. */
function pathPattern(text: string): PathPattern {
  const isBeginning = text.endsWith('*');
  return { text: isBeginning ? text.slice(0, -1) : text, isBeginning };
}

function fits({ text, isBeginning }: PathPattern, path: string): boolean {
  return isBeginning ? path.startsWith(text) : path === text;
}

const NO_ADMIN: readonly AccessRule[] = (['everybody', 'anonymous'] as const).map((who) => ({
  allow: false,
  who,
  methods: new Set(['*']),
  paths: ['/admin', '/admin/*'].map(pathPattern),
}));
const EVERY_PATH = [pathPattern('*')];
const OPEN_PATHS = ['/', '/overview.json', '/whoami', '/healthz', '/readyz', '/openapi.json'].map(
  pathPattern,
);

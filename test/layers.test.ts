import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Reference, readSource } from './read-source.js';

/** Which layers a layer may import from, itself apart. `errors` and `index` are single files, the others folders. */
const LAYERS: Record<string, readonly string[]> = {
  errors: [],
  x509: ['errors'],
  policy: ['errors'],
  keys: ['errors', 'x509'],
  path: ['errors', 'x509', 'keys', 'policy'],
  store: ['errors', 'x509'],
  ca: ['errors', 'x509', 'keys', 'path', 'store', 'policy'],
  lint: ['errors', 'x509', 'keys', 'policy', 'path'],
  tls: ['errors', 'x509', 'keys', 'path'],
  credentials: ['errors', 'x509', 'keys', 'ca'],
  probe: ['errors', 'x509', 'keys', 'path', 'ca', 'tls', 'credentials', 'policy'],
  report: ['probe', 'ca'],
  config: ['errors', 'x509', 'policy'],
  server: ['errors', 'x509', 'path', 'ca', 'tls', 'store', 'credentials', 'policy'],
  host: ['errors'],
  ui: ['errors'],
  loop: allBut('cli', 'ui', 'index', 'loop'),
  cli: allBut('cli'),
  index: allBut('cli', 'ui', 'index'),
};

/** Layers that may know others by their types only. */
const TYPES_ONLY = ['report'];

/** Which layers may open the door to a package or to one of Node's modules; what is not here has no door at all. */
const DOORS: Record<string, readonly string[]> = {
  commander: ['cli'],
  chalk: ['ui'],
  diff: ['config'],
  inquirer: ['ui'],
  ora: ['ui'],
  'node-forge': ['x509', 'keys'],
  libsql: ['store'],
  ajv: ['server'],
  fastify: ['server'],
  '@fastify/swagger': ['server'],
  'prom-client': ['server'],
  'node:async_hooks': ['server'],
  'node:child_process': ['host'],
  'node:crypto': ['x509', 'path', 'keys', 'tls', 'credentials'],
  'node:dgram': ['tls', 'server'],
  'node:dns': ['tls', 'server'],
  'node:fs': ['store', 'config', 'server', 'loop', 'host', 'cli'],
  'node:http': ['tls', 'server'],
  'node:http2': ['tls', 'server'],
  'node:https': ['tls', 'server'],
  'node:module': ['store', 'cli'],
  'node:net': ['tls', 'server'],
  'node:os': ['store', 'ca', 'server', 'host', 'loop', 'cli'],
  'node:perf_hooks': ['tls', 'probe', 'server', 'loop', 'cli'],
  'node:process': ['ui', 'cli'],
  'node:readline': ['ui', 'cli'],
  'node:timers': ['store', 'tls', 'probe', 'server', 'host', 'loop', 'cli'],
  'node:tls': ['tls', 'server'],
  'node:tty': ['ui'],
  'node:worker_threads': ['ca', 'path'],
  'node:zlib': ['tls', 'server'],
};

/** Node's modules that only compute: open to every layer but those without any effect. */
const HARMLESS = ['assert', 'buffer', 'events', 'path', 'stream', 'string_decoder', 'url', 'util'].map(
  (name) => `node:${name}`,
);
const WITHOUT_EFFECT = ['policy', 'report'];

/** Bytes in, values out: the clock, randomness and the process come in as arguments. */
const PURE = ['x509', 'policy', 'path', 'lint', 'report'];

const FORBIDDEN_NAMES = [
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'lib',
  'core',
  'types',
  'misc',
  'shared',
];
/** Where a list lives, and only there, a file is called index.ts. */
const LISTS = [
  'src/index.ts',
  'src/cli/commands/index.ts',
  'src/credentials/index.ts',
  'src/lint/lints/index.ts',
  'src/probe/checks/index.ts',
  'src/report/index.ts',
  'src/server/bad/kinds/index.ts',
];

describe('the layers of src', () => {
  it('import one way, through the doors that are theirs', () => {
    expect(faultsOf(sourceFiles())).toEqual([]);
  });

  it('each have a line in the table', () => {
    const onDisk = readdirSync('src').map((name) => posix.basename(name, '.ts'));
    expect(onDisk.filter((layer) => !(layer in LAYERS))).toEqual([]);
  });

  it('are in an order without a way back', () => {
    const reaches = (from: string, to: string): boolean =>
      LAYERS[from]!.some((next) => next === to || (next !== from && reaches(next, to)));
    expect(Object.keys(LAYERS).filter((layer) => reaches(layer, layer))).toEqual([]);
  });
});

describe('a fault is seen', () => {
  it.each<[string, string, string]>([
    ['an import', 'src/x509/name.ts', "import { revoke } from '../ca/revoke.js';"],
    ['a type import', 'src/x509/name.ts', "import type { Ca } from '../ca/revoke.js';"],
    ['an inline type import', 'src/x509/name.ts', "const ca: import('../ca/revoke.js').Ca = open();"],
    ['an import for its effect', 'src/x509/name.ts', "import '../ca/revoke.js';"],
    ['a re-export', 'src/ui/table.ts', "export { revoke } from '../ca/revoke.js';"],
    ['a re-export of all', 'src/ui/table.ts', "export * from '../ca/revoke.js';"],
    ['a re-export of a type', 'src/ui/table.ts', "export type { Ca } from '../ca/revoke.js';"],
    ['import()', 'src/ca/revoke.ts', "const { ask } = await import('../ui/prompt.js');"],
    ['import() of a template', 'src/ca/revoke.ts', 'await import(`../ui/prompt.js`);'],
    ['import() of what only the run can tell', 'src/ca/revoke.ts', 'await import(name);'],
    ['import =', 'src/ca/revoke.ts', "import ui = require('../ui/prompt.js');"],
    ['the public door from within', 'src/loop/quickstart.ts', "import { probe } from '../index.js';"],
    ['the way from index to cli', 'src/index.ts', "export { main } from './cli/main.js';"],
    [
      'a value where only types may go',
      'src/report/json.ts',
      "import { verdict } from '../probe/verdict.js';",
    ],
    ['a way out of src', 'src/cli/main.ts', "import pkg from '../../package.json' with { type: 'json' };"],
    ['a package by another door', 'src/cli/main.ts', "import chalk from 'chalk';"],
    ['a part of a package by another door', 'src/ca/revoke.ts', "import asn1 from 'node-forge/lib/asn1.js';"],
    ['a package without a door', 'src/cli/main.ts', "import leftPad from 'left-pad';"],
    ['a package by require', 'src/cli/main.ts', "const Database = createRequire(import.meta.url)('libsql');"],
    ['a package by a named require', 'src/cli/main.ts', "const Database = require('libsql');"],
    ['files', 'src/ca/revoke.ts', "import { readFileSync } from 'node:fs';"],
    ['files, asynchronously', 'src/ca/revoke.ts', "import { readFile } from 'node:fs/promises';"],
    ['files without the prefix', 'src/cli/main.ts', "import { readFile } from 'fs/promises';"],
    ['files by the back door', 'src/ca/revoke.ts', "process.getBuiltinModule('node:fs');"],
    ['other programs', 'src/loop/prove.ts', "import { spawn } from 'node:child_process';"],
    ['the network', 'src/probe/probe.ts', "import { connect } from 'node:tls';"],
    ['keys in the command line', 'src/cli/main.ts', "import { randomBytes } from 'node:crypto';"],
    ['threads', 'src/keys/generate.ts', "import { Worker } from 'node:worker_threads';"],
    ['a module of Node that has no door', 'src/cli/main.ts', "import { runInNewContext } from 'node:vm';"],
    ['even a harmless module in policy', 'src/policy/suites.ts', "import { join } from 'node:path';"],
    [
      'the clock in a pure layer',
      'src/path/check-validity.ts',
      'const late = validity.notAfter < new Date();',
    ],
    ['the clock by its other name', 'src/path/check-validity.ts', 'const now = Date.now();'],
    ['chance in a pure layer', 'src/x509/serial-number.ts', 'const serial = Math.random();'],
    ['the process in a pure layer', 'src/policy/level.ts', "const level = process.env['LEVEL'];"],
    ['output from a pure layer', 'src/report/text.ts', "console.log('done');"],
    ['the network in a pure layer', 'src/path/fetch-crl.ts', 'const crl = await fetch(url);'],
    ['a drawer', 'src/ca/utils.ts', ''],
    ['a drawer with a kind', 'src/ca/string-helpers.ts', ''],
    ['a folder of odds and ends', 'src/ca/common/dates.ts', ''],
    ['a file of types', 'src/x509/types.ts', ''],
    ['an index without a list', 'src/x509/index.ts', ''],
    ['a name that is not in kebab-case', 'src/x509/subjectAltName.ts', ''],
    ['a layer that is not in the table', 'src/jobs/queue.ts', ''],
  ])('%s', (_kind, path, text) => {
    expect(faultsOf(new Map([[path, text]]))).toHaveLength(1);
  });

  it('but not where there is none', () => {
    const innocent = new Map([
      ['src/errors.ts', 'export const ERRORS = {};'],
      [
        'src/x509/extensions/key-usage.ts',
        "import { SslapiError } from '../../errors.js';\nimport { sequence } from '../der.js';",
      ],
      [
        'src/x509/pem.ts',
        "// import '../ca/revoke.js'\nconst text = \"import '../ca/revoke.js'\"; const r = /import '..\\/ui'/;",
      ],
      [
        'src/path/check-validity.ts',
        "import { createHash } from 'node:crypto';\nconst day = new Date(at); const own = peer.process;",
      ],
      [
        'src/report/text.ts',
        "import type { Report } from '../probe/report.js';\nimport { type Ca } from '../ca/ca.js';\nimport { line } from './line.js';",
      ],
      [
        'src/cli/main.ts',
        "import { Command } from 'commander';\nconst { run } = await import('../loop/quickstart.js');",
      ],
      ['src/probe/checks/index.ts', "export { offersNoTls10 } from './offers-no-tls-1-0.js';"],
    ]);
    expect(faultsOf(innocent)).toEqual([]);
  });
});

function faultsOf(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([path, text]) => {
    const { references, effects } = readSource(text);
    const imports = references.map((reference) => importFault(path, reference));
    return [nameFault(path), ...imports, ...effects.map((effect) => effectFault(path, effect))]
      .filter((fault) => fault !== undefined)
      .map((fault) => `${path}: ${fault}`);
  });
}

function nameFault(path: string): string | undefined {
  const [, ...parts] = path.split('/');
  const names = parts.map((name) => posix.basename(name, '.ts'));
  const drawer = names.find((name) => FORBIDDEN_NAMES.some((word) => name.split('-').includes(word)));
  if (!(layerOf(path) in LAYERS)) return 'is in no layer of the table';
  if (drawer) return `"${drawer}" says what it is, not what it knows`;
  if (names.at(-1) === 'index' && !LISTS.includes(path)) return 'is an index where no list lives';
  return names.every((name) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) ? undefined : 'is not in kebab-case';
}

function importFault(path: string, { specifier, typeOnly }: Reference): string | undefined {
  const layer = layerOf(path);
  if (specifier === undefined) return 'imports what only the run can tell';
  if (!specifier.startsWith('.')) return doorFault(layer, specifier);
  const target = posix.join(posix.dirname(path), specifier);
  if (!target.startsWith('src/')) return `imports ${specifier}, which is not in src`;
  const targetLayer = layerOf(target.replace(/\.js$/, '.ts'));
  if (targetLayer === layer) return undefined;
  if (!LAYERS[layer]?.includes(targetLayer))
    return `imports ${specifier}: ${layer} does not know ${targetLayer}`;
  return TYPES_ONLY.includes(layer) && !typeOnly ? `imports more than types from ${targetLayer}` : undefined;
}

function doorFault(layer: string, specifier: string): string | undefined {
  if (builtinModules.includes(specifier)) return `imports ${specifier} without "node:"`;
  const door = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  const open = HARMLESS.includes(door) ? !WITHOUT_EFFECT.includes(layer) : DOORS[door]?.includes(layer);
  return open ? undefined : `imports ${specifier}, whose door is ${DOORS[door]?.join(', ') ?? 'nowhere'}`;
}

function effectFault(path: string, effect: string): string | undefined {
  const seen = PURE.includes(layerOf(path)) || effect === 'getBuiltinModule';
  return seen ? `reaches for ${effect}` : undefined;
}

/** `src/x509/extensions/key-usage.ts` is in x509, `src/errors.ts` in errors. */
function layerOf(path: string): string {
  return posix.basename(path.split('/')[1] ?? '', '.ts');
}

function allBut(...names: string[]): string[] {
  const layers =
    'errors x509 policy keys path lint store ca tls credentials probe report config server host ui loop cli index';
  return layers.split(' ').filter((name) => !names.includes(name));
}

function sourceFiles(): ReadonlyMap<string, string> {
  const paths = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return new Map(paths.map((name) => [`src/${name}`, readFileSync(`src/${name}`, 'utf8')]));
}

// Builds dist/: esbuild bundles the code, tsc writes the types, and the licences of what was bundled go beside them.
//   node .config/build.mjs            all of it (`npm run build`, and `prepare` after `npm ci`)
//   node .config/build.mjs --fresh    nothing where dist/ is newer than everything it is made from (before `npm test`)
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/** Each becomes a file of its own in dist/; whatever they load by `import()` becomes a chunk that is read when asked for.
 *  The packages are entries so that the files of WHOLE, which are not split, can load them when they are needed. */
const ENTRY_POINTS = [
  { in: 'src/index.ts', out: 'index' },
  { in: 'src/cli/main.ts', out: 'cli/main' },
  { in: 'src/cli/all-flags.ts', out: 'cli/all-flags' },
  ...['chalk', 'inquirer', 'ora'].map((name) => ({ in: name, out: `vendor/${name}` })),
];
/** One file each with all that the daily commands and `probe` need: each file that Node opens costs a command about a
 *  millisecond. The commands that they never call stay out. */
const WHOLE = [
  { in: 'src/cli/daily.ts', out: 'cli/daily', commands: /^$/ },
  { in: 'src/cli/probing.ts', out: 'cli/probing', commands: /\/probe\.js$/ },
];
/** What dist/ is made from: one of these newer than the build means that the build is old. */
const SOURCES = ['src', 'package.json', 'package-lock.json', 'tsconfig.json', '.config/build.mjs'];
/** Bundled CommonJS asks for Node's own modules by `require`, which an ES module does not have. */
const REQUIRE_FOR_COMMONJS =
  "import{createRequire as createRequireHere}from'node:module';const require=createRequireHere(import.meta.url);";
/** Tells libsql which of its binaries is installed, without a report on the whole process. */
const LIBSQL_TARGET = './.config/libsql-target.cjs';
/** Made here and renamed when whole: whoever runs from dist/ meanwhile never sees half of it. */
const BESIDE = `node_modules/.sslapi-build-${process.pid}`;
const NOTICES = 'THIRD-PARTY-NOTICES.txt';
const RULE = '-'.repeat(78);
const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i;

/** Packages stay beside a whole file, and so do commands, but for those that it is for. */
const besideWhole = (commands) => ({
  name: 'beside-whole',
  setup(build) {
    build.onResolve({ filter: /^[a-z]/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: `../vendor/${path}.js`, external: true } : undefined,
    );
    build.onResolve({ filter: /\/all-flags\.js$/ }, ({ path }) => ({ path, external: true })); // all the commands
    build.onResolve({ filter: /\/commands\// }, ({ kind, path }) =>
      kind === 'dynamic-import' && !commands.test(path) ? { path, external: true } : undefined,
    );
  },
});

if (process.argv.includes('--fresh') && isFresh()) process.exit(0);
const esbuild = await loadEsbuild();
const started = new Date();
mkdirSync(BESIDE, { recursive: true });
try {
  const [metafile] = await Promise.all([bundle(), emitTypes()]);
  writeFileSync(join(BESIDE, NOTICES), notices(metafile));
  utimesSync(join(BESIDE, NOTICES), started, started); // what changed while it was built is newer
  swapIn();
} finally {
  rmSync(BESIDE, { recursive: true, force: true });
}

function isFresh() {
  const built = join('dist', NOTICES);
  return existsSync(built) && SOURCES.every((path) => newestIn(path) <= statSync(built).mtimeMs);
}

function newestIn(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

/** `npm ci --omit=dev` runs `prepare` too: fine where dist/ is there already, else said plainly. */
async function loadEsbuild() {
  try {
    return await import('esbuild');
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error(
      `build: the development packages are not installed, so dist/ ${existsSync('dist') ? 'is left as it is' : 'cannot be built: run `npm ci` without --omit=dev'}`,
    );
    process.exit(existsSync('dist') ? 0 : 1);
  }
}

async function bundle() {
  const split = {
    entryPoints: ENTRY_POINTS,
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    external: ['./daily.js', './probing.js'],
  };
  const whole = WHOLE.map(({ commands, ...entry }) => ({
    entryPoints: [entry],
    plugins: [besideWhole(commands)],
  }));
  const [{ metafile }] = await Promise.all([split, ...whole].map((each) => esbuild.build(optionsOf(each))));
  return metafile;
}

function optionsOf({ external = [], ...own }) {
  return {
    ...own,
    outdir: BESIDE,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['@libsql/*', ...external], // the native part, an npm package for each platform
    alias: { '@neon-rs/load': LIBSQL_TARGET, 'detect-libc': LIBSQL_TARGET },
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160, // a stack trace quotes the line it is about
    legalComments: 'none', // the whole licence texts are in the notices
    metafile: true,
    logLevel: 'warning',
    banner: { js: REQUIRE_FOR_COMMONJS },
  };
}

async function emitTypes() {
  if (!existsSync('src/index.ts')) return;
  const tsc = createRequire(import.meta.url)
    .resolve('typescript/package.json')
    .replace(/package\.json$/, 'bin/tsc');
  try {
    await promisify(execFile)(process.execPath, [
      tsc,
      '--project',
      '.',
      '--outDir',
      BESIDE,
      '--emitDeclarationOnly',
      '--noCheck',
    ]);
  } catch ({ stdout }) {
    throw new Error(stdout);
  }
}

/** Two builds at once: the later one wins. */
function swapIn(attempts = 5) {
  const old = `${BESIDE}-old`;
  try {
    if (existsSync('dist')) renameSync('dist', old);
    renameSync(BESIDE, 'dist');
  } catch (error) {
    if (attempts === 1) throw error;
    swapIn(attempts - 1);
  } finally {
    rmSync(old, { recursive: true, force: true });
  }
}

/** The licence of every package whose code is in the bundle: most of them ask to be told wherever they are copied. */
function notices({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const paths = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  const folders = [...new Set(paths.map(packageFolder))].filter((folder) => folder !== undefined).sort();
  return [
    'sslapi contains code of these packages, each under its own licence.\n',
    ...folders.map(notice),
    ...paths.filter(isForeign).map(ownNotice),
  ].join('\n');
}

/** A file of ours that is under another licence than ours says so in its first comment. */
function isForeign(path) {
  return packageFolder(path) === undefined && headerOf(path).includes('Mozilla Public License');
}

function ownNotice(path) {
  return `${RULE}\n${path}\n\n${headerOf(path).replaceAll('// ', '')}`;
}

function headerOf(path) {
  return /^(\/\/ .*\n)*/.exec(readFileSync(path, 'utf8'))[0];
}

function packageFolder(path) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${RULE}\n${name} ${version} (${license})\n`, ...texts, ''].join('\n');
}

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fingerprint256 } from '../../x509/fingerprint.js';

/** The page for people, whole in one answer, and the header fields that keep anything else from running in it. */
export interface PageDocument {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads `templates/page`: its style and its scripts go into the document, so that whoever may see `/` needs no other path. The
 *  policy names them by their hashes (CSP level 3 §8.4); whatever else gets into the document does nothing. */
export function readPage(folder = join(packageFolder(), 'templates/page')): PageDocument {
  const styles: string[] = [];
  const scripts: string[] = [];
  const html = readFileSync(join(folder, 'page.html'), 'utf8')
    .replace(STYLE, (_tag, file: string) =>
      inlined('style', readFileSync(join(folder, file), 'utf8'), styles),
    )
    .replace(SCRIPT, (_tag, file: string) => inlined('script', joinModules(folder, file), scripts));
  return {
    html,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy(styles, scripts),
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      vary: 'accept',
    },
  };
}

function inlined(kind: 'style' | 'script', text: string, sources: string[]): string {
  const hash = Buffer.from(fingerprint256(Buffer.from(text)), 'hex');
  sources.push(`'sha256-${hash.toString('base64')}'`);
  return `<${kind}${kind === 'script' ? ' type="module"' : ''}>${text}</${kind}>`;
}

/** A module with all that it imports, each once and before whatever needs it, as one text. They share no name. */
function joinModules(folder: string, file: string, joined = new Set<string>()): string {
  if (joined.has(file)) return '';
  joined.add(file);
  const text = readFileSync(join(folder, file), 'utf8');
  const needed = [...text.matchAll(IMPORT)].map(([, name = '']) => joinModules(folder, name, joined));
  return [...needed, text.replace(IMPORT, '').replace(EXPORT, '')].join('');
}

function policy(styles: readonly string[], scripts: readonly string[]): string {
  return [
    "default-src 'none'",
    `style-src ${styles.join(' ')}`,
    `script-src ${scripts.join(' ')}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** The folder with our package.json: above this file as above a bundle in dist/. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

const STYLE = /<link rel="stylesheet" href="([\w-]+\.css)">/g;
const SCRIPT = /<script type="module" src="([\w-]+\.js)"><\/script>/g;
const IMPORT = /^import \{[^}]*\} from '\.\/([\w-]+\.js)';\n/gm;
const EXPORT = /^export /gm;

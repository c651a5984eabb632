import type { ConfigRequest } from './config-request.js';
import { unfit } from './config-value.js';
import { defaultPort } from './default-port.js';

/** The command that writes a configuration again, without what every run has by default. It stands in the head of the main
 *  file, where `config --diff` finds it. Paths of the PKI and of output are no part of it. */
export function commandLine(request: ConfigRequest): string {
  const { target, server, listen, upstream, clientAuth, level, allow = [], standalone } = request;
  const isDefault = listen.host === '*' && listen.port === defaultPort(target);
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  const words = [
    ...(server === undefined ? [] : ['--server', server]),
    ...(isDefault ? [] : ['--listen', `${host}:${listen.port}`]),
    ...(upstream === undefined ? [] : ['--upstream', upstream]),
    ...(clientAuth === 'require' ? [] : ['--client-auth', clientAuth]),
    ...(level === 'intermediate' ? [] : ['--level', level]),
    ...allow.flatMap((name) => ['--allow', name]),
    ...(standalone ? ['--standalone'] : []),
  ];
  return ['sslapi config', target, ...words.map(shellWord)].join(' ');
}

/** The words after `sslapi config` in a file that was written by it; null where it tells none. */
export function recordedWords(text: string): string[] | null {
  const line = RECORDED.exec(text)?.[1];
  if (line === undefined) return null;
  return [...line.matchAll(WORD)].map(([word]) => word.replaceAll(QUOTED, unquoted));
}

function shellWord(word: string): string {
  // any of which ends a comment, in one syntax or another
  if (/[\p{Cc}\p{Zl}\p{Zp}`]/u.test(word)) throw unfit('value', JSON.stringify(word));
  return /^[\w@%+=:,./*[\]-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function unquoted(part: string): string {
  return part.startsWith('\\') ? part.slice(1) : part.slice(1, -1);
}

const RECORDED = /\bwritten by `sslapi config ([^`\r\n]+)`/i;
const WORD = /(?:'[^']*'|\\.|[^\s'\\])+/g;
const QUOTED = /'[^']*'|\\./g;

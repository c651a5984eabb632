import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFilesTogether } from '../../src/store/linked-files.js';
import type { FileToWrite } from '../../src/store/write-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sslapi-linked-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pair = (text: string): FileToWrite[] => [
  { path: 'privkey.pem', content: `key ${text}`, mode: 0o600 },
  { path: 'cert.pem', content: `cert ${text}`, mode: 0o644 },
];
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const visible = () => readdirSync(folder).filter((name) => !name.startsWith('.'));
const versions = () => readdirSync(folder).filter((name) => name.startsWith('.version-'));

describe('a key and its certificate', () => {
  it('are plain files where nothing is replaced, and where the key stays', () => {
    replaceFilesTogether(folder, pair('1'), 'a');
    replaceFilesTogether(folder, [{ path: 'cert.pem', content: 'cert 2', mode: 0o644 }], 'b');

    expect([read('cert.pem'), read('privkey.pem')]).toEqual(['cert 2', 'key 1']);
    expect(visible().every((name) => lstatSync(join(folder, name)).isFile())).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['cert.pem', 'privkey.pem']);
  });

  it('are replaced by one rename, the version before kept and no other', () => {
    for (const text of ['1', '2', '3', '4']) replaceFilesTogether(folder, pair(text), text);

    expect([read('cert.pem'), read('privkey.pem')]).toEqual(['cert 4', 'key 4']);
    expect(versions().sort()).toEqual(['.version-3', '.version-4']);
    expect(readFileSync(join(folder, '.version-3', 'privkey.pem'), 'utf8')).toBe('key 3');
    expect(visible()).toEqual(['cert.pem', 'privkey.pem']);
  });

  it('keep what belongs to them and is not replaced', () => {
    replaceFilesTogether(folder, [...pair('1'), { path: 'chain.pem', content: 'chain', mode: 0o644 }], '1');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    replaceFilesTogether(folder, pair('2'), '2');
    replaceFilesTogether(folder, [{ path: 'cert.pem', content: 'cert 3', mode: 0o644 }], '3');

    expect([read('chain.pem'), read('notes.txt'), read('cert.pem'), read('privkey.pem')]).toEqual([
      'chain',
      'mine',
      'cert 3',
      'key 2',
    ]);
    expect(lstatSync(join(folder, 'notes.txt')).isFile()).toBe(true);
  });

  it('have the modes of secrets and of what all may read, under any umask', () => {
    const before = process.umask(0);
    chmodSync(folder, 0o700);
    for (const text of ['1', '2']) replaceFilesTogether(folder, pair(text), text);
    process.umask(before);
    const mode = (...parts: string[]) => (statSync(join(folder, ...parts)).mode & 0o777).toString(8);

    expect([mode('privkey.pem'), mode('cert.pem'), mode('.version-2'), mode('.version-before-2')]).toEqual([
      '600',
      '644',
      '700',
      '700',
    ]);
  });

  it.runIf(process.getuid?.() === 0)(
    'stay with the service that they were given to, where root writes them',
    () => {
      replaceFilesTogether(folder, pair('1'), '1');
      for (const name of ['.', 'privkey.pem', 'cert.pem']) chownSync(join(folder, name), 33, 33);
      replaceFilesTogether(folder, [pair('2')[1]!], '2');
      replaceFilesTogether(folder, pair('3'), '3');
      replaceFilesTogether(folder, pair('4'), '4');

      const owners = ['privkey.pem', 'cert.pem', '.version-4', '.version-3'].map(
        (name) => statSync(join(folder, name)).uid,
      );
      expect(owners).toEqual([33, 33, 33, 33]);
    },
  );
});

describe('what a killed run left behind', () => {
  it.each([
    ['an empty version that is pointed to', 0],
    ['one file of two that is a link already', 1],
  ])('%s: the next one goes on from there', (_, linked) => {
    replaceFilesTogether(folder, pair('1'), '1');
    replaceFilesTogether(folder, pair('2'), '2');
    for (const name of visible().slice(linked)) {
      const content = read(name);
      rmSync(join(folder, name));
      rmSync(join(folder, '.current', name));
      writeFileSync(join(folder, name), content, { mode: name === 'privkey.pem' ? 0o600 : 0o644 });
    }
    replaceFilesTogether(folder, pair('3'), '3');

    expect([read('cert.pem'), read('privkey.pem')]).toEqual(['cert 3', 'key 3']);
    expect(visible().every((name) => lstatSync(join(folder, name)).isSymbolicLink())).toBe(true);
  });

  it('a half-written version: it is written anew', () => {
    for (const text of ['1', '2']) replaceFilesTogether(folder, pair(text), text);
    replaceFilesTogether(folder, pair('3'), '3');
    rmSync(join(folder, '.version-2'), { recursive: true });
    replaceFilesTogether(folder, pair('4'), '2');

    expect([read('cert.pem'), read('privkey.pem')]).toEqual(['cert 4', 'key 4']);
  });

  it('a version that cannot be written leaves everything as it was', () => {
    for (const text of ['1', '2']) replaceFilesTogether(folder, pair(text), text);
    const unwritable = [...pair('3'), { path: 'no/such\0name', content: '', mode: 0o644 } as const];

    expect(() => replaceFilesTogether(folder, unwritable, '3')).toThrow();
    expect([read('cert.pem'), read('privkey.pem')]).toEqual(['cert 2', 'key 2']);
    expect(versions()).not.toContain('.version-3');
  });
});

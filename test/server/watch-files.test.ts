import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileIdentity, fileState, watch } from '../../src/server/watch-files.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sslapi-watch-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that is watched', () => {
  it.each([
    ['fileState', fileState],
    ['fileIdentity', fileIdentity],
  ])('is in another state once the folder above it is none: %s', (_name, stateOf) => {
    const above = join(folder, 'above');
    const path = join(above, 'access.json');
    mkdirSync(above);
    writeFileSync(path, '{}');
    const there = stateOf(path);

    rmSync(above, { recursive: true });
    writeFileSync(above, 'a file now'); // ENOTDIR
    const shut = stateOf(path);
    rmSync(above);

    expect(shut).not.toBe(there);
    expect(stateOf(path)).not.toBe(there);
  });
});

describe('a watch', () => {
  it('outlives a state that cannot be told for a while', async () => {
    let isShut = false;
    let acts = 0;
    const state = (): string => {
      if (isShut) throw new Error('EACCES');
      return String(acts);
    };
    const act = (): void => {
      acts += 1;
    };
    const watching = watch(state, act, 60_000);

    isShut = true;
    await watching.look();
    isShut = false;
    await watching.look();

    expect(acts).toBe(1);
    await watching.stop();
  });
});

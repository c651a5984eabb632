import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { CommandContext } from '../../src/cli/command-context.js';
import { COMMANDS } from '../../src/cli/command-list.js';
import { commandTree } from '../../src/cli/command-tree.js';
import { version } from '../../src/cli/version.js';
import { peer } from '../peers/peer.js';
import { manualPage, readmeFacts } from './manual-page.js';

const PAGE = 'templates/sslapi.1';

let page: string;
beforeAll(async () => {
  const tree = await commandTree(new CommandContext(process));
  page = manualPage(tree, readmeFacts(readFileSync('README.md', 'utf8')), version());
  if (process.env['SSLAPI_WRITE_README'] === '1') writeFileSync(PAGE, page);
});

describe('the manual page', () => {
  it('is that of the commands as they are now: `npm run readme` writes it', () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  });

  it('has every command with two examples, every exit code, and nothing but ASCII', () => {
    const sections = [...page.matchAll(/^\.SS ([a-z-]+)$/gm)].map(([, name]) => name);

    expect(sections).toEqual(COMMANDS.map(({ name }) => name));
    expect(page.match(/^\.IP$/gm)!.length).toBeGreaterThanOrEqual(2 * COMMANDS.length);
    expect(page).toMatch(/\.TP\n\.B 130\n/);
    expect([...new Set(page.match(/[^\n -~]/g))]).toEqual([]);
  });

  it('is what npm installs', () => {
    const { man, files } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      man: string;
      files: string[];
    };

    expect(man).toBe(`./${PAGE}`);
    expect(files).toContain('templates');
    expect(existsSync(PAGE)).toBe(true);
  });

  it.skipIf(!peer('man'))('is read by man without a warning', () => {
    const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '80' } } as const;
    const { stdout, stderr } = spawnSync('man', ['--warnings', '-E', 'UTF-8', '-l', PAGE], options);

    expect(stderr).toBe('');
    expect(stdout).toContain('rekey-password');
    expect(stdout).toContain('--new-password-file file');
  });

  it.skipIf(!peer('mandoc'))('has nothing that mandoc finds fault with', () => {
    const { stdout } = spawnSync('mandoc', ['-Tlint', '-W', 'warning', PAGE], { encoding: 'utf8' });

    expect(stdout).toBe('');
  });
});

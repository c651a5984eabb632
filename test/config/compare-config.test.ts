import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareFile } from '../../src/config/compare-config.js';
import type { ConfigRequest } from '../../src/config/config-request.js';
import { renderFiles } from '../../src/config/render.js';
import { TARGETS } from '../../src/config/targets.js';

const written = (target: string, wishes: Partial<ConfigRequest> = {}) =>
  renderFiles({
    target,
    level: 'intermediate',
    clientAuth: 'require',
    serverName: 'api.test',
    listen: { host: '127.0.0.1', port: 8443 },
    files: { fullchain: '/c', privkey: '/k', caChain: '/a', crlChain: '/r' },
    standalone: false,
    ...wishes,
  });
const compare = (name: string, found: string | null, text: string) =>
  compareFile({ name, text }, { path: `/etc/${name}`, text: found });
const stateOf = async (name: string, found: string | null, text: string) =>
  (await compare(name, found, text)).state;

describe.each(TARGETS)('a deployed configuration for $name', ({ name: target }) => {
  const files = written(target);

  it('is the same where nobody touched it, or only ends of lines', async () => {
    for (const { name, text } of files) {
      expect(await compare(name, text, text)).toMatchObject({ state: 'same', diff: '' });
      expect(await stateOf(name, text.replaceAll('\n', '  \r\n'), text)).toBe('same');
      expect(await stateOf(name, `${text}\n\n`, text)).toBe('same');
    }
  });

  it('does the same where only comments and blank lines differ', async () => {
    for (const { name, text } of files) {
      const without = text.replaceAll(/^\s*(?:#|\/\/).*\n/gm, '').replaceAll(/\n\n+/g, '\n');

      expect(await compare(name, without, text)).toMatchObject({ state: 'comments' });
      expect(
        await stateOf(name, `${/\.(?:mjs|go|java)$/.test(name) ? '//' : '#'} mine\n\n${text}`, text),
      ).toBe('comments');
    }
  });

  it('has drifted where another level would give other lines, and where one is commented out', async () => {
    const modern = written(target, { level: 'modern' });
    const states = await Promise.all(
      files.map(({ name, text }, index) => stateOf(name, text, modern[index]!.text)),
    );
    expect(states).toContain('drift');

    for (const { name, text } of files) {
      const lines = text.split('\n');
      const at = lines.findIndex((line) => /^\s*[a-zA-Z"-]/.test(line));
      const sign = /\.(?:mjs|go|java)$/.test(name) ? '//' : '#';
      expect(await stateOf(name, lines.with(at, `${sign}${lines[at]}`).join('\n'), text)).toBe('drift');
    }
  });
});

describe('a comparison', () => {
  it('is a patch that makes the one from the other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sslapi-diff-'));
    try {
      for (const { name: target } of TARGETS) {
        const [{ text: old }] = written(target, { level: 'modern', clientAuth: 'optional' });
        const [{ name, text }] = written(target);
        const file = join(folder, name);
        writeFileSync(file, old);
        const { diff, removed, added } = await compareFile({ name, text }, { path: file, text: old });

        execFileSync('patch', ['-p0', '--directory=/'], { input: diff });
        expect(readFileSync(file, 'utf8')).toBe(text);
        expect(diff.split('\n').filter((line) => /^[-+](?![-+]{2} )/.test(line))).toHaveLength(
          removed + added,
        );
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('tells no more lines than it must, with three around each', async () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const { diff } = await compare(
      'x.conf',
      `${lines.join('\n')}\n`,
      `${lines.with(10, 'other').join('\n')}\n`,
    );

    expect(diff).toBe(`--- /etc/x.conf\tdeployed
+++ /etc/x.conf\tas of today
@@ -8,7 +8,7 @@
 line 7
 line 8
 line 9
-line 10
+other
 line 11
 line 12
 line 13
`);
  });

  it('of what is not there is all of it', async () => {
    expect(await compare('x.conf', null, 'a\nb\n')).toMatchObject({ state: 'missing', added: 2, removed: 0 });
    expect(await compare('x.conf', '', 'a\nb\n')).toMatchObject({ state: 'drift', added: 2, removed: 0 });
  });

  it.each([
    ['x.conf', '  a;\n', 'a;\n', 'comments'],
    ['x.yaml', '  a: 1\n', 'a: 1\n', 'drift'],
    ['x.conf', 'a; # one\n', 'a; # two\n', 'drift'],
    ['x.conf', '// a\n', '', 'drift'],
    ['x.mjs', '/* one\n * two */\na();\n', 'a();\n', 'comments'],
    ['x.mjs', '/* one */ b();\na();\n', 'a();\n', 'drift'],
    ['x.mjs', '/* one\n', '/* one */\n', 'drift'],
    ['x.java', '/** one **/\na();\n', 'a();\n', 'comments'],
    ['x.mjs', '# a\n', '', 'drift'],
    ['x.mjs', ' * b\n', '', 'drift'],
    // comments that do something: Apache takes the next line as part of it, JavaScript the rest of it as a program
    ['x.conf', '# a \\\nSSLVerifyClient require\n', 'SSLVerifyClient require\n', 'drift'],
    ['x.yaml', '# java \\\na: 1\n', 'a: 1\n', 'comments'],
    ['x.yaml', '# a\rb: 1\na: 1\n', 'a: 1\n', 'drift'],
    ['x.mjs', '// a\u2028b();\na();\n', 'a();\n', 'drift'],
    ['x.mjs', '// a\rb();\na();\n', 'a();\n', 'drift'],
    ['x.java', '// \\u000a b();\na();\n', 'a();\n', 'drift'],
    ['x.java', '/*\n\\u002a/ b(); /*\n*/\na();\n', 'a();\n', 'drift'],
  ] as const)('in %s: %j for %j is %s', async (name, found, wanted, state) =>
    expect(await stateOf(name, found, wanted)).toBe(state),
  );

  it('of two that have nothing in common, as long as they may be, ends', async () => {
    const found = Array.from({ length: 20_000 }, (_, index) => `x ${index}`).join('\n');

    expect(await compare('x.conf', found, written('apache')[0].text)).toMatchObject({ state: 'drift' });
  }, 20_000);
});

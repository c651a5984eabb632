import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { build } from './build.js';
import { freePort } from './free-port.js';
import { consoleBlocks, parseTranscript, runTranscript } from './transcripts/transcript.js';

beforeAll(build);

describe('what a user types does what is written', () => {
  const transcripts = readdirSync('test/transcripts').filter((name) => name.endsWith('.txt'));
  it.each(transcripts)(
    'test/transcripts/%s',
    async (name) => {
      const steps = parseTranscript(readFileSync(`test/transcripts/${name}`, 'utf8'));

      expect(steps).not.toEqual([]);
      expect(await runTranscript(steps)).toBeUndefined();
    },
    180_000,
  );

  it.runIf(existsSync('README.md'))(
    'README.md',
    async () => {
      const steps = parseTranscript(consoleBlocks(readFileSync('README.md', 'utf8')));

      expect(steps).not.toEqual([]);
      expect(await runTranscript(steps)).toBeUndefined();
    },
    180_000,
  );
});

describe('the runner of transcripts', () => {
  it.each([
    ['the very words', '$ echo one; echo two >&2\none\ntwo'],
    ['an exit code', '$ echo no; exit 3\nno\n? 3'],
    ['anything within a line', '$ echo serial 4f2a of bob\nserial [..] of bob'],
    ['any number of lines', '$ seq 9\n1\n...\n9'],
    ['no line for any number', '$ seq 2\n1\n[..]\n2'],
    ['signs that mean something elsewhere', '$ echo "(a|b)* [x] ^? $"\n(a|b)* [x] ^? $'],
    ['a comment', '# Says hello\n$ echo hello\nhello'],
    ['a command in two lines', '$ echo a \\\n  b\na b'],
    ['silence', '$ true'],
    ['steps in one folder', '$ echo x >file\n\n$ cat file\nx'],
    ['a background process, which does not outlive it', '$ sleep 300 &\n\n$ echo on\non'],
    [
      'a background process that writes while a later step runs',
      '$ (until [ -e go ]; do sleep 0.05; done; echo late) &\n\n$ touch go; sleep 0.4; echo on\non',
    ],
    ['an empty environment', '$ echo "[$CI$SSLAPI_PKI]$NO_COLOR"\n[]1'],
  ])('is green with %s', async (_kind, text) => {
    expect(await runTranscript(parseTranscript(text))).toBeUndefined();
  });

  it.each([
    ['a changed word', '$ echo one\ntwo'],
    ['a changed exit code', '$ exit 3\n? 2'],
    ['an exit code that nobody wrote down', '$ exit 1'],
    ['an exit code that did not come', '$ true\n? 1'],
    ['a line too much', '$ seq 2\n1'],
    ['a line too few', '$ seq 2\n1\n2\n3'],
    ['output where silence was written', '$ echo one'],
    ['a later step', '$ true\n\n$ echo one\ntwo'],
    ['[..] that would have to cross a line', '$ seq 2\n1[..]2'],
    ['a dot for another sign', '$ echo axb\na.b'],
  ])('is red on %s', async (_kind, text) => {
    expect(await runTranscript(parseTranscript(text))).toMatch(/^line \d+: \$ /);
  });

  it('tells where, what was written and what was seen', async () => {
    expect(await runTranscript(parseTranscript('# First\n$ echo one\ntwo\n'))).toBe(
      'line 2: $ echo one\n--- written\ntwo\n? 0\n--- seen\none\n? 0',
    );
  });

  it('waits for a server that starts more slowly than the reader is told to sleep', async () => {
    const port = await freePort();
    const server = `require('node:net').createServer().listen(${port})`;
    const client = `require('node:net').connect(${port}, () => process.exit())`;
    const steps = [`(sleep 2; node -e "${server}") & : --listen ${port} & sleep 1`, `node -e "${client}"`];

    expect(
      await runTranscript(parseTranscript(steps.map((step) => `$ ${step}`).join('\n\n'))),
    ).toBeUndefined();
  });

  it('leaves no process behind', async () => {
    const difference = await runTranscript(parseTranscript('$ sleep 300 & echo pid $!'));
    const pid = /^pid (\d+)$/m.exec(difference!)![1]!;

    const state = () => spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).stdout;
    await expect.poll(state).toMatch(/^(Z.*)?\s*$/); // what was killed is gone a moment later
  });

  it('takes its steps from the console blocks of a README only', () => {
    const readme =
      'Text\n```sh\n$ rm -rf /\n```\n```console\n$ echo one\none\n```\nmore\n```console\n$ echo two\ntwo\n```\n';

    const steps = parseTranscript(consoleBlocks(readme)).map(({ command, output, line }) => [
      command,
      output,
      line,
    ]);

    expect(steps).toEqual([
      ['echo one', 'one', 6],
      ['echo two', 'two', 11],
    ]);
  });
});

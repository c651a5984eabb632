import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SslapiError } from '../../src/errors.js';
import { createOutput, type OutputFlags } from '../../src/ui/output.js';
import { fakeTerminal } from './fake-terminal.js';

const ESCAPE = '\x1b';

describe('what is written where', () => {
  it('data goes to stdout, what people read to stderr', async () => {
    const { output, written } = await outputTo({});

    output.data('-----BEGIN\n');
    output.say('issued api.test');
    output.warn('valid for over 825 days');

    expect(written).toEqual({
      stdout: '-----BEGIN\n',
      stderr: 'issued api.test\nwarning: valid for over 825 days\n',
    });
  });

  it('-q leaves warnings and errors, -v adds details', async () => {
    const quiet = await outputTo({ quiet: true });
    const verbose = await outputTo({ verbose: true });

    for (const { output } of [quiet, verbose]) {
      output.say('said');
      output.detail('detail');
      output.warn('warned');
    }

    expect(quiet.written.stderr).toBe('warning: warned\n');
    expect(verbose.written.stderr).toBe('said\ndetail\nwarning: warned\n');
  });

  it('--json is one document on stdout with its schemaVersion, even if something fails after it', async () => {
    const { output, written } = await outputTo({ json: true });

    output.answer({ certificate: { name: 'api' } }, () => 'text');
    output.fail(new SslapiError('ERR_IO', 'the disk is full'));

    expect(JSON.parse(written.stdout)).toEqual({ schemaVersion: 1, certificate: { name: 'api' } });
  });

  it('without --json the answer is its text', async () => {
    const { output, written } = await outputTo({});

    output.answer({ name: 'api' }, () => 'api\n');

    expect(written.stdout).toBe('api\n');
  });

  it('a pipe gets data byte for byte, a terminal without what could steer it', async () => {
    const pipe = await outputTo({}, { isTTY: false });
    const screen = await outputTo({});

    for (const { output } of [pipe, screen]) output.data(`${ESCAPE}[2J`);

    expect(pipe.written.stdout).toBe(`${ESCAPE}[2J`);
    expect(screen.written.stdout).toBe('\\x1b[2J');
  });
});

describe('an error', () => {
  it('says what, its code and the next step, and gives the exit code', async () => {
    const { output, written } = await outputTo({});

    const exitCode = output.fail(new SslapiError('ERR_SERIAL_UNKNOWN', 'no certificate has serial ff'));

    expect(exitCode).toBe(3);
    expect(written.stderr).toBe(
      'error: no certificate has serial ff (ERR_SERIAL_UNKNOWN)\nhint: See the serial numbers with `sslapi list`.\n',
    );
    expect(written.stdout).toBe('');
  });

  it('with --json is a document too', async () => {
    const { output, written } = await outputTo({ json: true });

    output.fail(
      new SslapiError('ERR_SERIAL_UNKNOWN', 'no certificate has serial ff', { hint: 'Look again.' }),
    );

    expect(JSON.parse(written.stdout)).toEqual({
      schemaVersion: 1,
      error: { code: 'ERR_SERIAL_UNKNOWN', message: 'no certificate has serial ff', hint: 'Look again.' },
    });
  });

  it('of the system keeps its own words and gets a code', async () => {
    const { output, written } = await outputTo({});

    const exitCode = output.fail(thrownBy(() => readFileSync('/nowhere/at/all')));

    expect(exitCode).toBe(3);
    expect(written.stderr).toMatch(/^error: ENOENT: no such file.*\/nowhere\/at\/all.* \(ERR_IO\)\nhint: /);
  });

  it('that nobody foresaw has no stack trace, unless SSLAPI_DEBUG=1 asks for it', async () => {
    const plain = await outputTo({});
    const debug = await outputTo({}, { env: { SSLAPI_DEBUG: '1', NO_COLOR: '1' } });

    for (const { output } of [plain, debug]) output.fail(new TypeError('x is not a function'));

    expect(plain.written.stderr).toMatch(/^error: x is not a function \(ERR_INTERNAL\)\nhint: [^\n]*\n$/);
    expect(debug.written.stderr).toContain('    at ');
  });
});

describe('colours', () => {
  it.each<[string, OutputFlags, { env?: Record<string, string>; isTTY?: boolean }, boolean]>([
    ['are there on a terminal', {}, {}, true],
    ['are not there in a pipe', {}, { isTTY: false }, false],
    ['are not there with --no-color', { noColor: true }, {}, false],
    ['are not there with NO_COLOR', {}, { env: { NO_COLOR: '1' } }, false],
    ['are there with an empty NO_COLOR, as no-color.org has it', {}, { env: { NO_COLOR: '' } }, true],
    ['are not there on a dumb terminal', {}, { env: { TERM: 'dumb' } }, false],
  ])('%s', async (_claim, flags, terminal, coloured) => {
    const { output, written } = await outputTo(flags, { env: {}, ...terminal });

    output.warn('careful');

    expect(written.stderr.includes(ESCAPE)).toBe(coloured);
  });
});

async function outputTo(
  flags: OutputFlags,
  options: Parameters<typeof fakeTerminal>[0] = { env: { NO_COLOR: '1' } },
) {
  const { terminal, written } = fakeTerminal(options);
  return { output: await createOutput(terminal, flags), written };
}

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

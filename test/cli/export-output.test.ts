import { describe, expect, it } from 'vitest';
import { EXPORT_FORMATS } from '../../src/ca/export-format.js';
import { refuseExportToTerminal } from '../../src/cli/export-output.js';
import { fakeTerminal } from '../ui/fake-terminal.js';

const BINARY = ['p12', 'p12-legacy', 'der'];

describe('what is exported to standard output', () => {
  it.each(EXPORT_FORMATS.map(({ name }) => [name, BINARY.includes(name)] as const))(
    'as %s is refused on a terminal: %s',
    (format, refused) => {
      const { terminal } = fakeTerminal();
      const toTerminal = () => refuseExportToTerminal({ format, out: '-' }, { terminal });

      if (refused) expect(toTerminal).toThrow('standard output is a terminal');
      else expect(toTerminal).not.toThrow();
    },
  );

  it.each([
    ['a pipe', { out: '-' }, false],
    ['a file', { out: 'a.p12' }, true],
    ['a JSON document', { out: '-', json: true }, true],
  ])('is never refused to %s', (_where, flags, isTTY) => {
    const { terminal } = fakeTerminal({ isTTY });

    expect(() => refuseExportToTerminal({ format: 'p12', ...flags }, { terminal })).not.toThrow();
  });
});

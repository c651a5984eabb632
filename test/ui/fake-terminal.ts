import type { Terminal } from '../../src/ui/terminal.js';

/** A terminal that remembers what was written to it; by default all three streams are one's own terminal. */
export function fakeTerminal({
  env = {},
  isTTY = true,
  columns = 80,
}: {
  env?: Record<string, string>;
  isTTY?: boolean;
  columns?: number;
} = {}) {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY,
    columns,
    write(text: string) {
      written[name] += text;
    },
  });
  const terminal: Terminal = { stdin: { isTTY }, stdout: stream('stdout'), stderr: stream('stderr'), env };
  return { terminal, written };
}

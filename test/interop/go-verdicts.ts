import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What Go's crypto/x509 says of lines as `verify --batch` reads them: `accepted`, or its error. One `go run` for all. */
export function goVerdicts(lines: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'sslapi-go-'));
  try {
    const input = join(folder, 'lines.jsonl');
    writeFileSync(input, `${lines.join('\n')}\n`);
    const output = execFileSync('go', ['run', PROGRAM, input], {
      encoding: 'utf8',
      env: { ...process.env, ...OFFLINE },
    });
    return output.trimEnd().split('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const PROGRAM = new URL('go-verify/main.go', import.meta.url).pathname;
/** The program needs nothing beyond the standard library. */
const OFFLINE = { GOFLAGS: '-mod=mod', GOPROXY: 'off', GO111MODULE: 'off' };

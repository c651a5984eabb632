import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandLine, recordedWords } from '../../src/config/command-line.js';
import type { ConfigRequest } from '../../src/config/config-request.js';
import { renderFiles } from '../../src/config/render.js';
import { TARGETS } from '../../src/config/targets.js';

const request = (wishes: Partial<ConfigRequest> = {}): ConfigRequest => ({
  target: 'nginx',
  level: 'intermediate',
  clientAuth: 'require',
  serverName: 'api.test',
  listen: { host: '*', port: 443 },
  files: { fullchain: '/c', privkey: '/k', caChain: '/a', crlChain: '/r' },
  standalone: false,
  ...wishes,
});

describe('the command that a configuration is written with', () => {
  it.each([
    [{}, 'sslapi config nginx'],
    [{ server: 'api.test' }, 'sslapi config nginx --server api.test'],
    [{ listen: { host: '::1', port: 8443 } }, 'sslapi config nginx --listen [::1]:8443'],
    [
      { clientAuth: 'optional', level: 'modern' },
      'sslapi config nginx --client-auth optional --level modern',
    ],
    [
      { target: 'go', allow: ["CN=O'Hara,O=Acme Inc", 'URI:spiffe://acme/api'], standalone: true },
      "sslapi config go --allow 'CN=O'\\''Hara,O=Acme Inc' --allow URI:spiffe://acme/api --standalone",
    ],
  ] as const)('%j: %s', (wishes, line) => expect(commandLine(request(wishes))).toBe(line));

  it.each(TARGETS)('stands in each file that $name has, but for those in Java', ({ name, passesOn }) => {
    const upstream = passesOn && name !== 'stunnel' ? 'http://127.0.0.1:9000' : undefined;
    const wishes = request({ target: name, server: 'a b', upstream, listen: { host: '127.0.0.1', port: 1 } });

    for (const { name: file, text } of renderFiles(wishes))
      if (!file.endsWith('.java'))
        expect([file, recordedWords(text)]).toEqual([
          file,
          [
            name,
            ...['--server', 'a b', '--listen', '127.0.0.1:1'],
            ...(upstream === undefined ? [] : ['--upstream', upstream]),
          ],
        ]);
  });

  it('is read back word by word, whatever the words are', () => {
    const word = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .filter((text) => !/[\p{Cc}\p{Zl}\p{Zp}`]/u.test(text));

    fc.assert(
      fc.property(word, fc.array(word), (server, allow) => {
        const line = commandLine(request({ server, allow }));
        expect(recordedWords(`# written by \`${line}\`.\n`)).toEqual([
          'nginx',
          ...['--server', server],
          ...allow.flatMap((one) => ['--allow', one]),
        ]);
      }),
    );
  });

  it('takes no word that would end its line', () => {
    for (const server of ['a\nb', 'a`b', 'a\u0085b', 'a\u2028b', 'a\u2029b'])
      expect(() => commandLine(request({ server }))).toThrow(
        expect.objectContaining({ code: 'ERR_CONFIG_VALUE' }),
      );
  });

  it('is not found where it does not stand', () => {
    expect(recordedWords('server { listen 443 ssl; } # see `sslapi config nginx`')).toBeNull();
    expect(recordedWords('')).toBeNull();
  });
});

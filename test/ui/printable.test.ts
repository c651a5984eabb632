import { describe, expect, it } from 'vitest';
import { colourful } from '../../src/ui/colour.js';
import { printable, printableJson, printableLine } from '../../src/ui/printable.js';

describe('a name that somebody else chose', () => {
  it.each([
    ['clears the screen', 'bob\x1b[2J', 'bob\\x1b[2J'],
    ['hides what follows', 'bob\x1b[8mCA', 'bob\\x1b[8mCA'],
    ['sets the title', '\x1b]0;root\x07', '\\x1b]0;root\\x07'],
    ['goes back over the line', 'evil\rgood', 'evil\\x0dgood'],
    ['uses a C1 control', '\x9b2J', '\\x9b2J'],
    ['reads from right to left', 'a\u202ecod.exe', 'a\\u202ecod.exe'],
  ])('cannot steer the terminal: %s', (_how, text, shown) => expect(printable(text)).toBe(shown));

  it.each(['Zoë Müller', '株式会社', 'tab\there\nnext line', 'CN=api.test,O=Acme'])(
    'is shown as it is: %s',
    (text) => expect(printable(text)).toBe(text),
  );

  it('does not add a line to an error', () => {
    expect(printableLine('no such file\r\nerror: all is well\n')).toBe('no such file error: all is well');
  });
});

it('JSON cannot steer the terminal, and says the same', () => {
  const name = 'bob\x1b[2J\x9b2J a\u202ecod.exe "Zoë"\n';
  const shown = printableJson(JSON.stringify({ name }));

  expect(shown).toBe(String.raw`{"name":"bob\u001b[2J\u009b2J a\u202ecod.exe \"Zoë\"\n"}`);
  expect(JSON.parse(shown)).toEqual({ name });
});

it('our own colours stay', async () => {
  const paint = await colourful();

  const painted = (['error', 'warning', 'hint', 'good', 'bad', 'strong', 'faint'] as const).map((role) =>
    paint(role, 'x'),
  );

  expect(painted.map(printable)).toEqual(painted);
});

import { holds, type Lint } from '../lint.js';

export const extensionsAreWellFormed: Lint = {
  id: 'extensions-are-well-formed',
  title: 'Has extensions that follow their syntax',
  severity: 'high',
  citation: 'RFC 5280 §4.2.1',
  applies: () => true,
  run: ({ malformed }) => holds(malformed.length === 0, malformed.join('; ') || 'all known extensions read'),
};

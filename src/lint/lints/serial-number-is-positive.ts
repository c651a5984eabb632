import { serialNumberHex } from '../../x509/serial-number.js';
import { holds, type Lint } from '../lint.js';

export const serialNumberIsPositive: Lint = {
  id: 'serial-number-is-positive',
  title: 'Has a positive serial number of at most 20 octets',
  severity: 'medium',
  citation: 'RFC 5280 §4.1.2.2',
  applies: () => true,
  run: ({ certificate: { serialNumber } }) =>
    holds(serialNumber > 0n && serialNumber < LIMIT, `serial number ${serialNumberHex(serialNumber)}`),
};

/** The first number whose two's complement takes 21 octets. */
const LIMIT = 1n << 159n;

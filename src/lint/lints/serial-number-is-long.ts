import { serialNumberHex } from '../../x509/serial-number.js';
import { holds, type Lint } from '../lint.js';

/** A number that nobody can guess keeps a forger from choosing what is signed. */
export const serialNumberIsLong: Lint = {
  id: 'serial-number-is-long',
  title: 'Has a serial number of 64 random bits or more',
  severity: 'low',
  citation: 'CA/B Baseline Requirements §7.1.2.7; RFC 5280 §4.1.2.2',
  applies: () => true,
  run: ({ certificate: { serialNumber } }) => {
    const octets = serialNumberHex(serialNumber).replace('-', '').length / 2;
    return holds(octets >= ENOUGH_OCTETS, `serial number of ${octets} ${octets === 1 ? 'octet' : 'octets'}`);
  },
};

/** 64 random bits, where one in 256 begins with a zero octet. */
const ENOUGH_OCTETS = 7;

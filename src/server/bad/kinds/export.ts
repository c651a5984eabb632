import { asFarAsHello, type BadKind } from '../bad-kind.js';

/** Keys as short as a law of the nineties wanted them. */
export const exportSuites: BadKind = {
  id: 'export',
  title: 'Refuses a server that speaks EXPORT suites alone',
  breaks: 'its cipher suites are those for export: 40 bits, with keys of 512 to agree on them',
  citation: 'RFC 9325 §4.1; CVE-2015-0204',
  expected: 'refuse',
  answers: 'hello',
  needs: 'issuing-key',
  foundBy: 'offers-no-export-suites',
  make: async ({ goodRsa }) =>
    asFarAsHello(await goodRsa(), { version: 'TLSv1', cipherSuites: EXPORT_SUITES }),
};

/** RSA_EXPORT_WITH_RC4_40_MD5, RSA_EXPORT_WITH_RC2_CBC_40_MD5, RSA_EXPORT_WITH_DES40_CBC_SHA, DHE_RSA_EXPORT_WITH_DES40_CBC_SHA */
const EXPORT_SUITES = [0x0003, 0x0006, 0x0008, 0x0014];

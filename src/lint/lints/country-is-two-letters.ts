import { OID } from '../../x509/oid.js';
import { failed, type Lint, passed } from '../lint.js';

export const countryIsTwoLetters: Lint = {
  id: 'country-is-two-letters',
  title: 'Has country codes of two capital letters',
  severity: 'low',
  citation: 'RFC 5280 Appendix A.1; ISO 3166-1',
  applies: ({ certificate: { subject, issuer } }) =>
    [...subject.rdns, ...issuer.rdns].flat().some(({ type }) => type === OID.countryName),
  run: ({ certificate: { subject, issuer } }) => {
    const codes = [...subject.rdns, ...issuer.rdns].flat().filter(({ type }) => type === OID.countryName);
    const wrong = codes.find(({ value }) => !/^[A-Z]{2}$/.test(value));
    return wrong === undefined ? passed(codes[0]?.value ?? '') : failed(`C=${wrong.value}`);
  },
};

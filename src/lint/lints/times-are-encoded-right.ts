import { contextTag, DerReader, TAG } from '../../x509/der.js';
import { failed, type Lint, passed } from '../lint.js';

export const timeTypesAreRight: Lint = {
  id: 'times-are-encoded-right',
  title: 'Writes dates through 2049 as UTCTime, later ones as GeneralizedTime',
  severity: 'low',
  citation: 'RFC 5280 §4.1.2.5',
  applies: () => true,
  run: ({ certificate: { tbs, validity } }) => {
    const [notBefore, notAfter] = timeTags(tbs);
    if (notBefore !== tagFor(validity.notBefore))
      return failed(`notBefore ${validity.notBefore.toISOString()}`);
    if (notAfter !== tagFor(validity.notAfter)) return failed(`notAfter ${validity.notAfter.toISOString()}`);
    return passed('both dates in the form for their years');
  },
};

function tagFor(date: Date): number {
  return date.getUTCFullYear() < 2050 ? TAG.utcTime : TAG.generalizedTime;
}

/** The identifier octets of notBefore and notAfter. */
function timeTags(tbs: Uint8Array): [number, number] {
  const reader = new DerReader(tbs).enter(TAG.sequence);
  if (reader.nextIs(contextTag(0, true))) reader.element();
  reader.element(TAG.integer);
  reader.element(TAG.sequence);
  reader.element(TAG.sequence);
  const validity = reader.enter(TAG.sequence);
  const notBefore = validity.peek();
  validity.element();
  return [notBefore, validity.peek()];
}

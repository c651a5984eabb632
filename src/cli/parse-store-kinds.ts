import { SslapiError } from '../errors.js';
import { TRUST_STORE_KINDS, type TrustStoreKind } from '../host/trust-stores/trust-store.js';

/** `--store`, as often as wished, each with one kind of trust store or a comma list. @throws SslapiError ERR_USAGE */
export function parseStoreKinds(
  text: string,
  previous: readonly TrustStoreKind[] = [],
): readonly TrustStoreKind[] {
  return [...new Set([...previous, ...text.split(',').map((word) => parseStoreKind(word.trim()))])];
}

function parseStoreKind(word: string): TrustStoreKind {
  const found = TRUST_STORE_KINDS.find((kind) => kind === word);
  if (found !== undefined) return found;
  throw new SslapiError('ERR_USAGE', `there is no trust store "${word}"`, {
    hint: `Choose from ${TRUST_STORE_KINDS.join(', ')}.`,
  });
}

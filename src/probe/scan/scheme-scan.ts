import { GROUP } from '../../tls/group.js';
import { generateKeyShare } from '../../tls/key-share.js';
import { knownSignatureSchemes, signatureSchemeName } from '../../tls/signature-scheme.js';
import { parseCertificate } from '../../x509/certificate.js';
import { describeKey } from '../../x509/subject-public-key-info.js';
import type { Offered } from '../scan.js';
import type { Hellos } from './hellos.js';
import type { Manner } from './manner.js';
import { ANY_CERTIFICATE_SIGNATURE, mainstreamSuitesOf, SIGNING_SUITES, suitesOffer } from './offers.js';
import { type Chosen, takenOf, together } from './taken.js';

/** The schemes that a server signs with: those of its key one by one, all others in one hello, for OpenSSL's servers log each
 *  refusal of this kind as critical.
 *  @param leaf the server's certificate */
export async function signatureSchemes(
  hellos: Hellos,
  servername: string | null,
  version: 'TLSv1.2' | 'TLSv1.3',
  leaf: Uint8Array | null,
  { wide }: Manner,
): Promise<Offered> {
  const choose = version === 'TLSv1.3' ? by13(hellos, servername) : by12(hellos, servername);
  const schemes = knownSignatureSchemes();
  const fits = fittingTo(leaf);
  const parts = wide
    ? [
        takenOf(schemes.filter(fits), [1], choose),
        takenOf(
          schemes.filter((scheme) => !fits(scheme)),
          [schemes.length, 1],
          choose,
        ),
      ]
    : [takenOf(schemes, [schemes.length], choose)];
  const { ids, incomplete } = together(await Promise.all(parts));
  return { ids, incomplete };
}

type Choose = (schemes: readonly number[]) => Promise<Chosen>;

/** TLS 1.2: the scheme of the ServerKeyExchange. */
function by12(hellos: Hellos, servername: string | null): Choose {
  const offer = suitesOffer(servername, 'TLSv1.2', SIGNING_SUITES);
  return async (schemes) => {
    const answer = await hellos.ask({ ...offer, ...asking(schemes) });
    if (answer.kind === 'refused') return 'none';
    if (answer.kind === 'untold') return answer;
    return signedWith(schemes, answer.outcome.flight.serverKeyExchange?.signatureScheme ?? null);
  };
}

/** TLS 1.3: the scheme of the CertificateVerify. One key share serves all, for none of the secrets is kept. */
function by13(hellos: Hellos, servername: string | null): Choose {
  const share = generateKeyShare(GROUP.x25519);
  const keyShares = share === null ? [] : [share];
  const offer = { ...suitesOffer(servername, 'TLSv1.3', mainstreamSuitesOf('TLSv1.3')), keyShares };
  const { groups: _every, ...usual } = offer;
  return async (schemes) => {
    const answer = await hellos.ask({ ...usual, ...asking(schemes) });
    if (answer.kind === 'refused') return 'none';
    if (answer.kind === 'untold') return answer;
    const { certificateVerifyScheme, ended } = answer.outcome.flight;
    if (certificateVerifyScheme !== null) return signedWith(schemes, certificateVerifyScheme);
    return ended.kind === 'alert' ? 'none' : { why: 'the flight of the server could not be read' };
  };
}

/** A server that signs with what was not offered does so whatever is asked: that tells nothing of what was. */
function signedWith(schemes: readonly number[], scheme: number | null): Chosen {
  return scheme !== null && schemes.includes(scheme) ? scheme : 'none';
}

function asking(signatureSchemes: readonly number[]) {
  return { signatureSchemes, extensions: [ANY_CERTIFICATE_SIGNATURE] };
}

/** Whether a scheme is for keys of the certificate's kind; for none where there is no certificate. */
function fittingTo(leaf: Uint8Array | null): (scheme: number) => boolean {
  const key = leaf === null ? '' : keyTypeOf(leaf);
  const prefix = key.startsWith('rsa') ? 'rsa_' : key.startsWith('ec-') ? 'ecdsa_' : key;
  return (scheme) => prefix !== '' && signatureSchemeName(scheme).startsWith(prefix);
}

function keyTypeOf(leaf: Uint8Array): string {
  try {
    return describeKey(parseCertificate(leaf).subjectPublicKeyInfo);
  } catch {
    return '';
  }
}

import { join } from 'node:path';
import { CertificateAuthority } from '../ca/certificate-authority.js';
import type { ConfigFiles } from '../config/config-request.js';
import { type PresentedCredential, presentedCredential } from '../credentials/presented-credential.js';
import { encodePem } from '../x509/pem.js';
import { DeployedCrls } from './deployed-crls.js';
import { DEFAULT_SERVER, LOCAL_NAMES } from './served-certificate.js';

/** What a server is proven with: a CA to throw away, the server's own files, and a client. */
export interface ProofPki {
  readonly ca: CertificateAuthority;
  readonly files: ConfigFiles;
  readonly crls: DeployedCrls;
  /** A client that has to be let in: `CN=alice`. */
  readonly client: PresentedCredential;
  /** The root in PEM. */
  readonly anchors: readonly string[];
}

/** Makes a CA in `pki` in that folder, a certificate for a server on loopback that every level is content with, a client, and one that
 *  has been revoked. The keys have no password. */
export async function makeProofPki(folder: string): Promise<ProofPki> {
  const { ca } = await CertificateAuthority.create({
    pki: join(folder, 'pki'),
    name: 'sslapi prove',
    passphrase: null,
    throwAway: true,
  });
  try {
    const { files } = await ca.issueServer({
      commonName: DEFAULT_SERVER,
      subjectAltName: LOCAL_NAMES,
      validityDays: SERVER_DAYS,
    });
    const alice = await ca.issueClient({ commonName: PROOF_CLIENT });
    await ca.issueClient({ commonName: 'mallory' });
    await ca.revoke(await ca.find('mallory'), { reason: 'keyCompromise' });
    const crlChain = join(folder, 'crl-chain.pem');
    return {
      ca,
      crls: new DeployedCrls(ca.folder.at('crl-chain.pem'), crlChain),
      files: {
        fullchain: files.fullchain,
        privkey: files.privkey!,
        caChain: ca.folder.at('ca-chain.crt'),
        crlChain,
      },
      client: await presentedCredential(Buffer.from(alice.fullchain), Buffer.from(alice.privateKey)),
      anchors: ca.authorities.map(({ parsed }) => encodePem('CERTIFICATE', parsed.der)),
    };
  } catch (error) {
    await ca.close();
    throw error;
  }
}

/** Common name of the client that is to be let in. */
export const PROOF_CLIENT = 'alice';
/** What Mozilla's modern level asks for: no more than 90 days. */
const SERVER_DAYS = 80;

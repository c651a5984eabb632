import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import type { CertificateAuthority } from '../../src/ca/certificate-authority.js';
import type { ConfigFiles } from '../../src/config/config-request.js';
import { makeProbePki } from '../probe/probe-pki.js';

/** A CA of ours with two revoked clients, and all that a server may be given instead of the right files. */
export interface FaultPki {
  readonly ca: CertificateAuthority;
  readonly folder: string;
  readonly files: ConfigFiles;
  /** Paths of CRLs: what a server has that was not reloaded since the newest revocation, one that has run out, that of the
   *  issuing CA alone, those of another CA. */
  readonly crls: Readonly<Record<'deployed' | 'expired' | 'issuing' | 'others', string>>;
  /** Paths of CA certificates: another CA's, ours and another's, ours and those of the system, our root alone. */
  readonly cas: Readonly<Record<'others' | 'ours and others' | 'ours and the system’s' | 'root', string>>;
  /** Subjects of our CAs. */
  readonly names: { readonly issuing: string; readonly root: string };
  /** Paths of files with one certificate each, of one that has several. */
  readonly split: (path: string) => string[];
  /** A file of that many random octets, to encrypt session tickets with. */
  readonly ticketKey: (octets: number) => string;
  /** Puts today's CRL where the servers that nobody reloads have read the older one. */
  readonly deploy: () => void;
  readonly close: () => Promise<void>;
}

export async function makeFaultPki(): Promise<FaultPki> {
  const { ca, served, close } = await makeProbePki({ name: 'Lab' });
  const other = await makeProbePki({ name: 'Other' });
  const { folder, files } = served;
  const at = (name: string): string => join(folder, name);
  const pemOf = (path: string): string => readFileSync(path, 'latin1');

  await ca.issueClient({ commonName: 'alice' });
  await revokeClient(ca, 'mallory');
  await ca.generateCrls({ nextUpdateSeconds: 1 });
  const expired = copied(files.crlChain, at('expired-crl.pem'));
  await ca.generateCrls();
  const deployed = copied(files.crlChain, at('deployed-crl.pem'));
  await sleep(1100); // the newest of two revocations has a later date
  await revokeClient(ca, 'trudy');

  const others = other.served.files;
  const ours = pemOf(files.caChain);
  const written = (name: string, pem: string): string => {
    writeFileSync(at(name), pem);
    return at(name);
  };
  return {
    ca,
    folder,
    files,
    crls: {
      deployed,
      expired,
      issuing: ca.folder.at('crl.pem'),
      others: copied(others.crlChain, at('others-crl.pem')),
    },
    cas: {
      others: copied(others.caChain, at('others-ca.pem')),
      'ours and others': written('more-ca.pem', ours + pemOf(others.caChain)),
      'ours and the system’s': written(
        'system-ca.pem',
        `${ours}${rootCertificates.slice(0, 40).join('\n')}\n`,
      ),
      root: ca.folder.at('ca.crt'),
    },
    names: { issuing: 'CN=Lab Issuing CA', root: 'CN=Lab Root CA' },
    split: (path) =>
      (pemOf(path).match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? []).map((pem, index) =>
        written(`${basename(path)}.${index}.pem`, `${pem}\n`),
      ),
    ticketKey: (octets) => {
      writeFileSync(at(`ticket-key-${octets}`), randomBytes(octets));
      return at(`ticket-key-${octets}`);
    },
    deploy: () => copyFileSync(files.crlChain, deployed),
    close: async () => {
      await other.close();
      await close();
    },
  };
}

async function revokeClient(ca: CertificateAuthority, commonName: string): Promise<void> {
  const { certificate } = await ca.issueClient({ commonName });
  await ca.revoke(await ca.find(certificate.serialNumber), { reason: 'keyCompromise' });
}

function copied(from: string, to: string): string {
  copyFileSync(from, to);
  return to;
}

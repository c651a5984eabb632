import type { Certificate } from '../x509/certificate.js';
import { sameName } from '../x509/name.js';
import { serialNumberHex } from '../x509/serial-number.js';
import type { ClientAuthority, KnownAuthority } from './client-authority.js';
import { expiredRefusal, revokedRefusal } from './client-refusal.js';
import type { VerifiedClient } from './judge-client.js';
import type { ClientRefusal } from './server-event.js';

/** Tells whether a client that was verified once is still to be let in: nothing of its path has expired or is revoked. The store
 *  is asked, not a CRL: it knows every revocation the moment it is made, and is never out of date. What it said of a client
 *  holds until anybody has written to it, so that a request costs one look at the number of the store's version. */
export class ClientStanding {
  readonly #authority: ClientAuthority;
  readonly #known = new WeakMap<VerifiedClient, Known>();

  constructor(authority: ClientAuthority) {
    this.#authority = authority;
  }

  /** Null where it stands. Throws where the store cannot be asked. */
  async check(client: VerifiedClient, now: Date): Promise<ClientRefusal | null> {
    const expired = client.path.find(({ validity }) => validity.notAfter < now);
    if (expired !== undefined) return expiredRefusal(expired, client.leaf);
    const version = await this.#authority.storeVersion();
    const known = this.#known.get(client);
    if (known?.version === version) return known.refusal;
    const refusal = await this.#ask(client);
    this.#known.set(client, { version, refusal }); // the version from before: what came in between is asked for again
    return refusal;
  }

  async #ask({ path, leaf }: VerifiedClient): Promise<ClientRefusal | null> {
    for (const certificate of path) {
      const serialNumber = serialNumberHex(certificate.serialNumber);
      for (const { id } of this.#issuersOf(certificate)) {
        const revocation = await this.#authority.revocationOf(serialNumber, id);
        // 'unknown' is no fault: a proof mints its certificates in memory, and the CA's signature was checked.
        if (revocation !== null && revocation !== 'unknown')
          return revokedRefusal(certificate, revocation, leaf);
      }
    }
    return null;
  }

  /** By name, as a CRL is: a CA has one list, however many certificates it has. None for a CA below ours, which keeps its own. */
  #issuersOf({ issuer }: Certificate): KnownAuthority[] {
    const { issuing, root } = this.#authority;
    return [issuing, ...(root === null ? [] : [root])].filter(({ parsed }) =>
      sameName(parsed.subject, issuer),
    );
  }
}

interface Known {
  readonly version: number;
  readonly refusal: ClientRefusal | null;
}

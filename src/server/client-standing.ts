import type { Revocation } from '../store/store.js';
import type { Certificate } from '../x509/certificate.js';
import { fingerprint256 } from '../x509/fingerprint.js';
import { sameName } from '../x509/name.js';
import { serialNumberHex } from '../x509/serial-number.js';
import type { ClientAuthority, KnownAuthority } from './client-authority.js';
import { expiredRefusal, revokedRefusal, storeRefusal } from './client-refusal.js';
import type { VerifiedClient } from './judge-client.js';
import { momentNow } from './moment.js';
import type { ClientRefusal } from './server-event.js';

/** How old an answer of the store may be at most that a client is let in by, in milliseconds. The guard asks more often than that,
 *  so that hardly a request has to. */
export const FRESH_MS = 150;

/** Whether clients that were verified once still stand: nothing of their paths has expired or is revoked. The store is asked, not
 *  a CRL: it knows every revocation the moment it is made, and is never out of date. What it said of a client holds for as long
 *  as nobody was revoked or let in again since, so that most requests cost it nothing, however many are revoked. */
export class ClientStanding {
  readonly #authority: ClientAuthority;
  readonly #known = new WeakMap<VerifiedClient, Known>();
  /** What the store said of CAs in this edition: all their clients share the answer. */
  readonly #ofCas = new Map<string, Promise<Revocation | null>>();
  #version = Number.NaN;
  #edition = Number.NaN;
  /** When the store was last asked for its edition, by performance.now(). */
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | null = null;

  constructor(authority: ClientAuthority) {
    this.#authority = authority;
  }

  /** Which revocations the last answer knew; changes when somebody is revoked or let in again. */
  get edition(): number {
    return this.#edition;
  }

  /** At once where the store said so a moment ago, as it mostly did. */
  of(client: VerifiedClient, now = momentNow()): ClientRefusal | null | Promise<ClientRefusal | null> {
    const known = this.#known.get(client);
    const isFresh = now.uptime - this.#askedAt < FRESH_MS;
    if (!isFresh || known === undefined || known.edition !== this.#edition) return this.#judge(client);
    return known.refusal ?? expiry(client, now.unix);
  }

  /** Asks the store what has changed; who comes meanwhile waits for the same answer.
   *  @throws where the store cannot be asked */
  refresh(): Promise<void> {
    this.#asking ??= this.#readEdition().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #judge(client: VerifiedClient): Promise<ClientRefusal | null> {
    try {
      if (performance.now() - this.#askedAt >= FRESH_MS) await this.refresh();
      const { refusal } = await this.#lookUp(client);
      return refusal ?? expiry(client, Date.now());
    } catch (error) {
      return storeRefusal(error, client.leaf);
    }
  }

  async #readEdition(): Promise<void> {
    const askedAt = performance.now();
    const version = await this.#authority.storeVersion();
    if (version !== this.#version) {
      const edition = await this.#authority.revocationEdition();
      if (edition !== this.#edition) this.#ofCas.clear();
      this.#edition = edition;
    }
    this.#version = version;
    this.#askedAt = askedAt;
  }

  /** Kept under the edition of before it was asked: what changes meanwhile is asked again. */
  async #lookUp(client: VerifiedClient): Promise<Known> {
    const edition = this.#edition;
    const known = this.#known.get(client);
    if (known?.edition === edition) return known;
    const looked = { edition, refusal: await this.#revocation(client) };
    this.#known.set(client, looked);
    return looked;
  }

  async #revocation({ path, leaf }: VerifiedClient): Promise<ClientRefusal | null> {
    for (const [depth, certificate] of path.entries()) {
      const revocation = await (depth === 0 ? this.#ask(certificate) : this.#askOnce(certificate));
      if (revocation !== null) return revokedRefusal(certificate, revocation, leaf);
    }
    return null;
  }

  #askOnce(ca: Certificate): Promise<Revocation | null> {
    const key = fingerprint256(ca.der);
    const asked = this.#ofCas.get(key) ?? this.#ask(ca);
    if (this.#ofCas.size < MOST_CAS) this.#ofCas.set(key, asked);
    asked.catch(() => this.#ofCas.delete(key)); // who comes next asks again
    return asked;
  }

  async #ask(certificate: Certificate): Promise<Revocation | null> {
    const serialNumber = serialNumberHex(certificate.serialNumber);
    for (const { id } of this.#issuersOf(certificate)) {
      const revocation = await this.#authority.revocationOf(serialNumber, id);
      // 'unknown' is no fault: a proof mints its certificates in memory, and the CA's signature was checked.
      if (revocation !== null && revocation !== 'unknown') return revocation;
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

const MOST_CAS = 64;

/** What the store said of a client, and as of which edition. */
interface Known {
  readonly edition: number;
  readonly refusal: ClientRefusal | null;
}

function expiry({ path, leaf, notAfter }: VerifiedClient, now: number): ClientRefusal | null {
  if (now <= notAfter) return null;
  return expiredRefusal(path.find(({ validity }) => validity.notAfter.getTime() < now) ?? leaf, leaf);
}

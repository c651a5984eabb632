import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fingerprint256 } from '../../x509/fingerprint.js';
import { fileState } from '../watch-files.js';
import type { Content, Publication } from './publications.js';

/** What a publication is at the moment. */
export interface Representation extends Content {
  /** RFC 9110 §8.8.3; another for other octets. */
  readonly etag: string;
  /** When its file was written, in whole seconds. */
  readonly modified: Date;
}

/** A file that is read again once it is another than before. */
export class PublishedFile {
  readonly publication: Publication;
  readonly #path: string;
  #state: string | null = null;
  #reading: Promise<Representation | null> = Promise.resolve(null);

  constructor(pki: string, publication: Publication) {
    this.publication = publication;
    this.#path = join(pki, publication.file);
  }

  /** Null where there is none. @throws Error where it cannot be read, or is something else */
  async current(): Promise<Representation | null> {
    const state = fileState(this.#path); // looked at before it is read: what changes meanwhile is read with the next request
    if (state !== this.#state) {
      this.#state = state;
      this.#reading = this.#read();
      this.#reading.catch(() => {
        this.#state = null;
      });
    }
    return this.#reading;
  }

  async #read(): Promise<Representation | null> {
    const file = await open(this.#path).catch(nullIfMissing);
    if (file === null) return null;
    try {
      const { mtimeMs } = await file.stat();
      const content = this.publication.contentOf(await file.readFile());
      if (content === null) return null;
      const etag = `"${fingerprint256(content.body).slice(0, 32)}"`;
      return { ...content, etag, modified: new Date(Math.floor(mtimeMs / 1_000) * 1_000) };
    } finally {
      await file.close();
    }
  }
}

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}

import { Readable } from 'node:stream';
import type { LiveCounts } from './live-counts.js';
import type { Overview } from './overview.js';

/** What a stream tells, to one viewer. */
export interface Viewer {
  readonly overview: () => Overview;
  /** Changes with all that an overview says beside the counts. */
  readonly edition: () => unknown;
  /** Whether the rules of this moment still let the viewer look. */
  readonly mayStay: () => boolean;
}

/** More viewers than that are told once, and asked to come again. */
export const MAX_VIEWERS = 100;

/** Server-sent events (HTML §9.2) to all who have the page open: the whole overview first and wherever more than a count has
 *  changed, else the counts alone, and only where they have. One timer serves them all, and none runs where nobody looks. */
export class OverviewStreams {
  readonly #counts: () => LiveCounts;
  readonly #intervalMs: number;
  readonly #open = new Map<Readable, OpenView>();
  #timer: NodeJS.Timeout | null = null;
  #looks = 0;

  /** @param intervalMs how often counts are looked at */
  constructor(counts: () => LiveCounts, intervalMs = 500) {
    this.#counts = counts;
    this.#intervalMs = intervalMs;
  }

  /** A stream that ends when its client goes away, may look no more, or the server stops. */
  open(viewer: Viewer): Readable {
    const view: OpenView = { viewer, edition: viewer.edition(), counts: '', isFull: false };
    const stream = new Readable({
      read: () => {
        view.isFull = false;
      },
    });
    const overview = viewer.overview();
    view.counts = JSON.stringify(overview.counts);
    stream.push(event('overview', overview));
    if (this.#open.size >= MAX_VIEWERS) {
      stream.push(null);
      return stream;
    }
    this.#open.set(stream, view);
    stream.once('close', () => this.#forget(stream));
    this.#timer ??= setInterval(() => this.#look(), this.#intervalMs).unref();
    return stream;
  }

  /** Ends them all: a server that stops waits for nobody who only watches. */
  end(): void {
    for (const stream of [...this.#open.keys()]) this.#finish(stream);
  }

  #look(): void {
    this.#looks += 1;
    const counts = this.#counts();
    const text = JSON.stringify(counts);
    for (const [stream, view] of [...this.#open]) {
      if (!view.viewer.mayStay()) this.#finish(stream);
      else if (!view.isFull) this.#tell(stream, view, counts, text);
    }
  }

  /** Who does not read misses what was in between, and costs no memory. */
  #tell(stream: Readable, view: OpenView, counts: LiveCounts, text: string): void {
    const edition = view.viewer.edition();
    if (edition !== view.edition) {
      view.edition = edition;
      view.counts = text;
      view.isFull = !stream.push(event('overview', view.viewer.overview()));
    } else if (text !== view.counts) {
      view.counts = text;
      view.isFull = !stream.push(event('counts', { at: new Date().toISOString(), counts }));
    } else if (this.#looks % LOOKS_UNTIL_SIGN_OF_LIFE === 0) view.isFull = !stream.push(SIGN_OF_LIFE);
  }

  #finish(stream: Readable): void {
    this.#forget(stream);
    stream.push(null);
  }

  #forget(stream: Readable): void {
    this.#open.delete(stream);
    if (this.#open.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}

interface OpenView {
  readonly viewer: Viewer;
  edition: unknown;
  /** What was told last. */
  counts: string;
  isFull: boolean;
}

function event(name: 'overview' | 'counts', data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A comment, often enough that no idle limit ends the connection. */
const SIGN_OF_LIFE = ':\n\n';
const LOOKS_UNTIL_SIGN_OF_LIFE = 20;

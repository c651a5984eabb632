import { type PlainTalk, TalkFailed } from './plain-talk.js';
import type { Starttls } from './starttls-protocol.js';

/** XMPP, RFC 6120 §5.4. */
export const xmpp: Starttls = {
  defaultPort: 5222,
  async negotiate(talk, { domain, port }) {
    talk.send(`<?xml version='1.0'?>${openStream(domain, port === SERVER_PORT ? 'server' : 'client')}`);
    const features = await readElement(talk, 'features');
    if (!/<starttls\b/.test(features)) throw new TalkFailed('refused', `no starttls among: ${features}`);
    talk.send(`<starttls xmlns='${TLS_NAMESPACE}'/>`);
    await readElement(talk, 'proceed');
  },
  farewell: Buffer.from(`<?xml version='1.0'?>${openStream('localhost', 'client')}</stream:stream>`),
};

/** Reads up to the end of this element; an error or a failure before it is a no. */
async function readElement(talk: PlainTalk, name: string): Promise<string> {
  const wanted = new RegExp(`<(?:stream:)?${name}\\b[^>]*(?:/>|>[^]*?</(?:stream:)?${name}>)`);
  const read = await talk.until((octets) => {
    const text = octets.toString('latin1');
    const found = wanted.exec(text);
    if (found) return found.index + found[0].length;
    if (/<(stream:error|failure)\b/.test(text)) throw new TalkFailed('refused', text);
    if (!/^\s*(<|$)/.test(text)) throw new TalkFailed('garbled', text);
    if (/<\/stream:stream>/.test(text)) throw new TalkFailed('closed', text);
    return null;
  });
  return read.toString('latin1');
}

function openStream(domain: string, kind: 'client' | 'server'): string {
  const to = domain.replace(/[&<>'"]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<stream:stream to='${to}' version='1.0' xmlns='jabber:${kind}' xmlns:stream='http://etherx.jabber.org/streams'>`;
}

const TLS_NAMESPACE = 'urn:ietf:params:xml:ns:xmpp-tls';
/** Where servers talk to each other. */
const SERVER_PORT = 5269;

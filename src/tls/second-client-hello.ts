import { type ClientHello, clientHello } from './client-hello.js';
import { EXTENSION_TYPE, type Extension, extensionData } from './extension.js';
import { generateKeyShare } from './key-share.js';
import type { ServerHello } from './server-hello.js';

/** The hello that answers a HelloRetryRequest, RFC 8446 §4.1.2: the same, with the key share that was asked for and the cookie
 *  sent back; null where the group is one that we can't make a share of, or that was not offered. */
export function secondClientHello(first: ClientHello, retry: ServerHello): ClientHello | null {
  const keyShares = retry.keyShare === null ? first.keyShares : sharesOf(retry.keyShare.group);
  if (keyShares === null) return null;
  const cookie = extensionData(retry.extensions, EXTENSION_TYPE.cookie);
  const cookies: Extension[] = cookie === null ? [] : [{ type: EXTENSION_TYPE.cookie, data: cookie }];
  const offer = { ...first.offer, extensions: [...(first.offer.extensions ?? []), ...cookies] };
  return clientHello(offer, { random: first.random, sessionId: first.sessionId, keyShares });
}

function sharesOf(group: number): ClientHello['keyShares'] | null {
  const share = generateKeyShare(group);
  return share && [share];
}

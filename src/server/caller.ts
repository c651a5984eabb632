/** Whose connection it is; Node forgets it where a handshake failed by an alert. */
export interface Caller {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/** `address:port`, null where Node does not tell it any more. */
export function addressOfCaller({ remoteAddress, remotePort }: Caller): string | null {
  return remoteAddress === undefined ? null : `${remoteAddress}:${remotePort}`;
}

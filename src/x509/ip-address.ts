/** The 4 octets of an IPv4 address or the 16 of an IPv6 one, or null where the text is neither. No zones. */
export function parseIpAddress(text: string): Uint8Array | null {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

/** The usual text of 4 or 16 octets (RFC 5952 for IPv6); hex for any other length. */
export function formatIpAddress(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) return Buffer.from(octets).toString('hex');
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((octets[index * 2]! << 8) | octets[index * 2 + 1]!).toString(16),
  );
  const [start, length] = longestZeroRun(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

/** The address and mask of a network as nameConstraints hold it (RFC 5280 §4.2.1.10), 8 or 32 octets; of a single address
 *  without `/`. Null where the text is none. What the mask leaves out is zero. */
export function parseIpNetwork(text: string): Uint8Array | null {
  const [address = '', bits, ...rest] = text.split('/');
  const octets = parseIpAddress(address);
  if (octets === null || rest.length > 0) return null;
  const prefix = bits === undefined ? octets.length * 8 : Number(/^\d{1,3}$/.test(bits) ? bits : Number.NaN);
  if (!(prefix <= octets.length * 8)) return null;
  const mask = octets.map((_, index) => 0xff & (0xff00 >> Math.min(8, Math.max(0, prefix - index * 8))));
  return Uint8Array.from([...octets.map((octet, index) => octet & mask[index]!), ...mask]);
}

/** Whether an address lies in a network of its own kind. */
export function isInIpNetwork(address: Uint8Array, network: Uint8Array): boolean {
  const { length } = address;
  if (network.length !== length * 2) return false;
  return address.every((octet, at) => ((octet ^ network[at]!) & network[length + at]!) === 0);
}

/** A network in words: `10.0.0.0/8`; hex where it is none, address and mask where the mask has gaps. */
export function formatIpNetwork(network: Uint8Array): string {
  if (network.length !== 8 && network.length !== 32) return Buffer.from(network).toString('hex');
  const half = network.length / 2;
  const address = formatIpAddress(network.subarray(0, half));
  const bits = [...network.subarray(half)].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits)
    ? `${address}/${bits.indexOf('0') < 0 ? bits.length : bits.indexOf('0')}`
    : `${address}/${formatIpAddress(network.subarray(half))}`;
}

function parseV4(text: string): Uint8Array | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return null;
  return Uint8Array.from(parts.map(Number));
}

function parseV6(text: string): Uint8Array | null {
  const tail = text.slice(text.lastIndexOf(':') + 1);
  const v4 = tail.includes('.') ? parseV4(tail) : null;
  if (tail.includes('.') && v4 === null) return null;
  const groupsText =
    v4 === null ? text : `${text.slice(0, text.length - tail.length)}${hexPair(v4, 0)}:${hexPair(v4, 2)}`;
  const halves = groupsText.split('::');
  if (halves.length > 2) return null;
  const [head, rest] = halves.map((half) => (half === '' ? [] : half.split(':'))) as [
    string[],
    string[] | undefined,
  ];
  const missing = 8 - head.length - (rest?.length ?? 0);
  if (rest === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array<string>(rest === undefined ? 0 : missing).fill('0'), ...(rest ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return Uint8Array.from(
    groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]),
  );
}

function hexPair(octets: Uint8Array, at: number): string {
  return ((octets[at]! << 8) | octets[at + 1]!).toString(16);
}

function longestZeroRun(groups: readonly string[]): [start: number, length: number] {
  let best: [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === '0') length += 1;
    if (length > best[1]) best = [start, length];
  }
  return best;
}

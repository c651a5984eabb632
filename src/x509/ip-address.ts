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

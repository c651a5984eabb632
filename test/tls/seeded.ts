/** Numbers that look random and are the same in every run. */
export interface Seeded {
  /** 0 up to, not including, `limit`. */
  readonly below: (limit: number) => number;
  readonly bytes: (length: number) => Uint8Array;
  /** The octets with a few of them changed, dropped, doubled or cut off. */
  readonly mutated: (bytes: Uint8Array) => Uint8Array;
}

/** mulberry32 */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => below(256));
  const oneOctet = ({ length }: Buffer): [start: number, end: number] => {
    const at = below(length);
    return [at, at + 1];
  };
  const mutations: ((input: Buffer) => Buffer)[] = [
    (input) => input.fill(below(256), ...oneOctet(input)),
    (input) => input.fill([0, 1, 0x7f, 0x80, 0xff][below(5)]!, ...oneOctet(input)),
    (input) => input.subarray(0, below(input.length)),
    (input) => Buffer.concat([input, bytes(1 + below(40))]),
    (input) => {
      const at = below(input.length);
      return Buffer.concat([input.subarray(0, at), input.subarray(at + 1 + below(8))]);
    },
    (input) => {
      const at = below(input.length);
      return Buffer.concat([input.subarray(0, at), input.subarray(at, at + 20), input.subarray(at)]);
    },
  ];
  const mutated = (input: Uint8Array): Uint8Array => {
    let output: Buffer = Buffer.from(input);
    for (let count = 1 + below(4); count > 0 && output.length > 0; count -= 1)
      output = mutations[below(mutations.length)]!(output);
    return output;
  };
  return { below, bytes, mutated };
}

/** The name of a finite-field group by its prime: RFC 2409's and 3526's MODP groups, RFC 7919's ffdhe; null for any other.
 *  @param prime big-endian, leading zeros allowed */
export function dhGroupName(prime: Uint8Array): string | null {
  const value = BigInt(`0x0${Buffer.from(prime).toString('hex')}`);
  const bits = value.toString(2).length;
  return GROUPS.find((group) => group.bits === bits && primeOf(group) === value)?.name ?? null;
}

/** The prime of a finite-field group; null for a name that is none of `dhGroupName`'s. */
export function dhPrime(name: string): bigint | null {
  const group = GROUPS.find((one) => one.name === name);
  return group === undefined ? null : primeOf(group);
}

/** 2^b − 2^(b−64) − 1 + 2^64 · (⌊2^(b−130) · c⌋ + x), where c is π for a MODP group and e for ffdhe:
 *  RFC 2409 §6, RFC 3526, RFC 7919 appendix A. */
function primeOf({ bits, constant, offset }: Group): bigint {
  const size = BigInt(bits);
  const digits = (constant === 'pi' ? scaledPi : scaledE)(size - 130n) + BigInt(offset);
  return (1n << size) - (1n << (size - 64n)) - 1n + (digits << 64n);
}

/** ⌊2^bits · π⌋ by Machin's formula. */
function scaledPi(bits: bigint): bigint {
  const unit = 1n << (bits + GUARD_BITS);
  return (4n * (4n * arccotangent(5n, unit) - arccotangent(239n, unit))) >> GUARD_BITS;
}

function arccotangent(x: bigint, unit: bigint): bigint {
  let power = unit / x;
  let sum = power;
  for (let n = 3n, sign = -1n; power > 0n; n += 2n, sign = -sign) {
    power /= x * x;
    sum += (sign * power) / n;
  }
  return sum;
}

/** ⌊2^bits · e⌋ as the sum of 1 / n!. */
function scaledE(bits: bigint): bigint {
  let term = 1n << (bits + GUARD_BITS);
  let sum = term;
  for (let n = 1n; term > 0n; n += 1n) {
    term /= n;
    sum += term;
  }
  return sum >> GUARD_BITS;
}

interface Group {
  readonly name: string;
  readonly bits: number;
  readonly constant: 'pi' | 'e';
  readonly offset: number;
}

const GUARD_BITS = 64n;

const GROUPS: readonly Group[] = [
  { name: 'MODP 768 of RFC 2409', bits: 768, constant: 'pi', offset: 149_686 },
  { name: 'MODP 1024 of RFC 2409', bits: 1024, constant: 'pi', offset: 129_093 },
  { name: 'MODP 1536 of RFC 3526', bits: 1536, constant: 'pi', offset: 741_804 },
  { name: 'MODP 2048 of RFC 3526', bits: 2048, constant: 'pi', offset: 124_476 },
  { name: 'MODP 3072 of RFC 3526', bits: 3072, constant: 'pi', offset: 1_690_314 },
  { name: 'MODP 4096 of RFC 3526', bits: 4096, constant: 'pi', offset: 240_904 },
  { name: 'MODP 6144 of RFC 3526', bits: 6144, constant: 'pi', offset: 929_484 },
  { name: 'MODP 8192 of RFC 3526', bits: 8192, constant: 'pi', offset: 4_743_158 },
  { name: 'ffdhe2048 of RFC 7919', bits: 2048, constant: 'e', offset: 560_316 },
  { name: 'ffdhe3072 of RFC 7919', bits: 3072, constant: 'e', offset: 2_625_351 },
  { name: 'ffdhe4096 of RFC 7919', bits: 4096, constant: 'e', offset: 5_736_041 },
  { name: 'ffdhe6144 of RFC 7919', bits: 6144, constant: 'e', offset: 15_705_020 },
  { name: 'ffdhe8192 of RFC 7919', bits: 8192, constant: 'e', offset: 10_965_728 },
];

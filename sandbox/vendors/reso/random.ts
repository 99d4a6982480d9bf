/** Random choices that a place repeats: the same seed, family and number give the same ones, whatever was asked before. */
export interface Random {
  /** From 0 up to, and without, 1. */
  unit(): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Normally distributed, mean 0, deviation 1. */
  normal(): number;
  /** Exponentially distributed. */
  wait(mean: number): number;
}

/** splitmix32: each number is the next of a sequence that begins at the place. */
export function randomAt(seed: number, family: string, n: number): Random {
  let state = mixed(mixed(seed ^ lettersOf(family)) + Math.imul(n, 0x9e3779b9));
  const unit = (): number => {
    state = (state + 0x9e3779b9) | 0;
    return mixed(state) / 2 ** 32;
  };
  return {
    unit,
    between: (least, most) => least + Math.floor(unit() * (most - least + 1)),
    chance: (probability) => unit() < probability,
    pick: (from) => from[Math.floor(unit() * from.length)]!,
    // Box and Muller's way to a normal deviate; 1 - u keeps the logarithm finite.
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    wait: (mean) => -mean * Math.log(1 - unit()),
  };
}

/** Picks values in proportion to their weights. */
export function weighted<T>(pairs: readonly (readonly [value: T, weight: number])[]): (random: Random) => T {
  const total = pairs.reduce((sum, [, weight]) => sum + weight, 0);
  return (random) => {
    let left = random.unit() * total;
    const found = pairs.find(([, weight]) => (left -= weight) < 0);
    return (found ?? pairs.at(-1)!)[0];
  };
}

/** Spreads every bit over all the others (the finalizer of MurmurHash3). */
function mixed(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

function lettersOf(family: string): number {
  let sum = 7;
  for (let i = 0; i < family.length; i += 1) sum = Math.imul(sum, 31) + family.charCodeAt(i);
  return sum | 0;
}

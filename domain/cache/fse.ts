/**
 * Finite State Entropy as Zstandard has it: how probabilities are told, and how a few symbols are written by them.
 * @see RFC 8878, 4.1
 */

/** Bits one after the other, the lowest of a byte first. */
function createBits(): { add(value: number, count: number): void; bytes(): Uint8Array } {
  const out: number[] = [];
  let [held, count] = [0, 0];
  return {
    add(value, bits) {
      held += value * 2 ** count;
      count += bits;
      for (; count >= 8; count -= 8) {
        out.push(held % 0x100);
        held = Math.floor(held / 0x100);
      }
    },
    bytes: () => Uint8Array.from(count > 0 ? [...out, held] : out),
  };
}

/** The place of the highest bit that is set. */
export function highBit(value: number): number {
  return 31 - Math.clz32(value);
}

/**
 * How many of `2 ** log` cells each symbol gets, by how often it was seen.
 * @param everyOne  a symbol that was never seen has a cell too: whoever was told so may write any of them
 */
export function cellsOf(counts: readonly number[], log: number, everyOne: boolean): number[] {
  const size = 2 ** log;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const cells = counts.map((count) => (count === 0 ? Number(everyOne) : Math.max(1, (count * size) / total)));
  const whole = cells.map((share) => Math.max(Math.min(share, 1), Math.floor(share)));
  for (let left = size - whole.reduce((sum, cell) => sum + cell, 0); left !== 0; left -= Math.sign(left)) {
    // One more where the most was lost by rounding, or one less where it is felt least.
    const gain = (symbol: number): number =>
      left > 0 ? cells[symbol]! / (whole[symbol]! + 0.5) : (whole[symbol]! - 0.5) / Math.max(cells[symbol]!, 1e-9);
    let best = -1;
    whole.forEach((cell, symbol) => {
      if (cell > (left > 0 ? 0 : 1) && (best < 0 || gain(symbol) > gain(best))) best = symbol;
    });
    whole[best] = whole[best]! + Math.sign(left);
  }
  return whole;
}

/** The cells as a dictionary or block tells them. */
export function describeCells(cells: readonly number[], log: number): Uint8Array {
  const bits = createBits();
  bits.add(log - 5, 4);
  let remaining = 2 ** log + 1;
  let threshold = 2 ** log;
  let width = log + 1;
  for (let symbol = 0; remaining > 1; symbol++) {
    const cell = cells[symbol]!;
    const most = 2 * threshold - 1 - remaining;
    remaining -= cell;
    const told = cell + 1 >= threshold ? cell + 1 + most : cell + 1;
    bits.add(told, width - Number(told < most));
    if (cell === 0) symbol += addZeros(bits, cells, symbol + 1);
    for (; remaining < threshold; threshold /= 2) width--;
  }
  return bits.bytes();
}

/** After a symbol without a cell: how many more there are. */
function addZeros(bits: ReturnType<typeof createBits>, cells: readonly number[], from: number): number {
  let count = 0;
  while (cells[from + count] === 0) count++;
  for (let rest = count; ; rest -= 3) {
    bits.add(Math.min(rest, 3), 2);
    if (rest < 3) return count;
  }
}

/** Symbols as two states write them by turns, from the last to the first, and a bit that says where they end. */
export function encodeSymbols(symbols: Uint8Array, cells: readonly number[], log: number): Uint8Array {
  const { first, step } = encoder(cells, log);
  const bits = createBits();
  const states = [-1, -1];
  for (let at = symbols.length - 1; at >= 0; at--) {
    const turn = at % 2;
    const symbol = symbols[at]!;
    states[turn] =
      states[turn]! < 0 ? first(symbol) : step(symbol, states[turn]!, (value, count) => bits.add(value, count));
  }
  bits.add(states[1]! % 2 ** log, log);
  bits.add(states[0]! % 2 ** log, log);
  bits.add(1, 1);
  return bits.bytes();
}

function encoder(cells: readonly number[], log: number) {
  const size = 2 ** log;
  const starts = cells.map((_, symbol) => cells.slice(0, symbol).reduce((sum, cell) => sum + cell, 0));
  const nexts = new Uint16Array(size);
  const filled = [...starts];
  spread(cells, size).forEach((symbol, place) => {
    nexts[filled[symbol]!] = size + place;
    filled[symbol] = filled[symbol]! + 1;
  });
  /** The state that writes a symbol after `count` bits were taken from the one before. */
  const next = (symbol: number, state: number): number => nexts[starts[symbol]! + state - cells[symbol]!]!;
  return {
    first: (symbol: number): number => {
      const cell = cells[symbol]!;
      return next(symbol, cell);
    },
    step(symbol: number, state: number, add: (value: number, count: number) => void): number {
      const cell = cells[symbol]!;
      let count = 0;
      while (state >> count >= 2 * cell) count++;
      add(state % 2 ** count, count);
      return next(symbol, state >> count);
    },
  };
}

/** Which symbol stands in each cell of the table. */
function spread(cells: readonly number[], size: number): Uint8Array {
  const table = new Uint8Array(size);
  const stride = (size >> 1) + (size >> 3) + 3;
  let place = 0;
  cells.forEach((cell, symbol) => {
    for (let times = 0; times < cell; times++) {
      table[place] = symbol;
      place = (place + stride) % size;
    }
  });
  return table;
}

/** Per row the key of what it belongs to (a property, a person). A row without a key stands for itself. */
export type Groups = ArrayLike<string | number | null>;

/** The same as whole numbers from 0, in the order of first appearance. Without keys every row is a group of its own. */
export function groupNumbers(
  groups: Groups | undefined,
  rows: number,
): { readonly numbers: Uint32Array; readonly count: number } {
  if (groups !== undefined && groups.length !== rows) {
    throw new RangeError(`${rows} rows, but ${groups.length} group keys`);
  }
  const numbers = new Uint32Array(rows);
  const known = new Map<string | number, number>();
  let count = 0;
  for (let i = 0; i < rows; i += 1) {
    const key = groups?.[i] ?? null;
    const alone = key === null || (typeof key === 'number' && Number.isNaN(key));
    const number = alone ? undefined : known.get(key);
    numbers[i] = number ?? count;
    if (number !== undefined) continue;
    if (!alone) known.set(key, count);
    count += 1;
  }
  return { numbers, count };
}

/** Rows in their order, so many at a time: a statement's parameter is in memory several times over while it is sent. */
export function slices<T>(rows: readonly T[], most: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(rows.length / most) }, (_, at) => rows.slice(at * most, (at + 1) * most));
}

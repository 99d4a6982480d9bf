/**
 * Conditions of a list whose filters come and go: each is a fixed piece of SQL, every value a placeholder. Without it one statement
 * would carry `or $1 is null` for each filter and no index could serve it.
 */
export interface Filters {
  /** @param sql  with `?` where each of the values goes, in their order */
  add(sql: string, ...values: readonly unknown[]): void;
  /** Placeholder for a value outside the conditions. */
  value(value: unknown): string;
  where(): string;
  readonly values: readonly unknown[];
}

export function filters(): Filters {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const value = (one: unknown): string => `$${values.push(one)}`;
  return {
    add(sql, ...given) {
      const rest = [...given];
      conditions.push(sql.replace(/\?/g, () => value(rest.shift())));
    },
    value,
    where: () => (conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`),
    values,
  };
}

import { codeOf, valueIn } from './schema.ts';
import type { Field, Resource } from './schema.ts';
import type { Row } from './wire.ts';

/** How values leave: what a look-up's value looks like, and decimals as numbers or as texts. */
export interface Manner {
  readonly values: 'words' | 'codes';
  readonly decimals: 'numbers' | 'text';
}

/** A function that shows a record of this resource as it leaves, with the selected fields alone. */
export function presenter(
  resource: Resource,
  manner: Manner,
  select: readonly string[] | undefined,
): (row: Row) => Record<string, unknown> {
  const shown = resource.fields.filter(({ name }) => select === undefined || select.includes(name));
  const steps = shown.map((field) => [field, converter(field, manner)] as const);
  return (row) => {
    const out: Record<string, unknown> = {};
    for (const [field, convert] of steps) {
      const value = valueIn(row, field);
      out[field.name] = convert === undefined || value === null ? value : convert(value);
    }
    return out;
  };
}

function converter(
  { type, lookup, collection }: Field,
  { values, decimals }: Manner,
): ((value: unknown) => unknown) | undefined {
  if (lookup !== undefined && values === 'codes') {
    const code = (value: unknown): unknown => (typeof value === 'string' ? codeOf(value) : value);
    return collection ? (value) => (Array.isArray(value) ? value.map(code) : value) : code;
  }
  if (type === 'Decimal')
    return decimals === 'text' ? (value) => (typeof value === 'number' ? String(value) : value) : undefined;
  if (type === 'String' && lookup === undefined)
    return (value) =>
      typeof value === 'string' || typeof value === 'bigint'
        ? value
        : typeof value === 'object'
          ? value
          : String(value);
  if (type === 'Boolean') return (value) => (typeof value === 'number' ? value !== 0 : value);
  return undefined;
}

import type { Primitive } from './schema.ts';

/** A value as a field of another type has it, whatever it was before; null where there is no such value. */
export function cast(value: unknown, type: Primitive): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return type === 'String' ? value.join(',') : cast(value[0], type);
  switch (type) {
    case 'String':
      return String(value);
    case 'Boolean':
      return typeof value === 'string' ? /^(true|yes|y|1)$/i.test(value) : Boolean(value);
    case 'Int32':
    case 'Int64':
      return numberOf(value, Math.trunc);
    case 'Decimal':
    case 'Double':
      return numberOf(value, (number) => number);
    case 'Date':
      return momentOf(value)?.slice(0, 10) ?? null;
    case 'DateTimeOffset':
      return momentOf(value) ?? null;
  }
}

function numberOf(value: unknown, rounded: (number: number) => number): number | null {
  const number = Number(value);
  return Number.isFinite(number) ? rounded(number) : null;
}

function momentOf(value: unknown): string | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

import { z } from 'zod';
import type { Route } from '../../api/contract/route.ts';

/** A request as its contract describes it. */
export interface Sample {
  readonly params: Record<string, unknown>;
  readonly query: Record<string, unknown>;
  readonly body: unknown;
}

/**
 * Requests that a route accepts, made of its schemas with every optional part present: one for each choice between shapes.
 * @param known  values by the name of their property, where any string will not do; undefined leaves the property out
 */
export function samplesOf(route: Route, known: Readonly<Record<string, unknown>>): Sample[] {
  const of = (schema: z.ZodType | undefined): unknown[] =>
    schema === undefined ? [{}] : variants(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), known);
  const [params] = of(route.params);
  const bodies = route.body === undefined ? [undefined] : of(route.body);
  return of(route.query).flatMap((query) => bodies.map((body) => ({ params, query, body }) as Sample));
}

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly minimum?: number;
  readonly format?: string;
}

function variants(given: unknown, known: Readonly<Record<string, unknown>>, name = ''): unknown[] {
  const schema = given as Schema;
  if (name in known) return [known[name]];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.flatMap((choice) => variants(choice, known, name));
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum !== undefined) return [schema.enum[0]];
  // Several choices in a list all stand in it, one after the other.
  if (schema.type === 'array') return [variants(schema.items ?? {}, known, `${name}[]`)];
  if (schema.type === 'object') return objects(schema, known);
  if (schema.type === 'boolean') return [false];
  if (schema.type === 'number' || schema.type === 'integer') return [Math.max(1, schema.minimum ?? 1)];
  if (schema.format === 'date') return ['2026-03-02'];
  return [schema.format === 'date-time' ? '2026-03-02T15:00:00.000Z' : 'plain'];
}

function objects(schema: Schema, known: Readonly<Record<string, unknown>>): unknown[] {
  const { properties = {}, propertyNames, additionalProperties } = schema;
  let made: Record<string, unknown>[] = [{}];
  for (const [name, property] of Object.entries(properties)) {
    const values = variants(property, known, name);
    made = made.flatMap((one) => values.map((value) => (value === undefined ? one : { ...one, [name]: value })));
  }
  if (Object.keys(properties).length > 0 || typeof additionalProperties !== 'object') return made;
  const key = String(propertyNames?.enum?.[0] ?? 'plain');
  return variants(additionalProperties, known, key).map((value) => ({ [key]: value }));
}

/** Copies of a value, each with one of its strings replaced; `place` says which. */
export function replaced(value: unknown, text: string, place = ''): { place: string; value: unknown }[] {
  if (typeof value === 'string') return [{ place, value: text }];
  if (value === null || typeof value !== 'object') return [];
  const entries = Object.entries(value);
  const within = entries.flatMap(([key, inner]) =>
    replaced(inner, text, `${place}.${key}`).map((one) => ({
      place: one.place,
      value: Array.isArray(value) ? value.with(Number(key), one.value) : { ...value, [key]: one.value },
    })),
  );
  // Names are strings, too.
  return Array.isArray(value)
    ? within
    : [...within, { place: `${place}.(name)`, value: { ...value, [text]: 'plain' } }];
}

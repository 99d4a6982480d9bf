import { isObject, listOf } from './wire.ts';
import type { Json } from './wire.ts';

/** What goes into the places of a schema: the mind of a content mode. */
export interface Filler {
  /** Fills what may be left out or null as well. */
  readonly eager: boolean;
  text(name: string): string;
  number(name: string): number;
  flag(name: string): boolean;
  choice(values: readonly unknown[]): unknown;
}

const FORMATS: Readonly<Record<string, string>> = {
  date: '2026-12-05',
  'date-time': '2026-12-05T14:00:00Z',
  time: '14:00:00Z',
  duration: 'PT1H',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
};

const DEEPEST = 12;

/** A value that the schema accepts, the same one every time for the same filler. */
export function sample(schema: unknown, filler: Filler, name = '', root: unknown = schema, depth = 0): unknown {
  if (!isObject(schema) || depth > DEEPEST) return null;
  const below = (part: unknown, called: string) => sample(part, filler, called, root, depth + 1);
  if (typeof schema['$ref'] === 'string') return below(refer(root, schema['$ref']), name);
  if (schema['const'] !== undefined) return schema['const'];
  if (Array.isArray(schema['enum'])) return filler.choice(schema['enum']);
  if (Array.isArray(schema['allOf'])) return below(Object.assign({}, ...(schema['allOf'] as object[])), name);
  const any = listOf(schema['anyOf'] ?? schema['oneOf']);
  if (any.length > 0)
    return below(
      chosen(any, filler, (one) => isObject(one) && one['type'] === 'null'),
      name,
    );
  const types = Array.isArray(schema['type']) ? (schema['type'] as unknown[]) : [schema['type']];
  switch (chosen(types, filler, (type) => type === 'null')) {
    case 'object':
      return objectOf(schema, filler, below);
    case 'array': {
      const wanted = Math.max(Number(schema['minItems'] ?? 0), filler.eager ? 1 : 0);
      return Array.from({ length: wanted }, () => below(schema['items'], name));
    }
    case 'integer':
      return Math.round(filler.number(name));
    case 'number':
      return filler.number(name);
    case 'boolean':
      return filler.flag(name);
    case 'string':
      return FORMATS[String(schema['format'])] ?? filler.text(name);
    default:
      return null;
  }
}

function objectOf(schema: Json, { eager }: Filler, below: (part: unknown, called: string) => unknown): Json {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = listOf(schema['required']);
  const names = Object.keys(properties).filter((name) => eager || required.includes(name));
  return Object.fromEntries(names.map((name) => [name, below(properties[name], name)]));
}

/** Nothing where nothing is allowed, unless the filler wants to say something. */
function chosen(ways: readonly unknown[], { eager }: Filler, isNothing: (way: unknown) => boolean): unknown {
  return eager ? ways.find((way) => !isNothing(way)) : (ways.find(isNothing) ?? ways[0]);
}

/** `#/$defs/name`, within the same schema. */
function refer(root: unknown, reference: string): unknown {
  let found = root;
  for (const part of reference.replace(/^#\/?/, '').split('/')) found = isObject(found) ? found[part] : undefined;
  return found;
}

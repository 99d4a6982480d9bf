import type { Handler, Operations } from './context.ts';
import { documentedOperations } from './documents.ts';
import type { Documents } from './documents.ts';
import { compiler } from './validate.ts';
import type { Checks } from './validate.ts';

/** An operation that is documented and served. */
export interface Route {
  readonly key: string;
  readonly method: string;
  readonly segments: readonly string[];
  readonly checks: Checks;
  readonly handle: Handler;
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the operation of a path; a trailing slash makes no difference to GHL. */
export type Router = (method: string, path: string) => Match | undefined;

/** Fails when an operation is served that the documents do not have. */
export function buildRouter(documents: Documents, operations: Operations): Router {
  const compile = compiler(documents);
  const byShape = new Map<string, Route[]>();
  const documented = new Map(documentedOperations(documents).map((one) => [one.key, one]));
  for (const [key, handle] of Object.entries(operations)) {
    const found = documented.get(key);
    if (found === undefined) throw new Error(`${key} is served and not documented; run generate-openapi.ts`);
    const segments = split(found.template);
    const shape = `${found.method} ${segments.length}`;
    byShape.set(shape, [
      ...(byShape.get(shape) ?? []),
      { key, method: found.method, segments, checks: compile(found), handle },
    ]);
  }
  // Fixed words win over parameters: `/contacts/search/duplicate` is no contact.
  for (const routes of byShape.values()) routes.sort((one, other) => placeholders(one) - placeholders(other));
  return (method, path) => {
    const parts = split(path);
    const route = byShape.get(`${method} ${parts.length}`)?.find((one) => fits(one.segments, parts));
    return route && { route, params: bound(route.segments, parts) };
  };
}

export function split(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

/** Does a path fit a pattern whose `{name}`, `:name` and `*` parts stand for any one part? */
export function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  return pattern.length === parts.length && pattern.every((part, index) => isParameter(part) || part === parts[index]);
}

function isParameter(part: string): boolean {
  return part === '*' || part.startsWith('{') || part.startsWith(':');
}

function placeholders(route: Route): number {
  return route.segments.filter(isParameter).length;
}

function bound(segments: readonly string[], parts: readonly string[]): Record<string, string> {
  const pairs = segments.map(
    (segment, index) => [segment.slice(1, -1), parts[index] ?? '', isParameter(segment)] as const,
  );
  return Object.fromEntries(pairs.filter(([, , named]) => named).map(([name, value]) => [name, value]));
}

import { z } from 'zod';
import type { ErrorCode } from '../../domain/errors.ts';

/** One route as callers see it: what it takes, what it answers, which errors it may give. `/openapi.json` is made of these. */
export interface Route<P = unknown, Q = unknown, B = unknown> {
  readonly method: 'get' | 'post' | 'put' | 'patch';
  /** Parameters in braces, e.g. `/api/leads/{locationId}/{contactId}`. */
  readonly path: string;
  readonly summary: string;
  readonly auth: 'bearer' | 'signature' | 'secret' | 'none';
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  /** Status → what comes with it; absent schema: not JSON. */
  readonly answers: Readonly<Record<number, { readonly says: string; readonly schema?: z.ZodType }>>;
  readonly errors: readonly ErrorCode[];
}

/** Keeps the types of the schemas; nothing else happens here. */
export function route<P = unknown, Q = unknown, B = unknown>(definition: Route<P, Q, B>): Route<P, Q, B> {
  return definition;
}

/** Ids as the vendor makes them; others would lie in workflow ids and paths. */
export const id = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, 'expected letters, digits, - and _');
export const leadParams = z.object({ locationId: id, contactId: id });
export const instant = z.iso.datetime({ offset: true });

/** Query numbers come as text. */
export const limit = z.coerce.number().int().min(1).max(200).default(50);
export const cursor = z.string().min(1).max(500).optional();
export const nextCursor = z.string().nullable();

export const leadState = z.enum(['active', 'paused', 'stopped', 'taken-over']);
export const tier = z.enum(['hot', 'warm', 'cold']);
export const reason = z.object({
  feature: z.string(),
  value: z.union([z.number(), z.string()]).nullable(),
  contribution: z.number(),
  /** The same for people, such as `viewed 14 homes`. */
  words: z.string(),
});

/** A score that cannot tell; `ask`: the question whose answer would tell most. */
export const unsure = z.object({ ask: z.string().nullable() });

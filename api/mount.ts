import type { Request, Response, Router } from 'express';
import type { z } from 'zod';
import { fieldsError, type FieldProblem } from './errors.ts';
import type { Route } from './contract/route.ts';
import { requestIdOf } from './request-id.ts';

/** What a handler gets: read and checked, never the raw request. */
export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly requestId: string;
}

/** A status and a JSON body; a plain body is 200. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Registers a handler under its contract: what the schemas refuse never reaches it. */
export function mount<P, Q, B>(
  router: Router,
  route: Route<P, Q, B>,
  handle: (call: Call<P, Q, B>) => Promise<Reply>,
): void {
  router[route.method](expressPath(route.path), async (req: Request, res: Response) => {
    const reply = await handle({
      params: checked('BAD_QUERY', route.params, req.params),
      query: checked('BAD_QUERY', route.query, req.query),
      body: checked('BAD_REQUEST', route.body, req.body),
      requestId: requestIdOf(res),
    });
    res.status(reply.status).json(reply.body);
  });
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** `/a/{b}` as express writes it: `/a/:b`. */
export function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

/** What a schema makes of a part of the request. @throws AppError naming each problem by its path */
export function checked<T>(code: 'BAD_REQUEST' | 'BAD_QUERY', schema: z.ZodType<T> | undefined, value: unknown): T {
  // A route without a schema for a part does not look at it.
  if (schema === undefined) return undefined as T;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw fieldsError(code, result.error.issues.map(problemOf));
}

function problemOf(issue: z.core.$ZodIssue): FieldProblem {
  return { path: issue.path.map(String).join('.') || '(whole)', message: issue.message };
}

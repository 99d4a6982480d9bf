import type { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import type { OperationId } from './operations.ts';

/** The part of a 2xx answer that we need; without it the answer is as good as none. Issues name paths, never values. */
export function readAnswer<T extends z.ZodType>(operation: OperationId, schema: T, json: unknown): z.infer<T> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const paths = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.') || 'root'))].slice(0, 5);
  throw new AppError('CRM_UNAVAILABLE', `${operation}: the answer lacks what was expected at ${paths.join(', ')}`);
}

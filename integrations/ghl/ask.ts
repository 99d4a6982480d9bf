import type { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import type { Urgency } from '../../domain/ports/crm.ts';
import { expectObject } from './answers.ts';
import type { GhlClient } from './client.ts';
import type { CallInput, OperationId } from './operations.ts';
import { saysGone } from './reply.ts';

/** The part of the answer that we need, or the error that says why there is none. */
export async function ask<O extends OperationId, T extends z.ZodType>(
  client: GhlClient,
  operation: O,
  schema: T,
  locationId: string,
  input: CallInput<O>,
  how?: Urgency,
): Promise<z.infer<T>> {
  const answer = expectObject(operation, await client.call(operation, locationId, input, how));
  return readAnswer(operation, schema, answer.json);
}

/** Takes something away. That it is not there, or not any more, is as good. */
export async function takeAway<O extends OperationId>(
  client: GhlClient,
  operation: O,
  locationId: string,
  input: CallInput<O>,
): Promise<void> {
  const reply = await client.call(operation, locationId, input);
  if (!saysGone(reply)) expectObject(operation, reply);
}

/** The part of a 2xx answer that we need; without it the answer is as good as none. Issues name paths, never values. */
export function readAnswer<T extends z.ZodType>(operation: OperationId, schema: T, json: unknown): z.infer<T> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const paths = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.') || 'root'))].slice(0, 5);
  throw new AppError('CRM_UNAVAILABLE', `${operation}: the answer lacks what was expected at ${paths.join(', ')}`);
}

import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

/** Takes the caller's `X-Request-Id` if it is harmless, else makes one; every answer carries it. */
export function requestId(req: Request, res: Response, next: NextFunction): void {
  const given = req.get('x-request-id');
  const id = given !== undefined && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID();
  res.setHeader('X-Request-Id', id);
  next();
}

export function requestIdOf(res: Response): string {
  return String(res.getHeader('X-Request-Id') ?? 'none');
}

import { createHash, timingSafeEqual } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { AppError } from '../domain/errors.ts';

/** Lets only the operator's token through. */
export function bearer(token: string): (req: Request, res: Response, next: NextFunction) => void {
  const isOurs = sameToken(token);
  return (req, _res, next) => {
    if (!isOurs(req)) throw new AppError('UNAUTHORIZED', 'expected Authorization: Bearer with the operator token');
    next();
  };
}

/**
 * Does a request bear this token? Both sides are hashed first, so that the comparison takes the same time whatever came and however long it
 * is. Without a token none does.
 */
export function sameToken(token: string | undefined): (req: Request) => boolean {
  const expected = token === undefined ? null : digest(token);
  return (req) => {
    const given = /^Bearer +([^\s]+)$/i.exec(req.get('authorization') ?? '')?.[1];
    return given !== undefined && expected !== null && timingSafeEqual(digest(given), expected);
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

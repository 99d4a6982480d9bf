import { createHash, timingSafeEqual } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { AppError } from '../domain/errors.ts';

/**
 * Lets only the operator's token through. Both sides are hashed first, so that the comparison takes the same time whatever came
 * and however long it is.
 */
export function bearer(token: string): (req: Request, res: Response, next: NextFunction) => void {
  const expected = digest(token);
  return (req, _res, next) => {
    const given = /^Bearer +([^\s]+)$/i.exec(req.get('authorization') ?? '')?.[1];
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
      throw new AppError('UNAUTHORIZED', 'expected Authorization: Bearer with the operator token');
    }
    next();
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

import { AppError } from '../domain/errors.ts';
import { catchUpWishes } from '../platform/catch-up.ts';
import { compose } from '../platform/compose.ts';
import { readConfig } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { readAppFile } from './app-file.ts';
import { withHome } from './client.ts';
import { knownEndpoints } from './endpoints.ts';
import type { Io } from './output.ts';

export interface CatchUpOptions {
  readonly location: string;
  /** The contact after which to go on. */
  readonly after?: string;
  readonly home?: string;
  readonly json?: true;
}

export interface CaughtUp {
  readonly location: string;
  readonly leads: number;
  readonly stored: number;
  readonly matched: number;
}

/**
 * Brings what the leads of a location look for, and what fits, to what they have said. Broken off it may be begun anew, or where the last line said.
 * Errors: LOCATION_UNKNOWN, STORE_AWAY.
 */
export async function catchUp(io: Io, { location, after, home }: CatchUpOptions): Promise<CaughtUp> {
  const config = readConfig(withHome(io.env, home), io.cwd);
  const endpoints = knownEndpoints(config, readAppFile(config.home));
  const product = await compose(config, endpoints, createLogger({ name: 'market', level: 'warn' }));
  try {
    if ((await product.locations.get(location)) === undefined) {
      throw new AppError('LOCATION_UNKNOWN', `expected the id of an installed location, got ${location}`);
    }
    const { leads, stored, matched } = await catchUpWishes(product.wishes, location, after ?? null, (sum) => {
      if (sum.next !== null) io.err(`${sum.leads} leads; on with --after ${sum.next}\n`);
      return true;
    });
    return { location, leads, stored, matched };
  } finally {
    await product.close();
  }
}

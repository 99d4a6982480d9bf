import { type FileOrder, type FileReport, readFigureFile } from '../activities/market-files.ts';
import type { MarketFigureStore } from '../domain/ports/market-figures.ts';
import { createFigureFiles } from '../integrations/market-files/open.ts';
import { asHouse } from '../integrations/postgres/login.ts';
import { createMarketFigureStore } from '../integrations/postgres/market-figures.ts';
import { poolPlace, withPool } from '../integrations/postgres/pool.ts';

export type { FileOrder, FileReport };

/** One statement stores thousands of figures, on a busy machine. */
const LONGEST_MS = 60_000;

/** Reads a public file of figures into the database. @param databaseUrl  as the product's login */
export function importFigureFile(databaseUrl: string, order: FileOrder): Promise<FileReport> {
  return withFigureStore(databaseUrl, (figures) =>
    readFigureFile({ figureFiles: createFigureFiles(), figures, now: () => new Date() }, order),
  );
}

/** Lends a store with a connection of its own. @param databaseUrl  as the product's login */
export function withFigureStore<T>(databaseUrl: string, work: (figures: MarketFigureStore) => Promise<T>): Promise<T> {
  return withPool(asHouse(databaseUrl), { applicationName: 'leadwright market', statementMs: LONGEST_MS }, (pool) =>
    work(createMarketFigureStore(poolPlace(pool))),
  );
}

import { type FileOrder, type FileReport, readFigureFile } from '../activities/market-files.ts';
import { createFigureFiles } from '../integrations/market-files/open.ts';
import { asHouse } from '../integrations/postgres/login.ts';
import { createMarketFigureStore } from '../integrations/postgres/market-figures.ts';
import { poolPlace, withPool } from '../integrations/postgres/pool.ts';

export type { FileOrder, FileReport };

/** One statement stores thousands of figures, on a busy machine. */
const LONGEST_MS = 60_000;

/** Reads a public file of figures into the database. @param databaseUrl  as the product's login */
export function importFigureFile(databaseUrl: string, order: FileOrder): Promise<FileReport> {
  return withPool(asHouse(databaseUrl), { applicationName: 'leadwright market', statementMs: LONGEST_MS }, (pool) =>
    readFigureFile(
      { figureFiles: createFigureFiles(), figures: createMarketFigureStore(poolPlace(pool)), now: () => new Date() },
      order,
    ),
  );
}

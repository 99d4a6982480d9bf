import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FigureRow, FigureSource } from '../../domain/market/figures.ts';
import { createFigureFiles } from '../../integrations/market-files/open.ts';

const folder = fileURLToPath(new URL('../fixtures/market/', import.meta.url));

/** The small files, by the names under which their sources publish them. */
export const FHFA = 'HPI_AT_metro.csv';
export const ZHVI = 'Metro_zhvi_uc_sfrcondo_tier_0.33_0.67_sm_sa_month.csv';
export const REDFIN = 'redfin_metro_market_tracker.tsv';
/** When they could have been read: all their periods have come. */
export const TODAY = '2026-11-20';

export const figurePath = (name: string): string => join(folder, name);
export const figureText = (name: string): string => readFileSync(figurePath(name), 'utf8');

/** A folder of a test's own for files that it makes. */
export async function filesFolder(): Promise<{
  readonly put: (name: string, content: string | Uint8Array) => Promise<string>;
  readonly remove: () => Promise<void>;
}> {
  const own = await mkdtemp(join(tmpdir(), 'leadwright-figure-test-'));
  return {
    async put(name, content) {
      await writeFile(join(own, name), content);
      return join(own, name);
    },
    remove: () => rm(own, { recursive: true, force: true }),
  };
}

/** All rows of a file. */
export async function rowsIn(source: FigureSource, path: string, series?: string): Promise<FigureRow[]> {
  const file = await createFigureFiles().open(source, path, { series, today: TODAY });
  const rows: FigureRow[] = [];
  for await (const row of file.rows()) rows.push(row);
  return rows;
}

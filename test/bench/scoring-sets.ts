import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { csvRecords } from '../../cli/csv.ts';
import { readData } from '../../cli/model-data.ts';
import { type DatasetSchema, readDatasetSchema } from '../../domain/scoring/data/dataset-schema.ts';
import { beginIngestion } from '../../domain/scoring/data/ingest.ts';
import type { Table } from '../../domain/scoring/data/table.ts';

export const setNames = [
  'x-education-leads',
  'uci-bank-marketing',
  'uci-online-shoppers',
  'olist-funnel',
  'king-county-sales',
  'ames-housing',
] as const;
export type SetName = (typeof setNames)[number];

export interface PublicSet {
  readonly schema: DatasetSchema;
  readonly table: Table;
}

const root = fileURLToPath(new URL('../..', import.meta.url).href);
const files: Readonly<Record<SetName, readonly string[]>> = {
  'x-education-leads': ['train.csv.gz'],
  'uci-bank-marketing': ['train.csv.gz'],
  'uci-online-shoppers': ['train.csv'],
  'olist-funnel': ['train-leads.csv', 'train-deals.csv'],
  'king-county-sales': ['train.csv.gz'],
  'ames-housing': ['train.csv'],
};

/** The schema of a set as JSON, to be changed where a control needs it. */
export function schemaDocument(name: SetName): { readonly features: readonly object[] } {
  const text = readFileSync(join(root, 'test/fixtures/datasets', `${name}.schema.json`), 'utf8');
  return JSON.parse(text) as { features: object[] };
}

/**
 * A public set as a table, or undefined when its files are nowhere.
 * @param folder where sets lie that do not come with the project, each in a folder of its name
 */
export async function readSet(name: SetName, folder: string | undefined, document: unknown = schemaDocument(name)) {
  const schema = readDatasetSchema(document);
  const table = await readTable(name, folder, schema);
  return table && ({ schema, table } satisfies PublicSet);
}

/** The rows of a set by any schema of it, the columns by which people are compared with them; undefined when its files are nowhere. */
export async function readTable(
  name: SetName,
  folder: string | undefined,
  schema: DatasetSchema,
): Promise<Table | undefined> {
  const home = [join(root, 'test/data'), folder].find(
    (one) => one !== undefined && existsSync(join(one, name, files[name][0]!)),
  );
  if (home === undefined) return undefined;
  const paths = files[name].map((file) => join(home, name, file));
  if (name === 'olist-funnel') return wonLeads(paths[0]!, paths[1]!, schema);
  return (await readData({ cwd: root }, paths[0]!, schema, 'audit')).table;
}

/** Leads with one column more: whether they are among the deals. */
async function wonLeads(leads: string, deals: string, schema: DatasetSchema): Promise<Table> {
  const [dealNames, ...dealRows] = await rowsOf(deals);
  const [names, ...rows] = await rowsOf(leads);
  const won = new Set(dealRows.map((cells) => cells[dealNames!.indexOf('mql_id')]));
  const key = names!.indexOf('mql_id');
  const ingestion = beginIngestion({ line: 1, cells: [...names!, 'won'] }, schema, 'train');
  rows.forEach((cells, i) => ingestion.take({ line: i + 2, cells: [...cells, won.has(cells[key]) ? '1' : '0'] }));
  return ingestion.table().table;
}

async function rowsOf(path: string): Promise<(readonly string[])[]> {
  async function* whole(): AsyncGenerator<string> {
    yield await Promise.resolve(readFileSync(path, 'utf8'));
  }
  const rows: (readonly string[])[] = [];
  for await (const { cells } of csvRecords(whole())) rows.push(cells);
  return rows;
}

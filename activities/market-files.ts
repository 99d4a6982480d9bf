import { AppError } from '../domain/errors.ts';
import { deadRows, type FigureSurvey, fileRefusal, surveyed } from '../domain/market/figure-survey.ts';
import type { Figure, FigureSource } from '../domain/market/figures.ts';
import type { FigureFile, FigureFiles } from '../domain/ports/figure-files.ts';
import type { MarketFigureStore, ReadFile } from '../domain/ports/market-figures.ts';
import { isoNow } from './deps.ts';

export interface FileDeps {
  readonly figureFiles: FigureFiles;
  readonly figures: MarketFigureStore;
  readonly now: () => Date;
}

export interface FileOrder {
  readonly source: FigureSource;
  /** Path or http(s) address. */
  readonly place: string;
  /** When the file was made; absent: as it says itself, else when it is read. */
  readonly asOf?: string | undefined;
  readonly series?: string | undefined;
  /** A person says that the source has changed its figures: what is known of them says nothing against the file. */
  readonly revised?: boolean | undefined;
  readonly onProgress?: ((rows: number) => void) | undefined;
}

/** The file as it stands in the books now; `again`: it had been read to its end before, and nothing was done. */
export interface FileReport extends ReadFile {
  readonly again: boolean;
}

/** Figures that are stored at once. */
const AT_ONCE = 5_000;

/**
 * Reads a public file of figures twice: through, to judge it as a whole, and again to store it. A file that was broken off goes on where
 * it stood; one that was read is left alone.
 * Errors: MARKET_FILE_BROKEN, MARKET_FILE_SHAPE, MARKET_FILE_REFUSED (then nothing of it is stored), MARKET_FILE_BUSY, STORE_AWAY.
 */
export async function readFigureFile(deps: FileDeps, order: FileOrder): Promise<FileReport> {
  const { source, place, series } = order;
  const file = await deps.figureFiles.open(source, place, { series, today: isoNow(deps).slice(0, 10) });
  try {
    return await readOpened(deps, file, order);
  } finally {
    await file.close();
  }
}

/** Of a file that is open, and stays so. Errors: as of `readFigureFile`. */
export async function readOpened(
  deps: Omit<FileDeps, 'figureFiles'>,
  file: FigureFile,
  order: Omit<FileOrder, 'source' | 'place' | 'series'>,
): Promise<FileReport> {
  const readAt = isoNow(deps);
  const before = await deps.figures.read(file);
  if (before?.atRow === null) return { ...before, again: true };
  const survey = await surveyed(file.rows());
  const said = order.asOf ?? survey.asOf ?? file.madeAt;
  // No file is from tomorrow, whatever a clock says: what comes later would never be newer.
  const asOf = said === null || said > readAt ? readAt : said;
  const revised = order.revised === true;
  await judge(deps, file, survey, { asOf, asOfSaid: said !== null, revised });
  const begun = await deps.figures.begin({ source: file.source, file: file.file, hash: file.hash, asOf, readAt });
  return { ...(await store(deps, file, begun, order)), again: false };
}

async function judge(
  { figures }: Pick<FileDeps, 'figures'>,
  { source }: Pick<FigureFile, 'source'>,
  survey: FigureSurvey,
  as: { readonly asOf: string; readonly asOfSaid: boolean; readonly revised: boolean },
): Promise<void> {
  const [newestStored, known] = await Promise.all([
    figures.newest(source, survey.series),
    figures.known(source, survey.sample),
  ]);
  const refusal = fileRefusal(survey, { ...as, newestStored, known });
  if (refusal !== null) throw new AppError('MARKET_FILE_REFUSED', `${refusal.why}: ${refusal.says}`);
}

async function store(
  { figures }: Pick<FileDeps, 'figures'>,
  file: FigureFile,
  begun: ReadFile,
  { onProgress }: Pick<FileOrder, 'onProgress'>,
): Promise<ReadFile> {
  const from = begun.atRow ?? 0;
  let [waiting, dead]: [Figure[], ReturnType<typeof deadRows>] = [[], deadRows()];
  let [after, rows] = [from, from];
  const add = async (last: boolean): Promise<ReadFile> => {
    const added = await figures.add(begun, { figures: waiting, after, rows, problems: dead.dead(), last });
    [waiting, dead, after] = [[], deadRows(), rows];
    onProgress?.(rows);
    return added;
  };
  for await (const { row, figures: found, problems } of file.rows()) {
    if (row <= from) continue;
    rows = row;
    waiting.push(...found);
    dead.add(row, problems);
    if (waiting.length >= AT_ONCE) await add(false);
  }
  return add(true);
}

import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { FigureActivities, FiguresRefreshed } from './activities.ts';
import type { FiguresInput } from './contract.ts';
import { publicFile } from './retry.ts';

const figures = proxyActivities<FigureActivities>(publicFile);

/** Public figures, fetched each day where their source has new ones. A file that cannot be believed fails the run: a person has to look. */
export async function marketFigures({ source, file }: FiguresInput): Promise<FiguresRefreshed> {
  setCurrentDetails(
    `Asks whether ${file} (${source}) has changed; where it fails it is asked again, less and less often`,
  );
  const done = await figures.refreshFigures({ source, file });
  setCurrentDetails(words(done));
  return done;
}

function words(done: FiguresRefreshed): string {
  if (done.outcome === 'same') return 'The file is what it was';
  if (done.outcome === 'gone') return 'The file is followed no longer: its schedule ends';
  return `Read ${done.rows} rows: ${done.changed} figures new or changed, ${done.dead} not taken`;
}

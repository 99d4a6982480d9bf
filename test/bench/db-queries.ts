import type { Data } from './db-draw.ts';
import { leadQueries, searchQueries } from './db-lead-queries.ts';
import { eventQueries, marketQueries, talkQueries, teamQueries } from './db-other-queries.ts';
import type { Query } from './db-query.ts';

/** All questions; one that the data has no parameters for is left out. */
export function queriesOf(data: Data): Query[] {
  return [leadQueries, searchQueries, eventQueries, talkQueries, marketQueries, teamQueries]
    .flatMap((of) => of(data))
    .filter(({ calls }) => calls.length > 0);
}

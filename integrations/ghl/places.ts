import type { Reply } from './reply.ts';

/** Calls of one location that may be under way at once; many more than its budget needs while the CRM answers in time. */
const PLACES = 16;
/** So many calls in a row without an answer, and the location counts as silent: one call at a time finds out when that is over. */
const SILENT_AFTER = 3;
/** How long a call may wait here for a place; its caller holds a place of its own meanwhile. */
const WAIT_MS = 1_000;
const CROWDED_RETRY_MS = 2_000;
const SILENT_RETRY_MS = 10_000;

/** A call that may be made, until it tells what came of it; or why not now, and when to ask again. */
export type Place =
  { readonly kind: 'place'; leave(reply: Reply): void } | { readonly kind: 'none'; readonly retryAfterMs: number };

interface Line {
  taken: number;
  unanswered: number;
  readonly waiting: ((given: boolean) => void)[];
}

/**
 * Keeps the locations apart within a process: calls that hang hold connections and workers for as long as they hang, and those of one
 * location must leave room for the others'.
 */
export function createPlaces({ places = PLACES, waitMs = WAIT_MS } = {}): (locationId: string) => Promise<Place> {
  const lines = new Map<string, Line>();
  const isSilent = (line: Line): boolean => line.unanswered >= SILENT_AFTER;
  const hasRoom = (line: Line): boolean => line.taken < (isSilent(line) ? 1 : places);

  function leave(locationId: string, line: Line, reply: Reply): void {
    line.taken -= 1;
    if (reply.kind === 'answer') line.unanswered = 0;
    else if (isUnanswered(reply)) line.unanswered += 1;
    // Whoever waits for a silent location would only wait longer.
    if (isSilent(line)) for (const give of line.waiting.splice(0)) give(false);
    while (line.waiting.length > 0 && hasRoom(line)) {
      line.taken += 1;
      line.waiting.shift()?.(true);
    }
    if (line.taken === 0 && line.unanswered === 0) lines.delete(locationId);
  }

  return async (locationId) => {
    const line = lines.get(locationId) ?? { taken: 0, unanswered: 0, waiting: [] };
    lines.set(locationId, line);
    if (hasRoom(line)) line.taken += 1;
    else if (isSilent(line)) return { kind: 'none', retryAfterMs: SILENT_RETRY_MS };
    else if (!(await givenWithin(line, waitMs))) {
      return { kind: 'none', retryAfterMs: isSilent(line) ? SILENT_RETRY_MS : CROWDED_RETRY_MS };
    }
    return { kind: 'place', leave: (reply) => leave(locationId, line, reply) };
  };
}

function givenWithin(line: Line, waitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const give = (given: boolean): void => {
      clearTimeout(timer);
      resolve(given);
    };
    const timer = setTimeout(() => {
      line.waiting.splice(line.waiting.indexOf(give), 1);
      resolve(false);
    }, waitMs);
    line.waiting.push(give);
  });
}

/** Time ran out; a connection that is refused or cut holds nobody up. */
function isUnanswered(reply: Reply): boolean {
  return reply.kind === 'failed' && reply.reason.includes('TIMEOUT');
}

import { SPOILS } from './message.ts';
import type { Spoil } from './message.ts';
import type { Json } from './wire.ts';
import { isObject } from './wire.ts';

/** An order to fail, as posted to `/_sandbox/faults`. Without `status`, `hang` and `reset` the work is done. */
export interface Fault {
  readonly match: { readonly method?: string; readonly path?: string };
  /** How many matching calls fail; 1 unless said. */
  times: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the API's error envelope: JSON, or a text that is sent as it is. */
  readonly body?: unknown;
  /** `error.details.error_code` of the envelope. */
  readonly errorCode?: string;
  /** Before the first byte; the request started before. */
  readonly delayMs?: number;
  readonly hang?: boolean;
  /** The connection is cut before anything is done. */
  readonly reset?: boolean;
  /** The work is done and billed, then the connection is cut. */
  readonly dropAfterHandling?: boolean;
  /** The stream ends after so many output tokens: with an error event, by a cut, or as if it were whole. */
  readonly midStream?: { readonly afterTokens: number; readonly how: 'overloaded' | 'cut' | 'end' };
  /** What happens to the answer's content. */
  readonly spoil?: Spoil;
  /** Whether an answer that never arrived whole is billed; true unless said. */
  readonly billed?: boolean;
}

/** Bursts: a Markov chain of two states that steps once per call. */
export interface Weather {
  /** Probability that a burst starts with a call, and that it ends with one. */
  readonly start: number;
  readonly end: number;
  readonly status: number;
}

export interface Faults {
  add(fault: Fault): void;
  list(): readonly Fault[];
  clear(): void;
  /** The first fault that matches, used up once; in a burst one that answers its status. */
  take(method: string, path: string): Fault | undefined;
  setWeather(weather: Weather | undefined): void;
}

/** Faults live in memory: they are weather, and end with the process. */
export function createFaults(random: () => number): Faults {
  let faults: Fault[] = [];
  let weather: Weather | undefined;
  let storm = false;
  return {
    add: (fault) => void faults.push(fault),
    list: () => faults,
    clear: () => {
      faults = [];
      [weather, storm] = [undefined, false];
    },
    setWeather: (next) => {
      [weather, storm] = [next, false];
    },
    take: (method, path) => {
      const fault = faults.find(({ match }) => matches(match, method, path));
      if (fault !== undefined) {
        fault.times -= 1;
        faults = faults.filter(({ times }) => times > 0);
        return fault;
      }
      if (weather === undefined || path !== '/v1/messages') return undefined;
      storm = storm ? random() >= weather.end : random() < weather.start;
      return storm ? { match: {}, times: 1, status: weather.status } : undefined;
    },
  };
}

const KNOWN =
  'match times status headers body errorCode delayMs hang reset dropAfterHandling midStream spoil billed'.split(' ');
const WAYS = ['overloaded', 'cut', 'end'];

/** Reads a posted fault; the message says what is wrong with it. */
export function readFault(body: Json): Fault | string {
  const stranger = Object.keys(body).find((name) => !KNOWN.includes(name));
  if (stranger !== undefined) return `unknown field ${stranger}; known are ${KNOWN.join(', ')}`;
  const { match = {}, times = 1, status, midStream, spoil, delayMs } = body;
  if (!isObject(match)) return 'match must be an object with method and path';
  if (typeof times !== 'number' || times < 1) return 'times must be a number of at least 1';
  if (status !== undefined && (typeof status !== 'number' || status < 400 || status > 599))
    return 'status must be 400 to 599';
  if (delayMs !== undefined && (typeof delayMs !== 'number' || delayMs < 0)) return 'delayMs must be milliseconds';
  if (spoil !== undefined && !SPOILS.includes(spoil as Spoil)) return `spoil must be one of ${SPOILS.join(', ')}`;
  if (
    midStream !== undefined &&
    !(isObject(midStream) && typeof midStream['afterTokens'] === 'number' && WAYS.includes(String(midStream['how'])))
  )
    return `midStream must be {"afterTokens", "how"}; how is one of ${WAYS.join(', ')}`;
  const how = ['status', 'delayMs', 'hang', 'reset', 'dropAfterHandling', 'midStream', 'spoil', 'headers'];
  if (!how.some((name) => body[name] !== undefined && body[name] !== false))
    return `one of ${how.join(', ')} must say how to fail`;
  return { ...body, match, times };
}

/** The message says what is wrong. */
export function readWeather({ start, end, status = 529 }: Json): Weather | string {
  const chances = [start, end].every((one) => typeof one === 'number' && one >= 0 && one <= 1);
  if (!chances) return 'start and end must be probabilities';
  if (typeof status !== 'number' || status < 400 || status > 599) return 'status must be 400 to 599';
  return { start: Number(start), end: Number(end), status };
}

/** A path is exact, or the beginning of paths where it ends in `*`. */
function matches(match: Fault['match'], method: string, path: string): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (match.path === undefined) return true;
  return match.path.endsWith('*') ? path.startsWith(match.path.slice(0, -1)) : path === match.path;
}

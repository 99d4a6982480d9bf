import { isObject } from './wire.ts';
import type { Json } from './wire.ts';

/** What goes wrong with an answer that is otherwise handled. */
export const SPOILS = [
  'html',
  'no-odata',
  'page-loop',
  'no-next-link',
  'expire-token',
  'revoke-token',
  'suspend-token',
  'delete-served-row',
  'duplicate-rows',
  'reverse-rows',
  'drop-rows',
] as const;
export type Spoil = (typeof SPOILS)[number];

/** An order to fail, as posted to `/_sandbox/faults`. Without `status` and `hang` the work is done. */
export interface Fault {
  /** A path is exact, or the beginning of paths where it ends in `*`; `query` is a text that the query contains. */
  readonly match: { readonly method?: string; readonly path?: string; readonly query?: string };
  /** How many matching calls fail; 1 unless said. */
  times: number;
  /** So many matching calls are well before. */
  after: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly delayMs?: number;
  readonly hang?: boolean;
  readonly dropAfterHandling?: boolean;
  readonly cutAfterBytes?: number;
  readonly spoil?: Spoil;
}

export interface Faults {
  add(fault: Fault): void;
  list(): readonly Fault[];
  clear(): void;
  /** The first fault that matches, used up once. */
  take(method: string, path: string, query: string): Fault | undefined;
}

/** Faults live in memory: they are weather, and end with the process. */
export function createFaults(): Faults {
  let faults: Fault[] = [];
  return {
    add: (fault) => void faults.push(fault),
    list: () => faults,
    clear: () => void (faults = []),
    take: (method, path, query) => {
      const fault = faults.find(({ match }) => matches(match, method, path, query));
      if (fault === undefined) return undefined;
      if (fault.after > 0) {
        fault.after -= 1;
        return undefined;
      }
      fault.times -= 1;
      faults = faults.filter(({ times }) => times > 0);
      return fault;
    },
  };
}

const KNOWN = 'match times after status headers body delayMs hang dropAfterHandling cutAfterBytes spoil'.split(' ');
const HOW = ['status', 'delayMs', 'hang', 'dropAfterHandling', 'cutAfterBytes', 'spoil', 'headers'];

/** Reads a posted fault; the message says what is wrong with it. */
export function readFault(body: Json): Fault | string {
  const stranger = Object.keys(body).find((name) => !KNOWN.includes(name));
  if (stranger !== undefined) return `unknown field ${stranger}; known are ${KNOWN.join(', ')}`;
  const { match = {}, times = 1, after = 0, status, delayMs, spoil } = body;
  if (!isObject(match)) return 'match must be an object with method, path and query';
  if (typeof times !== 'number' || times < 1) return 'times must be a number of at least 1';
  if (typeof after !== 'number' || after < 0) return 'after must be a number of at least 0';
  if (status !== undefined && (typeof status !== 'number' || status < 200 || status > 599))
    return 'status must be 200 to 599';
  if (delayMs !== undefined && (typeof delayMs !== 'number' || delayMs < 0)) return 'delayMs must be milliseconds';
  if (spoil !== undefined && !SPOILS.some((one) => one === spoil)) return `spoil must be one of ${SPOILS.join(', ')}`;
  if (!HOW.some((name) => body[name] !== undefined && body[name] !== false))
    return `one of ${HOW.join(', ')} must say how to fail`;
  return { ...body, match, times, after };
}

function matches(
  { method, path, query }: Fault['match'],
  calledMethod: string,
  called: string,
  asked: string,
): boolean {
  if (method !== undefined && method.toUpperCase() !== calledMethod) return false;
  if (query !== undefined && !asked.includes(query)) return false;
  if (path === undefined) return true;
  return path.endsWith('*') ? called.startsWith(path.slice(0, -1)) : called === path;
}

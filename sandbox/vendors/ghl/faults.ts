import type { Json } from './context.ts';
import { fits, split } from './router.ts';

/** An order to fail, as posted to `/_sandbox/faults`. Without `status` and `hang` the work is done. */
export interface Fault {
  readonly match: { readonly method?: string; readonly path?: string };
  /** How many matching calls fail; 1 unless said. */
  times: number;
  readonly status?: number;
  /** Of the fault's answer, or laid over those of the real one. */
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a text that is sent as it is: an HTML page, half a document. */
  readonly body?: unknown;
  /** Waits before anything else happens; a delayed call without `status` is then handled, whether its caller still waits or not. */
  readonly delayMs?: number;
  /** Nothing is done and nothing is answered. */
  readonly hang?: boolean;
  /** The work is done, then the connection is cut. */
  readonly dropAfterHandling?: boolean;
  /** The answer, the fault's or the real one, ends after so many bytes, whatever length it promised. */
  readonly cutAfterBytes?: number;
}

export interface Faults {
  add(fault: Fault): void;
  list(): readonly Fault[];
  clear(): void;
  /** The first fault that matches, used up once. */
  take(method: string, path: string): Fault | undefined;
}

/** Faults live in memory: they are weather, and end with the process. */
export function createFaults(isOperation: (method: string, path: string) => boolean): Faults {
  let faults: Fault[] = [];
  return {
    add: (fault) => void faults.push(fault),
    list: () => faults,
    clear: () => void (faults = []),
    take: (method, path) => {
      if (faults.length === 0) return undefined;
      const fault = faults.find((one) => matches(one.match, method, path, isOperation));
      if (fault === undefined) return undefined;
      fault.times -= 1;
      faults = faults.filter((one) => one.times > 0);
      return fault;
    },
  };
}

const HOW = ['status', 'delayMs', 'hang', 'dropAfterHandling', 'cutAfterBytes', 'headers'];

/** Reads a posted fault; the message says what is wrong with it. */
export function readFault(body: Json): Fault | string {
  const match = body['match'] ?? {};
  if (typeof match !== 'object') return 'match must be an object with method and path';
  const times = body['times'] ?? 1;
  if (typeof times !== 'number' || times < 1) return 'times must be a number of at least 1';
  const status = body['status'];
  if (status !== undefined && (typeof status !== 'number' || status < 200 || status > 599))
    return 'status must be 200 to 599';
  const known = 'match times status headers body delayMs hang dropAfterHandling cutAfterBytes'.split(' ');
  const stranger = Object.keys(body).find((name) => !known.includes(name));
  if (stranger !== undefined) return `unknown field ${stranger}; known are ${known.join(', ')}`;
  if (!HOW.some((name) => body[name] !== undefined && body[name] !== false))
    return `one of ${HOW.join(', ')} must say how to fail`;
  if (body['body'] !== undefined && status === undefined) return 'a body needs the status that it is answered with';
  return { ...body, match, times };
}

/**
 * A path may be exact (`/contacts/abc/tags`), a pattern whose `{name}`, `:name` or `*` parts stand for any one part, or the
 * beginning of paths: one that ends in `*`, and one that is no operation of the method itself, such as `/conversations`.
 */
function matches(
  match: Fault['match'],
  method: string,
  path: string,
  isOperation: (method: string, path: string) => boolean,
): boolean {
  const wanted = match.method?.toUpperCase() ?? '*';
  if (wanted !== '*' && wanted !== method) return false;
  if (match.path === undefined || match.path === '*') return true;
  const [pattern, parts] = [split(match.path), split(path)];
  if (fits(pattern, parts)) return true;
  const open = pattern.at(-1) === '*';
  if (!open && isOperation(wanted === '*' ? method : wanted, match.path)) return false;
  const head = open ? pattern.slice(0, -1) : pattern;
  return parts.length > head.length && fits(head, parts.slice(0, head.length));
}

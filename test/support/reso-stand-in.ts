import { createResoStandin } from '../../sandbox/vendors/reso/server.ts';
import type { ResoStandin } from '../../sandbox/vendors/reso/server.ts';

/** JSON of any shape, walked without ceremony. */
export type Answered = { readonly [field: string]: Answered } & { readonly [index: number]: Answered } & unknown[];
export type Fields = Readonly<Record<string, unknown>>;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Answered;
}

/** Where frozen clocks stand. */
export const NOON = Date.parse('2026-11-02T12:00:00Z');
export const TOKEN = 'feed-token';

export function startReso(vendor = 'reso'): Promise<ResoStandin> {
  return createResoStandin({ port: 0, vendor });
}

/** An order to the control plane; throws where it is not understood. */
export async function order(
  standin: ResoStandin,
  name: string,
  body: unknown = {},
  method = 'POST',
): Promise<Answered> {
  const response = await fetch(`${standin.url}/_sandbox/${name}`, { method, body: JSON.stringify(body) });
  const answer = (await response.json()) as Answered;
  if (response.status !== 200) throw new Error(JSON.stringify(answer));
  return answer;
}

export async function look(standin: ResoStandin, name: string): Promise<Answered> {
  return (await (await fetch(`${standin.url}/_sandbox/${name}`)).json()) as Answered;
}

/** Empties the stand-in, stops its clock at noon and gives it this vendor's habits and a small market. */
export async function fresh(standin: ResoStandin, profile: object = {}, market: object = {}): Promise<void> {
  await order(standin, 'reset');
  await order(standin, 'clock', { at: new Date(NOON).toISOString() });
  await order(standin, 'profile', { vendor: 'reso', ...profile });
  await order(standin, 'market', { listings: 60, offices: 4, members: 9, days: 90, ...market });
}

/** `GET` of a path below the service root, or of a whole link; spaces in it are written as they are. */
export async function get(
  standin: ResoStandin,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const url = path.startsWith('http') ? path : `${standin.url}${path}`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${TOKEN}`, ...headers } });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (isJson ? JSON.parse(text) : {}) as Answered,
  };
}

export function rowsOf(reply: Reply): readonly Fields[] {
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
  return reply.body['value'] as unknown as Fields[];
}

export function nextOf(reply: Reply): string | undefined {
  return reply.body['@odata.nextLink'] as unknown as string | undefined;
}

/** Follows next links to the end; `between` runs after each page. */
export async function scan(
  standin: ResoStandin,
  path: string,
  options: { headers?: Readonly<Record<string, string>>; between?: (page: number) => Promise<unknown> } = {},
): Promise<{ readonly rows: readonly Fields[]; readonly pages: number }> {
  const rows: Fields[] = [];
  let pages = 0;
  for (let next: string | undefined = path; next !== undefined;) {
    const reply: Reply = await get(standin, next, options.headers);
    rows.push(...rowsOf(reply));
    pages += 1;
    if (pages > 1_000) throw new Error('the pages do not end');
    await options.between?.(pages);
    next = nextOf(reply);
  }
  return { rows, pages };
}

/** Everything the feed has, straight from the control plane. */
export async function truth(standin: ResoStandin, resource = 'Property'): Promise<readonly Fields[]> {
  const all: Fields[] = [];
  for (let after: unknown = ''; after !== null;) {
    const page = await look(standin, `truth?resource=${resource}&limit=25&after=${encodeURIComponent(String(after))}`);
    all.push(...(page['records'] as unknown as { record: Fields }[]).map(({ record }) => record));
    after = page['next'];
  }
  return all;
}

export const keysOf = (rows: readonly Fields[], key = 'ListingKey'): string[] => rows.map((row) => String(row[key]));

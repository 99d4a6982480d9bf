import { AppError } from '../../domain/errors.ts';

/** A page that promises another and does not say where it begins. */
const nowhere = Symbol('nowhere');

/**
 * The pages of a list, one after another. How a page says where the next begins differs by route: a function below for each style.
 * @param read      reads the page at a place; undefined: the first
 * @param next      the place of the next page; undefined: this one was the last
 * @param whenStuck what to do when a page names a place where we were before, or after `most` pages: `end` quietly, for a search that
 *                  may come back; `fail` for a list that must be whole
 */
export async function* eachPage<Page, Place>(
  read: (place: Place | undefined) => Promise<Page>,
  next: (page: Page, place: Place | undefined) => Place | undefined | typeof nowhere,
  { whenStuck, most }: { readonly whenStuck: 'end' | 'fail'; readonly most: number },
): AsyncGenerator<Page> {
  const been = new Set<string>();
  let place: Place | undefined;
  for (let count = 0; count < most; count += 1) {
    const page = await read(place);
    yield page;
    const then = next(page, place);
    if (then === undefined) return;
    const name = JSON.stringify(then);
    if (then === nowhere || been.has(name)) break;
    been.add(name);
    place = then;
  }
  if (whenStuck === 'fail') throw new AppError('CRM_UNAVAILABLE', 'a list cannot be read to its end');
}

/** Exports: the answer names the cursor of the next page. */
export function byCursor(page: { readonly nextCursor?: unknown }): string | undefined {
  return text(page.nextCursor);
}

/** Advanced searches: the last item bears the values to search after. */
export function bySearchAfter(page: { readonly items: readonly unknown[] }): readonly unknown[] | undefined {
  const last = page.items.at(-1);
  const after = typeof last === 'object' && last !== null && 'searchAfter' in last ? last.searchAfter : undefined;
  return Array.isArray(after) && after.length > 0 ? after : undefined;
}

/** Opportunities: an instant and an id; nothing comes after a page that is not full, and a full one says where the next begins. */
export function byStartAfter(
  page: { readonly meta?: { readonly startAfter?: unknown; readonly startAfterId?: unknown } | null | undefined },
  count: number,
  limit: number,
): { readonly startAfter: string; readonly startAfterId: string } | undefined | typeof nowhere {
  if (count < limit) return undefined;
  const startAfterId = text(page.meta?.startAfterId);
  const at = page.meta?.startAfter;
  const startAfter = typeof at === 'number' ? String(at) : text(at);
  return startAfterId === undefined || startAfter === undefined ? nowhere : { startAfter, startAfterId };
}

/** Messages of a conversation: newest first, and each page names its oldest. */
export function byLastMessage(page: {
  readonly nextPage?: unknown;
  readonly lastMessageId?: unknown;
}): string | undefined | typeof nowhere {
  return page.nextPage === true ? (text(page.lastMessageId) ?? nowhere) : undefined;
}

/** Users, installations, relations: so many are skipped. */
export function bySkip(skipped: number | undefined, count: number, limit: number): number | undefined {
  return count < limit ? undefined : (skipped ?? 0) + count;
}

/** Phone numbers: pages have numbers. */
export function byPageNumber(page: number | undefined, first: number, count: number, size: number): number | undefined {
  return count < size ? undefined : (page ?? first) + 1;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

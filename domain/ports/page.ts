/** A page of a list; `nextCursor` asks for the next one and is null on the last. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  /** Items at most, at least 1. */
  readonly limit: number;
  /** `nextCursor` of the page before, of the very same query; anything else is BAD_CURSOR. */
  readonly cursor?: string | undefined;
}

import type { LeadRef } from '../../domain/glossary.ts';
import type { Tenants } from '../../integrations/postgres/tenants.ts';

/** A question with its parameters, ready to be asked. */
export type Call = (tenants: Tenants) => Promise<unknown>;

/** A question that people or the product ask often, asked by the product's own function. */
export interface Query {
  readonly name: string;
  /** Which of the first fifteen indexes were meant for it; empty: none was. */
  readonly origin: string;
  /** `search`: by words, tags, fields or distance. `job`: nobody waits for it. Everything else is a look-up or a list. */
  readonly kind: 'list' | 'search' | 'job';
  readonly calls: readonly Call[];
}

/** Rows of every list and search. */
export const LIMIT = 25;
export const page = { limit: LIMIT };

/** One call for each row that parameters are drawn from. */
export function query<Row>(
  name: string,
  { origin = '', kind = 'list' }: { readonly origin?: string; readonly kind?: Query['kind'] },
  rows: readonly Row[],
  ask: (row: Row, tenants: Tenants) => Promise<unknown>,
): Query {
  return {
    name,
    origin,
    kind,
    calls: rows.map(
      (row): Call =>
        (tenants) =>
          ask(row, tenants),
    ),
  };
}

export const ref = ({ locationId, contactId }: LeadRef): LeadRef => ({ locationId, contactId });

export const DAY_MS = 86_400_000;

export function later(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}

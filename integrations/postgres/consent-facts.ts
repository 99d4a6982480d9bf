import type { ConsentFact } from '../../domain/consent/ledger.ts';
import type { Runner } from './pool.ts';
import { instant, toJsonb } from './values.ts';

/** A dated fact before it is written down. */
export interface NewFact extends ConsentFact {
  readonly contactId: string | null;
  readonly personHash: string | null;
  readonly source: 'mapping' | 'import' | 'operator';
  readonly basis: string;
  readonly recordedBy: string;
  /** Of the same key only the first is written down. */
  readonly onceKey: string;
}

/** @returns how many were new */
export async function appendFacts(runner: Runner, locationId: string, facts: readonly NewFact[]): Promise<number> {
  const { rowCount } = await runner.query({
    name: 'consent-facts-append',
    text: `insert into consent_facts (location_id, contact_id, person_hash, kind, at, source, basis, recorded_by, once_key)
      select $1, "contactId", "personHash", kind, at, source, basis, "recordedBy", "onceKey"
      from jsonb_to_recordset($2::jsonb) as given ("contactId" text, "personHash" text, kind text, at timestamptz, source text, basis text,
        "recordedBy" text, "onceKey" text)
      on conflict (location_id, once_key) do nothing`,
    values: [locationId, toJsonb(facts.map((one) => ({ ...one, at: instant(one.at) })))],
  });
  return rowCount ?? 0;
}

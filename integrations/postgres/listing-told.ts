import type { LeadRef } from '../../domain/glossary.ts';
import { ask } from './ask.ts';
import { MAY_BE_TOLD } from './kept-listings.ts';
import type { Place } from './pool.ts';
import { clean, isUuid } from './values.ts';

/** Of every home that a draft rests on; a home that is not there is none of which anybody is told. */
export async function mayTellHomes(place: Place, ref: LeadRef, draftId: string): Promise<boolean> {
  if (!isUuid(draftId)) return true;
  const rows = await ask<{ may: boolean }>(place, {
    name: 'draft-may-tell-homes',
    text: MAY_TELL,
    values: [clean(ref.locationId), clean(ref.contactId), draftId],
  });
  return rows[0]?.may ?? true;
}

const MAY_TELL = `
select not exists (
    select from reply_drafts d cross join jsonb_array_elements(d.facts) as fact
      left join listings l on l.location_id = $1 and l.listing_key = substr(fact ->> 'id', 9) and ${MAY_BE_TOLD}
    where d.location_id = $1 and d.contact_id = $2 and d.draft_id = $3 and starts_with(fact ->> 'id', 'listing:')
      and l.listing_key is null
  ) as may`;

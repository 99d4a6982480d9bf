import type { RecordNews } from '../crm/records.ts';
import type { CrmEvent } from './crm-event.ts';
import type { Iso } from '../glossary.ts';
import type { Location } from '../leads/settings.ts';

/** Events that make and end installs. They are dated by the vendor's clock, and counted against each other by it. */
export const INSTALLS: readonly string[] = ['INSTALL', 'UNINSTALL'];

/** How the install of a location, or an agency, stands. */
export interface Standing {
  readonly status: Location['status'];
  /** When it last ended, as far as it is known here. */
  readonly endedAt: Iso | null;
  /** Since when a credential is held; null: none is. */
  readonly heldSince: Iso | null;
}

/** What is known of an agency: whether it has a token. */
export function ofAgency(heldSince: Iso | null): Standing {
  return { status: 'active', endedAt: null, heldSince };
}

/** An install is dated by our clock and its end by the vendor's: only one that ended clearly before is not the one we have. */
const CLOCKS_DIFFER_MS = 30_000;

/**
 * Was it installed again after this end was told? Then it keeps what it has: deliveries overtake each other, and people replay old ones.
 * An end that is known already, of what is here nevertheless, is one of an install before.
 * @param told  null: nobody knows when
 */
export function isInstalledSince({ status, endedAt, heldSince }: Standing, told: Iso | null): boolean {
  if (told === null) return false;
  if (status !== 'uninstalled' && endedAt !== null && Date.parse(told) <= Date.parse(endedAt)) return true;
  return heldSince !== null && Date.parse(heldSince) - CLOCKS_DIFFER_MS > Date.parse(told);
}

/** Locations that an end concerns: an agency's names the company alone. */
export function locationsMeant(
  locations: readonly Location[],
  named: { readonly locationId: string | null; readonly companyId: string | undefined },
): readonly Location[] {
  return locations.filter(({ locationId, companyId }) =>
    named.locationId === null
      ? named.companyId !== undefined && companyId === named.companyId
      : locationId === named.locationId,
  );
}

/** A change of the app's plan, as a record of the location. */
export function planNews({ plans, at }: Extract<CrmEvent, { family: 'lifecycle' }>): RecordNews {
  const facts = { before: plans?.before ?? null, after: plans?.after ?? null };
  return { kind: 'plan', recordId: 'app', contactId: undefined, action: 'changed', facts, at, timed: true };
}

import type { GateFacts, VendorFacts } from '../domain/consent/facts.ts';
import { whereaboutsOf } from '../domain/consent/whereabouts.ts';
import { isAppError } from '../domain/errors.ts';
import { isMessage, type LeadRef } from '../domain/glossary.ts';
import { activation } from '../domain/leads/activation.ts';
import type { ContactSnapshot } from '../domain/leads/contact.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { OutboxRow } from '../domain/ports/outbox.ts';
import { type Deps, isoNow, later } from './deps.ts';
import { freshConsent } from './fresh-consent.ts';
import { urgency } from './making.ts';

export interface Fresh {
  /** Did the CRM answer? Else the snapshot is what we last knew, good enough for locks and never for sending. */
  readonly read: boolean;
  readonly snapshot: ContactSnapshot | null;
  readonly location: Location | undefined;
  readonly vendor: VendorFacts;
}

/** The contact as the CRM has it now. A read that fails is an unknown fact, and an unknown fact closes the gate. */
export async function freshFacts(deps: Deps, ref: LeadRef, row: OutboxRow): Promise<Fresh> {
  const [read, location] = await Promise.all([
    deps.crm.contact(ref, urgency(row)).catch((error: unknown) => notRead(deps, error)),
    deps.locations.get(ref.locationId),
  ]);
  const channel = isMessage(row.channel) ? row.channel : 'call';
  if (typeof read === 'object' && 'failed' in read) {
    const unknown = { known: false, why: read.failed } as const;
    const stored = (await deps.leads.load(ref))?.snapshot ?? null;
    return {
      read: false,
      snapshot: stored,
      location,
      vendor: { contact: unknown, consent: unknown, activated: unknown, ...read.again },
    };
  }
  if (read === 'gone' || location === undefined) {
    const why = {
      known: false,
      why: read === 'gone' ? 'the contact is gone' : 'the location is not installed',
    } as const;
    return { read: true, snapshot: null, location, vendor: { contact: gone, consent: why, activated: why } };
  }
  const { snapshot } = read;
  return {
    read: true,
    snapshot,
    location,
    vendor: {
      contact: {
        known: true,
        value: {
          exists: true,
          hasPhone: Boolean(snapshot.phone),
          hasEmail: Boolean(snapshot.email),
          dnd: snapshot.dnd === true,
          dndChannel: snapshot.dndChannels?.[channel] ?? 'unknown',
          ...whereaboutsOf(snapshot),
          tags: snapshot.tags ?? [],
        },
      },
      consent: {
        known: true,
        value: await freshConsent(deps, ref, { channel, snapshot, settings: location.settings }),
      },
      activated: { known: true, value: activation(snapshot.tags, location.settings).yes },
    },
  };
}

/** A call that the budget has no room for is asked for again when it has. Nobody knows how long an outage lasts. */
function notRead(
  deps: Deps,
  error: unknown,
): { readonly failed: string; readonly again: Pick<VendorFacts, 'readableAt'> } {
  if (!isAppError(error)) return { failed: 'unreadable', again: {} };
  const told = error.code === 'CRM_RATE_LIMITED' || error.code === 'CRM_DAILY_SPENT' ? error.retryAfterMs : undefined;
  return { failed: error.code, again: told === undefined ? {} : { readableAt: later(isoNow(deps), told) } };
}

const gone: GateFacts['contact'] = {
  known: true,
  value: {
    exists: false,
    hasPhone: false,
    hasEmail: false,
    dnd: false,
    dndChannel: 'unknown',
    timezone: null,
    tags: [],
  },
};

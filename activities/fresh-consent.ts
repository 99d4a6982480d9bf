import type { ConsentChannel } from '../domain/consent/ledger.ts';
import { areaCodeOf } from '../domain/consent/registry.ts';
import { boughtShown, consentsShown, type ShownConsent } from '../domain/consent/shown.ts';
import type { FreshConsent } from '../domain/consent/standing.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { ContactSnapshot } from '../domain/leads/contact.ts';
import type { LocationSettings } from '../domain/leads/settings.ts';
import type { Deps } from './deps.ts';
import { hashes } from './person-hashes.ts';

interface Look {
  readonly channel: ConsentChannel;
  readonly snapshot: ContactSnapshot;
  readonly settings: LocationSettings;
}

/** What the contact, as it was just read, shows of consent to this channel. */
export async function freshConsent(
  deps: Pick<Deps, 'crm' | 'personHash' | 'log'>,
  ref: LeadRef,
  { channel, snapshot, settings }: Look,
): Promise<FreshConsent> {
  return {
    channel,
    shown: await shownBy(deps, ref, snapshot, settings),
    bought: boughtShown(snapshot, settings),
    hashes: hashes(deps, snapshot),
    areaCode: areaCodeOf(snapshot.phone),
  };
}

/** Which field is which is asked only where fields record consent; without an answer they show nothing, and nothing rests on them. */
export async function shownBy(
  deps: Pick<Deps, 'crm' | 'log'>,
  { locationId }: LeadRef,
  snapshot: ContactSnapshot | null,
  settings: LocationSettings,
): Promise<ShownConsent[]> {
  const byField = settings.consentSources.some((source) => 'field' in source);
  const fieldIds = byField ? await deps.crm.fieldIds(locationId).catch(unreadable) : {};
  return consentsShown(snapshot, settings, fieldIds);

  function unreadable(error: unknown): undefined {
    deps.log.warn({ err: error, locationId }, 'fields that record consent could not be read; nothing rests on them');
  }
}

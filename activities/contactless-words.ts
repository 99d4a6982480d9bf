import { mergeRecord } from '../domain/crm/record-merge.ts';
import { recordChangeWords } from '../domain/crm/record-words.ts';
import { leadRecordKinds, type RecordNews } from '../domain/crm/records.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { CredentialStore } from '../domain/ports/credentials.ts';
import type { InboxRow } from '../domain/ports/inbox.ts';
import type { InstallStore } from '../domain/ports/installs.ts';
import type { TokenHolder } from '../domain/ports/tokens.ts';
import { activityFromRecord } from '../domain/webhooks/activity-record.ts';
import type { CrmEvent } from '../domain/webhooks/crm-event.ts';
import { CREDENTIAL_INSTALLED } from '../domain/webhooks/installed.ts';
import { isInstalledSince, locationsMeant, ofAgency, planNews } from '../domain/webhooks/lifecycle.ts';
import { idAt, isoAt, type Json, readJsonObject } from '../domain/webhooks/payload.ts';
import { readCrmEvent } from '../domain/webhooks/read-crm-event.ts';
import type { Deps } from './deps.ts';

export interface ContactlessDeps extends Pick<Deps, 'locations' | 'records'> {
  readonly installs: Pick<InstallStore, 'endedAt'>;
  readonly credentials: Pick<CredentialStore, 'standing'>;
}

type Words = Promise<readonly string[]>;

/** What working an event that concerns no lead would do now, in words. Its relay does it; here it is only looked at. */
export async function contactlessWords(deps: ContactlessDeps, row: InboxRow): Words {
  const read = readJsonObject(new TextDecoder().decode(row.body));
  const json = read.ok ? read.json : undefined;
  switch (row.type) {
    case 'INSTALL':
      return installWords(deps, row, json);
    case 'UNINSTALL':
      return uninstallWords(deps, row, json);
    case CREDENTIAL_INSTALLED:
      return ['the token would be kept fresh', ...(row.locationId === null ? [] : ['leads that wait would go on'])];
    default:
      return json === undefined || row.source !== 'marketplace'
        ? []
        : [...(await activityWords(deps, row, json)), ...(await newsWords(deps, row, json))];
  }
}

/** No later than it came, however often it is worked. */
function sentAt({ occurredAt, receivedAt }: InboxRow, json: Json | undefined): string {
  return occurredAt ?? isoAt(json, 'timestamp') ?? receivedAt;
}

async function installWords(deps: ContactlessDeps, row: InboxRow, json: Json | undefined): Words {
  const { locationId } = row;
  if (locationId === null) return ['its agency would look which locations it has, if it has a token'];
  const location = await deps.locations.get(locationId);
  const arrives = 'it would be asked for a token, and its events would be taken';
  if (location === undefined) return [`location ${locationId} would be installed`, arrives];
  if (location.status !== 'uninstalled') {
    return location.parked === null
      ? ['nothing: the location is installed already']
      : ['its token would be looked for'];
  }
  const endedAt = await deps.installs.endedAt(locationId);
  const isOld = endedAt !== null && Date.parse(sentAt(row, json)) < Date.parse(endedAt);
  return isOld ? ['nothing: older than its uninstall'] : [`location ${locationId} would be back`, arrives];
}

async function uninstallWords(deps: ContactlessDeps, row: InboxRow, json: Json | undefined): Words {
  const told = sentAt(row, json);
  const companyId = idAt(json, 'companyId');
  const agency = row.locationId === null && companyId !== undefined ? companyId : undefined;
  const ends = agency === undefined ? undefined : await agencyEnds(deps, agency, told);
  const gone: string[] = [];
  const named = { locationId: row.locationId, companyId };
  for (const { locationId: id, status } of ends === false ? [] : locationsMeant(await deps.locations.list(), named)) {
    const heldSince = await heldBy(deps, { kind: 'location', id });
    if (!isInstalledSince({ status, endedAt: await deps.installs.endedAt(id), heldSince }, told)) gone.push(id);
  }
  const words = gone.map((id) => `location ${id} would be uninstalled: its token destroyed, all of its leads ended`);
  if (ends === true) words.unshift(`the token of agency ${agency ?? ''} would be destroyed`);
  return words.length > 0 ? words : ['nothing: no such location, or installed again since'];
}

/** Undefined: nobody knows this agency. */
async function agencyEnds(deps: ContactlessDeps, id: string, told: string): Promise<boolean | undefined> {
  if ((await deps.credentials.standing({ kind: 'company', id })) === undefined) return undefined;
  return !isInstalledSince(ofAgency(await heldBy(deps, { kind: 'company', id })), told);
}

async function heldBy({ credentials }: ContactlessDeps, holder: TokenHolder): Promise<string | null> {
  const credential = await credentials.standing(holder);
  return credential?.held === true ? credential.installedAt : null;
}

/** Only whether it counts is asked, so that nothing has to be hashed. */
const UNHASHED = { sha256: (text: string) => text, hashPerson: (address: string) => address };

async function activityWords(deps: ContactlessDeps, row: InboxRow, json: Json): Words {
  const { locationId, receivedAt, type } = row;
  if (locationId === null || (type !== 'RecordCreate' && type !== 'RecordUpdate')) return [];
  const location = await here(deps, locationId);
  const objects = location?.settings.activityObjects ?? {};
  const event = activityFromRecord(objects, json, { locationId, receivedAt }, UNHASHED);
  return event === undefined ? [] : [`counts as behaviour, once: ${event.kind}`];
}

async function here({ locations }: ContactlessDeps, locationId: string | null): Promise<Location | undefined> {
  const location = locationId === null ? undefined : await locations.get(locationId);
  return location?.status === 'uninstalled' ? undefined : location;
}

const NOT_HERE: readonly string[] = ['nothing: the location is not installed'];

async function newsWords(deps: ContactlessDeps, row: InboxRow, json: Json): Words {
  const time = { at: row.occurredAt ?? row.receivedAt, timed: row.occurredAt !== null };
  const event: CrmEvent = readCrmEvent(row.type, json, time);
  switch (event.family) {
    case 'record':
      return recordWords(deps, row, event.news);
    case 'user':
      return userWords(deps, row, event);
    case 'email-stat':
      if ((await here(deps, row.locationId)) === undefined) return NOT_HERE;
      return [
        'what became of an e-mail would be kept, once',
        ...(event.stat.suppress === null ? [] : [`no more e-mails would go to its address: ${event.stat.suppress}`]),
      ];
    case 'lifecycle':
      return lifecycleWords(deps, row, event);
    case 'contact':
    case 'message':
    case 'unusable':
    case 'unknown':
      return [];
  }
}

async function recordWords(deps: ContactlessDeps, { locationId }: InboxRow, news: RecordNews): Words {
  if (locationId === null || (await here(deps, locationId)) === undefined) return NOT_HERE;
  const change = await changeOf(deps, locationId, news);
  if (!leadRecordKinds.some((kind) => kind === news.kind)) return change;
  const owner = await deps.records.contactOf(locationId, news.kind, news.recordId);
  return owner === undefined ? change : [`lead ${owner}, whose it is, would hear of it`, ...change];
}

async function changeOf({ records }: ContactlessDeps, locationId: string, news: RecordNews): Words {
  const before = await records.get(locationId, news.kind, news.recordId);
  return recordChangeWords(mergeRecord(before ?? null, news).change);
}

/** A user of an agency works for the locations that are named, as far as they are this agency's and installed here. */
async function userWords(deps: ContactlessDeps, row: InboxRow, event: Extract<CrmEvent, { family: 'user' }>): Words {
  const named = new Set(row.locationId === null ? event.locationIds : [row.locationId]);
  const meant = (await deps.locations.list()).filter(
    ({ locationId, status, companyId }) =>
      named.has(locationId) &&
      status !== 'uninstalled' &&
      (row.locationId !== null || (event.companyId !== undefined && companyId === event.companyId)),
  );
  if (meant.length === 0) return NOT_HERE;
  const words = [];
  for (const { locationId } of meant) {
    const change = await changeOf(deps, locationId, event.news);
    if (change.length > 0) words.push(`in location ${locationId}: ${change.join(', ')}`);
  }
  return words;
}

async function lifecycleWords(
  deps: ContactlessDeps,
  row: InboxRow,
  event: Extract<CrmEvent, { family: 'lifecycle' }>,
): Words {
  const { locationId, name, timezone } = event;
  const location = await here(deps, locationId ?? null);
  if (location === undefined) return NOT_HERE;
  if (event.what === 'plan') return recordWords(deps, row, planNews(event));
  const told = { ...(name === undefined ? {} : { name }), ...(timezone === undefined ? {} : { timezone }) };
  const other = Object.entries(told).filter(([key, value]) => location[key as keyof typeof told] !== value);
  return other.map(([key]) => `${key} of the location would change, unless what is known is newer`);
}

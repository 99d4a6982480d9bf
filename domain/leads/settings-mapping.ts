import { neverForUnknownZone } from '../consent/quiet-hours.ts';
import { knownZone } from '../consent/zone-clock.ts';
import type { CrmCatalog } from '../ports/crm.ts';
import { sameTag } from './activation.ts';
import { workflowsOf } from './settings-rules.ts';
import type { Location, LocationSettings } from './settings.ts';

/** What a location's settings name and its CRM does not have, or what of the CRM cannot be looked at. */
export interface Unmapped {
  /** Where it stands: a choice (`customFields`), `location`, or the part of the CRM that is closed to us. */
  readonly where: string;
  readonly problem: string;
  readonly fix: string;
}

/** Permission that each part of the catalogue needs, as the vendor calls it. */
const permissions: Readonly<Record<keyof CrmCatalog, readonly [what: string, scope: string]>> = {
  customFields: ['custom fields', 'locations/customFields.readonly'],
  pipelines: ['pipelines', 'opportunities.readonly'],
  users: ['users', 'users.readonly'],
  calendars: ['calendars', 'calendars.readonly'],
  workflows: ['workflows', 'workflows.readonly'],
  numbers: ['phone numbers', 'phonenumbers.read'],
  tags: ['tags', 'locations/tags.readonly'],
};

/**
 * Compares a location with what its CRM has now, one entry per problem. A part that could not be read is one problem of its own: nothing
 * is said about what it may hold.
 */
export function unmapped(
  location: Pick<Location, 'timezone' | 'parked' | 'settings'>,
  catalog: CrmCatalog,
): Unmapped[] {
  const { settings } = location;
  return [
    ...ofLocation(location),
    ...closedParts(catalog),
    ...fields(settings, catalog),
    ...tags(settings, catalog),
    ...pipeline(settings, catalog),
    ...workflows(settings, catalog),
    ...missing('calendars', 'calendars', Object.values(settings.calendars), idsOf(catalog.calendars)),
    ...agents(settings, catalog),
    ...numbers(settings, catalog),
  ];
}

function ofLocation({ timezone, parked, settings }: Pick<Location, 'timezone' | 'parked' | 'settings'>): Unmapped[] {
  const found: Unmapped[] = [];
  if (parked !== null) {
    const fix = 'install it again: /oauth/ghl/start, or leadwright locations add with a valid token';
    found.push({ where: 'location', problem: `parked since ${parked.since}: ${parked.reason}`, fix });
  }
  if (timezone === null || knownZone(timezone) === undefined) {
    const problem = 'the zone of the office is not known; deadlines of agents are as late as in the latest US zone';
    found.push({ where: 'location', problem, fix: 'leadwright locations add --timezone, e.g. America/New_York' });
  }
  if (settings.activationTags.length === 0) {
    const problem = 'no tag lets us act: no lead is worked';
    found.push({ where: 'activationTags', problem, fix: set('activationTags', '["TAG"]') });
  }
  if (Object.keys(settings.consentTags).length + settings.consentSources.length === 0) {
    const problem = 'no tag records consent: nobody is messaged';
    found.push({ where: 'consentTags', problem, fix: set('consentTags', '{"TAG":["sms","email"]}') });
  }
  if (settings.postalAddress === null) {
    const problem = 'no postal address is known: no e-mail that solicits goes out';
    found.push({ where: 'postalAddress', problem, fix: set('postalAddress', '"STREET, CITY, STATE ZIP"') });
  }
  const { from, to } = settings.quietHours;
  const never = neverForUnknownZone(settings.quietHours);
  if (never !== undefined) {
    const when = never === 'all year' ? 'never' : 'for a part of the year never';
    const problem = `${from}–${to} ${when} is in all US zones at once: contacts without a zone are not messaged`;
    found.push({ where: 'quietHours', problem, fix: set('quietHours', '{"from":"08:00","to":"21:00"}') });
  }
  return found;
}

function closedParts(catalog: CrmCatalog): Unmapped[] {
  return (Object.keys(permissions) as (keyof CrmCatalog)[])
    .filter((part) => catalog[part] === null)
    .map((part) => {
      const [what, scope] = permissions[part];
      return { where: part, problem: `${what} cannot be read`, fix: `give the permission ${scope}` };
    });
}

function fields(settings: LocationSettings, { customFields }: CrmCatalog): Unmapped[] {
  const known = customFields?.map(({ key }) => key) ?? null;
  const { score, tier } = settings.customFields;
  const ofConsent = settings.consentSources.flatMap((one) => ('field' in one ? [one.field] : []));
  const ofRules = settings.rules.flatMap(({ then }) => then.flatMap((one) => ('field' in one ? [one.field] : [])));
  return [
    ...missing('customFields', 'custom fields', [score, tier], known),
    ...missing('scoreFields', 'custom fields', Object.values(settings.scoreFields), known),
    ...missing('rules', 'custom fields', ofRules, known),
    ...missing('consentSources', 'custom fields', ofConsent, known),
  ];
}

/** Tags that we set come into being when we set them; those that the team sets must be there to be chosen. */
function tags(settings: LocationSettings, catalog: CrmCatalog): Unmapped[] {
  const { activationTags, stopTags, consentTags, consentSources, boughtLeads } = settings;
  const known = catalog.tags?.map(sameTag) ?? null;
  if (known === null) return [];
  const agreed = consentSources.flatMap((one) => ('tag' in one ? [one.tag] : []));
  const absent = (names: readonly string[]) => names.filter((name) => !known.includes(sameTag(name)));
  const none = activationTags.length > 0 && absent(activationTags).length === activationTags.length;
  return [
    ...(none ? named('activationTags', 'tags', activationTags) : []),
    ...named('stopTags', 'tags', absent(stopTags)),
    ...named('consentTags', 'tags', absent(Object.keys(consentTags))),
    ...named('consentSources', 'tags', absent(agreed)),
    ...named('boughtLeads', 'tags', absent(boughtLeads.tags)),
  ];
}

function pipeline({ pipeline: wanted }: LocationSettings, { pipelines }: CrmCatalog): Unmapped[] {
  if (wanted === null || pipelines === null) return [];
  const found = pipelines.find(({ id }) => id === wanted.pipelineId);
  if (found === undefined) return named('pipeline', 'pipelines', [wanted.pipelineId]);
  return missing('pipeline', 'stages of that pipeline', Object.values(wanted.stages), idsOf(found.stages));
}

function workflows({ rules, workflows: mapped }: LocationSettings, catalog: CrmCatalog): Unmapped[] {
  const homeless = [...new Set(rules.flatMap(workflowsOf))].filter((name) => !Object.hasOwn(mapped, name));
  return [
    ...missing('workflows', 'workflows', Object.values(mapped), idsOf(catalog.workflows)),
    ...homeless.map((name) => ({
      where: 'workflows',
      problem: `rules name the workflow ${name}, and no workflow is given for it`,
      // The choice is changed as a whole: a fix that is copied must keep what it holds already.
      fix: set('workflows', JSON.stringify({ ...mapped, [name]: 'ID' })),
    })),
  ];
}

function agents({ assignment, senderNumbers }: LocationSettings, { users }: CrmCatalog): Unmapped[] {
  const known = users?.filter(({ deleted }) => !deleted).map(({ id }) => id) ?? null;
  const { escalateTo } = assignment;
  const wanted = [...assignment.agents, ...(escalateTo === null ? [] : [escalateTo])];
  return [
    ...missing('assignment', 'users', wanted, known),
    ...missing('senderNumbers', 'users', Object.keys(senderNumbers.byAgent), known),
  ];
}

function numbers({ senderNumbers: { standard, byAgent } }: LocationSettings, catalog: CrmCatalog): Unmapped[] {
  const wanted = [...(standard === null ? [] : [standard]), ...Object.values(byAgent)];
  return missing('senderNumbers', 'phone numbers', wanted, catalog.numbers);
}

/** `known` null: not readable, which `closedParts` tells. */
function missing(where: string, what: string, wanted: readonly string[], known: readonly string[] | null): Unmapped[] {
  return known === null
    ? []
    : named(
        where,
        what,
        [...new Set(wanted)].filter((one) => !known.includes(one)),
      );
}

function named(where: string, what: string, absent: readonly string[]): Unmapped[] {
  if (absent.length === 0) return [];
  const problem = `the CRM has no such ${what}: ${absent.join(', ')}`;
  return [{ where, problem, fix: `make them in the CRM, or ${set(where, 'JSON')}` }];
}

function set(choice: string, value: string): string {
  return `leadwright settings set --location ID ${choice}=${value.includes('"') ? `'${value}'` : value}`;
}

function idsOf(list: readonly { readonly id: string }[] | null): readonly string[] | null {
  return list?.map(({ id }) => id) ?? null;
}

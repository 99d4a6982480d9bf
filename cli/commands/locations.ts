import type { AllPaused, Location } from '../../domain/leads/settings.ts';
import type { Iso } from '../../domain/glossary.ts';
import { addActivitySite } from './activity.ts';
import { allPausedWords, LIFT_ALL } from '../all-paused.ts';
import { connect } from '../client.ts';
import { usage } from '../failure.ts';
import type { Registry } from '../main.ts';
import { type TalkOptions, talks } from '../options.ts';
import { paint, printJson, printable, table } from '../output.ts';

interface AddOptions extends TalkOptions {
  readonly id: string;
  readonly token?: string;
  readonly name?: string;
  readonly timezone?: string;
  readonly company?: string;
  readonly consentTag: readonly string[];
  readonly newSecret?: true;
}

export function addLocations({ program, io }: Registry): void {
  const locations = program.command('locations').description('sub-accounts of GoHighLevel that are installed here');

  addActivitySite(locations, io);

  talks(locations.command('list').description('installed locations')).action(async (options: TalkOptions) => {
    const answer = await connect(io, options).get<{ items: Listed[]; allPaused: AllPaused | null }>('/api/locations');
    if (options.json) return printJson(io, answer);
    if (answer.allPaused !== null) {
      io.out(`${paint(io, 'yellow', printable(allPausedWords(answer.allPaused)))}  →  ${LIFT_ALL}\n`);
    }
    io.out(
      table(answer.items, [
        { title: 'LOCATION', of: (location) => location.locationId },
        { title: 'NAME', of: (location) => location.name },
        { title: 'STATUS', of: statusOf },
        { title: 'CREDENTIAL', of: (location) => location.credential?.kind ?? 'none' },
        { title: 'EXPIRES', of: (location) => location.credential?.expiresAt ?? null },
        { title: 'ZONE', of: (location) => location.timezone },
        { title: 'ACTIVATION TAGS', of: (location) => location.settings.activationTags.join(', ') },
      ]),
    );
  });

  talks(
    locations
      .command('add')
      .description('install a location by hand, or again with a new token; what is not given is kept'),
  )
    .requiredOption('--id <id>', 'its id in GoHighLevel')
    .option(
      '--token <token>',
      'private integration token; without, a location that is installed keeps its credential and any other gets GHL_PRIVATE_TOKEN',
    )
    .option('--name <name>', 'default: what the CRM calls it')
    .option('--timezone <zone>', 'IANA zone of the office, e.g. America/New_York')
    .option('--company <id>', 'id of the agency')
    .option(
      '--consent-tag <tag>',
      'tag that records written consent, e.g. sms-consent=sms,email; may come again',
      collect,
      [],
    )
    .option('--new-secret', 'give one that is installed already a new secret for its workflow webhooks')
    .action(async (options: AddOptions) => {
      const { id: locationId, token, name, timezone, company: companyId } = options;
      const consentTags = consentTagsOf(options.consentTag);
      const settings = Object.keys(consentTags).length === 0 ? {} : { settings: { consentTags } };
      const secret = options.newSecret === true ? { newWorkflowSecret: true } : {};
      const body = { locationId, ...given({ token, name, timezone, companyId }), ...settings, ...secret };
      const added = await connect(io, options).post<Added>('/api/locations', body);
      if (options.json) return printJson(io, added);
      io.out(`installed ${added.location.locationId} (${printable(added.location.name)})\n`);
      if (added.workflowSecret === undefined) {
        io.out('its secret for workflow webhooks is kept; --new-secret makes another\n');
      } else {
        io.out(`secret for workflow webhooks, shown this once: ${added.workflowSecret}\n`);
        io.out(`they post to ${added.workflowPath}\n`);
      }
    });
}

/** A location that is paused may be parked besides. */
function statusOf({ status, pausedBy, parked }: Location): string {
  const waits = parked === null ? [] : [`parked: ${parked.reason}`];
  if (status === 'paused') return [`paused (${pausedBy.join(', ')})`, ...waits].join(', ');
  return waits[0] ?? status;
}

type Listed = Location & { readonly credential: { readonly kind: string; readonly expiresAt: Iso | null } | null };

interface Added {
  readonly location: Location;
  /** Absent, with its path, when the location kept the one it had. */
  readonly workflowSecret?: string;
  readonly workflowPath?: string;
}

function given(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** `TAG` alone stands for both channels. Without any such tag nobody in the location is ever messaged. */
function consentTagsOf(texts: readonly string[]): Record<string, string[]> {
  return Object.fromEntries(
    texts.map((text) => {
      const [tag = '', channels = 'sms,email'] = text.split('=', 2);
      const list = channels.split(',').map((channel) => channel.trim());
      if (tag.trim() === '' || list.some((channel) => channel !== 'sms' && channel !== 'email')) {
        throw usage('--consent-tag: expected TAG, TAG=sms, TAG=email or TAG=sms,email');
      }
      return [tag.trim(), list];
    }),
  );
}

import type { Command } from 'commander';
import { type Client, connect } from '../client.ts';
import { severally, type TalkOptions, talks, wholeNumber } from '../options.ts';
import { type Io, printJson, printable, table } from '../output.ts';

interface SiteOptions extends TalkOptions {
  readonly newSecret?: true;
  readonly origin: readonly string[];
  readonly anyOrigin?: true;
}

interface Site {
  readonly site: { readonly origins: readonly string[]; readonly madeAt: string } | null;
  readonly secret?: string;
  readonly path?: string;
}

/** `locations activity`: where the pages of a location post what people do on them. */
export function addActivitySite(locations: Command, io: Io): void {
  talks(locations.command('activity').description('the address that pages of a location’s site post behaviour to'))
    .argument('<location>', 'its id')
    .option('--new-secret', 'make the address, or give it a new secret; the old one opens nothing any more')
    .option('--origin <origin>', 'let only pages of this origin post; may come again', severally, [])
    .option('--any-origin', 'let pages of any origin post')
    .action(async (location: string, options: SiteOptions) => {
      const client = connect(io, options);
      const path = `/api/locations/${encodeURIComponent(location)}/activity`;
      const shown = await siteOf(client, path, options);
      if (options.json) return printJson(io, shown);
      if (shown.site === null) return io.out('no address is made yet; --new-secret makes one\n');
      const { origins, madeAt } = shown.site;
      io.out(
        `made ${madeAt}, open to pages of ${origins.length === 0 ? 'any origin' : origins.map(printable).join(', ')}\n`,
      );
      if (shown.path !== undefined) io.out(`pages post to ${shown.path}, shown this once\n`);
    });
}

function siteOf(client: Client, path: string, options: SiteOptions): Promise<Site> {
  const origins = options.anyOrigin === true ? [] : options.origin.length > 0 ? options.origin : undefined;
  if (options.newSecret !== true && origins === undefined) return client.get<Site>(path);
  const body = { newSecret: options.newSecret === true, ...(origins === undefined ? {} : { origins }) };
  return client.post<Site>(path, body);
}

interface Behaviour {
  readonly at: string;
  readonly kind: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** `leads activity`: what a lead did on the team's site. @param pathOf  finds the lead's path */
export function addLeadActivity(
  leads: Command,
  io: Io,
  pathOf: (client: Client, lead: string) => Promise<string>,
): void {
  talks(leads.command('activity').description('what a lead did on the team’s site, newest first'))
    .argument('<lead>', 'LOCATION/CONTACT, or the contact alone')
    .option('--since <instant>', 'default: ninety days ago')
    .option('--limit <n>', 'how many', '20')
    .action(async (lead: string, options: TalkOptions & { since?: string; limit: string }) => {
      const client = connect(io, options);
      const query = { since: options.since, limit: wholeNumber('--limit', options.limit, 1, 200) };
      const page = await client.get<{ items: Behaviour[] }>(`${await pathOf(client, lead)}/activity`, query);
      if (options.json) return printJson(io, page);
      io.out(
        table(page.items, [
          { title: 'AT', of: (item) => item.at },
          { title: 'KIND', of: (item) => item.kind },
          {
            title: 'DETAIL',
            of: (item) =>
              Object.entries(item.detail)
                .map(([name, value]) => `${name} ${String(value)}`)
                .join(', '),
          },
        ]),
      );
    });
}

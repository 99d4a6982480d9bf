import type { Command } from 'commander';
import type { FollowedFileShown } from '../../domain/market/followed-files.ts';
import type { FeedShown } from '../../domain/market/standing.ts';
import type { ReadFile, StoredFigure } from '../../domain/ports/market-figures.ts';
import type { AlertShown, DeadLetterShown, DriftShown } from '../../domain/ports/market-status.ts';
import { type Client, connect } from '../client.ts';
import { Failure, usage } from '../failure.ts';
import type { FileOptions } from '../market-files.ts';
import { leadPath } from '../lead-path.ts';
import { filesText, figuresText } from '../market-figures-text.ts';
import { alertsText, deadLettersText, driftTable, statusText } from '../market-text.ts';
import type { Registry } from '../main.ts';
import { type TalkOptions, talks } from '../options.ts';
import { type Io, printJson } from '../output.ts';
import { type LocationOptions, theOnlyLocation } from '../the-location.ts';
import { addMatching } from './market-matching.ts';

interface FeedOptions extends LocationOptions {
  readonly market?: string;
}
type ListOptions = FeedOptions & { readonly all?: true; readonly reason?: string; readonly cursor?: string };
type Listed<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

const LOCATION = 'default: the only one there is';
const MARKET = 'the feed; default: the only one that the location has';

/** Feeds of MLSs, and figures of public files. */
export function addMarket({ program, io }: Registry): void {
  const market = program.command('market').description('listings from MLS feeds, and figures from public files');
  addMatching(market, io);

  talks(market.command('status').description('how each feed stands: how old it is, what comes in, what is wrong'))
    .option('--location <id>', 'of one location; default: of all')
    .action(async (options: LocationOptions) => {
      const query = { locationId: options.location };
      const answer = await connect(io, options).get<{ at: string; items: FeedShown[] }>('/api/market', query);
      if (options.json) printJson(io, answer);
      else io.out(statusText(io, answer.items, answer.at));
    });

  lists(market.command('dead-letters').description('what feeds sent and could not be taken in, with why'))
    .option('--reason <reason>', 'of one reason')
    .action(async (options: ListOptions) => {
      const page = await listed<DeadLetterShown>(io, options, '/api/market/dead-letters');
      shown(io, options, page, deadLettersText(page.items));
    });

  lists(market.command('drift').description('how the shape of feeds changed; acknowledge: you have seen a change'))
    .argument('[act]', 'acknowledge: its field takes new values again')
    .argument('[drift]', 'the number of the change')
    .action(async (act: string | undefined, number: string | undefined, options: ListOptions) => {
      if (act !== undefined) return acknowledge(io, act, number ?? '', options);
      const page = await listed<DriftShown>(io, options, '/api/market/drift');
      shown(io, options, page, driftTable(page.items));
    });

  talks(market.command('alerts').description('news of homes for a lead, or of a listing, with the figure behind each'))
    .option('--lead <lead>', 'LOCATION/CONTACT, or CONTACT where one location alone knows it')
    .option('--listing <key>', 'the listing’s key')
    .option('--location <id>', `of the listing; ${LOCATION}`)
    .option('--cursor <cursor>', 'nextCursor of the page before')
    .action(async (options: LocationOptions & { lead?: string; listing?: string; cursor?: string }) => {
      const client = connect(io, options);
      const { listing: listingKey, cursor } = options;
      if (options.lead === undefined && listingKey === undefined) throw usage('expected --lead, --listing or both');
      const [locationId = '', contactId] =
        options.lead === undefined
          ? [options.location ?? (await theOnlyLocation(client))]
          : await leadOf(client, options.lead);
      const query = { locationId, contactId, listingKey, cursor };
      const page = await client.get<Listed<AlertShown>>('/api/market/alerts', query);
      shown(io, options, page, alertsText(page.items));
    });

  ofFeed(talks(market.command('backfill').description('read all that changed since a month anew, behind what is news')))
    .requiredOption('--since <month>', 'like 2026-01')
    .action(async (options: FeedOptions & { since: string }) => {
      const { client, path } = await openFeed(io, options);
      const body = { since: options.since };
      const done = await client.post<{ months: { month: string; started: boolean }[] }>(`${path}/backfill`, body);
      if (options.json) return printJson(io, done);
      const said = done.months.map(({ month, started }) => `${month}  ${started ? 'begun' : 'under way already'}\n`);
      io.out(said.length === 0 ? 'no such month has come yet\n' : said.join(''));
    });

  ofFeed(
    talks(market.command('reconcile').description('compare all keys of a feed with ours, and mend what differs')),
  ).action(async (options: FeedOptions) => {
    const { client, path } = await openFeed(io, options);
    const done = await client.post<{ begun: boolean }>(`${path}/reconcile`);
    if (options.json) return printJson(io, done);
    io.out(
      done.begun
        ? 'asked for: the next poll begins it; leadwright market status tells its end\n'
        : 'they are being compared already\n',
    );
  });

  ofFeed(
    talks(market.command('gone').description('a comparison halted, since the feed lacks so much: it is gone indeed')),
  )
    .argument('<resource>', 'Property, or what else leadwright market status says that it halted over')
    .argument('<records>', 'how many of them, as it says there')
    .action(async (resource: string, records: string, options: FeedOptions) => {
      if (!/^[1-9]\d{0,8}$/.test(records)) throw usage('expected how many records are gone, like 2500');
      const { client, path } = await openFeed(io, options);
      const done = await client.post<{ begun: boolean }>(`${path}/gone`, { resource, records: Number(records) });
      if (options.json) return printJson(io, done);
      if (!done.begun) {
        const why = 'one that is going on has to halt again first, as leadwright market status tells';
        throw new Failure(`no comparison is halted over ${records} of ${resource}, or fewer; ${why}`);
      }
      io.out('the next poll compares anew, and takes them away; leadwright market status tells its end\n');
    });

  addFigures(market, io);
}

function addFigures(market: Command, io: Io): void {
  talks(market.command('figures').description('figures of public files for a region, with their source and as of when'))
    .argument('<source>', 'zhvi, fhfa or redfin')
    .argument('<region>', 'the source’s id of it, or its whole name')
    .option('--series <name>', 'of one series')
    .option('--since <day>', 'periods that end on this day or later')
    .option('--until <day>', 'periods that end on this day or before')
    .option('--cursor <cursor>', 'nextCursor of the page before')
    .action(
      async (
        source: string,
        region: string,
        options: TalkOptions & { series?: string; since?: string; until?: string; cursor?: string },
      ) => {
        const { series, since, until, cursor } = options;
        const query = { source, region, series, since, until, cursor };
        const page = await connect(io, options).get<Listed<StoredFigure> & { credit: string }>(
          '/api/market/figures',
          query,
        );
        shown(io, options, page, figuresText(page.items, page.credit));
      },
    );

  talks(market.command('files').description('public files of figures: how those stand that are fetched; or read one'))
    .argument('[source]', 'whose file it is: zhvi, fhfa or redfin')
    .argument('[file]', 'its path, or an http(s) address; without one: how all stand')
    .option('--as-of <day>', 'when it was made, where the file does not say so itself')
    .option('--series <name>', 'what it counts, where its name does not say so')
    .option('--revised', 'the source has changed its figures: they may differ from what is known')
    .action(async (source: string | undefined, file: string | undefined, options: FileOptions & TalkOptions) => {
      const { asOf, series, revised, api } = options;
      if (source === undefined) {
        if ((asOf ?? series ?? revised) !== undefined)
          throw usage('expected a file for --as-of, --series and --revised');
        return listFiles(io, options);
      }
      if (file === undefined) throw usage('expected a file or an address behind its source, or neither');
      if (api !== undefined) throw usage('--api: a file is read straight into the database of this installation');
      return (await import('../market-files.ts')).readMarketFile(io, source, file, options);
    });
}

async function listFiles(io: Io, options: TalkOptions): Promise<void> {
  const answer = await connect(io, options).get<{ items: ReadFile[]; followed: FollowedFileShown[] }>(
    '/api/market/files',
  );
  if (options.json) printJson(io, answer);
  else io.out(filesText(io, answer));
}

async function acknowledge(io: Io, act: string, number: string, options: FeedOptions): Promise<void> {
  if (act !== 'acknowledge' || !/^[1-9]\d{0,15}$/.test(number)) {
    throw usage('expected acknowledge and the number of a change, which leadwright market drift tells');
  }
  const { client, path } = await openFeed(io, options);
  const done = await client.post<{ drift: DriftShown; toReadAgain: number }>(`${path}/drift/${number}/acknowledge`);
  if (options.json) {
    printJson(io, done);
    return;
  }
  io.out(driftTable([done.drift]));
  if (done.toReadAgain === 0) return;
  io.out(
    `${done.toReadAgain} listings have old values until they change, or are read again: leadwright market backfill\n`,
  );
}

function ofFeed(command: Command): Command {
  return command.option('--location <id>', LOCATION).option('--market <name>', MARKET);
}

function lists(command: Command): Command {
  return talks(command)
    .option('--location <id>', LOCATION)
    .option('--market <name>', 'of one feed')
    .option('--all', 'also what is done with')
    .option('--cursor <cursor>', 'nextCursor of the page before');
}

async function listed<Item>(io: Io, options: ListOptions, path: string): Promise<Listed<Item>> {
  const client = connect(io, options);
  const locationId = options.location ?? (await theOnlyLocation(client));
  const { market, reason, cursor, all } = options;
  return client.get<Listed<Item>>(path, { locationId, market, reason, cursor, show: all === true ? 'all' : 'open' });
}

function shown(io: Io, options: TalkOptions, page: Listed<unknown>, text: string): void {
  if (options.json) return printJson(io, page);
  io.out(text);
  if (page.nextCursor !== null) io.out(`more: --cursor ${page.nextCursor}\n`);
}

/** A feed that is alone need not be named. */
async function openFeed(io: Io, options: FeedOptions): Promise<{ client: Client; path: string }> {
  const client = connect(io, options);
  const locationId = options.location ?? (await theOnlyLocation(client));
  const market = options.market ?? (await theOnlyMarket(client, locationId));
  return { client, path: `/api/market/${encodeURIComponent(locationId)}/${encodeURIComponent(market)}` };
}

async function theOnlyMarket(client: Client, locationId: string): Promise<string> {
  const { items } = await client.get<{ items: FeedShown[] }>('/api/market', { locationId });
  const [first] = items;
  if (first !== undefined && items.length === 1) return first.market;
  throw new Failure(items.length === 0 ? 'The location has no market feed.' : 'It has several feeds; say which.', {
    code: 'MARKET_AMBIGUOUS',
    ways: items.length === 0 ? ['connect one: docs/market.md'] : items.map(({ market }) => `--market ${market}`),
  });
}

/** Location and contact. */
async function leadOf(client: Client, lead: string): Promise<readonly string[]> {
  const path = await leadPath(client, lead);
  return path.slice('/api/leads/'.length).split('/').map(decodeURIComponent);
}

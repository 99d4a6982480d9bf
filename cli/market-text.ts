import type { FeedShown, Standing } from '../domain/market/standing.ts';
import type { AlertShown, DeadLetterShown, DriftShown } from '../domain/ports/market-status.ts';
import { type Colour, type Io, paint, printable, table } from './output.ts';

/** What a word of a feed's standing means to somebody who has not read the manual. */
const WORDS: Readonly<Record<Standing, readonly [Colour, string]>> = {
  well: ['green', 'well: it is asked as often as it should be, and answers'],
  initial: ['cyan', 'first load: all its records are read once; nothing of it is news yet'],
  'not-started': ['yellow', 'not begun: it is in the settings, and no worker has asked it yet'],
  behind: ['yellow', 'behind: it was not asked to the end for a while; is a worker of the market running?'],
  held: ['yellow', 'waits: its vendor said when to come back'],
  failing: ['red', 'fails: it is asked again and again, and does not answer as it should'],
  left: ['dim', 'left: it is in no settings any more; what it brought stays for those who were told of it'],
};

const DEAD = 'leadwright market dead-letters';
const DRIFT = 'leadwright market drift';

/** Every feed, one after the other; a line for each thing that somebody may have to know. */
export function statusText(io: Pick<Io, 'colour'>, feeds: readonly FeedShown[], now: string): string {
  if (feeds.length === 0) return 'no location has a market feed; how to connect one: docs/market.md\n';
  return feeds.map((feed) => feedText(io, feed, now)).join('\n');
}

function feedText(io: Pick<Io, 'colour'>, feed: FeedShown, now: string): string {
  const [colour, words] = WORDS[feed.standing];
  const { listings, cursor, rowsPerMinute, pushWaiting } = feed;
  const lines: readonly (readonly [string, string | null])[] = [
    ['standing', paint(io, colour, words)],
    [
      'failure',
      feed.failing === null ? null : `${feed.failing} since ${feed.failingSince ?? 'an unknown time'} (docs/errors.md)`,
    ],
    ['asked again', feed.heldUntil !== null && feed.heldUntil > now ? `not before ${feed.heldUntil}` : null],
    ['up to date', lagText(feed)],
    [
      'newest change',
      feed.newestAt === null ? 'none seen yet' : `${feed.newestAt}, ${ago(secondsTo(feed.newestAt, now))}`,
    ],
    [
      'cursor',
      cursor.at === null
        ? 'nothing stored to its end yet'
        : `${ago(cursor.ageSeconds)}${cursor.sequence === null ? '' : `, event ${cursor.sequence}`}`,
    ],
    ['coming in', `${count(rowsPerMinute)} records a minute`],
    ['pushed', pushWaiting === 0 ? null : `${count(pushWaiting)} events wait to be worked`],
    ['listings', `${count(listings.active)} active, ${count(listings.all)} in all`],
    ['quota', quotaText(feed.quota)],
    ['not granted', grantText(feed.notGranted)],
    ['not taken in', deadText(feed.deadLetters)],
    ['its shape', driftText(feed.drift)],
    ['compared', comparedText(feed)],
    ['allowed', rightsText(feed)],
  ];
  const head = `${feed.market}  ${feed.provider}, ${feed.mode ?? 'mode unknown'}, location ${feed.locationId}`;
  const body = lines.filter((line): line is readonly [string, string] => line[1] !== null);
  return `${paint(io, 'bold', printable(head))}\n${body.map(([name, value]) => `  ${name.padEnd(14)} ${value}\n`).join('')}`;
}

function lagText({ lagSeconds, pollMinutes }: FeedShown): string {
  const often = pollMinutes === null ? '' : `; it is asked every ${pollMinutes} min`;
  return lagSeconds === null ? `unknown: it never answered to the end yet${often}` : `as of ${ago(lagSeconds)}${often}`;
}

function quotaText(quota: FeedShown['quota']): string {
  if (quota === null || quota.left === null) return 'unknown: the vendor does not say';
  const of = quota.limit === null ? '' : ` of ${count(quota.limit)}`;
  const until = quota.resetsAt === null ? '' : `, until ${quota.resetsAt}`;
  const by = quota.by === 'vendor' ? 'said by the vendor' : 'counted by us, without what others ask';
  return `${count(quota.left)}${of} requests left${until} (${by}, ${quota.at})`;
}

function grantText(resources: FeedShown['notGranted']): string | null {
  return resources.length === 0
    ? null
    : `${resources.join(', ')}: the account may not read them; asked again daily, or hourly where they were read before`;
}

function deadText(byReason: FeedShown['deadLetters']): string {
  const reasons = Object.entries(byReason).sort(([a], [b]) => a.localeCompare(b));
  const all = reasons.reduce((sum, [, n]) => sum + n, 0);
  const said = reasons.map(([reason, n]) => `${printable(reason)} ${count(n)}`).join(', ');
  return all === 0 ? 'nothing' : `${count(all)} (${said})  →  ${DEAD}`;
}

function driftText({ open, frozen }: FeedShown['drift']): string {
  if (open === 0) return 'as it was';
  const kept =
    frozen.length === 0 ? '' : `; ${frozen.map(printable).join(', ')} keep old values until you acknowledge it`;
  return `${count(open)} changes that nobody has acknowledged${kept}  →  ${DRIFT}`;
}

function comparedText({ reconciledAt, reconciled, walkingSince, halted }: FeedShown): string {
  if (halted !== null) return haltedText(halted);
  if (walkingSince !== null) return `going on since ${walkingSince}`;
  if (reconciled === null) return 'all keys, never yet';
  const found = Object.entries(reconciled)
    .filter(([, { missing, ghosts }]) => missing + ghosts > 0)
    .map(
      ([resource, { missing, ghosts }]) =>
        `${printable(resource)}: ${count(missing)} were missing, ${count(ghosts)} were gone`,
    );
  const when = reconciledAt ?? 'asked for anew; the last time';
  return `${when}: ${found.length === 0 ? 'all keys equal' : `${found.join('; ')}; read again`}`;
}

function haltedText({ resource, ghosts, local }: NonNullable<FeedShown['halted']>): string {
  const lacks = `halted: the feed lacks ${count(ghosts)} of ${count(local)} ${resource}, and none was taken away`;
  return `${lacks}; if they are gone indeed  →  leadwright market gone ${resource} ${ghosts}`;
}

function rightsText({ rights, provider }: Pick<FeedShown, 'rights' | 'provider'>): string {
  if (rights === null) return 'nothing: no settings name it';
  const unsaid =
    provider === 'mlsgrid' ? ', but of no record: rights.uses does not say for which uses the licence is' : '';
  const uses = rights.uses === undefined ? unsaid : `, of records for ${rights.uses.join(', ') || 'no use'}`;
  return `alerts ${rights.alerts ? 'yes' : 'no'}, training ${rights.training ? 'yes' : 'no'}${uses}`;
}

export function deadLettersText(items: readonly DeadLetterShown[]): string {
  if (items.length === 0) return 'everything that came could be taken in\n';
  return table(items, [
    { title: 'LAST', of: ({ lastAt }) => lastAt },
    { title: 'TIMES', of: ({ times }) => times, right: true },
    { title: 'MARKET', of: ({ market }) => market },
    { title: 'RECORD', of: ({ resource, recordKey }) => `${resource} ${recordKey}` },
    { title: 'REASON', of: ({ reason }) => reason },
    { title: 'FIELD', of: ({ field }) => field ?? '(whole record)' },
    { title: 'WHAT WAS EXPECTED', of: ({ detail }) => detail },
  ]);
}

export function driftTable(items: readonly DriftShown[]): string {
  if (items.length === 0) return 'no change of a feed’s shape waits for anybody\n';
  return table(items, [
    { title: 'DRIFT', of: ({ driftId }) => driftId, right: true },
    { title: 'SEEN', of: ({ at }) => at },
    { title: 'MARKET', of: ({ market }) => market },
    { title: 'FIELD', of: ({ resource, field }) => `${resource}.${field}` },
    { title: 'KIND', of: ({ kind }) => kind },
    { title: 'BEFORE', of: ({ before }) => before },
    { title: 'AFTER', of: ({ after }) => after },
    { title: 'FROZEN', of: ({ frozen, acknowledgedAt }) => (frozen && acknowledgedAt === null ? 'yes' : 'no') },
    {
      title: 'ACKNOWLEDGED',
      of: ({ acknowledgedAt, acknowledgedBy }) => acknowledgedAt && `${acknowledgedAt} by ${acknowledgedBy}`,
    },
  ]);
}

/** Each alert with the figure that it tells, where that comes from, and as of when. */
export function alertsText(items: readonly AlertShown[]): string {
  if (items.length === 0) return 'no news of homes\n';
  return items
    .map(({ contactId, listingKey, kind, state, why, figure, source, decidedAt, reasons }) => {
      const office = source.officeName ?? 'office unknown';
      return [
        `${decidedAt}  ${kind} of ${printable(listingKey)} for ${contactId}: ${state}${why === null ? '' : ` (${printable(why)})`}\n`,
        `  ${figureText(figure)}, as of ${figure.asOf}\n`,
        `  from ${source.market} (${source.provider ?? 'provider unknown'}), listed by ${printable(office)}\n`,
        reasons.length === 0 ? '' : `  because: ${reasons.map(printable).join('; ')}\n`,
      ].join('');
    })
    .join('');
}

function figureText({ priceBefore, priceAfter, priceTold, startsAt }: AlertShown['figure']): string {
  const parts = [
    priceBefore === null ? null : `from ${dollars(priceBefore)}`,
    priceAfter === null ? null : `price ${dollars(priceAfter)}`,
    priceTold === null ? null : `the message said ${dollars(priceTold)}`,
    startsAt === null ? null : `begins ${startsAt}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'no figure' : parts.join(', ');
}

function dollars(price: string): string {
  return `$${Number(price).toLocaleString('en-US', { maximumFractionDigits: 2 })}`;
}

function secondsTo(at: string, now: string): number {
  return Math.max(0, Math.round((Date.parse(now) - Date.parse(at)) / 1000));
}

/** Roughly, as people say it. */
function ago(seconds: number | null): string {
  if (seconds === null) return 'unknown';
  if (seconds < 120) return `${seconds} s ago`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min ago`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h ago` : `${Math.round(seconds / 86_400)} days ago`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

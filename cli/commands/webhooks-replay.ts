import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { type Client, connect } from '../client.ts';
import { Failure, usage } from '../failure.ts';
import type { Registry } from '../main.ts';
import { type TalkOptions, talks, wholeNumber } from '../options.ts';
import { type Io, printJson, printable } from '../output.ts';

interface ReplayOptions extends TalkOptions {
  readonly apply?: true;
  readonly location?: string;
  readonly contact?: string;
  readonly verdict?: string;
  readonly type?: string;
  readonly kind?: string;
  readonly from?: string;
  readonly to?: string;
  readonly resume?: string;
  readonly limit: string;
  readonly patience: string;
}

interface Preview {
  readonly inboxId: string;
  readonly type: string;
  readonly contactId: string | null;
  readonly old: boolean;
  readonly wouldReopen: boolean;
  readonly outcome: { readonly kind: string; readonly why?: string };
  readonly changes: Readonly<Record<string, Change>>;
  readonly without: readonly string[];
}

interface Turn {
  readonly from: string | number | null;
  readonly to: string | number | null;
}
type Lists = Readonly<Record<string, readonly string[]>>;
type Change = readonly string[] | Turn | Lists;

interface Progress {
  readonly replayId: string;
  readonly events: number;
  readonly waiting: number;
  readonly underWay: number;
  readonly done: number;
  readonly parked: number;
  readonly passed: number;
  readonly leftOut: number;
  readonly waitsFor: string | null;
  readonly endedAt: string | null;
}

/** Between two steps: what is replayed goes beside fresh events, not before them. */
const PACE_MS = 500;
/** As many as the API takes in one range; it counts one more. */
const MOST = 5000;

export function addReplay(webhooks: Command, { io }: Registry): void {
  const replay = webhooks
    .command('replay')
    .description('work events again, one by one or a range; without --apply only say what would change');
  talks(replay)
    .argument('[event...]', 'their ids; none: a range, with --from and --to')
    .option('--apply', 'do it')
    .option('--from <instant>', 'events received from then on, e.g. 2026-03-02T15:00:00Z')
    .option('--to <instant>', 'and before then')
    .option('--location <id>')
    .option('--contact <id>')
    .option('--verdict <word>', 'worked, ignored or parked')
    .option('--type <name>', 'e.g. ContactCreate')
    .option('--kind <kind>', 'e.g. message.inbound')
    .option('--limit <n>', 'of a range: how many to show without --apply', '50')
    .option('--resume <replay>', 'go on with a range that was begun')
    .option('--patience <seconds>', 'of a range: how long to wait while nothing gets on', '120')
    .action(async (events: string[], options: ReplayOptions) => {
      const client = connect(io, options);
      if (options.resume !== undefined) return work(io, client, options.resume, options);
      if (events.length > 0) return one(io, client, events, options);
      const range = rangeOf(options);
      if (options.apply !== true) return look(io, client, range, options);
      const begun = await client.post<Progress>('/api/webhooks/replays', range);
      return work(io, client, begun.replayId, options);
    });
}

async function one(io: Io, client: Client, events: readonly string[], options: ReplayOptions): Promise<void> {
  const outcomes: (Preview & { applied: boolean; note: string })[] = [];
  // One after the other: they are named in the order in which they are to be worked.
  for (const event of events) {
    const path = `/api/webhooks/${encodeURIComponent(event)}/replay`;
    outcomes.push(await client.post(path, { apply: options.apply === true }));
  }
  if (options.json) {
    printJson(io, events.length === 1 ? outcomes[0] : { items: outcomes });
    return;
  }
  for (const outcome of outcomes) {
    io.out(`${outcome.applied ? 'replayed' : 'not replayed'}: ${printable(outcome.note)}\n`);
    tellChanges(io, outcome);
  }
  if (options.apply !== true) io.out('add --apply to do it\n');
}

function rangeOf(options: ReplayOptions): Record<string, string> {
  const { from, to, location: locationId, contact: contactId, verdict, type, kind } = options;
  if (from === undefined || to === undefined) {
    throw usage('expected ids of events, or a range: webhooks replay --from INSTANT --to INSTANT');
  }
  const given = Object.entries({ from, to, locationId, contactId, verdict, type, kind });
  return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Fifty at a time, as many as were asked for. */
async function look(io: Io, client: Client, range: Record<string, string>, options: ReplayOptions): Promise<void> {
  const most = wholeNumber('--limit', options.limit, 1, MOST);
  const items: Preview[] = [];
  let [events, leftOut] = [0, 0];
  let cursor: string | undefined;
  do {
    const query = { ...range, limit: Math.min(50, most - items.length), cursor };
    const page = await client.get<{ events: number; leftOut: number; items: Preview[]; nextCursor: string | null }>(
      '/api/webhooks/replays/preview',
      query,
    );
    ({ events, leftOut } = page);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && items.length < most);
  if (options.json) {
    printJson(io, { events, leftOut, items });
    return;
  }
  for (const item of items) {
    io.out(`${item.inboxId}  ${item.type}  ${item.contactId ?? '-'}${item.old ? '  old: texts nobody' : ''}\n`);
    tellChanges(io, item);
  }
  if (events > MOST) io.out(`more than ${MOST} events, which is more than one replay takes; narrow the range\n`);
  else io.out(`${events} events would be replayed, the first ones first; add --apply to do it\n`);
  tellLeftOut((line) => io.out(line), leftOut);
}

function tellLeftOut(say: (line: string) => void, leftOut: number): void {
  if (leftOut === 0) return;
  say(
    `${leftOut} installs and uninstalls are left out: again, and out of their turn, they would undo what is; replay them one by one\n`,
  );
}

function tellChanges(io: Io, { outcome, changes, without }: Preview): void {
  if (outcome.why !== undefined) io.out(`  nothing comes of it: ${printable(outcome.why)}\n`);
  for (const [what, change] of Object.entries(changes)) io.out(`  ${what.padEnd(11)}${printable(wordsOf(change))}\n`);
  if (without.length > 0)
    io.out(`  unknown    ${without.join(', ')}: nobody was asked, and what rests on it may come out otherwise\n`);
  if (outcome.kind === 'worked' && Object.keys(changes).length === 0) io.out('  nothing would change\n');
}

/** `hot → cold`, `welcome`, `add Hot-Lead; remove Cold-Lead`. */
function wordsOf(change: Change): string {
  if (isList(change)) return change.join(', ');
  if (isTurn(change)) return `${change.from ?? 'unknown'} → ${change.to ?? 'unknown'}`;
  const parts = Object.entries(change).filter(([, list]) => list.length > 0);
  return parts.map(([name, list]) => `${name} ${list.join(', ')}`).join('; ');
}

function isList(change: Change): change is readonly string[] {
  return Array.isArray(change);
}

function isTurn(change: Turn | Lists): change is Turn {
  return 'from' in change && 'to' in change;
}

/**
 * Step by step until all is worked. Cut short anywhere, it goes on with --resume.
 * @throws Failure when nothing has got on for a while: an event that its lead never finishes holds up all others of that lead
 */
async function work(io: Io, client: Client, replayId: string, options: ReplayOptions): Promise<void> {
  const path = `/api/webhooks/replays/${encodeURIComponent(replayId)}/continue`;
  const patienceMs = wholeNumber('--patience', options.patience, 1, 86_400) * 1000;
  const say = (line: string) => {
    if (!options.json) io.err(line);
  };
  say(`replay ${replayId}; if this is cut short: --resume ${replayId}\n`);
  let progress = await client.post<Progress>(path);
  tellLeftOut(say, progress.leftOut);
  let [said, since] = ['', Date.now()];
  while (progress.endedAt === null) {
    const line = stateOf(progress);
    if (line !== said) {
      say(line);
      [said, since] = [line, Date.now()];
    } else if (Date.now() - since >= patienceMs) throw quiet(replayId, progress, options.patience);
    await wait(PACE_MS);
    progress = await client.post<Progress>(path);
  }
  if (options.json) printJson(io, progress);
  else io.out(`replayed ${stateOf(progress)}`);
}

/** `3 of 9 worked, 1 parked again, 2 under way`. */
function stateOf({ events, done, parked, passed, underWay }: Progress): string {
  const parts = [
    `${done} of ${events} worked`,
    ...(parked === 0 ? [] : [`${parked} parked again (webhooks parked)`]),
    ...(underWay === 0 ? [] : [`${underWay} under way`]),
    ...(passed === 0 ? [] : [`${passed} passed over: they were being worked`]),
  ];
  return `${parts.join(', ')}\n`;
}

function quiet(replayId: string, { waitsFor, events, done }: Progress, patience: string): Failure {
  return new Failure(
    `nothing got on for ${patience} s: event ${waitsFor ?? 'unknown'} is not worked, ${done} of ${events} are`,
    {
      code: 'REPLAY_WAITS',
      ways: [
        `leadwright webhooks show ${waitsFor ?? 'EVENT'}: where it stands; leadwright doctor says whether workers run`,
        `leadwright webhooks replay --resume ${replayId} --apply goes on with the rest`,
      ],
    },
  );
}

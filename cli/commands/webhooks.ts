import type { Command } from 'commander';
import { addReplay } from './webhooks-replay.ts';
import { addSend } from './webhooks-send.ts';
import { connect } from '../client.ts';
import type { Registry } from '../main.ts';
import { type TalkOptions, talks, wholeNumber } from '../options.ts';
import { type Io, printJson, printable, table } from '../output.ts';

interface InboxItem {
  readonly inboxId: string;
  readonly source: string;
  readonly type: string;
  readonly locationId: string | null;
  readonly contactId: string | null;
  readonly receivedAt: string;
  readonly verdict: string;
  readonly reason: string | null;
}

interface ListOptions extends TalkOptions {
  readonly location?: string;
  readonly contact?: string;
  readonly verdict?: string;
  readonly type?: string;
  readonly kind?: string;
  readonly from?: string;
  readonly to?: string;
  readonly stuck?: true;
  readonly cursor?: string;
  readonly limit: string;
}

export function addWebhooks(registry: Registry): void {
  const { program, io } = registry;
  const webhooks = program
    .command('webhooks')
    .description('send sample events; look into the inbox; work events again');
  addSend(webhooks, registry);
  addList(webhooks, io);
  addShow(webhooks, io);
  addDiff(webhooks, io);
  addReplay(webhooks, registry);
  addParked(webhooks, io);
}

function addList(webhooks: Command, io: Io): void {
  talks(webhooks.command('list').description('the inbox, newest first'))
    .option('--location <id>')
    .option('--contact <id>')
    .option('--verdict <word>', 'received, dispatched, worked, ignored or parked')
    .option('--type <name>', 'e.g. ContactCreate')
    .option('--kind <kind>', 'e.g. message.inbound')
    .option('--from <instant>', 'received from then on, e.g. 2026-03-02T15:00:00Z')
    .option('--to <instant>', 'received before then')
    .option('--stuck', 'handed to their leads more than ten minutes ago, and not worked')
    .option('--limit <n>', 'how many', '20')
    .option('--cursor <cursor>', 'nextCursor of the page before')
    .action(async (options: ListOptions) => {
      const { location, contact, verdict, type, kind, from, to, stuck, cursor } = options;
      const page = await connect(io, options).get<{ items: InboxItem[]; nextCursor: string | null }>('/api/webhooks', {
        ...{ locationId: location, contactId: contact, verdict, type, kind, from, to, cursor },
        stuck: stuck === undefined ? undefined : 'true',
        limit: wholeNumber('--limit', options.limit, 1, 200),
      });
      if (options.json) return printJson(io, page);
      io.out(
        table(page.items, [
          { title: 'EVENT', of: (item) => item.inboxId },
          { title: 'RECEIVED', of: (item) => item.receivedAt },
          { title: 'TYPE', of: (item) => item.type },
          { title: 'LEAD', of: leadOf },
          { title: 'VERDICT', of: (item) => item.verdict },
          { title: 'REASON', of: (item) => item.reason },
        ]),
      );
      if (page.nextCursor !== null) io.out(`more: --cursor ${page.nextCursor}\n`);
    });
}

function leadOf({ locationId, contactId }: Pick<InboxItem, 'locationId' | 'contactId'>): string {
  return [locationId, contactId].filter(Boolean).join('/');
}

interface Story extends InboxItem {
  readonly body?: unknown;
  readonly bodyBase64?: string;
  readonly decisions: readonly { readonly at: string; readonly stage: string; readonly summary: string }[];
  readonly sends: readonly {
    readonly sendId: string;
    readonly channel: string;
    readonly state: string;
    readonly reason: string | null;
  }[];
  readonly acts: readonly {
    readonly at: string;
    readonly action: string;
    readonly by: string | null;
    readonly reason: string | null;
  }[];
  readonly links: Readonly<Record<string, string | null>> | null;
}

function addShow(webhooks: Command, io: Io): void {
  const show = webhooks.command('show').description('one event with its body as it came, and what followed from it');
  talks(show.argument('<event>', 'its id')).action(async (event: string, options: TalkOptions) => {
    const item = await connect(io, options).get<Story>(pathOf(event));
    if (options.json) return printJson(io, item);
    const { body, bodyBase64, decisions, sends, acts, links, ...rest } = item;
    for (const [name, value] of Object.entries(rest)) {
      io.out(`${name.padEnd(14)}${printable(typeof value === 'object' ? JSON.stringify(value) : value)}\n`);
    }
    io.out(body === undefined ? `body (base64)  ${bodyBase64 ?? '-'}\n` : `body\n${JSON.stringify(body, null, 2)}\n`);
    for (const { at, stage, summary } of decisions) io.out(`decided       ${at}  ${stage}  ${printable(summary)}\n`);
    for (const { sendId, channel, state, reason } of sends) {
      io.out(`asked for     ${sendId}  ${channel}  ${state}${reason === null ? '' : `  (${printable(reason)})`}\n`);
    }
    for (const { at, action, by, reason } of acts) {
      io.out(
        `${action.padEnd(14)}${at}  by ${printable(by ?? '-')}${reason === null ? '' : `: ${printable(reason)}`}\n`,
      );
    }
    for (const [name, link] of Object.entries(links ?? {})) io.out(`${name.padEnd(14)}${link ?? '-'}\n`);
  });
}

function addDiff(webhooks: Command, io: Io): void {
  const diff = webhooks.command('diff').description('an event against what is known now, by names of facts');
  talks(diff.argument('<event>', 'its id')).action(async (event: string, options: TalkOptions) => {
    const found = await connect(io, options).get<{ type: string; says: string; older: string[] }>(
      `${pathOf(event)}/diff`,
    );
    if (options.json) return printJson(io, found);
    io.out(`${found.type}: ${printable(found.says)}\n`);
    if (found.older.length > 0) io.out(`older than what is known: ${printable(found.older.join(', '))}\n`);
  });
}

interface ParkedPage {
  readonly items: readonly (InboxItem & { readonly words: string; readonly acts: readonly string[] })[];
  readonly nextCursor: string | null;
}

function addParked(webhooks: Command, io: Io): void {
  talks(webhooks.command('parked').description('events that wait for a person, why, and what can be done'))
    .option('--location <id>')
    .option('--cursor <cursor>', 'nextCursor of the page before')
    .action(async (options: TalkOptions & { location?: string; cursor?: string }) => {
      const query = { locationId: options.location, cursor: options.cursor, limit: 200 };
      const page = await connect(io, options).get<ParkedPage>('/api/webhooks/parked', query);
      if (options.json) return printJson(io, page);
      for (const { words, acts, ...item } of page.items) {
        io.out(
          `${item.inboxId}  ${item.type}  ${leadOf(item) || '-'}\n  ${printable(words)}\n  can be done: ${acts.join(', ')}\n`,
        );
      }
      if (page.nextCursor !== null) io.out(`more: --cursor ${page.nextCursor}\n`);
      if (page.items.length === 0) io.out('no event is parked\n');
    });
  talks(webhooks.command('ignore').description('make nothing of a parked event; written down once'))
    .argument('<event>', 'its id')
    .requiredOption('--reason <words>', 'why, for who reads it later')
    .action(async (event: string, options: TalkOptions & { reason: string }) => {
      const done = await connect(io, options).post(`${pathOf(event)}/ignore`, { reason: options.reason });
      if (options.json) return printJson(io, done);
      io.out('it is ignored\n');
    });
}

function pathOf(event: string): string {
  return `/api/webhooks/${encodeURIComponent(event)}`;
}

import { addSend } from './webhooks-send.ts';
import { connect } from '../client.ts';
import type { Registry } from '../main.ts';
import { type TalkOptions, talks, wholeNumber } from '../options.ts';
import { printJson, printable, table } from '../output.ts';

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
  readonly verdict?: string;
  readonly type?: string;
  readonly cursor?: string;
  readonly limit: string;
}

export function addWebhooks(registry: Registry): void {
  const { program, io } = registry;
  const webhooks = program
    .command('webhooks')
    .description('send sample events; look into the inbox; work an event again');
  addSend(webhooks, registry);

  talks(webhooks.command('list').description('the inbox, newest first'))
    .option('--location <id>')
    .option('--verdict <word>', 'received, dispatched, worked, ignored or parked')
    .option('--type <name>', 'e.g. ContactCreate')
    .option('--limit <n>', 'how many', '20')
    .option('--cursor <cursor>', 'nextCursor of the page before')
    .action(async (options: ListOptions) => {
      const page = await connect(io, options).get<{ items: InboxItem[]; nextCursor: string | null }>('/api/webhooks', {
        locationId: options.location,
        verdict: options.verdict,
        type: options.type,
        cursor: options.cursor,
        limit: wholeNumber('--limit', options.limit, 1, 200),
      });
      if (options.json) return printJson(io, page);
      io.out(
        table(page.items, [
          { title: 'EVENT', of: (item) => item.inboxId },
          { title: 'RECEIVED', of: (item) => item.receivedAt },
          { title: 'TYPE', of: (item) => item.type },
          { title: 'LEAD', of: (item) => [item.locationId, item.contactId].filter(Boolean).join('/') },
          { title: 'VERDICT', of: (item) => item.verdict },
          { title: 'REASON', of: (item) => item.reason },
        ]),
      );
      if (page.nextCursor !== null) io.out(`more: --cursor ${page.nextCursor}\n`);
    });

  talks(
    webhooks.command('show').description('one event with its body as it came').argument('<event>', 'its id'),
  ).action(async (event: string, options: TalkOptions) => {
    const path = `/api/webhooks/${encodeURIComponent(event)}`;
    const item = await connect(io, options).get<InboxItem & { body?: unknown; bodyBase64?: string }>(path);
    if (options.json) return printJson(io, item);
    const { body, bodyBase64, ...rest } = item;
    for (const [name, value] of Object.entries(rest)) {
      io.out(`${name.padEnd(14)}${printable(typeof value === 'object' ? JSON.stringify(value) : value)}\n`);
    }
    io.out(body === undefined ? `body (base64)  ${bodyBase64 ?? '-'}\n` : `body\n${JSON.stringify(body, null, 2)}\n`);
  });

  talks(webhooks.command('replay').description('work an event again; without --apply only say what would happen'))
    .argument('<event>', 'its id')
    .option('--apply', 'do it')
    .action(async (event: string, options: TalkOptions & { apply?: true }) => {
      const path = `/api/webhooks/${encodeURIComponent(event)}/replay`;
      const client = connect(io, options);
      const outcome = await client.post<{ verdict: string; applied: boolean; note: string }>(path, {
        apply: options.apply === true,
      });
      if (options.json) return printJson(io, outcome);
      io.out(`${outcome.applied ? 'replayed' : 'not replayed'} (it was ${outcome.verdict}): ${outcome.note}\n`);
      if (!outcome.applied && options.apply !== true) io.out('add --apply to do it\n');
    });
}

import type { SuppressionShown } from '../api/contract/suppressions.ts';
import { connect } from './client.ts';
import { leadPath } from './lead-path.ts';
import type { Registry } from './main.ts';
import type { TalkOptions } from './options.ts';
import { printJson, table } from './output.ts';

export async function listSuppressions({ io }: Registry, lead: string, options: TalkOptions): Promise<void> {
  const client = connect(io, options);
  const path = await leadPath(client, lead);
  const page = await client.get<{ items: SuppressionShown[] }>(`${path}/suppressions`);
  if (options.json) {
    printJson(io, page);
    return;
  }
  if (page.items.length === 0) {
    io.out('nothing keeps this person from being written to; the gate asks for more than that\n');
    return;
  }
  io.out(
    table(page.items, [
      { title: 'CHANNEL', of: ({ channel }) => channel },
      { title: 'REASON', of: ({ reason }) => reason },
      { title: 'OF', of: (one) => one.of },
      { title: 'SINCE', of: ({ since }) => since },
      { title: 'LIFTED', of: ({ liftedAt }) => liftedAt ?? 'holds' },
      { title: 'EVENT', of: ({ inboxId }) => inboxId },
    ]),
  );
}

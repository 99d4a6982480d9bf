import type { LeadAction } from '../api/contract/lead-actions.ts';
import { connect } from './client.ts';
import { leadPath } from './lead-path.ts';
import type { Registry } from './main.ts';
import { type TalkOptions, wholeNumber } from './options.ts';
import { printable, printJson, table } from './output.ts';

export interface ActionsOptions extends TalkOptions {
  readonly limit: string;
  readonly cursor?: string;
}

export async function listActions({ io }: Registry, lead: string, options: ActionsOptions): Promise<void> {
  const limit = wholeNumber('--limit', options.limit, 1, 200);
  const client = connect(io, options);
  const path = await leadPath(client, lead);
  const query = { limit, cursor: options.cursor };
  const page = await client.get<{ items: LeadAction[]; nextCursor: string | null }>(`${path}/actions`, query);
  if (options.json) {
    printJson(io, page);
    return;
  }
  io.out(
    table(page.items, [
      { title: 'AT', of: (action) => action.at },
      { title: 'ACTION', of: (action) => action.actionId },
      { title: 'DID', of: (action) => action.did },
      { title: 'TO', of: (action) => action.target },
      { title: 'BEFORE', of: (action) => action.before },
      { title: 'AFTER', of: (action) => action.after },
      { title: 'UNDO', of: ({ undo }) => (undo.reason === null ? undo.state : `${undo.state}: ${undo.reason}`) },
    ]),
  );
  if (page.nextCursor !== null) io.out(`more: --cursor ${page.nextCursor}\n`);
}

export async function undoAction(
  { io }: Registry,
  lead: string,
  actionId: string,
  options: TalkOptions,
): Promise<void> {
  const client = connect(io, options);
  const path = await leadPath(client, lead);
  const asked = await client.post<{ action: LeadAction; eventId: string }>(`${path}/undo`, { actionId });
  if (options.json) {
    printJson(io, asked);
    return;
  }
  io.out(`asked for; it ${printable(asked.action.undo.does ?? 'is undone')}. leads actions shows what became of it\n`);
}

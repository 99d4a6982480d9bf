import type { Command } from 'commander';
import { connect } from '../client.ts';
import { leadPath } from '../lead-path.ts';
import { usage } from '../failure.ts';
import type { Registry } from '../main.ts';
import { type TalkOptions, talks } from '../options.ts';
import { type Io, printJson, printable } from '../output.ts';

interface Try {
  readonly rung: string;
  readonly outcome: string;
  readonly reasons: readonly { readonly code: string; readonly what: string }[];
}

interface Draft {
  readonly draftId: string;
  readonly locationId: string;
  readonly contactId: string;
  readonly channel: string;
  readonly state: string;
  readonly rung: string;
  readonly text: string | null;
  readonly edited: string | null;
  readonly gates: readonly Try[];
  readonly dollars: number;
  readonly createdAt: string;
}

interface Asked {
  readonly read: {
    readonly by: string;
    readonly why: string | null;
    readonly understood: Readonly<Record<string, unknown>>;
    readonly dropped: readonly { readonly field: string; readonly why: string }[];
  };
  readonly reply: { readonly rung: string; readonly text: string | null; readonly tries: readonly Try[] } | null;
  readonly layers: readonly { readonly layer: string; readonly blocks: number; readonly tokens: number }[];
  readonly dollars: number;
}

/** @returns the verb, for those who add to it */
export function addAssistant({ program, io }: Registry): Command {
  const assistant = program.command('assistant').description('what reads leads and drafts replies, and what it costs');

  talks(assistant.command('drafts').description('drafted replies, newest first, with what the gates said of them'))
    .requiredOption('--location <id>', 'their location')
    .option('--state <state>', 'proposed, approved, edited, rejected, sent, superseded, expired, blocked or to-human')
    .option('--cursor <cursor>', 'nextCursor of the page before')
    .action(async (options: TalkOptions & { location: string; state?: string; cursor?: string }) => {
      const { location: locationId, state, cursor } = options;
      const page = await connect(io, options).get<{ items: Draft[]; nextCursor: string | null }>(
        '/api/assistant/drafts',
        { locationId, state, cursor, limit: 50 },
      );
      if (options.json) return printJson(io, page);
      for (const draft of page.items) tell(io, draft);
      if (page.nextCursor !== null) io.out(`more: --cursor ${page.nextCursor}\n`);
      if (page.items.length === 0) io.out('no such draft\n');
    });

  talks(assistant.command('approve').description('sends a draft through the gate, or words of your own in its place'))
    .argument('<draft>', 'LOCATION/DRAFT')
    .option('--text <words>', 'what is sent instead')
    .action(async (draft: string, options: TalkOptions & { text?: string }) => {
      const body = options.text === undefined ? {} : { text: options.text };
      decided(io, options, await connect(io, options).post<Decided>(`${draftPath(draft)}/approve`, body));
    });

  talks(assistant.command('reject').description('nothing of a draft is sent; the lead is yours to answer'))
    .argument('<draft>', 'LOCATION/DRAFT')
    .action(async (draft: string, options: TalkOptions) => {
      decided(io, options, await connect(io, options).post<Decided>(`${draftPath(draft)}/reject`));
    });

  talks(assistant.command('ask').description('what would be read and drafted if a lead wrote this; sends nothing'))
    .requiredOption('--lead <lead>', 'LOCATION/CONTACT')
    .requiredOption('--text <words>', 'what the lead would write')
    .action(async (options: TalkOptions & { lead: string; text: string }) => {
      const client = connect(io, options);
      const path = (await leadPath(client, options.lead)).replace('/api/leads/', '/api/assistant/ask/');
      const asked = await client.post<Asked>(path, { text: options.text });
      if (options.json) return printJson(io, asked);
      show(io, asked);
    });

  return assistant;
}

interface Decided {
  readonly draft: Draft;
  readonly delivery: string;
}

function decided(io: Io, options: TalkOptions, done: Decided): void {
  if (options.json) return printJson(io, done);
  const later = done.delivery === 'pending' ? '; its lead is told later' : '';
  io.out(`the draft is ${done.draft.state}${later}\n`);
}

function tell(io: Io, draft: Draft): void {
  const { locationId, contactId, draftId, channel, state, createdAt, rung, dollars, gates } = draft;
  io.out(
    `${locationId}/${draftId}  ${channel} to ${contactId}  ${state} since ${createdAt}  (${rung}, ${money(dollars)})\n`,
  );
  io.out(`  ${printable(draft.edited ?? draft.text ?? 'no words: a person has the task to answer')}\n`);
  tellTries(io, gates);
}

function tellTries(io: Io, tries: readonly Try[]): void {
  for (const { rung, outcome, reasons } of tries) {
    const why = reasons.map(({ code, what }) => `${code} (${what})`).join('; ');
    io.out(`  ${rung}: ${outcome}${why === '' ? '' : `, ${why}`}\n`);
  }
}

function show(io: Io, { read, reply, layers, dollars }: Asked): void {
  io.out(`read by ${read.by === 'model' ? 'the model' : `rules alone (${read.why ?? 'no model'})`}\n`);
  io.out(`  ${printable(JSON.stringify(read.understood))}\n`);
  for (const { field, why } of read.dropped) io.out(`  not taken: ${printable(field)} (${why})\n`);
  if (reply === null) io.out('no reply would be owed\n');
  else {
    io.out(`reply (${reply.rung}): ${printable(reply.text ?? 'none; a person would have the task to answer')}\n`);
    tellTries(io, reply.tries);
  }
  for (const { layer, blocks, tokens } of layers)
    io.out(`${layer.padEnd(13)}${blocks} blocks, about ${tokens} tokens\n`);
  io.out(`cost ${money(dollars)}\n`);
}

function money(dollars: number): string {
  return `$${dollars.toFixed(6)}`;
}

function draftPath(draft: string): string {
  const [locationId, draftId, ...more] = draft.split('/');
  if (!locationId || !draftId || more.length > 0) throw usage('expected a draft as LOCATION/DRAFT');
  return `/api/assistant/drafts/${encodeURIComponent(locationId)}/${encodeURIComponent(draftId)}`;
}

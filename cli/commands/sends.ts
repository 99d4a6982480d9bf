import { connect } from '../client.ts';
import { usage } from '../failure.ts';
import type { Registry } from '../main.ts';
import { type TalkOptions, talks } from '../options.ts';
import { type Io, printJson, printable } from '../output.ts';

interface Send {
  readonly locationId: string;
  readonly contactId: string;
  readonly sendId: string;
  readonly channel: string;
  readonly stepKey: string | null;
  readonly state: string;
  readonly claimedAt: string;
  readonly words: string;
  readonly acts: readonly string[];
}

export function addSends({ program, io }: Registry): void {
  const sends = program.command('sends').description('messages and tasks whose outcome a person has to find out');

  talks(sends.command('unknown').description('those that may have gone out, oldest first, and what can be done'))
    .option('--location <id>')
    .option('--state <state>', 'parked (nothing more happens by itself) or unknown (still looked for in the CRM)')
    .option('--cursor <cursor>', 'nextCursor of the page before')
    .action(async (options: TalkOptions & { location?: string; state?: string; cursor?: string }) => {
      const { location: locationId, state, cursor } = options;
      const page = await connect(io, options).get<{ items: Send[]; nextCursor: string | null }>('/api/sends', {
        locationId,
        state,
        cursor,
        limit: 200,
      });
      if (options.json) return printJson(io, page);
      for (const send of page.items) tell(io, send);
      if (page.nextCursor !== null) io.out(`more: --cursor ${page.nextCursor}\n`);
      if (page.items.length === 0) io.out('nothing waits for a person\n');
    });

  talks(sends.command('sent').description('it is in the CRM; written down once, and never sent again'))
    .argument('<lead>', 'LOCATION/CONTACT')
    .argument('<send>', 'its id')
    .requiredOption('--vendor-id <id>', 'id of the message or task in GoHighLevel')
    .action(async (lead: string, send: string, options: TalkOptions & { vendorId: string }) => {
      const done = await connect(io, options).post<Settled>(`${pathOf(lead, send)}/sent`, {
        vendorId: options.vendorId,
      });
      settled(io, options, done);
    });

  talks(
    sends
      .command('not-sent')
      .description('it is surely not in the CRM; given up, or with --again --sure tried once more'),
  )
    .argument('<lead>', 'LOCATION/CONTACT')
    .argument('<send>', 'its id')
    .option('--again', 'try it once more, through the gate like any other')
    .option('--sure', 'with --again: it did not go out, so that nobody gets it twice')
    .action(async (lead: string, send: string, options: TalkOptions & { again?: true; sure?: true }) => {
      const body = { again: options.again === true, sure: options.sure === true };
      settled(io, options, await connect(io, options).post<Settled>(`${pathOf(lead, send)}/not-sent`, body));
    });
}

interface Settled {
  readonly sendId: string;
  readonly state: string;
}

function settled(io: Io, options: TalkOptions, done: Settled): void {
  if (options.json) printJson(io, done);
  else io.out(`the send is ${done.state}\n`);
}

function tell(io: Io, send: Send): void {
  const what = send.stepKey === null ? send.channel : `${send.channel} ${send.stepKey}`;
  io.out(
    `${send.locationId}/${send.contactId}  ${send.sendId}  ${printable(what)}  ${send.state} since ${send.claimedAt}\n`,
  );
  io.out(`  ${printable(send.words)}\n  can be done: ${send.acts.join(', ')}\n`);
}

function pathOf(lead: string, send: string): string {
  const [locationId, contactId, ...more] = lead.split('/');
  if (!locationId || !contactId || more.length > 0) throw usage('expected a lead as LOCATION/CONTACT');
  return `/api/sends/${[locationId, contactId, send].map(encodeURIComponent).join('/')}`;
}

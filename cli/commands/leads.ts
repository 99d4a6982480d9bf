import type { Command } from 'commander';
import type { LeadDetail } from '../../api/contract/leads.ts';
import type { LeadRow } from '../../domain/ports/leads.ts';
import type { TimelineEntry } from '../../domain/leads/lead.ts';
import { addLeadActivity } from './activity.ts';
import { connect } from '../client.ts';
import { addEnrolments } from '../enrolments.ts';
import { usage } from '../failure.ts';
import { type ActionsOptions, listActions, undoAction } from '../lead-actions.ts';
import { leadPath } from '../lead-path.ts';
import { listSuppressions } from '../lead-suppressions.ts';
import { leadText } from '../lead-text.ts';
import type { Registry } from '../main.ts';
import { severally, type TalkOptions, talks, wholeNumber } from '../options.ts';
import { printJson, table } from '../output.ts';

interface ListOptions extends TalkOptions {
  readonly location?: string;
  readonly stage?: string;
  readonly tier?: string;
  readonly q?: string;
  readonly tag: readonly string[];
  readonly field: readonly string[];
  readonly sort?: string;
  readonly cursor?: string;
  readonly limit: string;
}

export function addLeads(registry: Registry): void {
  const { program, io } = registry;
  const leads = program
    .command('leads')
    .description('look at leads and act on them; a lead is LOCATION/CONTACT or CONTACT');

  addLeadActivity(leads, io, leadPath);

  talks(leads.command('list').description('leads, page by page'))
    .option('--location <id>')
    .option('--stage <stage>', 'new, engaged, qualifying, qualified, opted-out or gone')
    .option('--tier <tier>', 'hot, warm or cold')
    .option('--q <text>', 'words of the name, e-mail address or phone number')
    .option('--tag <tag>', 'borne by the lead; may be given again', severally, [])
    .option('--field <id=value>', 'a custom field and its value; may be given again', severally, [])
    .option('--sort <order>', 'score, newest or activity')
    .option('--limit <n>', 'how many', '50')
    .option('--cursor <cursor>', 'nextCursor of the page before')
    .action(async (options: ListOptions) => {
      const { location: locationId, stage, tier, q, tag, field, sort, cursor } = options;
      const limit = wholeNumber('--limit', options.limit, 1, 200);
      const query = { locationId, stage, tier, q, tag, field, sort, cursor, limit };
      const page = await connect(io, options).get<{ items: LeadRow[]; nextCursor: string | null }>('/api/leads', query);
      if (options.json) return printJson(io, page);
      io.out(
        table(page.items, [
          { title: 'LEAD', of: (row) => `${row.locationId}/${row.contactId}` },
          { title: 'NAME', of: (row) => row.name },
          { title: 'STAGE', of: (row) => row.stage },
          { title: 'TIER', of: (row) => row.tier },
          { title: 'SCORE', of: (row) => (row.score === null ? null : Math.round(row.score)), right: true },
          { title: 'STATE', of: (row) => row.state },
          { title: 'NEXT', of: (row) => (row.next === null ? null : `${row.next.at} ${row.next.what}`) },
        ]),
      );
      if (page.nextCursor !== null) io.out(`more: --cursor ${page.nextCursor}\n`);
    });

  talks(leads.command('show').description('score with its reasons, consent, what comes next, what happened last'))
    .argument('<lead>', 'LOCATION/CONTACT, or CONTACT where one location alone knows it')
    .option('--timeline <n>', 'how many lines of what happened', '8')
    .action(async (lead: string, options: TalkOptions & { timeline: string }) => {
      const limit = wholeNumber('--timeline', options.timeline, 1, 200);
      const client = connect(io, options);
      const path = await leadPath(client, lead);
      const [detail, timeline] = await Promise.all([
        client.get<LeadDetail>(path),
        client.get<{ items: TimelineEntry[] }>(`${path}/timeline`, { limit }),
      ]);
      if (options.json) return printJson(io, { ...detail, timeline: timeline.items });
      io.out(leadText(io, detail, timeline.items));
    });

  const acts = [
    ['pause', 'keep still on this lead until it is resumed'],
    ['resume', 'work this lead again'],
    ['stop', 'end all follow-up of this lead'],
    ['take-over', 'a human works this lead; automation keeps still'],
  ] as const;
  for (const [action, description] of acts) {
    talks(leads.command(action).description(description))
      .argument('<lead>', 'LOCATION/CONTACT or CONTACT')
      .action((lead: string, options: TalkOptions) => act(registry, lead, action, {}, options));
  }

  talks(leads.command('opt-out').description('say whether a message that may have been an opt-out is one'))
    .argument('<lead>', 'LOCATION/CONTACT or CONTACT')
    .argument('<answer>', 'yes: nothing more by SMS or e-mail, as if they had said STOP. no: the lead is resumed')
    .action((lead: string, answer: string, options: TalkOptions) =>
      act(registry, lead, 'opt-out', { answer }, options),
    );

  addClaim(registry, leads);
  addEnrolments(registry, leads);

  talks(leads.command('actions').description('what we did in GHL about this lead, and how each thing is undone'))
    .argument('<lead>', 'LOCATION/CONTACT or CONTACT')
    .option('--limit <n>', 'how many', '20')
    .option('--cursor <cursor>', 'nextCursor of the page before')
    .action((lead: string, options: ActionsOptions) => listActions(registry, lead, options));

  talks(leads.command('suppressions').description('why the person is not written to, or was not'))
    .argument('<lead>', 'LOCATION/CONTACT or CONTACT')
    .action((lead: string, options: TalkOptions) => listSuppressions(registry, lead, options));

  talks(leads.command('undo').description('undo one action; what somebody has changed since stays'))
    .argument('<lead>', 'LOCATION/CONTACT or CONTACT')
    .argument('<action>', 'its id; leadwright leads actions shows them')
    .action((lead: string, actionId: string, options: TalkOptions) => undoAction(registry, lead, actionId, options));

  talks(leads.command('enrol').description('start a published sequence for this lead'))
    .argument('<lead>', 'LOCATION/CONTACT or CONTACT')
    .argument('[sequence]', 'its key; leadwright sequences list shows them')
    .option('--sequence <key>', 'the same by name')
    .action((lead: string, key: string | undefined, options: TalkOptions & { sequence?: string }) => {
      const sequence = key ?? options.sequence;
      if (sequence === undefined) throw usage('expected the key of a sequence: leads enrol LEAD SEQUENCE');
      return act(registry, lead, 'enrol', { sequence }, options);
    });
}

function addClaim({ io }: Registry, leads: Command): void {
  talks(leads.command('claim').description('take a lead that is offered to the team; whoever is first has it'))
    .argument('<lead>', 'LOCATION/CONTACT or CONTACT')
    .requiredOption('--agent <id>', 'user id in the CRM')
    .action(async (lead: string, options: TalkOptions & { agent: string }) => {
      const client = connect(io, options);
      const done = await client.post<{ agentId: string }>(`${await leadPath(client, lead)}/claim`, {
        agentId: options.agent,
      });
      if (options.json) return printJson(io, done);
      io.out(`the lead is given to ${done.agentId}\n`);
    });
}

async function act({ io }: Registry, lead: string, action: string, body: object, options: TalkOptions): Promise<void> {
  const client = connect(io, options);
  const path = await leadPath(client, lead);
  const done = await client.post<{ state: string; delivery: string }>(`${path}/${action}`, body);
  if (options.json) {
    printJson(io, done);
    return;
  }
  const pending = done.delivery === 'pending' ? '; its workflow hears of it as soon as Temporal answers' : '';
  io.out(`the lead is ${done.state}${pending}\n`);
}

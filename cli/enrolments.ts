import type { Command } from 'commander';
import type { EnrolmentView } from '../api/contract/enrolments.ts';
import { type EnrolmentAct, enrolmentActs } from '../domain/ports/enrolments.ts';
import { type Client, connect } from './client.ts';
import { Failure } from './failure.ts';
import { leadPath } from './lead-path.ts';
import type { Registry } from './main.ts';
import { type TalkOptions, talks } from './options.ts';
import { printJson, table } from './output.ts';

const says: Readonly<Record<EnrolmentAct, string>> = {
  pause: 'keep still on one sequence of this lead',
  resume: 'go on with one sequence of this lead',
  skip: 'pass over the next step of one sequence',
  'send-now': 'ask for the next step of one sequence now; the gate still decides',
  stop: 'end one sequence of this lead',
};

/** `leads enrolments`, and `leads enrolment pause LEAD SEQUENCE` and the like. */
export function addEnrolments({ io }: Registry, leads: Command): void {
  talks(leads.command('enrolments').description('sequences that this lead is or was in, step by step'))
    .argument('<lead>', 'LOCATION/CONTACT or CONTACT')
    .action(async (lead: string, options: TalkOptions) => {
      const client = connect(io, options);
      const answer = await list(client, await leadPath(client, lead));
      if (options.json) return printJson(io, answer);
      io.out(
        table(answer.items, [
          { title: 'ENROLMENT', of: (item) => item.enrolmentId },
          { title: 'SEQUENCE', of: (item) => `${item.sequence} ${item.version}` },
          { title: 'SINCE', of: (item) => item.enrolledAt },
          { title: 'STATE', of: stateOf },
          { title: 'NEXT', of: (item) => (item.status === 'active' ? nextOf(item) : null) },
          {
            title: 'DONE',
            of: ({ steps }) => `${steps.filter(({ outcome }) => outcome !== null).length}/${steps.length}`,
          },
        ]),
      );
    });

  const one = leads.command('enrolment').description('act on one sequence of a lead');
  for (const act of enrolmentActs) {
    talks(one.command(act).description(says[act]))
      .argument('<lead>', 'LOCATION/CONTACT or CONTACT')
      .argument('<sequence>', 'its key while it is under way, or the id of the enrolment')
      .option('--step <key>', 'of skip and send-now: only if this step is the next one')
      .action(async (lead: string, sequence: string, options: TalkOptions & { step?: string }) => {
        const client = connect(io, options);
        const path = await leadPath(client, lead);
        const enrolmentId = await idOf(client, path, sequence);
        const body = options.step === undefined ? {} : { step: options.step };
        const done = await client.post<{ enrolment: EnrolmentView }>(`${path}/enrolments/${enrolmentId}/${act}`, body);
        if (options.json) return printJson(io, done);
        const { enrolment } = done;
        const next = enrolment.status === 'active' ? `, next ${nextOf(enrolment) ?? 'nothing'}` : '';
        io.out(`${enrolment.sequence} is ${stateOf(enrolment)}${next}\n`);
      });
  }
}

function list(client: Client, path: string): Promise<{ items: EnrolmentView[] }> {
  return client.get(`${path}/enrolments`);
}

async function idOf(client: Client, path: string, sequence: string): Promise<string> {
  const { items } = await list(client, path);
  const meant = items.filter(
    (item) => item.enrolmentId === sequence || (item.sequence === sequence && item.status === 'active'),
  );
  if (meant[0] !== undefined && meant.length === 1) return meant[0].enrolmentId;
  const how =
    meant.length === 0 ? 'is in no such sequence now' : 'is in it several times: name the enrolment by its id';
  throw new Failure(`The lead ${how}.`, {
    code: 'ENROLMENT_UNKNOWN',
    ways: ['leadwright leads enrolments LEAD shows them'],
  });
}

function stateOf({ status, endedReason, pausedAt, parkedReason }: EnrolmentView): string {
  if (status === 'ended') return `ended: ${endedReason ?? 'nobody knows why'}`;
  if (parkedReason !== null) return `parked: ${parkedReason}`;
  return pausedAt === null ? 'under way' : 'paused';
}

function nextOf({ steps, sendNow }: EnrolmentView): string | null {
  const open = steps.filter(({ outcome }) => outcome === null);
  const next = open.find(({ key }) => key === sendNow) ?? open[0];
  return next === undefined ? null : `${next.key}${next.key === sendNow ? ' now' : ''}`;
}

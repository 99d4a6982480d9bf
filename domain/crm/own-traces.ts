import type { OutboxRow } from '../ports/outbox.ts';
import { OPPORTUNITY_MARK, type Marks, marked } from './marks.ts';
import type { OwnWrite } from './own-write.ts';
import type { Facts, RecordNews } from './records.ts';

/** A send that makes something in the CRM: under way, of unknown outcome, or done with this vendor's id. */
export interface MakingSend extends Pick<OutboxRow, 'sendId' | 'channel' | 'vendorId'> {
  readonly content: Readonly<Record<string, unknown>>;
}

export interface OwnTraces {
  readonly sends: readonly MakingSend[];
  readonly marks: Marks;
  /** User whom a plan that is not applied yet gives the contact to. */
  readonly assigning: string | null;
}

const made: Readonly<Record<string, OwnWrite['kind']>> = {
  'call-task': 'task',
  note: 'note',
  opportunity: 'opportunity',
};

/**
 * Our own writes as they show in what we keep anyway: sends of the outbox that make something, and the marks of what the applier is
 * about to write. Each is there before its call begins, so that an echo cannot come too early for it.
 * @param news  a note or a task is known by its text, which comes back with a reference or a few tags around it
 */
export function ownTraces({ sends, marks, assigning }: OwnTraces, news: RecordNews | undefined): OwnWrite[] {
  return [...sends.flatMap((send) => ofSend(send, news)), ...ofContact(marks, assigning), ...ofOpportunity(marks)];
}

function ofSend({ sendId, channel, vendorId, content }: MakingSend, news: RecordNews | undefined): OwnWrite[] {
  const kind = made[channel];
  if (channel === 'sms' || channel === 'email') {
    return [
      { key: sendId, kind: 'message', recordId: vendorId, facts: { channel, body: words(content, 'body') ?? '' } },
    ];
  }
  if (kind === undefined) return [];
  const facts = vendorId === null ? madeWith(kind, content, news) : {};
  return [{ key: sendId, kind, recordId: vendorId, facts }];
}

function madeWith(kind: OwnWrite['kind'], content: MakingSend['content'], news: RecordNews | undefined): Facts {
  if (kind === 'opportunity') return known({ pipelineId: words(content, 'target'), stageId: words(content, 'stage') });
  if (kind === 'task') return { title: words(content, 'title') ?? 'Call this lead' };
  const body = news?.facts['body'];
  const ours = words(content, 'body')?.trim() ?? '';
  return known({ body: typeof body === 'string' && ours !== '' && body.includes(ours) ? body : ours });
}

function words(content: MakingSend['content'], name: string): string | undefined {
  const value = content[name];
  return typeof value === 'string' ? value : undefined;
}

function ofContact(marks: Marks, assigning: string | null): OwnWrite[] {
  const writing = (name: string) => ['setting', 'removing'].includes(marks[name]?.state ?? '');
  const tags = marked(marks, 'tag').filter((tag) => writing(`tag:${tag}`));
  const fields = marked(marks, 'field').flatMap((key): [string, string | number][] => {
    const mark = marks[`field:${key}`];
    // A field that is being emptied shows nothing.
    return mark?.id === undefined || !writing(`field:${key}`) ? [] : [[mark.id, mark.value ?? '']];
  });
  // A channel that we have closed stays our doing: its event may come long after.
  const dnd = marked(marks, 'dnd').filter((name) => writing(`dnd:${name}`) || marks[`dnd:${name}`]?.state === 'ours');
  if (tags.length + fields.length + dnd.length === 0 && assigning === null) return [];
  const bySetting = (setting: boolean) => tags.filter((tag) => (marks[`tag:${tag}`]?.state === 'setting') === setting);
  const facts: Facts = {
    tagsAdded: bySetting(true),
    tagsRemoved: bySetting(false),
    fields: Object.fromEntries(fields),
    dnd: Object.fromEntries(
      dnd.map((channel) => [channel, marks[`dnd:${channel}`]?.state === 'removing' ? 'off' : 'on'] as const),
    ),
    ...(assigning === null ? {} : { assignedTo: assigning }),
  };
  return [{ key: 'marks', kind: 'contact', recordId: null, facts }];
}

function ofOpportunity(marks: Marks): OwnWrite[] {
  const mark = marks[OPPORTUNITY_MARK];
  if (mark?.state !== 'setting' || mark.id === undefined || typeof mark.value !== 'string') return [];
  const facts = { stageId: mark.value };
  return [{ key: OPPORTUNITY_MARK, kind: 'opportunity', recordId: mark.id, facts }];
}

function known(facts: Readonly<Record<string, string | undefined>>): Facts {
  return Object.fromEntries(Object.entries(facts).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

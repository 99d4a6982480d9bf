import type { RuleFact } from '../../domain/crm/rule.ts';
import type { Facts, Message } from './ghl-model-reckoning.ts';
import type { Happening, Person, Text } from './ghl-model-story.ts';

/** The CRM of the model: contacts, and what becomes of them when people and leads do something. What we make of it is not in here. */

export interface Opportunity {
  stage: number;
  status: string;
  value: number | null;
}

/** Something that is due each time a reason begins to hold. */
export interface Turning {
  /** Does the reason hold now, and did it when the chapter began? */
  now: boolean;
  before: boolean;
  due: number;
  /** Of these in this chapter. */
  lately: number;
  /** Of these the ones whose reason was over before the chapter was: overtaken by that news, they may rightly not have been done. */
  passed: number;
}

const never: Turning = { now: false, before: false, due: 0, lately: 0, passed: 0 };

/** The reason holds or does not; where it begins to, and somebody may be told, that is due once. */
export function turn(turning: Turning, now: boolean, told: boolean): void {
  if (now && !turning.now && told) {
    turning.due += 1;
    turning.lately += 1;
  }
  turning.now = now;
}

/** All news of the chapter is worked: only one turning that still holds and may be told, and did not hold before, is sure to have been seen. */
export function closeChapter(turning: Turning, told: boolean): void {
  const sure = turning.now && !turning.before && told ? 1 : 0;
  turning.passed += Math.max(0, turning.lately - sure);
  turning.before = turning.now;
  turning.lately = 0;
}

/** A contact as the CRM has it, and what we remember of it. */
export interface Contact {
  readonly person: Person;
  readonly source: string;
  created: boolean;
  deleted: boolean;
  tags: string[];
  fields: Record<string, string>;
  city: string | null;
  notes: string[];
  theirTasks: string[];
  ours: Opportunity[];
  /** Stages in which ours may rightly stand as well, since the order of news decides. */
  alsoAt: number[];
  others: Opportunity[];
  talk: Message[];
  answers: Facts;
  sells: boolean;
  optedOut: boolean;
  mayBeOptedOut: boolean;
  takenOver: boolean;
  dnd: boolean;
  /** By a stop tag, or by want of an activation tag. */
  silenced: boolean;
  everActive: boolean;
  hot: Turning;
  optOutTasks: number;
  /** The rule of hot leads, which puts them into a workflow. */
  notified: Turning;
  /** Opportunities that we made. */
  opened: number;
  /** What rules gave, so that it can be taken away again. */
  given: string[];
}

export function fresh(person: Person): Contact {
  const nothing = { tags: [], notes: [], theirTasks: [], ours: [], alsoAt: [], others: [], talk: [], given: [] };
  const not = {
    created: false,
    deleted: false,
    sells: false,
    optedOut: false,
    mayBeOptedOut: false,
    takenOver: false,
  };
  return {
    ...{ person, source: person.source, city: null, fields: {}, answers: {} },
    ...nothing,
    ...not,
    ...{
      dnd: false,
      silenced: false,
      everActive: false,
      hot: { ...never },
      optOutTasks: 0,
      notified: { ...never },
      opened: 0,
    },
  };
}

/** What people and leads do, as the CRM takes it. A contact that is gone takes nothing. */
export function happen(contact: Contact, what: Happening['what']): void {
  if (contact.deleted) return;
  switch (what.kind) {
    case 'create':
      contact.created = true;
      contact.tags = [...contact.person.tags];
      contact.fields = Object.fromEntries(
        Object.entries(contact.person.fields).map(([key, value]) => [key, String(value)]),
      );
      return;
    case 'tag':
      contact.tags = contact.tags.filter((tag) => !what.remove.some((gone) => same(gone, tag)));
      for (const tag of what.add) put(contact.tags, tag);
      return;
    case 'field':
      contact.fields[what.key] = what.value;
      return;
    case 'edit':
      contact.city = what.city;
      return;
    case 'dnd':
      contact.dnd = what.on;
      return;
    case 'note':
      contact.notes.push(what.words);
      return;
    case 'task':
      contact.theirTasks.push(what.title);
      return;
    case 'opportunity':
      (what.pipeline === 'ours' ? contact.ours : contact.others).push({
        ...{ stage: what.stage, status: 'open', value: what.value },
      });
      return;
    case 'moved':
      for (const one of contact.ours) one.stage = what.stage;
      return;
    case 'valued':
      for (const one of contact.ours) one.value = what.value;
      return;
    case 'closed':
      for (const one of contact.ours) one.status = what.status;
      return;
    case 'colleague':
      contact.talk.push({ from: 'team', text: null });
      contact.takenOver = true;
      return;
    case 'text':
      hear(contact, what.text);
      return;
    case 'delete':
      contact.deleted = true;
  }
}

/** A text of the lead, and what it answers. */
export function hear(contact: Contact, text: Text): void {
  contact.talk.push({ from: 'lead', text });
  if (text.side === 'sell') contact.sells = true;
  if (text.optOut === 'clear') contact.optedOut = true;
  if (text.optOut === 'ambiguous') {
    contact.mayBeOptedOut = true;
    contact.optOutTasks += 1;
  }
  for (const [question, value] of Object.entries(text.says)) contact.answers[question as RuleFact] = value as string;
}

export function put(tags: string[], tag: string): void {
  if (!tags.some((one) => same(one, tag))) tags.push(tag);
}

export function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

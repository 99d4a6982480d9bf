import type { LocationSettings } from '../../domain/leads/settings.ts';
import {
  closeChapter,
  type Contact,
  fresh,
  happen,
  type Opportunity,
  put,
  same,
  turn,
  type Turning,
} from './ghl-model-crm.ts';
import { alsoStandsAt } from './ghl-model-overtaken.ts';
import { answered, type Facts, filled, holdingRules, scored, stageOf } from './ghl-model-reckoning.ts';
import type { Story } from './ghl-model-story.ts';

/**
 * What the CRM must hold after a story, worked out in the plainest way: one happening after another, in the vendor's order, each with all
 * its consequences before the next, nothing lost and nothing twice. Written from the documents (settings, docs/scoring.md, what a rule is)
 * and not from the product: of that it takes types and a location's settings, as data. Readings of texts are labels of the story; score,
 * tiers, rules, stages and opportunities are computed here once more. Slow and obvious on purpose.
 *
 * Where the vendor's order says that one thing came before another, the model follows it. What is done to a lead once (a welcome, a call)
 * may rightly not be done when the news of its reason is overtaken by a STOP, a stop tag, a deletion or an answer: there, and only there,
 * the model names a least and a most. How far an opportunity had come when a STOP or a closing ended its way is the same: see `alsoAt`.
 */

/** How often something was done: `least` and `most` are equal unless the order of news decides. */
export interface Count {
  readonly least: number;
  readonly most: number;
}

export interface Expected {
  readonly who: number;
  readonly deleted: boolean;
  /** Lower case, sorted. */
  readonly ourTags: readonly string[];
  readonly theirTags: readonly string[];
  /** By key, as text. */
  readonly ourFields: Readonly<Record<string, string>>;
  readonly theirFields: Readonly<Record<string, string>>;
  readonly city: string | null;
  readonly notes: readonly string[];
  readonly theirTasks: readonly string[];
  /** In the team's pipeline: position of the stage, status, value. */
  readonly ours: readonly Opportunity[];
  /** Stages in which the one of the team's pipeline may rightly stand as well. */
  readonly alsoAt: readonly number[];
  readonly others: readonly Opportunity[];
  /** Texts that we sent. */
  readonly welcomes: Count;
  /** Call tasks in place of a welcome text. */
  readonly welcomeTasks: Count;
  readonly hotTasks: Count;
  readonly optOutTasks: Count;
  /** Times that the lead was put into the workflow for hot leads. */
  readonly notified: Count;
  readonly opened: Count;
  readonly optedOut: boolean;
}

/** The pipeline as the model sees it: position of the stage for each of ours. */
export type StagePositions = Readonly<Partial<Record<'new' | 'engaged' | 'qualifying' | 'qualified', number>>>;

export function expectedAfter(
  { people, chapters }: Story,
  settings: LocationSettings,
  /** Field keys that the location has; what is not there is left out. */
  fieldKeys: readonly string[],
  stages: StagePositions | null,
): Expected[] {
  const contacts = people.map(fresh);
  for (const chapter of chapters) {
    const before = structuredClone(contacts);
    for (const { who, what } of chapter) {
      const contact = contacts[who]!;
      happen(contact, what);
      if (contact.created && !contact.deleted) react(contact, settings, fieldKeys, stages);
    }
    for (const [who, contact] of contacts.entries()) {
      const happenings = chapter.filter((one) => one.who === who).map(({ what }) => what);
      if (stages !== null) contact.alsoAt.push(...alsoStandsAt(before[who]!, happenings, stages));
      for (const turning of [contact.hot, contact.notified]) closeChapter(turning, ours(contact) && !contact.silenced);
    }
  }
  return contacts.map((contact) => told(contact, settings));
}

/** What we do about it: all of it, at once. Without an activation tag, or with a stop tag, nothing. */
function react(
  contact: Contact,
  settings: LocationSettings,
  fieldKeys: readonly string[],
  stages: StagePositions | null,
): void {
  const worn = (tag: string): boolean => contact.tags.some((one) => same(one, tag));
  contact.silenced = !settings.activationTags.some(worn) || settings.stopTags.some(worn);
  if (contact.silenced) return;
  contact.everActive = true;
  const { score, tier } = scored(contact);
  const stage = stageOf(contact);
  const facts: Facts = {
    ...contact.answers,
    ...{ score: Math.round(score), tier, stage, answered: answered(contact) },
    ...(contact.sells ? { side: 'sell' } : {}),
  };
  const wanted = {
    tags: [settings.tierTags[tier]],
    fields: { [settings.customFields.score]: String(facts.score), [settings.customFields.tier]: tier },
  };
  let notifies = false;
  for (const rule of holdingRules(settings.rules, facts)) {
    for (const action of rule.then) {
      if ('tag' in action) wanted.tags.push(...filled(action.tag, facts));
      if ('field' in action) for (const value of filled(action.value, facts)) wanted.fields[action.field] = value;
      if ('workflow' in action && settings.workflows[action.workflow] !== undefined) notifies = true;
    }
  }
  turn(contact.notified, notifies, ours(contact));
  const stale = [...contact.given, ...Object.values(settings.tierTags)].filter(
    (tag) => !wanted.tags.some((one) => same(one, tag)),
  );
  contact.tags = contact.tags.filter((tag) => !stale.some((gone) => same(gone, tag)));
  for (const tag of wanted.tags) put(contact.tags, tag);
  contact.given = wanted.tags;
  for (const [key, value] of Object.entries(wanted.fields)) if (fieldKeys.includes(key)) contact.fields[key] = value;
  turn(contact.hot, tier === 'hot', ours(contact));
  if (stages !== null) stand(contact, stages[stage as keyof StagePositions]);
}

/** No person works the lead, and it did not say or seem to say that it wants no more. */
function ours({ takenOver, mayBeOptedOut, optedOut }: Contact): boolean {
  return !takenOver && !mayBeOptedOut && !optedOut;
}

/** Found or created; a closed one is left alone; one that people moved further on is not moved back. */
function stand(contact: Contact, stage: number | undefined): void {
  if (stage === undefined) return;
  const [found] = contact.ours;
  if (found === undefined) {
    contact.ours.push({ stage, status: 'open', value: null });
    contact.opened += 1;
  } else if (found.status === 'open' && found.stage < stage) found.stage = stage;
}

function told(contact: Contact, settings: LocationSettings): Expected {
  const own = new Set([...contact.given, ...Object.values(settings.tierTags)].map((tag) => tag.toLowerCase()));
  const tags = contact.tags.map((tag) => tag.toLowerCase()).toSorted();
  const kept = ourFieldKeys(settings);
  const fields = Object.entries(contact.fields);
  return {
    ...{ who: contact.person.who, deleted: contact.deleted, city: contact.city, optedOut: contact.optedOut },
    ourTags: tags.filter((tag) => own.has(tag)),
    theirTags: tags.filter((tag) => !own.has(tag)),
    ourFields: Object.fromEntries(fields.filter(([key]) => kept.has(key))),
    theirFields: Object.fromEntries(fields.filter(([key]) => !kept.has(key))),
    ...{ notes: contact.notes.toSorted(), theirTasks: contact.theirTasks.toSorted() },
    ...{ ours: contact.ours, alsoAt: contact.alsoAt, others: contact.others },
    ...welcomed(contact),
    hotTasks: ofTurning(contact, contact.hot),
    optOutTasks: contact.deleted ? atMost(contact.optOutTasks) : exactly(contact.optOutTasks),
    notified: ofTurning(contact, contact.notified),
    opened: contact.deleted ? atMost(contact.opened) : exactly(contact.opened),
  };
}

/** Keys of the fields that settings say are ours to write. */
export function ourFieldKeys(settings: LocationSettings): Set<string> {
  const byRules = settings.rules.flatMap(({ then }) =>
    then.flatMap((action) => ('field' in action ? action.field : [])),
  );
  return new Set([settings.customFields.score, settings.customFields.tier, ...byRules]);
}

/** Who may be written to is welcomed by a text, everybody else by somebody's call; whoever spoke or was silenced meanwhile perhaps not. */
function welcomed(contact: Contact): Pick<Expected, 'welcomes' | 'welcomeTasks'> {
  const order = contact.talk.length > 0 || contact.dnd || contact.deleted || contact.optedOut || contact.silenced;
  const once: Count = contact.everActive ? { least: order ? 0 : 1, most: 1 } : exactly(0);
  const consent = contact.person.tags.some((tag) => same(tag, 'sms-consent'));
  return consent
    ? { welcomes: once, welcomeTasks: { least: 0, most: order ? 1 : 0 } }
    : { welcomes: exactly(0), welcomeTasks: once };
}

/** What turning hot brings: whether the lead was still to be worked then depends on the order where somebody silenced it. */
function ofTurning(
  { optedOut, mayBeOptedOut, deleted, silenced, takenOver, talk }: Contact,
  { due, passed }: Turning,
): Count {
  const hurried = talk.some(({ text }) => text?.says.timeline === 'immediate');
  if (deleted || optedOut || mayBeOptedOut) return atMost(hurried ? Math.max(1, due) : due);
  return { least: due - passed, most: (silenced || takenOver) && hurried ? Math.max(1, due) : due };
}

function atMost(times: number): Count {
  return { least: 0, most: times };
}

function exactly(times: number): Count {
  return { least: times, most: times };
}

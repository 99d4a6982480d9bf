import type { LocationSettings } from '../../domain/leads/settings.ts';
import { type Count, type Expected, ourFieldKeys } from './ghl-model.ts';
import type { Opportunity } from './ghl-model-crm.ts';

/** The CRM's books after a story beside what the model says they must hold. Sees the vendor's side alone: its tables and its ledger. */

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

export interface Call {
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly status: number;
  readonly contactId?: string;
  readonly locationId?: string;
  readonly dropped?: boolean;
  readonly fault?: boolean;
  /** Present on what is no call of the product's. */
  readonly by?: string;
}

export interface Books {
  readonly contacts: readonly Row[];
  readonly tasks: readonly Row[];
  readonly notes: readonly Row[];
  readonly opportunities: readonly Row[];
  readonly calls: readonly Call[];
}

/** What the vendor calls the things that the story names. */
export interface Names {
  readonly contactIds: readonly string[];
  /** Field id → key. */
  readonly fieldKeys: ReadonlyMap<string, string>;
  readonly pipelineId: string;
  /** Stage id → position, of every pipeline. */
  readonly positions: ReadonlyMap<string, number>;
  readonly workflowId: string;
}

export interface Difference {
  readonly who: number;
  /** `theirs`: something that people put there is lost or was changed. `effect`: done too often or not at all. */
  readonly kind: 'ours' | 'theirs' | 'effect';
  readonly what: string;
  readonly expected: unknown;
  readonly found: unknown;
}

const titles = {
  hot: 'Call this lead: it has just turned hot',
  welcome: 'Call a new lead: no consent to text on file',
  optOut: 'Read the last message: does this lead want no more messages?',
} as const;

export function differences(
  expected: readonly Expected[],
  books: Books,
  names: Names,
  settings: LocationSettings,
): Difference[] {
  return expected.flatMap((one) => {
    const contactId = names.contactIds[one.who]!;
    const contact = books.contacts.find(({ id }) => id === contactId);
    const done = effectsOf(books.calls, contactId, names);
    return [
      ...(one.deleted ? gone(one, contact) : stateOf(one, contact, books, names, settings)),
      ...counted(one, done),
    ];
  });
}

function gone(one: Expected, contact: Row | undefined): Difference[] {
  return contact === undefined ? [] : [{ ...about(one, 'theirs', 'deleted'), expected: true, found: false }];
}

function stateOf(
  one: Expected,
  contact: Row | undefined,
  books: Books,
  names: Names,
  settings: LocationSettings,
): Difference[] {
  if (contact === undefined) return [{ ...about(one, 'theirs', 'contact'), expected: 'present', found: 'none' }];
  const tags = ((contact['tags'] ?? []) as string[]).map((tag) => tag.toLowerCase()).toSorted();
  const theirs = tags.filter((tag) => one.theirTags.includes(tag));
  const fields = fieldsOf(contact, names);
  const kept = ourFieldKeys(settings);
  const mine = books.opportunities.filter((row) => row['contactId'] === contact.id);
  const inOurs = mine.filter((row) => row['pipelineId'] === names.pipelineId);
  const own = (table: readonly Row[], field: string): string[] =>
    table.filter((row) => row['contactId'] === contact.id).map((row) => String(row[field]));
  return [
    // Whatever the model does not know as people's is ours, and there must be nothing else.
    ...unequal(
      one,
      'ours',
      'tags',
      one.ourTags,
      tags.filter((tag) => !one.theirTags.includes(tag)),
    ),
    ...unequal(one, 'theirs', 'tags', one.theirTags, theirs),
    ...unequal(
      one,
      'ours',
      'fields',
      one.ourFields,
      picked(fields, (key) => kept.has(key)),
    ),
    ...unequal(
      one,
      'theirs',
      'fields',
      one.theirFields,
      picked(fields, (key) => !kept.has(key)),
    ),
    ...unequal(one, 'theirs', 'city', one.city, contact['city'] ?? null),
    ...unequal(
      one,
      'theirs',
      'notes',
      one.notes,
      own(books.notes, 'body')
        .filter((body) => one.notes.includes(body))
        .toSorted(),
    ),
    ...unequal(
      one,
      'theirs',
      'tasks',
      one.theirTasks,
      own(books.tasks, 'title')
        .filter((title) => one.theirTasks.includes(title))
        .toSorted(),
    ),
    ...unequal(
      one,
      'ours',
      'opportunities',
      ...whereItMayStand(
        one,
        inOurs.map((row) => opportunityOf(row, names)),
      ),
    ),
    ...unequal(
      one,
      'theirs',
      'other opportunities',
      sorted(one.others),
      sorted(mine.filter((row) => row['pipelineId'] !== names.pipelineId).map((row) => opportunityOf(row, names))),
    ),
  ];
}

/** One that stands in another stage than the vendor's order says, and may do so, is taken for as expected there; all else of it counts. */
function whereItMayStand(
  { ours, alsoAt }: Expected,
  found: readonly Opportunity[],
): [expected: readonly Opportunity[], found: readonly Opportunity[]] {
  const expected = ours.map((one, at) => {
    const stage = found[at]?.stage;
    return stage !== undefined && alsoAt.includes(stage) ? { ...one, stage } : one;
  });
  return [expected, found];
}

interface Effects {
  readonly texts: number;
  readonly tasks: readonly string[];
  readonly workflows: number;
  readonly opportunities: number;
  /** Tags and fields that were written although they stood there, since nobody had changed them. */
  readonly repeated: readonly string[];
}

/** What was done for a contact, from the ledger: a call counts when the vendor did it, whether or not its answer came through. */
function effectsOf(calls: readonly Call[], contactId: string, names: Names): Effects {
  const done = calls.filter(
    (call) => call.by === undefined && call.status >= 200 && call.status < 300 && call.contactId === contactId,
  );
  const posts = done.filter(({ method }) => method === 'POST');
  const tasks = posts.filter(({ path }) => path === `/contacts/${contactId}/tasks`);
  return {
    texts: posts.filter(({ path }) => path === '/conversations/messages').length,
    tasks: tasks.map(({ body }) => String((body as Row)['title'])),
    workflows: posts.filter(({ path }) => path === `/contacts/${contactId}/workflow/${names.workflowId}`).length,
    opportunities: posts.filter(
      ({ path, body }) => path === '/opportunities/' && (body as Row)['pipelineId'] === names.pipelineId,
    ).length,
    repeated: repeatedWrites(calls.filter((call) => call.contactId === contactId)),
  };
}

/**
 * One write after another with the same content. A call whose answer was cut off is rightly made again, and so is one after anybody else
 * wrote in between.
 */
function repeatedWrites(calls: readonly Call[]): string[] {
  const last = new Map<string, { content: string; cut: boolean }>();
  return calls.flatMap((call) => {
    if (call.method === 'GET' || call.status >= 300 || call.status < 200) return [];
    const kind = call.path.endsWith('/tags')
      ? 'tags'
      : call.method === 'PUT' && /^\/contacts\/\w+$/.test(call.path)
        ? 'fields'
        : '';
    if (kind === '') return [];
    const content = `${call.method} ${JSON.stringify(call.body)}`;
    const before = last.get(kind);
    if (call.by !== undefined) last.delete(kind);
    else last.set(kind, { content, cut: call.dropped === true });
    return call.by === undefined && before?.content === content && !before.cut ? [`${kind} ${content}`] : [];
  });
}

function counted(one: Expected, done: Effects): Difference[] {
  const titled = (title: string): number => done.tasks.filter((task) => task === title).length;
  const known: readonly string[] = Object.values(titles);
  const unknown = done.tasks.filter((task) => !known.includes(task));
  return [
    ...outside(one, 'texts', one.welcomes, done.texts),
    ...outside(one, 'welcome tasks', one.welcomeTasks, titled(titles.welcome)),
    ...outside(one, 'hot tasks', one.hotTasks, titled(titles.hot)),
    ...outside(one, 'opt-out tasks', one.optOutTasks, titled(titles.optOut)),
    ...outside(one, 'workflow', one.notified, done.workflows),
    ...outside(one, 'opportunities made', one.opened, done.opportunities),
    ...unequal(one, 'effect', 'tasks of no known reason', [], unknown),
    ...unequal(one, 'effect', 'repeated writes', [], done.repeated),
  ];
}

function outside(one: Expected, what: string, { least, most }: Count, found: number): Difference[] {
  if (found >= least && found <= most) return [];
  return [{ ...about(one, 'effect', what), expected: least === most ? least : { least, most }, found }];
}

function unequal(
  one: Expected,
  kind: Difference['kind'],
  what: string,
  expected: unknown,
  found: unknown,
): Difference[] {
  return stable(expected) === stable(found) ? [] : [{ ...about(one, kind, what), expected, found }];
}

function about({ who }: Expected, kind: Difference['kind'], what: string): Pick<Difference, 'who' | 'kind' | 'what'> {
  return { who, kind, what };
}

function fieldsOf(contact: Row, { fieldKeys }: Names): Record<string, string> {
  const fields = (contact['customFields'] ?? []) as { id: string; value: unknown }[];
  return Object.fromEntries(fields.map(({ id, value }) => [fieldKeys.get(id) ?? id, String(value)]));
}

function picked(fields: Readonly<Record<string, string>>, keep: (key: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => keep(key)));
}

function opportunityOf(row: Row, { positions }: Names): Opportunity {
  const value = row['monetaryValue'];
  return {
    stage: positions.get(String(row['pipelineStageId'])) ?? -1,
    status: String(row['status']),
    value: typeof value === 'number' && value !== 0 ? value : null,
  };
}

function sorted(opportunities: readonly Opportunity[]): Opportunity[] {
  return opportunities.toSorted((a, b) => stable(a).localeCompare(stable(b)));
}

/** Objects with their keys in order. */
function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${key}:${stable(one)}`).join()}}`;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { bundledSequences } from '../../platform/bundled-sequences.ts';
import { installBrokerage, type Brokerage, type Contact } from './brokerage.ts';
import type { Product } from './product.ts';
import { until } from './until.ts';

/** What became of one message of a lead. */
export interface Fate {
  /** answered: in words that may go out · planned: they wait for the hours to open, and a person has a task · person: a task, and no words · open: nothing yet. */
  readonly kind: 'answered' | 'planned' | 'person' | 'open';
  /** Texts that the CRM took for this contact. */
  readonly texts: number;
  readonly rungs: readonly string[];
}

/** How often the vendor of the model was asked. */
export interface Attempts {
  /** Pieces of work that were worth a call. */
  readonly calls: number;
  readonly attempts: number;
  readonly byState: Readonly<Record<string, number>>;
  readonly byFailure: Readonly<Record<string, number>>;
}

/** A location whose messages are answered at once and by themselves, and to which no sequence writes: each text is an answer. */
export async function installAssisted(product: Product, over: object = {}): Promise<Brokerage> {
  const team = await installBrokerage(product);
  await product.api('PATCH', `/api/locations/${team.locationId}/settings`, {
    changes: {
      sequences: Object.fromEntries(bundledSequences().map(({ key }) => [key, false])),
      modes: { replies: 'auto' },
      budgets: { modelDollarsPerDay: 50 },
      assistant: {
        ...{ facts: ['We work in Tampa and St. Petersburg.'], areas: ['Tampa', 'St. Petersburg'], states: ['FL'] },
        ...{ debounceSeconds: 0, longestWaitSeconds: 10, holdingText: null, leadDollarsPer30Days: 2 },
      },
      ...over,
    },
  });
  return team;
}

/** The control plane of the vendor's stand-in. */
export function claudeOf(product: Product) {
  return async <T = unknown>(method: string, route: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${product.line().urls.claude}/_sandbox/${route}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`the stand-in of the model answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  };
}
export type Claude = ReturnType<typeof claudeOf>;

/** From now on the model reads nothing out of a message, and answers with harmless words that pass every gate. */
export async function answersHarmlessly(claude: Claude): Promise<void> {
  const words = 'Thanks for your message, I am happy to help with that.';
  const draft = { text: words, question: 'none', language: 'en', human: false };
  const facts = { intent: { value: 'unknown', quote: '' } };
  const toJob = (job: string, name: string, input: object) => ({
    ...{ times: 1_000_000, match: { contains: `job ${job};` } },
    tools: [{ name, input }],
  });
  await claude('POST', 'script', {
    answers: [
      toJob('draft', 'draft_reply', draft),
      toJob('rewrite', 'draft_reply', draft),
      toJob('read', 'record_facts', facts),
    ],
  });
}

/** Leads that the product knows of already. */
export async function someLeads(team: Brokerage, count: number, over: Partial<Contact> = {}): Promise<Contact[]> {
  const contacts: Contact[] = [];
  for (let made = 0; made < count; made += 1) contacts.push(await team.contact(over));
  await Promise.all(contacts.map((contact) => team.deliver(team.contactEvent('ContactCreate', contact))));
  await team.settled();
  return contacts;
}

/** All of them write at once. Whoever is asked to come again does so when told to, as GHL does: a long message costs the door a moment each time. */
export async function writeAtOnce(
  team: Brokerage,
  contacts: readonly Contact[],
  words: (at: number) => string,
): Promise<void> {
  await Promise.all(contacts.map((contact, at) => deliverPatiently(team, team.messageEvent(contact, words(at)))));
}

async function deliverPatiently(team: Brokerage, event: object): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    const answer = await team.post(event).catch(() => undefined);
    if (answer?.ok === true) return;
    if (answer !== undefined && answer.status !== 429) throw new Error(`the door answered ${answer.status}`);
    await sleep(1000 * Number(answer?.headers.get('retry-after') ?? 1));
  }
  throw new Error('a message was not taken in twenty tries');
}

/** What became of the messages of these leads; waits until each has its fate, and looks no longer than `limitMs`. */
export async function fatesOf(
  product: Product,
  team: Brokerage,
  contacts: readonly Contact[],
  limitMs: number,
): Promise<ReadonlyMap<string, Fate>> {
  let fates = await look(product, team, contacts);
  await until(async () => {
    fates = await look(product, team, contacts);
    return [...fates.values()].every(({ kind }) => kind !== 'open');
  }, limitMs).catch(() => undefined);
  return fates;
}

async function look(
  product: Product,
  team: Brokerage,
  contacts: readonly Contact[],
): Promise<ReadonlyMap<string, Fate>> {
  const sends = await product.sql<{ contact: string; purpose: string; state: string; waits: boolean }>(
    `select contact_id as contact, purpose, state, state = 'claimed' and check_at > now() as waits
       from outbox where location_id = $1`,
    [team.locationId],
  );
  const drafts = await product.sql<{ contact: string; rung: string }>(
    'select contact_id as contact, rung from reply_drafts where location_id = $1',
    [team.locationId],
  );
  const calls = (await team.ledger()).filter(({ method, status }) => method === 'POST' && status < 300);
  return new Map(
    contacts.map(({ id }) => {
      const own = calls.filter(({ contactId }) => contactId === id);
      const texts = own.filter(({ body }) => body?.['type'] === 'SMS').length;
      const tasks = own.filter(({ path }) => path.endsWith('/tasks')).length;
      const waits = sends.some((send) => send.contact === id && send.purpose === 'answer' && send.waits);
      const rungs = drafts.filter(({ contact }) => contact === id).map(({ rung }) => rung);
      const kind = texts > 0 ? 'answered' : tasks === 0 ? 'open' : waits ? 'planned' : 'person';
      return [id, { kind, texts, rungs }] as const;
    }),
  );
}

/** How often the vendor was asked for the leads of a location, and for how many pieces of work. */
export async function attemptsOf(product: Product, team: Brokerage): Promise<Attempts> {
  const rows = await product.sql<{ callKey: string; state: string; failure: string | null }>(
    'select call_key as "callKey", state, failure from model_calls where location_id = $1',
    [team.locationId],
  );
  return {
    calls: new Set(rows.map(({ callKey }) => callKey)).size,
    attempts: rows.length,
    byState: countBy(rows.map(({ state }) => state)),
    byFailure: countBy(rows.flatMap(({ failure }) => failure ?? [])),
  };
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

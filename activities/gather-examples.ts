import { isAppError } from '../domain/errors.ts';
import type { Iso } from '../domain/glossary.ts';
import { defaultSettings } from '../domain/leads/settings.ts';
import type { Crm } from '../domain/ports/crm.ts';
import type { LearningStore, LeadToLearn, ScoreMoment } from '../domain/ports/learning.ts';
import type { Known, KnownLead, ScoreStore } from '../domain/ports/scores.ts';
import type { DatasetSchema } from '../domain/scoring/data/dataset-schema.ts';
import {
  chooseMoment,
  type ExampleCounts,
  type Examples,
  gatherExamples,
  type LeadCase,
  matureUntil,
  outcomeOf,
  snapshotFrom,
  teaches,
} from '../domain/scoring/lead-examples.ts';
import { leadColumns } from '../domain/scoring/lead-model.ts';
import { gatherPeople } from '../domain/scoring/people.ts';
import { rereadAt } from '../domain/scoring/reread.ts';
import { numbersOf, type Table } from '../domain/scoring/data/table.ts';

export interface GatherDeps {
  readonly learning: LearningStore;
  readonly scores: Pick<ScoreStore, 'known'>;
  readonly crm: Pick<Crm, 'fieldIds'>;
}

export interface Gathered {
  readonly table: Table;
  readonly counts: ExampleCounts;
  /** The team's own fields could not be read: the rules knew less of leads that were read again than they would have. */
  readonly blind: boolean;
}

interface Asked {
  readonly now: Iso;
  readonly stage: DatasetSchema['decisionStage'];
  /** Told after each page, with how many leads were looked at. */
  readonly read?: ((leads: number) => void) | undefined;
}

/** Leads of one page: so many scores of a year of nights are some megabytes. */
const A_PAGE = 200;

interface ToReread {
  readonly lead: LeadCase;
  readonly asOf: Iso;
}

/** A location's own leads as examples. They are read page by page, and of each only its example stays. */
export async function gatherFromStore(deps: GatherDeps, locationId: string, asked: Asked): Promise<Gathered> {
  const examples = gatherExamples(asked.stage);
  const people = gatherPeople();
  const sets = await deps.learning.featureSets(locationId);
  const usable = [...sets].flatMap(([id, set]) => (teaches(set, asked.stage) ? [id] : []));
  const again: ToReread[] = [];
  const left = { censored: 0, closed: 0 };
  let looked = 0;
  for await (const page of pagesOf(deps.learning, locationId)) {
    for (const { contactId, addresses } of page) people.take(contactId, addresses);
    const chosen = await choose(deps.learning, locationId, page, usable, asked);
    const stored = new Map<string, { outcome: LeadCase['outcome']; asOf: Iso; moment: ScoreMoment }>();
    for (const { lead, choice } of chosen) {
      if (typeof choice === 'string') left[choice] += 1;
      else if (choice.stored === null) again.push({ lead, asOf: choice.asOf });
      else stored.set(lead.contactId, { outcome: lead.outcome, asOf: choice.asOf, moment: choice.stored });
    }
    const moments = [...stored.values()].map(({ moment }) => moment);
    for (const { contactId, asOf, featureSet, vector } of await vectors(deps.learning, locationId, moments)) {
      const snapshot = snapshotFrom(contactId, asOf, vector, sets.get(featureSet)!);
      examples.add(snapshot, { ...stored.get(contactId)!, reread: false });
    }
    asked.read?.((looked += page.length));
  }
  const { unread, blind } = await rereadAll(deps, locationId, again, examples);
  const table = examples.table((contactId) => people.of(contactId));
  const won = numbersOf(table, leadColumns.label).reduce((sum, label) => sum + label, 0);
  return { table, counts: { leads: table.rows, won, reread: again.length - unread, ...left, unusable: unread }, blind };
}

async function* pagesOf(learning: LearningStore, locationId: string): AsyncGenerator<readonly LeadToLearn[]> {
  let after = '';
  for (;;) {
    const page = await learning.leads(locationId, after, A_PAGE);
    if (page.length > 0) yield page;
    if (page.length < A_PAGE) return;
    after = page.at(-1)!.contactId;
  }
}

async function choose(
  learning: LearningStore,
  locationId: string,
  page: readonly LeadToLearn[],
  sets: readonly string[],
  asked: Asked,
): Promise<{ readonly lead: LeadCase; readonly choice: ReturnType<typeof chooseMoment<ScoreMoment>> }[]> {
  const contactIds = page.map(({ contactId }) => contactId);
  const until = matureUntil(asked.now);
  const stored = sets.length === 0 ? [] : await learning.moments(locationId, contactIds, { sets, until });
  const ofLead = new Map<string, ScoreMoment[]>(contactIds.map((contactId) => [contactId, []]));
  for (const moment of stored) ofLead.get(moment.contactId)!.push(moment);
  return page.map(({ contactId, createdAt, deals }) => {
    const lead = { contactId, createdAt, outcome: outcomeOf(deals) };
    return { lead, choice: chooseMoment(lead, ofLead.get(contactId)!, asked) };
  });
}

function vectors(learning: LearningStore, locationId: string, moments: readonly ScoreMoment[]) {
  return moments.length === 0 ? [] : learning.vectors(locationId, moments);
}

/** By the instant as of which they are read, so that leads read together are read until about the same instant. */
async function rereadAll(
  deps: GatherDeps,
  locationId: string,
  again: readonly ToReread[],
  examples: Examples,
): Promise<{ readonly unread: number; readonly blind: boolean }> {
  const inOrder = again.toSorted((a, b) => (a.asOf < b.asOf ? -1 : 1));
  const fieldIds = fieldsOf(deps.crm, locationId);
  let [unread, blind] = [0, false];
  for (let i = 0; i < inOrder.length; i += A_PAGE) {
    for (const { leads, settings, asked } of await knownOf(deps, locationId, inOrder.slice(i, i + A_PAGE))) {
      const ids = leads.some(hasFields) ? await fieldIds() : {};
      blind ||= ids === null;
      const known = new Map(leads.map((lead) => [lead.contactId, lead]));
      for (const { lead, asOf } of asked) {
        const { history, fields } = known.get(lead.contactId) ?? { history: null, fields: null };
        const crm = ids === null ? null : { values: fields ?? {}, fieldIds: ids, settings };
        if (history === null) unread += 1;
        else {
          const snapshot = rereadAt({ contactId: lead.contactId, history }, asOf, crm);
          examples.add(snapshot, { outcome: lead.outcome, asOf, reread: true });
        }
      }
    }
  }
  return { unread, blind };
}

/** What is known of these leads. Where that is more than can be read at once they are halved; one whose history alone is too long is left out. */
async function knownOf(
  deps: GatherDeps,
  locationId: string,
  asked: readonly ToReread[],
): Promise<readonly (Pick<Known, 'settings' | 'leads'> & { readonly asked: readonly ToReread[] })[]> {
  const contactIds = asked.map(({ lead }) => lead.contactId);
  try {
    const known = await deps.scores.known(locationId, contactIds, { asOf: asked.at(-1)!.asOf, fresh: true });
    return [{ ...known, asked }];
  } catch (error) {
    if (!isAppError(error) || error.code !== 'STORE_SLOW') throw error;
    if (asked.length === 1) return [{ settings: defaultSettings, leads: [], asked }];
    const middle = asked.length >> 1;
    const [before, after] = [asked.slice(0, middle), asked.slice(middle)];
    return [...(await knownOf(deps, locationId, before)), ...(await knownOf(deps, locationId, after))];
  }
}

/** Which field of the CRM is which, asked once, when it is first wanted. Null: the CRM does not say just now. */
function fieldsOf(
  crm: Pick<Crm, 'fieldIds'>,
  locationId: string,
): () => Promise<Readonly<Record<string, string>> | null> {
  let asked: Promise<Readonly<Record<string, string>> | null> | undefined;
  return () => (asked ??= crm.fieldIds(locationId).catch(() => null));
}

function hasFields({ fields }: KnownLead): boolean {
  return Object.keys(fields ?? {}).length > 0;
}

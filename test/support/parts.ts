import { randomUUID } from 'node:crypto';
import type { Deps } from '../../activities/deps.ts';
import type { LevelTimes } from '../../activities/run-level.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import type { LocationStore } from '../../domain/ports/locations.ts';
import type { ScoreModel } from '../../domain/ports/score-model.ts';
import { createLeadScorer } from '../../activities/lead-scorer.ts';
import { createScoreStore } from '../../integrations/postgres/scores.ts';
import { fallbackName, scoreByRules } from '../../domain/scoring/scorecard.ts';
import { createAssignmentStore } from '../../integrations/postgres/assignments.ts';
import { createCrmActionStore } from '../../integrations/postgres/crm-actions.ts';
import { createCrmRecordStore } from '../../integrations/postgres/crm-records.ts';
import { createDraftStore } from '../../integrations/postgres/drafts.ts';
import { createListingStore } from '../../integrations/postgres/kept-listings.ts';
import { createListingMatcher } from '../../integrations/postgres/listing-matcher.ts';
import { createMarketAlertStore } from '../../integrations/postgres/market-alerts.ts';
import { createRestoreStore } from '../../integrations/postgres/restores.ts';
import { createSequenceStore } from '../../integrations/postgres/sequences.ts';
import type { Tenants } from '../../integrations/postgres/tenants.ts';
import { type TestDatabase, createTestDatabase } from './database.ts';
import { crmMaker, recordingLog } from './ghl-crm.ts';
import { type RunningStandIn, control, removeHome, startStandIn } from './ghl-standin.ts';
import { productCache } from './product-cache.ts';
import { newRef } from './records.ts';
import { type Sends, sendsIn } from './sends.ts';
import { testLinks } from './unsubscribing.ts';

/** What activities work with: the real stores on a database of the test file's own, and the GHL stand-in. A file has one of these. */
export const PHONE = '+12125550142';
export const POSTAL_ADDRESS = '400 Bay Street, Suite 210, Tampa, FL 33602';
export const log = recordingLog();
const { crmAt, closeAll } = crmMaker(log);
export let db: TestDatabase;
export let standIn: RunningStandIn;
export let sends: Sends;
/** The lead of the test that runs now. */
export let ref: LeadRef;

export async function openParts(): Promise<void> {
  db = await createTestDatabase();
  standIn = await startStandIn();
  sends = sendsIn(db.tenants);
}

export async function closeParts(): Promise<void> {
  await closeAll();
  await standIn.end('SIGTERM');
  removeHome(standIn);
  await db.drop();
}

type Installed = Partial<Parameters<LocationStore['add']>[0]>;

/** A location and a contact that no other test knows, and a CRM that does what it is asked. */
export async function beginLead(location: Installed = {}, contact: object = {}): Promise<void> {
  ref = newRef();
  await control(standIn, 'faults', undefined, 'DELETE');
  await install(location);
  await inCrm(contact);
}

/** The lead's location, in the CRM and with us. */
export async function install(change: Installed = {}): Promise<void> {
  const { locationId } = ref;
  const token = `pit-${locationId}`;
  await control(standIn, 'locations', { id: locationId, name: 'Example Realty', _token: token });
  await sends.locations.add({
    ...{ locationId, companyId: null, name: 'Example Realty', timezone: null, token },
    settings: {
      ...defaultSettings,
      consentTags: { 'sms-consent': ['sms', 'email'] },
      postalAddress: POSTAL_ADDRESS,
    },
    workflowSecretHash: randomUUID(),
    ...change,
  });
}

/** The contact as somebody made it in the CRM. */
export async function inCrm(fields: object, { locationId, contactId } = ref): Promise<void> {
  await control(standIn, 'contacts', {
    ...{ id: contactId, locationId, phone: PHONE, email: 'robin@example.com', firstName: 'Robin' },
    ...{ tags: ['Hit List', 'sms-consent'], timezone: 'America/New_York', ...fields },
  });
}

/** @param change  what this test has otherwise, its clock as a rule */
export function parts(change: Partial<Deps> = {}): Deps {
  return partsOf(db.tenants, sends, { log, crm: crmAt(standIn.url, { tokens: sends.tokens }), ...change });
}

/** The same, whatever the database and whoever the CRM. */
export function partsOf(
  tenants: Tenants,
  { inbox, leads, outbox, locations }: Sends,
  given: Pick<Deps, 'crm' | 'log'> & Partial<Deps>,
): Deps {
  const scores = createScoreStore(tenants);
  const model = given.model ?? rules;
  return {
    ...{ inbox, leads, outbox, locations },
    sequences: createSequenceStore(tenants.house),
    restores: createRestoreStore(tenants),
    assignments: createAssignmentStore(tenants),
    actions: createCrmActionStore(tenants),
    records: createCrmRecordStore(tenants),
    model,
    scores,
    scorer: createLeadScorer({
      scores,
      own: { ready: () => Promise.resolve(null), voice: () => Promise.resolve(null) },
      model,
      crm: given.crm,
    }),
    drafts: createDraftStore(tenants),
    listings: createListingStore(tenants, productCache()),
    matcher: createListingMatcher(tenants, () => new Date()),
    alerts: createMarketAlertStore(tenants),
    assistant: noAssistant,
    pauses: { at: () => Promise.resolve() },
    mode: 'sandbox',
    now: () => new Date(),
    newId: randomUUID,
    sha256: (text) => text,
    personHash: (address) => `hash of ${address}`,
    unsubscribeLinks: testLinks,
    measure: () => undefined,
    cache: productCache(),
    times: patientTimes,
    bench: { taskDelayMs: 0, serial: false, echoGuard: true },
    ...given,
  };
}

/** What a level does without when it is late is there in tests, however busy their machine: lateness is tested by what it takes. */
export const patientTimes: LevelTimes = { store: 60_000, crm: 30_000, score: 30_000, match: 30_000 };

/** There is no key. */
export const noAssistant: Deps['assistant'] = {
  present: false,
  call: () => Promise.resolve({ kind: 'none', why: 'no-model', cost: 0 }),
};

/** The rules, as they stand in for a model. */
const rules: ScoreModel = {
  ...{ name: fallbackName, healthy: false, close: () => Promise.resolve() },
  score: (facts) => Promise.resolve(facts.map(scoreByRules)),
};

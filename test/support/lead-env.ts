import { randomBytes, randomUUID } from 'node:crypto';
import { ApplicationFailure, type Info } from '@temporalio/activity';
import { isAppError } from '../../domain/errors.ts';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { createActivities } from '../../activities/create.ts';
import { createLeadScorer } from '../../activities/lead-scorer.ts';
import type { Deps, Measurement } from '../../activities/deps.ts';
import { type DoorDeps, receiveMarketplace } from '../../api/door.ts';
import { createLocationLookup } from '../../api/location-lookup.ts';
import type { Dispatchable } from '../../domain/ports/inbox.ts';
import { defaultSettings, type LocationSettings } from '../../domain/leads/settings.ts';
import { createGhlCrm } from '../../integrations/ghl/crm.ts';
import { bundledModelFile } from '../../integrations/onnx/model-file.ts';
import { createScoreModel } from '../../integrations/onnx/score-model.ts';
import { createCredentialStore } from '../../integrations/postgres/credentials.ts';
import { createAssignmentStore } from '../../integrations/postgres/assignments.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { createLeadStore } from '../../integrations/postgres/leads.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createMarketAlertStore } from '../../integrations/postgres/market-alerts.ts';
import { createOutboxStore } from '../../integrations/postgres/outbox.ts';
import { createScoreStore } from '../../integrations/postgres/scores.ts';
import { createCrmRecordStore } from '../../integrations/postgres/crm-records.ts';
import { createCrmActionStore } from '../../integrations/postgres/crm-actions.ts';
import { createDraftStore } from '../../integrations/postgres/drafts.ts';
import { createListingStore } from '../../integrations/postgres/kept-listings.ts';
import { createListingMatcher } from '../../integrations/postgres/listing-matcher.ts';
import { createRestoreStore } from '../../integrations/postgres/restores.ts';
import { createSequenceStore } from '../../integrations/postgres/sequences.ts';
import { createCallBudget } from '../../integrations/redis/call-budget.ts';
import { createLeadMailbox } from '../../integrations/temporal/mailbox.ts';
import { bundledSequences } from '../../platform/bundled-sequences.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { createPauses } from '../../platform/pauses.ts';
import { personHash, sha256 } from '../../platform/secrets.ts';
import { createTestDatabase } from './database.ts';
import { recordingLog } from './ghl-crm.ts';
import { control, removeHome, startStandIn } from './ghl-standin.ts';
import { leadWorkers } from './lead-worker.ts';
import { productCache } from './product-cache.ts';
import { noAssistant, patientTimes } from './parts.ts';
import { leadRules } from './records.ts';
import type { Tenants } from '../../integrations/postgres/tenants.ts';
import { storedTokens, testSealing } from './tokens.ts';
import { startVirtualTime } from './virtual-time.ts';
import { testLinks } from './unsubscribing.ts';

const APP_ID = '5a4db0c50000000000000001';
const SCORE_FIELD = 'fieldScore0000000001';
const TIER_FIELD = 'fieldTier00000000001';

export type LeadEnv = Awaited<ReturnType<typeof createLeadEnv>>;

/**
 * Everything that works a lead, in virtual time: Temporal's time-skipping server, workers with the product's activities, a database of
 * its own, and the GHL stand-in, whose clock follows. One per test file, since time is one per server.
 * @param choices  what the location has chosen besides its consent tag, its address and hours that open to the second
 * @param assistant  who is asked; absent: there is no key
 * @param keep     do workers keep workflows between tasks? Those that are restarted must not: their server's time stands still while a
 *                 task waits for a worker that is gone
 */
export async function createLeadEnv(choices: Partial<LocationSettings> = {}, keep = true, assistant = noneOfIt) {
  const database = await createTestDatabase();
  const standIn = await startStandIn(undefined, { movableClock: true });
  const time = await startVirtualTime((aheadMs) => standIn.moveClock(aheadMs));
  const locationId = `loc${randomBytes(8).toString('hex')}`;
  const log = recordingLog();
  const key = randomBytes(32);
  const { pool, tenants } = database;
  const sealing = testSealing();
  const locations = createLocationStore(tenants, sealing);
  const tokens = storedTokens(createCredentialStore(tenants, sealing));
  const budget = createCallBudget({ redisUrl: undefined, log, now: () => time.now().getTime() });
  const now = () => time.now().getTime();
  const cache = productCache();
  const crm = createGhlCrm({ baseUrl: standIn.url, tokens, budget, log, cache, now });
  const inbox = createInboxStore(tenants);
  const model = await createScoreModel({ modelFile: bundledModelFile, log });
  const scores = createScoreStore(tenants);
  const own = { ready: () => Promise.resolve(null), voice: () => Promise.resolve(null) };
  const measured: Measurement[] = [];
  let skewMs = 0;
  const deps: Deps = {
    inbox,
    leads: createLeadStore(tenants, leadRules),
    sequences: createSequenceStore(tenants.house),
    outbox: createOutboxStore(tenants),
    restores: createRestoreStore(tenants),
    actions: createCrmActionStore(tenants),
    records: createCrmRecordStore(tenants),
    assignments: createAssignmentStore(tenants),
    locations,
    crm,
    cache,
    model,
    scores,
    scorer: createLeadScorer({ scores, own, model, crm }),
    drafts: createDraftStore(tenants),
    listings: createListingStore(tenants, cache),
    matcher: createListingMatcher(tenants, () => new Date()),
    alerts: createMarketAlertStore(tenants),
    assistant: assistant(tenants, { log, now: () => new Date(time.now().getTime() + skewMs), locations }),
    pauses: createPauses({ home: standIn.home, points: [], log }),
    log,
    mode: 'sandbox',
    now: () => new Date(time.now().getTime() + skewMs),
    newId: randomUUID,
    sha256,
    personHash: (address) => personHash(key, address),
    unsubscribeLinks: testLinks,
    measure: (what) => void measured.push(what),
    times: patientTimes,
    bench: { taskDelayMs: 0, serial: false, echoGuard: true },
  };
  const activities = createActivities(deps);
  const asked = createAskedWaits(() => time.now().getTime());
  const startWorkers = (codePath?: string) =>
    leadWorkers({
      connection: time.env.nativeConnection,
      namespace: time.env.namespace ?? 'default',
      leads: activities.leads,
      ghl: activities.ghl,
      claude: activities.claude,
      aroundActivity: ({ info }) => ({ inbound: inVirtualTime(time.look, asked.around(info)) }),
      ...(codePath === undefined ? {} : { codePath }),
      keep,
    });
  let workers = await startWorkers();
  const mailbox = createLeadMailbox(time.env.client, { timeoutMs: 60_000 });
  let committed: Dispatchable | undefined;
  const door: DoorDeps = {
    inbox,
    leads: deps.leads,
    lookup: createLocationLookup(locations),
    appId: APP_ID,
    verify: () => 'ok',
    hashPerson: deps.personHash,
    onCommitted: (row) => void (committed = row),
    metrics: createMetrics(),
    pauses: deps.pauses,
    patienceMs: 60_000,
    log,
    now: deps.now,
  };
  await install();

  async function install(): Promise<void> {
    const token = `pit-${locationId}`;
    await control(standIn, 'locations', {
      id: locationId,
      name: 'Example Realty',
      timezone: 'America/New_York',
      _token: token,
    });
    await control(standIn, 'limits', { disabled: true });
    await control(standIn, 'customFields', [
      {
        id: SCORE_FIELD,
        name: 'Lead Score',
        fieldKey: 'contact.lead_score',
        dataType: 'NUMERICAL',
        model: 'contact',
        locationId,
      },
      {
        id: TIER_FIELD,
        name: 'Lead Tier',
        fieldKey: 'contact.lead_tier',
        dataType: 'TEXT',
        model: 'contact',
        locationId,
      },
    ]);
    await locations.add({
      ...{ locationId, companyId: null, name: 'Example Realty', timezone: 'America/New_York', token },
      settings: {
        ...defaultSettings,
        consentTags: { 'sms-consent': ['sms', 'email'] },
        postalAddress: '400 Bay Street, Suite 210, Tampa, FL 33602',
        // Tests know to the second when the hours open.
        openingJitterSeconds: 0,
        ...choices,
      },
      workflowSecretHash: sha256(randomUUID()),
    });
    for (const document of bundledSequences()) await deps.sequences.publish(document);
  }

  /** One at a time: the database stamps what it stores with the machine's time, so the receipt is moved into the test's own. */
  async function arrive(row: Dispatchable): Promise<void> {
    await pool.query('update inbox set received_at = $2 where inbox_id = $1', [row.inboxId, time.now()]);
    await signal(row);
  }

  async function signal({ inboxId, type, contactId }: Dispatchable): Promise<void> {
    const ref = { locationId, contactId: contactId ?? '' };
    await mailbox.deliver(ref, { inboxId, kind: type, at: time.now().toISOString() });
  }

  return {
    deps,
    pool,
    tenants,
    standIn,
    time,
    locationId,
    log,
    /** What the activities have counted and timed. */
    measured,
    client: time.env.client,
    arrive,
    signal,
    /** Does the lead's applier wait for a time that lies ahead, which the CRM asked for? */
    applierWaits: asked.applierWaits,
    /** What the relay does each second: an event that was stored and of which nobody has told its lead. */
    sweep: () =>
      inbox.sweep({ olderThanMs: 2_000, redispatchAfterMs: 60_000, perLocation: 50, limit: 200 }, async (row) => {
        await signal(row);
        return true;
      }),
    /** Through the door, as the vendor delivers it; answers the inbox id. `sentAt`: the vendor's time, now unless told. */
    async deliver(type: string, body: Readonly<Record<string, unknown>>, sentAt?: Date): Promise<string> {
      await time.look();
      const timestamp = (sentAt ?? time.now()).toISOString();
      const webhook = { type, locationId, appId: APP_ID, ...body, timestamp, webhookId: randomUUID() };
      const raw = Buffer.from(JSON.stringify(webhook));
      const headers = {
        contentType: 'application/json',
        signature: 'checked elsewhere',
        secret: undefined,
        headers: {},
      };
      // The vendor delivers again what the door could not store in time.
      for (let left = 5; ; left -= 1) {
        try {
          await receiveMarketplace(door, { raw, ...headers });
          break;
        } catch (error) {
          if (left === 0 || !isAppError(error) || error.code !== 'CANNOT_STORE') throw error;
        }
      }
      await arrive(committed!);
      return committed!.inboxId;
    },
    /** The machines of the workers go wrong by so much; Temporal's clock goes on. */
    skewClock: (ms: number) => void (skewMs = ms),
    /** The workers end and others begin, with other workflow code if that is told. */
    async restartWorkers(codePath?: string): Promise<void> {
      await workers.stop();
      workers = await startWorkers(codePath);
    },
    async close(): Promise<void> {
      await workers.stop();
      await time.close();
      await Promise.all([model.close(), crm.close()]);
      await standIn.end('SIGTERM');
      removeHome(standIn);
      await database.drop();
    },
  };
}

/** Who is asked for words, given what calls of a model go through. */
export type MakeAssistant = (tenants: Tenants, given: Pick<Deps, 'log' | 'now' | 'locations'>) => Deps['assistant'];
const noneOfIt: MakeAssistant = () => noAssistant;

type Execute = NonNullable<ActivityInboundCallsInterceptor['execute']>;

/** Each activity begins by looking at the server's clock, so that `deps.now` is the time in which the workflow lives. */
function inVirtualTime(look: () => Promise<void>, around: Execute): ActivityInboundCallsInterceptor {
  return {
    async execute(input, next) {
      await look();
      return around(input, next);
    },
  };
}

/** Which appliers failed with a wait that the CRM asked for, and until when: the test server does not tell when it tries again. */
function createAskedWaits(now: () => number) {
  const until = new Map<string, number>();
  return {
    around:
      ({ activityType, workflowExecution: lead }: Info): Execute =>
      async (input, next) => {
        if (activityType !== 'applyPlan' || lead === undefined) return next(input);
        until.delete(lead.workflowId);
        try {
          return await next(input);
        } catch (error) {
          // Ours are told in milliseconds.
          if (error instanceof ApplicationFailure && typeof error.nextRetryDelay === 'number') {
            until.set(lead.workflowId, now() + error.nextRetryDelay);
          }
          throw error;
        }
      },
    applierWaits: (workflowId: string) => (until.get(workflowId) ?? 0) > now(),
  };
}

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordNews } from '../../domain/crm/records.ts';
import { isAppError } from '../../domain/errors.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import { createLeadScorer } from '../../activities/lead-scorer.ts';
import { bundledModelFile } from '../../integrations/onnx/model-file.ts';
import { createScoreModel } from '../../integrations/onnx/score-model.ts';
import { createScoreStore } from '../../integrations/postgres/scores.ts';
import { createLogger } from '../../platform/logger.ts';
import { createPreview, readingStores } from '../../platform/preview.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { crmMaker, recordingLog } from '../support/ghl-crm.ts';
import { productCache } from '../support/product-cache.ts';
import { patientTimes } from '../support/parts.ts';
import { json, startRecordingVendor } from '../support/recording-vendor.ts';
import { testSealing } from '../support/tokens.ts';

/** The wall under every preview: whatever a store of it tries to write, the database itself refuses. */

const NOW = '2026-03-02T15:00:00.000Z';
const ref = { locationId: 'here', contactId: 'somebody' };
let db: TestDatabase;
let preview: ReturnType<typeof readingStores>;
beforeAll(async () => {
  db = await createTestDatabase();
  preview = readingStores(testSealing(), db.appUrl, createLogger({ level: 'silent' }));
  await db.pool.query(
    `insert into locations (location_id, name, settings, workflow_secret_hash) values ('here', 'Example Realty', '{}', 'h')`,
  );
  await db.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at) values ('here', 'somebody', now(), now(), now())`,
  );
  await db.pool.query(
    `insert into inbox (location_id, contact_id, source, event_key, body_hash, type, kind, verdict, worked_at, body, headers)
      values ('here', 'somebody', 'marketplace', 'k', 'h', 'ContactCreate', 'contact.created', 'parked', now(), '{}', '{}')`,
  );
});
afterAll(async () => {
  await preview.close();
  await db.drop();
});

const eventId = async () => (await db.pool.query<{ id: string }>('select inbox_id as id from inbox')).rows[0]?.id ?? '';

type Stores = ReturnType<typeof readingStores>['stores'];
const location = { locationId: 'new', companyId: null, settings: defaultSettings, workflowSecretHash: 'other' };
const grant = { access: 'at', refresh: 'rt', lifeMs: 1 };
const holder = { kind: 'location', id: 'here' } as const;
const news: RecordNews = {
  ...{ kind: 'note', recordId: 'n1', contactId: 'somebody', action: 'created', facts: { body: 'x' } },
  ...{ at: NOW, timed: true },
};

/** At least one write of each store, those of the house and those of one location. */
const writes: { readonly [K in keyof Stores]: readonly ((stores: Stores, id: string) => Promise<unknown>)[] } = {
  inbox: [({ inbox }, id) => inbox.settle(id, 'worked', null), ({ inbox }, id) => inbox.assign(id, 'else')],
  inboxTools: [
    ({ inboxTools }, id) => inboxTools.replay(id, 'operator'),
    ({ inboxTools }, id) => inboxTools.ignore(id, 'a test', 'operator'),
    ({ inboxTools }) => inboxTools.begin({}, 'operator'),
  ],
  leads: [
    ({ leads }, id) => leads.act(ref, id, { action: 'pause' }, NOW),
    ({ leads }) => leads.storeNext(ref, null),
    ({ leads }) => leads.refreshSnapshot(ref, { firstName: 'Dana' }, NOW),
  ],
  outbox: [
    ({ outbox }) =>
      outbox.claim(
        ref,
        {
          onceKey: randomUUID(),
          channel: 'sms',
          purpose: 'solicitation',
          content: { body: 'x' },
          enrolmentId: null,
          stepKey: null,
        },
        NOW,
      ),
  ],
  records: [
    ({ records }) => records.keep('here', news),
    ({ records }) => records.keepLocation('here', { name: 'Another' }, NOW),
  ],
  locations: [
    ({ locations }) => locations.setStatus('here', 'uninstalled'),
    ({ locations }) => locations.add({ ...location, name: 'New', timezone: null }),
  ],
  installs: [({ installs }) => installs.expect(location, NOW), ({ installs }) => installs.begin('s', 'b', NOW, NOW)],
  credentials: [
    ({ credentials }) => credentials.install(holder, 'oauth', grant, NOW),
    ({ credentials }) => credentials.install({ kind: 'company', id: 'agency' }, 'oauth', grant, NOW),
  ],
};
const cases = Object.entries(writes).flatMap(([store, all]) => all.map((write, n) => [store, n + 1, write] as const));

/** What Postgres itself answered, however it was wrapped. */
function sqlState(error: unknown): unknown {
  if (isAppError(error)) return sqlState(error.cause);
  return (error as { code?: unknown } | undefined)?.code;
}

describe('the stores of a preview', () => {
  it.each(cases)('write nothing: the database refuses %s (%i)', async (_store, _n, write) => {
    const outcome = await write(preview.stores, await eventId()).then(
      () => 'written',
      (error: unknown) => sqlState(error),
    );
    expect(outcome).toBe('25006');
  });

  it('read what is there', async () => {
    expect(await preview.stores.locations.get('here')).toMatchObject({ status: 'active' });
    expect(await preview.stores.leads.load(ref)).toMatchObject(ref);
    expect(await preview.stores.inbox.load(await eventId())).toMatchObject({ verdict: 'parked' });
  });
});

describe('a preview', () => {
  it('never asks the CRM which field is which: what nobody remembers is unknown', async () => {
    const vendor = await startRecordingVendor();
    const { crmAt, closeAll } = crmMaker(recordingLog());
    const log = createLogger({ level: 'silent' });
    const model = await createScoreModel({ modelFile: bundledModelFile, log });
    const crm = crmAt(vendor.url, { cache: productCache() });
    const bench = { taskDelayMs: 0, serial: false, echoGuard: true };
    const scores = createScoreStore(db.tenants);
    const own = { ready: () => Promise.resolve(null), voice: () => Promise.resolve(null) };
    const scorer = createLeadScorer({ scores, own, model, crm });
    const assistant = { present: false };
    const times = patientTimes;
    const levels = { model, scorer, log, now: () => new Date(), crm, times, bench, assistant } as unknown as Parameters<
      typeof createPreview
    >[0];
    const looked = createPreview(levels, testSealing(), db.appUrl);
    const body = { firstName: 'Dana', tags: [], customFields: [{ id: 'f1', value: '400000' }] };
    await db.pool.query('update inbox set body = $1', [Buffer.from(JSON.stringify(body))]);
    try {
      expect(await looked.replay(await eventId())).toMatchObject({
        outcome: { kind: 'worked' },
        without: ['crm-fields'],
      });
      expect(vendor.calls).toEqual([]);
      vendor.answer(json(200, { customFields: [{ id: 'f1', fieldKey: 'contact.budget' }] }));
      await crm.fieldIds('here');
      expect(await looked.replay(await eventId())).toMatchObject({ without: [] });
      expect(vendor.calls).toHaveLength(1);
    } finally {
      await Promise.all([looked.close(), closeAll(), vendor.close(), model.close()]);
    }
  });
});

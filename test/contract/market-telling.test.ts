import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SequenceDocument, SequenceStep } from '../../domain/follow-up/sequence.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { bundledSequences } from '../../platform/bundled-sequences.ts';
import { createMarketAlertStore } from '../../integrations/postgres/market-alerts.ts';
import { createSequenceStore } from '../../integrations/postgres/sequences.ts';
import { type Acting, startActing } from '../support/acting.ts';
import { phoneAbroad, zoneAt } from '../support/brokerage.ts';
import { homesIn, looksFor } from '../support/homes.ts';

/** News of homes on its way with the send that tells it, whatever breaks in between. */
let acting: Acting;
let ref: LeadRef;
let homes: ReturnType<typeof homesIn>;

const shipped = bundledSequences().find(({ key }) => key === 'listing-alerts')!;
const text = shipped.steps[0] as Extract<SequenceStep, { channel: 'sms' }>;
const { when: _, ...always } = text;
const alerts: SequenceDocument = { ...shipped, version: 1, steps: [always] };

beforeAll(async () => {
  acting = await startActing();
});
afterAll(() => acting.end());
beforeEach(async () => {
  ref = await acting.begin(
    { consentTags: { 'sms-consent': ['sms', 'email'] } },
    { phone: phoneAbroad(7), timezone: zoneAt(12), tags: ['Hit List', 'sms-consent'] },
  );
  const rights = { alerts: true, training: false };
  const bay = { provider: 'reso', market: 'bay', originatingSystem: null, pollMinutes: 1, rights } as const;
  await acting.settings({ market: { feeds: [bay], alerts: { perDay: 3, collectMinutes: 0 } } });
  homes = homesIn(acting.db.pool, { ...ref, market: 'bay' });
  await waits('L1');
  await acting.sends.work(ref, { enrol: [alerts] });
});

/** News of a home that was decided just now. */
async function waits(listingKey: string): Promise<void> {
  await homes.list({ listingKey });
  await acting.db.pool.query(
    `insert into market_alerts (location_id, contact_id, listing_key, change, kind, market, as_of, decided_at)
      values ($1, $2, $3, 'new', 'new', 'bay', now(), now())`,
    [ref.locationId, ref.contactId, listingKey],
  );
}

const made = async () => {
  const calls = await acting.calls(
    ({ method, path, status }) => method === 'POST' && path === '/conversations/messages' && status < 300,
  );
  return calls.length;
};
const states = async () =>
  (await homes.alerts()).map(({ listing, state, why }) => [listing, state, why].filter(Boolean).join(' '));

/** Minute after minute, as long as something may still happen. */
async function liveOn(): Promise<void> {
  for (let minutes = 1; minutes < 25; minutes += 2) await acting.touch(minutes);
}

describe('news that is told', () => {
  it.each(['send.after-claim', 'news.after-bind', 'send.before-vendor', 'send.after-vendor', 'send.after-settle'])(
    'goes out once at most and is never told twice, where the process dies at %s',
    async (point) => {
      await acting.killed(point, () => acting.touch());
      await waits('L2');
      await liveOn();
      const sent = await made();
      const told = (await states()).filter((state) => state.startsWith('L1'));
      // Cut before the vendor was called it is not known to have gone out, and a person looks; it is never sent by itself again.
      expect({ sent, told }).toEqual(
        point === 'send.before-vendor'
          ? { sent: 0, told: ['L1 told whether its message arrived is not known'] }
          : { sent: 1, told: ['L1 told'] },
      );
    },
  );

  it('waits while the newest version of its listing cannot be read, and goes out once it can', async () => {
    const shown = (value: boolean | null) =>
      acting.db.pool.query(
        'update listings set shown = $3, content_hash = null where location_id = $1 and listing_key = $2',
        [ref.locationId, 'L1', value],
      );
    await shown(null);
    await acting.touch();
    await acting.touch(30);
    expect({ sent: await made(), told: await states() }).toEqual({ sent: 0, told: ['L1 waiting'] });
    await shown(true);
    await acting.touch(65);
    expect({ sent: await made(), told: await states() }).toEqual({ sent: 1, told: ['L1 told'] });
  });

  it('bears its send, its price and its day, and what came while it was on its way waits for the next', async () => {
    await createSequenceStore(acting.db.tenants.house).publish(shipped);
    await acting.db.pool.query(`update leads set snapshot = '{"tags": ["Hit List"]}' where location_id = $1`, [
      ref.locationId,
    ]);
    await acting.killed('send.after-vendor', () => acting.touch());
    await waits('L2');
    await liveOn();
    const [one, two] = await homes.alerts();
    expect(one).toMatchObject({
      listing: 'L1',
      state: 'told',
      step: 'text',
      price: '425000.00',
      asOf: '2026-03-10T15:00:00.000Z',
    });
    expect(two).toMatchObject({ listing: 'L2', state: 'waiting', enrolment: null });
    const { rows } = await acting.db.pool.query<{ body: string }>(
      `select distinct convert_from(body, 'UTF8') as body from inbox where location_id = $1 and kind = 'market.alert'`,
      [ref.locationId],
    );
    expect(rows).toEqual([{ body: '{"news":[["L2","new"]]}' }]);
  });

  it('is left to a person where the vendor does not say whether it went out, and not told again meanwhile', async () => {
    await acting.faults({
      match: { method: 'POST', path: '/conversations/messages' },
      times: 1,
      dropAfterHandling: true,
    });
    await acting.touch();
    expect(await states()).toEqual(['L1 waiting']);
    expect((await acting.sends.leads.followUp(ref)).news).toEqual([]);
    await liveOn();
    expect({ sent: await made(), states: await states() }).toEqual({ sent: 1, states: ['L1 told'] });
  });

  it('waits where nothing went out, and is made anew when it is tried again', async () => {
    await acting.faults({
      match: { method: 'POST', path: '/conversations/messages' },
      times: 1,
      status: 429,
      headers: { 'retry-after': '60' },
    });
    await acting.touch();
    expect(await states()).toEqual(['L1 waiting']);
    await homes.list({ listingKey: 'L1', status: 'pending' });
    await waits('L2');
    await liveOn();
    expect(await states()).toEqual(['L1 dropped the listing is not active any more', 'L2 told']);
    expect(await made()).toBe(1);
  });

  it('is dropped where its home has grown too dear, or the lead looks elsewhere by now', async () => {
    const wants = (city: string) => homes.wants(ref.contactId, looksFor(city, 425_000), new Date().toISOString());
    await acting.db.pool.query('update market_alerts set score = 0.5 where location_id = $1', [ref.locationId]);
    await wants('Tampa');
    const fit = async () => (await createMarketAlertStore(acting.db.tenants).waiting(ref)).map(({ fits }) => fits);
    expect(await fit()).toEqual([true]);
    await homes.list({ listingKey: 'L1', price: '425000.01' });
    expect(await fit()).toEqual([false]);
    await homes.list({ listingKey: 'L1' });
    await wants('Orlando');
    await liveOn();
    expect(await states()).toEqual(['L1 dropped it does not fit any more what the lead looks for']);
    expect(await made()).toBe(0);
  });

  it('has no price while the feed’s is frozen, and has it again when somebody has seen the change', async () => {
    const freeze = (field: string) =>
      acting.db.pool.query(
        `insert into market_drift (location_id, market, at, resource, field, kind, frozen) values ($1, $2, now(), 'Property', $3, 'removed', true)`,
        [ref.locationId, field === 'City' ? 'elsewhere' : 'bay', field],
      );
    for (const field of ['ListPrice', 'StandardStatus', 'City']) await freeze(field);
    const alerts = createMarketAlertStore(acting.db.tenants);
    expect((await alerts.waiting(ref)).map(({ frozen }) => [...frozen].toSorted())).toEqual([
      ['ListPrice', 'StandardStatus'],
    ]);
    await acting.db.pool.query(
      `update market_drift set acknowledged_at = now() where location_id = $1 and field = 'StandardStatus'`,
      [ref.locationId],
    );
    await liveOn();
    const { rows } = await acting.db.pool.query<{ body: string }>(
      `select content ->> 'body' as body from outbox where location_id = $1 and channel = 'sms'`,
      [ref.locationId],
    );
    expect(rows[0]?.body).toContain('New: 3 bed, 2 bath at 12 Example Street, Tampa (Example MLS');
    expect(await homes.alerts()).toMatchObject([{ state: 'told', price: null }]);
  });

  it('is dropped with the reason where the gate never opens, and by whoever skips it', async () => {
    await acting.db.pool.query(`update market_alerts set state = 'dropped' where location_id = $1`, [ref.locationId]);
    await waits('L2');
    const [enrolment] = await acting.sends.leads.enrolments(ref);
    const act = {
      actId: 'act-1',
      act: 'skip',
      enrolmentId: enrolment!.enrolmentId,
      stepKey: null,
      by: 'robin',
    } as const;
    expect(await acting.sends.leads.actOnEnrolment(ref, act, new Date().toISOString())).toMatchObject({ kind: 'done' });
    await liveOn();
    expect((await states()).at(-1)).toBe('L2 dropped a person did not want its message');
    expect(await made()).toBe(0);
  });
});

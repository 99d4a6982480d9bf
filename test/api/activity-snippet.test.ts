import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiWorld, CONTACT, LOCATION, SITE_SECRET, startApiWorld } from '../support/api-world.ts';
import { openPage } from '../support/page.ts';

/** The snippet of the docs, run as it stands there, against the real door. */

let world: ApiWorld;
let url: string;
beforeAll(async () => {
  world = await startApiWorld();
  url = `${world.url}/webhooks/activity/${SITE_SECRET}`;
  await world.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, email_hash)
      values ($1, $2, now(), now(), now(), $3)`,
    [LOCATION, CONTACT, world.deps.hashPerson('ann@example.com')],
  );
});
afterAll(() => world.stop());
beforeEach(() => world.pool.query('truncate analytics_events, activity_counts, activity_visitors, activity_hints'));

const stored = async () =>
  (await world.pool.query('select type, contact_id as contact, detail from analytics_events order by at, event_id'))
    .rows as {
    type: string;
    contact: string | null;
    detail: object;
  }[];
const counted = async () =>
  (await world.pool.query('select kind, events from activity_counts order by 1')).rows as object[];

describe('the snippet', () => {
  it('sends what was consented to together, and once', async () => {
    const page = openPage(url);
    page.leadwright.consent(true);
    page.leadwright.track('property.view', { listing: 'A1', price: 450000 });
    page.leadwright.track('search.run', { cities: ['Tampa'] });
    expect(page.posts).toEqual([]);
    await page.ring();
    expect(page.posts).toHaveLength(1);
    expect((await stored()).map(({ type, detail }) => ({ type, detail }))).toEqual(
      expect.arrayContaining([
        { type: 'property.view', detail: { listing: 'A1', price: 450000 } },
        { type: 'search.run', detail: { cities: ['Tampa'] } },
      ]),
    );
    await page.hide();
    expect(page.posts).toHaveLength(1);
  });

  it('leaves a beacon when the page is left, and sends at once when there are many', async () => {
    const page = openPage(url);
    page.leadwright.consent(true);
    for (let n = 0; n < 21; n += 1) page.leadwright.track('page.view');
    expect(page.posts).toHaveLength(1);
    await page.hide();
    expect(page.posts.map(({ beacon, body }) => [beacon, (body['events'] as []).length])).toEqual([
      [false, 20],
      [true, 1],
    ]);
    expect(await stored()).toHaveLength(21);
  });

  it('before consent keeps nothing in the browser and sends the names of kinds alone', async () => {
    const page = openPage(url);
    page.leadwright.track('property.view', { listing: 'A1' });
    page.leadwright.identify({ email: 'ann@example.com' });
    await page.ring();
    expect(page.posts.map(({ body }) => body)).toEqual([{ events: [{ kind: 'property.view' }] }]);
    expect([page.storage.size, page.cookies]).toEqual([0, []]);
    expect(await stored()).toEqual([]);
    expect(await counted()).toEqual([{ kind: 'property.view', events: 1 }]);
  });

  it('keeps no cookie with consent either, and forgets who it was when consent is taken back', async () => {
    const page = openPage(url);
    page.leadwright.consent(true);
    page.leadwright.track('page.view');
    await page.ring();
    expect([page.storage.size, page.cookies]).toEqual([1, []]);
    page.leadwright.track('property.view', { listing: 'A1' });
    page.leadwright.consent(false);
    page.leadwright.track('page.view');
    await page.ring();
    expect(page.storage.size).toBe(0);
    expect(page.posts.at(-1)?.body).toEqual({ events: [{ kind: 'page.view' }] });
  });

  it.each([{ globalPrivacyControl: true }, { doNotTrack: '1' }])(
    'sends nothing for %o, whatever the banner said',
    async (navigator) => {
      const page = openPage(url, { navigator });
      page.leadwright.consent(true);
      page.leadwright.track('page.view');
      page.leadwright.identify({ email: 'ann@example.com' });
      await page.ring();
      await page.hide();
      expect([page.posts, page.storage.size, page.cookies]).toEqual([[], 0, []]);
    },
  );

  it('makes a visitor of several pages a contact when a form is sent', async () => {
    const storage = new Map<string, string>();
    const first = openPage(url, { storage });
    first.leadwright.consent(true);
    first.leadwright.track('property.view', { listing: 'A1' });
    await first.hide();
    const second = openPage(url, { storage });
    second.leadwright.consent(true);
    second.leadwright.track('form.submitted', { form: 'viewing' });
    second.leadwright.identify({ email: 'Ann@Example.com' });
    await second.ring();
    await second.ring();
    second.leadwright.track('property.save', { listing: 'A1' });
    await second.hide();
    expect((await stored()).map(({ type, contact }) => [type, contact]).toSorted()).toEqual([
      ['form.submitted', CONTACT],
      ['property.save', CONTACT],
      ['property.view', CONTACT],
    ]);
  });

  it('comes again, later and later, while nothing can be stored, and is counted once', async () => {
    const page = openPage(url);
    page.leadwright.consent(true);
    page.leadwright.track('property.view', { listing: 'A1' });
    world.proxy.cut();
    await page.ring();
    expect(page.timers()).toEqual([5000]);
    await page.ring();
    expect(page.timers()).toEqual([10_000]);
    world.proxy.restore();
    await page.ring();
    expect(page.timers()).toEqual([]);
    expect(page.posts).toHaveLength(3);
    expect(await stored()).toHaveLength(1);
  });

  it('goes on asking nothing of a door that is not there', async () => {
    const page = openPage(`${world.url}/webhooks/activity/wrong`);
    page.leadwright.consent(true);
    page.leadwright.track('page.view');
    await page.ring();
    expect(page.timers()).toEqual([]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { brokerage, seedBrokerage } from '../../sandbox/vendors/ghl/seed.ts';
import { client, control, install, registerApp, removeHome, startStandIn } from '../support/ghl-standin.ts';
import type { RunningStandIn } from '../support/ghl-standin.ts';

let standIn: RunningStandIn;
const { locationId } = brokerage;
const params = { contactId: String(brokerage.contactIds[0]) };
const send = client(() => standIn, brokerage.token);

beforeAll(async () => {
  standIn = await startStandIn();
});

beforeEach(async () => {
  await control(standIn, 'reset');
  await seedBrokerage(standIn.url);
  const other = { id: 'OtherLocation0000001', name: 'Elsewhere', companyId: 'c2', _token: 'pit-other' };
  await control(standIn, 'locations', other);
  await control(standIn, 'contacts', { id: 'OtherContact00000001', locationId: other.id });
});

afterAll(async () => {
  await standIn.end('SIGTERM');
  removeHome(standIn);
});

describe('rate limits', () => {
  it('count per location, say so in headers, and answer 429 beyond', async () => {
    await control(standIn, 'limits', { max: 2, intervalMs: 60_000 });
    const first = await send('GET /contacts/{contactId}', { params });
    expect(first.headers.get('x-ratelimit-max')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
    expect(first.headers.get('x-ratelimit-interval-milliseconds')).toBe('60000');
    expect(first.headers.get('x-ratelimit-limit-daily')).toBe('200000');
    expect(first.headers.get('x-ratelimit-daily-remaining')).toBe('199999');
    await send('GET /contacts/{contactId}', { params });
    const third = await send('POST /contacts/{contactId}/tags', { params, body: { tags: ['late'] } });
    expect([third.status, third.headers.get('x-ratelimit-remaining')]).toEqual([429, '0']);
    const elsewhere = await send('GET /contacts/{contactId}', {
      params: { contactId: 'OtherContact00000001' },
      token: 'pit-other',
    });
    expect(elsewhere.status).toBe(200);
    await control(standIn, 'limits', { max: 100 });
    const { contact } = (await send('GET /contacts/{contactId}', { params })).body;
    expect(contact?.['tags']).toEqual(['Hit List', 'sms-consent']);
  });

  it('end the day as well, and can be set for one location alone', async () => {
    await control(standIn, 'limits', { daily: 1, locationId });
    await send('GET /contacts/{contactId}', { params });
    expect((await send('GET /contacts/{contactId}', { params })).status).toBe(429);
    await control(standIn, 'limits', { disabled: true, locationId });
    expect((await send('GET /contacts/{contactId}', { params })).status).toBe(200);
  });

  it('are one budget for all callers of a location, whichever token they hold', async () => {
    await registerApp(standIn);
    const [mine, company] = [await install(standIn, locationId), await install(standIn, brokerage.companyId)];
    await control(standIn, 'limits', { max: 2, intervalMs: 60_000 });
    const statuses: number[] = [];
    for (const token of [brokerage.token, mine.access_token, brokerage.token])
      statuses.push((await send('GET /contacts/{contactId}', { params, token })).status);
    expect(statuses).toEqual([200, 200, 429]);
    const users = { token: company.access_token, query: { companyId: brokerage.companyId } };
    expect((await send('GET /users/search', users)).headers.get('x-ratelimit-remaining')).toBe('1');
  });

  it('says when the day’s limit ends, as a duration or as a time, if it is told to', async () => {
    const resets: number[] = [];
    const before = Date.now();
    for (const dailyReset of ['duration', 'epoch']) {
      await control(standIn, 'limits', { dailyReset });
      const answer = await send('GET /contacts/{contactId}', { params });
      resets.push(Number(answer.headers.get('x-ratelimit-daily-reset')));
    }
    const [duration = 0, epoch = 0] = resets;
    expect(epoch % 86_400_000).toBe(0);
    // It is so long until then from the moment in which it was said.
    expect(epoch - duration).toBeGreaterThanOrEqual(before);
    expect(epoch - duration).toBeLessThanOrEqual(Date.now());
  });
});

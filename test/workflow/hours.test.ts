import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import { isHoliday } from '../../domain/consent/holidays.ts';
import { usStates } from '../../domain/consent/us-states.ts';
import { createLeadEnv, type LeadEnv } from '../support/lead-env.ts';
import { MINUTE, NEW_YORK, playWith } from '../support/lead-play.ts';
import { nextSwitch } from '../support/virtual-time.ts';

const HONOLULU = 'Pacific/Honolulu';

let env: LeadEnv;
let play: ReturnType<typeof playWith>;

beforeAll(async () => {
  env = await createLeadEnv();
  play = playWith(env);
});

afterEach(() => play.endAll());
afterAll(() => env.close());

/** A lead comes late in the evening before `day`: the text waits, asks again when the hours open, and goes out then. */
async function waitsUntil(opens: DateTime, person: object): Promise<void> {
  const ref = await play.newLead(person);
  const view = await play.view(ref);
  expect(view.nextAt).toBe(opens.toUTC().toISO());
  expect(await play.effects(ref)).toMatchObject({ sms: 0, triedSends: 0 });
  await env.time.skip(opens.toMillis() - env.time.now().getTime() - MINUTE);
  await play.settled(ref);
  expect(await play.effects(ref)).toMatchObject({ sms: 0, triedSends: 0 });
  await env.time.skip(2 * MINUTE);
  await play.settled(ref);
  expect(await play.effects(ref)).toMatchObject({ sms: 1, triedSends: 1 });
}

describe('the hours in which a lead is texted', () => {
  it('end at nine: a lead that comes at half past ten is texted at eight in the morning', async () => {
    const night = await env.time.skipTo(NEW_YORK, '22:30');
    const opens = DateTime.fromJSDate(night, { zone: NEW_YORK }).plus({ days: 1 }).set({ hour: 8, minute: 0 });
    await waitsUntil(opens, {});
  });

  it('open at eight by the wall clock in both nights in which the clocks change', async () => {
    for (let nights = 0; nights < 2; nights += 1) {
      const spring = nextSwitch(env.time.now(), NEW_YORK, 'spring');
      const autumn = nextSwitch(env.time.now(), NEW_YORK, 'autumn');
      const day = spring < autumn ? spring : autumn;
      const night = await env.time.skipTo(NEW_YORK, '22:30', day.minus({ days: 1 }));
      const opens = day.set({ hour: 8, minute: 0 });
      const hours = (opens.toMillis() - night.getTime()) / 3_600_000;
      expect(hours).toBe(day === spring ? 8.5 : 10.5);
      await waitsUntil(opens, {});
    }
  });

  it('are those that are open in every US state and zone when neither zone nor number tells where somebody is', async () => {
    for (const timezone of [null, 'EST']) {
      // No Sunday and no holiday, on which some states are closed.
      let day = DateTime.fromJSDate(env.time.now(), { zone: HONOLULU }).plus({ days: 1 });
      while (day.weekday > 5 || usStates.some((state) => isHoliday(day, state))) day = day.plus({ days: 1 });
      await env.time.skipTo(HONOLULU, '07:00', day);
      // The last zone of the fifty states to reach eight; in summer Adak is an hour ahead of Honolulu.
      await waitsUntil(day.set({ hour: 8 }).startOf('hour'), {
        timezone,
        phone: `+1800555${Math.floor(day.toSeconds() / 86_400) % 10_000}`,
      });
    }
  });
});

import { ok, own } from './context.ts';
import type { Operations } from './context.ts';
import { badRequest } from './refusal.ts';
import type { Row } from './store.ts';

/** Calendars are seeded. Free slots are those that the seed names in `_freeSlots`: date → start times. */
export const calendarOperations: Operations = {
  'GET /calendars/': (context) =>
    ok({ calendars: context.store.of('calendars', context.locationId).map(shownCalendar) }),
  'GET /calendars/{calendarId}': (context) =>
    ok({ calendar: shownCalendar(own(context, 'calendars', context.params['calendarId'], 'Calendar')) }),
  'GET /calendars/{calendarId}/free-slots': (context) => {
    const calendar = own(context, 'calendars', context.params['calendarId'], 'Calendar');
    const [from, to] = [Number(context.query['startDate']), Number(context.query['endDate'])];
    if (to - from > 31 * 86_400_000) throw badRequest('Date range should not be more than 31 days');
    const days = Object.entries((calendar['_freeSlots'] ?? {}) as Record<string, readonly string[]>)
      .map(([day, slots]) => [day, slots.filter((slot) => Date.parse(slot) >= from && Date.parse(slot) <= to)] as const)
      .filter(([, slots]) => slots.length > 0);
    return ok(Object.fromEntries(days.map(([day, slots]) => [day, { slots }])));
  },
};

function shownCalendar({ _freeSlots, ...calendar }: Row): Record<string, unknown> {
  return calendar;
}

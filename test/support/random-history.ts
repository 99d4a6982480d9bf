import fc from 'fast-check';
import type { Iso } from '../../domain/glossary.ts';
import type { LeadHistory } from '../../domain/scoring/features/lead-history.ts';
import { activityKinds } from '../../domain/webhooks/activity-kinds.ts';

const DAY_MS = 86_400_000;
const spring = Date.parse('2026-03-01T00:00:00.000Z');

/** An instant within a hundred days. */
export const anyInstant: fc.Arbitrary<Iso> = fc
  .integer({ min: 0, max: 100 * DAY_MS })
  .map((ms) => new Date(spring + ms).toISOString());

const perhaps = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 3 });
const price = fc.oneof(fc.integer({ min: 0, max: 2_000_000 }), fc.constantFrom(-1, 1e12));

/** What is stored of any lead, in any order, also what a broken source would bring. */
export const anyHistory: fc.Arbitrary<LeadHistory> = fc.record({
  createdAt: anyInstant,
  source: perhaps(fc.constantFrom('Zillow', 'referral', 'Facebook ads', 'Radio', '')),
  answers: fc.record(
    {
      budget: answer(fc.oneof(fc.integer({ min: -5, max: 2_000_000 }), fc.constant('a lot'))),
      timeline: answer(fc.constantFrom('immediate', 'soon', 'exploring', 'who knows')),
      financing: answer(fc.oneof(fc.boolean(), fc.constantFrom('FHA', 'voucher', 'none', '', 'Not yet'))),
      side: answer(fc.constantFrom('buy', 'sell', 'rent')),
      motivation: answer(fc.constantFrom('first home', 'downsizing')),
    },
    { requiredKeys: [] },
  ),
  messages: fc.array(
    fc.record({
      at: anyInstant,
      direction: fc.constantFrom('inbound', 'outbound'),
      channel: fc.constantFrom('sms', 'email', 'call', 'internal-comment'),
      body: fc.constantFrom('', 'Is the budget ok? When?', 'yes', 'Cash, two bedrooms'),
      human: fc.boolean(),
    }),
    { maxLength: 8 },
  ),
  behaviour: fc.array(
    fc.record(
      {
        at: anyInstant,
        kind: fc.constantFrom(...Object.keys(activityKinds), 'property.print'),
        listing: fc.constantFrom('L1', 'L2', 'L3'),
        price,
        seconds: fc.integer({ min: -1, max: 600 }),
        email: fc.constantFrom('m1', 'm2'),
      },
      { requiredKeys: ['at', 'kind'] },
    ),
    { maxLength: 12 },
  ),
  emails: fc.array(
    fc.record({
      at: anyInstant,
      event: fc.constantFrom('delivered', 'opened', 'clicked', 'failed'),
      messageId: perhaps(fc.constantFrom('m1', 'm2', 'm3')),
    }),
    { maxLength: 8 },
  ),
  appointments: fc.array(
    fc.record({
      bookedAt: anyInstant,
      self: fc.boolean(),
      startsAt: perhaps(anyInstant),
      startsAtTold: perhaps(anyInstant),
      status: perhaps(fc.constantFrom('confirmed', 'showed', 'noshow', 'cancelled')),
      statusTold: perhaps(anyInstant),
    }),
    { maxLength: 3 },
  ),
  matches: fc.array(anyInstant, { maxLength: 5 }),
  deals: fc.array(fc.record({ status: fc.constantFrom('open', 'won', 'lost'), at: anyInstant }), { maxLength: 2 }),
  since: fc.record({
    site: perhaps(anyInstant),
    emails: perhaps(anyInstant),
    appointments: perhaps(anyInstant),
    matches: perhaps(anyInstant),
  }),
});

function answer<T>(value: fc.Arbitrary<T>): fc.Arbitrary<{ value: T; at: Iso; from: string }> {
  return fc.record({ value, at: anyInstant, from: fc.constant('inbox') });
}

/** A lead of whom nothing is stored, in a team that has every source. */
export function emptyHistory(createdAt: Iso): LeadHistory {
  const since = { site: createdAt, emails: createdAt, appointments: createdAt, matches: createdAt };
  const none = { messages: [], behaviour: [], emails: [], appointments: [], matches: [], deals: [] };
  return { createdAt, source: null, answers: {}, ...none, since };
}

import { describe, expect, it } from '@jest/globals';
import { textingWindow } from '../../../domain/consent/quiet-hours.ts';
import { whereaboutsOf } from '../../../domain/consent/whereabouts.ts';
import { federalHours, forbiddenHour } from '../../support/law-hours.ts';
import { hourCases, stateDays, type HourCase } from '../../support/state-hours-table.ts';

/** Who says whether a text may go out; what is known of the person comes as the CRM has it. */
type Decides = (at: string, contact: { timezone: string; state: string | null; phone: string }) => boolean;

const product: Decides = (at, contact) =>
  textingWindow(at, { ...whereaboutsOf({ ...contact, postalCode: null }), quietHours: federalHours }).open;

const judge: Decides = (at, { timezone, state, phone }) =>
  forbiddenHour(at, { zone: timezone, state, areaCode: phone.slice(2, 5) }, federalHours) === undefined;

/** By address and number, and by the number alone. */
function wrongly(decides: Decides, { state, areaCode, zone, open, closed }: HourCase): readonly string[] {
  return [state, null].flatMap((address) => {
    const contact = { timezone: zone, state: address, phone: `+1${areaCode}5550100` };
    return [
      ...open.filter((at) => !decides(at, contact)).map((at) => `${at} is closed, address ${address}`),
      ...closed.filter((at) => decides(at, contact)).map((at) => `${at} is open, address ${address}`),
    ];
  });
}

describe.each([
  ['the gate', product],
  ['the judge', judge],
])('hours in which %s lets a text out', (_, decides) => {
  it.each(hourCases.map((one) => [one.state, one.what, one] as const))('%s: %s', (_state, _what, one) => {
    expect(wrongly(decides, one)).toEqual([]);
  });
});

describe('the next opening that the gate names', () => {
  it.each(stateDays.map((one) => [one.state, one] as const))('%s: is open, and the minute before is not', (_, one) => {
    const phone = `+1${one.areaCode}5550100`;
    const facts = {
      ...whereaboutsOf({ timezone: one.zone, state: one.state, postalCode: null, phone }),
      quietHours: federalHours,
    };
    for (const { closed } of hourCases.filter((other) => other.state === one.state)) {
      for (const at of closed) {
        const verdict = textingWindow(at, facts);
        const opensAt = verdict.open ? undefined : verdict.opensAt;
        const contact = { timezone: one.zone, state: one.state, phone };
        expect([at, opensAt !== undefined && judge(opensAt, contact)]).toEqual([at, true]);
        const before = new Date(Date.parse(opensAt!) - 60_000).toISOString();
        expect([at, textingWindow(before, facts).open]).toEqual([at, false]);
      }
    }
  });
});

describe('the table of expected hours', () => {
  it('finds a rule that knows no states, and one that knows no daylight saving', () => {
    const federal: Decides = (at, { timezone }) =>
      forbiddenHour(at, { zone: timezone, state: null, areaCode: null }, federalHours) === undefined;
    const lagging: Decides = (at, contact) => judge(new Date(Date.parse(at) - 3_600_000).toISOString(), contact);
    for (const careless of [federal, lagging]) {
      expect(hourCases.filter((one) => wrongly(careless, one).length > 0).length).toBeGreaterThan(100);
    }
  });
});

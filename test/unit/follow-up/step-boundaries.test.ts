import { describe, expect, it } from '@jest/globals';
import { type SequenceDocument } from '../../../domain/follow-up/sequence.ts';
import { bundledSequences } from '../../../platform/bundled-sequences.ts';
import { type Happens, leadOf, pureLead, type Sent } from '../../support/pure-lead.ts';

/** Those that tell of homes live by the news that waits, which this lead has none of. */
const documents: readonly SequenceDocument[] = bundledSequences()
  .filter(({ track }) => track !== 'market')
  .map((document) => ({ ...document, version: 1 }));
/** A Tuesday at ten in New York. */
const FROM = '2026-03-03T15:00:00.000Z';
const DAY = 86_400_000;
const LONG = 500 * DAY;

const who = leadOf({
  ...{ zone: 'America/New_York', state: 'NY', areaCode: '212', consents: { sms: 'granted', email: 'granted' } },
  ...{ facts: { side: 'sell' }, appointmentAt: '2026-03-06T15:00' },
});

/** What ends which track, and by what word; null: it goes on. */
const endings: Readonly<Record<string, { readonly talk: string | null; readonly appointment: string | null }>> = {
  reply: { talk: 'reply', appointment: null },
  'opt-out': { talk: 'opt-out', appointment: 'opt-out' },
  booking: { talk: 'booking', appointment: null },
  takeover: { talk: 'takeover', appointment: null },
  doubtful: { talk: 'possible opt-out', appointment: 'possible opt-out' },
  stop: { talk: 'stopped', appointment: 'stopped' },
  'stop-tag': { talk: 'stop tag', appointment: 'stop tag' },
  'do-not-disturb': { talk: 'do not disturb', appointment: 'do not disturb' },
  closed: { talk: 'opportunity closed', appointment: null },
  deleted: { talk: 'contact deleted', appointment: 'contact deleted' },
};

/** Of each document one life without a disturbance. */
const lives = new Map(
  documents.map((document) => {
    const lead = pureLead(document, who, FROM);
    lead.liveTo(Date.parse(FROM) + LONG);
    return [document.key, { ended: lead.ended, sent: lead.sent, outcomes: lead.outcomes }] as const;
  }),
);

function undisturbed({ key }: SequenceDocument) {
  return lives.get(key)!;
}

const steps = (sent: readonly Sent[]): string[] => sent.map(({ step }) => step);

/** Instants around which something may happen: before the first step, and right before and after each message. */
function boundaries(document: SequenceDocument): readonly { readonly name: string; readonly at: number }[] {
  const { sent } = undisturbed(document);
  return [
    { name: 'before the first step', at: Date.parse(FROM) - 1 },
    ...sent.flatMap(({ at, step }) => [
      { name: `right before ${step}`, at: Date.parse(at) - 1 },
      { name: `right after ${step}`, at: Date.parse(at) + 1 },
    ]),
  ];
}

/** A doubtful word pauses the lead as well; what is held stays held until a person has looked. */
const silences = new Set(['takeover', 'doubtful']);

describe.each(documents)('$key', (document) => {
  it('runs to its end, each step once', () => {
    const { ended, outcomes, sent } = undisturbed(document);
    expect(ended).toBe('completed');
    expect(Object.keys(outcomes).toSorted()).toEqual(document.steps.map(({ key }) => key).toSorted());
    expect(new Set(sent.map(({ step }) => step)).size).toBe(sent.length);
    expect(sent.length).toBeGreaterThan(0);
  });

  it.each(Object.entries(endings))('at each of its boundaries, on: %s', (what, by) => {
    const ending = by[document.track === 'appointment' ? 'appointment' : 'talk'];
    const goesOn = ending === null && !silences.has(what);
    for (const { name, at } of boundaries(document)) {
      const lead = pureLead(document, who, FROM);
      lead.liveTo(at);
      // A life that was over before has no ending but its own.
      const wasOver = lead.ended !== null;
      const before = [...lead.sent];
      lead.happens(what as Happens);
      expect({ name, ended: lead.ended }).toEqual({ name, ended: wasOver ? 'completed' : ending });
      lead.liveTo(at + LONG);
      const { sent } = undisturbed(document);
      expect({ name, sent: steps(lead.sent) }).toEqual({ name, sent: steps(goesOn ? sent : before) });
      if (goesOn) expect({ name, ended: lead.ended }).toEqual({ name, ended: 'completed' });
    }
  });

  it('keeps its next message shut from the moment in which something was written, before anybody has worked it', () => {
    for (const step of document.steps) {
      if (step.channel !== 'sms' && step.channel !== 'email') continue;
      const lead = pureLead(document, who, FROM);
      expect(lead.gate(step)).toMatchObject({ open: true });
      expect(lead.gate(step, 1)).toMatchObject({ open: false, closedBy: 'unworked-inbound', then: 'hold' });
      // Claimed before, asked after: it is not wanted any more.
      lead.happens('opt-out');
      expect(lead.gate(step)).toMatchObject({ open: false, then: 'end' });
    }
  });

  it('waits through a pause, and goes on where it was', () => {
    const { sent } = undisturbed(document);
    for (const { at } of sent) {
      const lead = pureLead(document, who, FROM);
      lead.liveTo(Date.parse(at) - 1);
      const before = lead.sent.length;
      lead.happens('pause');
      lead.liveTo(Date.parse(at) + 60_000);
      expect(lead.sent).toHaveLength(before);
      lead.happens('resume');
      lead.liveTo(Date.parse(at) + LONG);
      expect(steps(lead.sent)).toEqual(steps(sent));
    }
  });
});

describe('reminders of an appointment', () => {
  const reminders = documents.find(({ key }) => key === 'appointment-reminders')!;

  it('end when the appointment is off', () => {
    const lead = pureLead(reminders, who, FROM);
    lead.happens('cancelled');
    expect(lead.ended).toBe('the appointment is off');
    lead.liveTo(Date.parse(FROM) + LONG);
    expect(lead.sent).toEqual([]);
  });

  it('wait for the lead to be handed back, and do not catch up what is late by then', () => {
    const lead = pureLead(reminders, who, FROM);
    lead.happens('takeover');
    lead.liveTo(Date.parse('2026-03-06T19:35:00.000Z'));
    expect(lead.sent).toEqual([]);
    lead.happens('hand-back');
    lead.liveTo(Date.parse(FROM) + LONG);
    expect(steps(lead.sent)).toEqual(['half-hour', 'afterwards']);
    expect(lead.outcomes).toMatchObject({ 'day-before': 'skipped', 'two-hours': 'skipped' });
  });
});

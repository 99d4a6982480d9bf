import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ContactPatch, ContactSnapshot } from '../../../domain/leads/contact.ts';
import { decide } from '../../../domain/leads/decide.ts';
import type { Qualification } from '../../../domain/leads/lead.ts';
import { mergeSnapshot } from '../../../domain/leads/merge-snapshot.ts';
import { advance } from '../../../domain/leads/qualify.ts';
import type { Reading } from '../../../domain/leads/reading.ts';
import type { LeadEvent } from '../../../domain/webhooks/event.ts';
import { enrolment, event, message, score, situation, welcome, winBack } from './situation.ts';

const minute = (n: number) => new Date(Date.UTC(2026, 2, 11, 14, n)).toISOString();
/** A list, and the same list in any other order. */
const shuffled = <T>(lists: fc.Arbitrary<T[]>) =>
  lists.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));

const onOff = fc.constantFrom('on', 'off');
const patch = fc.record(
  {
    phone: fc.constantFrom('+18135550142', '+18135550143', null),
    tags: fc.subarray(['Hit List', 'AI-Off', 'vip']),
    timezone: fc.constantFrom('America/New_York', null),
    dndChannels: fc.record({ sms: onOff, email: onOff }, { requiredKeys: [] }),
    customFields: fc.dictionary(fc.constantFrom('f1', 'f2', '__proto__'), fc.oneof(fc.integer(), fc.constant(null))),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<ContactPatch>;

function mergeAll(news: readonly { patch: ContactPatch; at: string }[]): ContactSnapshot | null {
  let known: { snapshot: ContactSnapshot; at: string } | null = null;
  for (const one of news) known = mergeSnapshot(known?.snapshot ?? null, known?.at ?? null, one.patch, one.at);
  return known?.snapshot ?? null;
}

describe('what we know of a contact', () => {
  const news = fc
    .array(patch, { minLength: 1, maxLength: 7 })
    .map((list) => list.map((one, i) => ({ patch: one, at: minute(i) })));

  it('is the same in whatever order the news came', () => {
    fc.assert(
      fc.property(shuffled(news), ([inOrder, mixed]) => {
        expect(JSON.stringify(mergeAll(mixed))).toBe(JSON.stringify(mergeAll(inOrder)));
      }),
    );
  });

  it('does not change when the same news comes again', () => {
    fc.assert(
      fc.property(news, (list) => {
        const once = mergeAll(list);
        const last = list.at(-1)!;
        const again = mergeSnapshot(once, last.at, last.patch, last.at);
        expect(again.changed).toBe(false);
        expect(again.snapshot).toEqual(once);
      }),
    );
  });

  it('tells empty from absent', () => {
    const first = mergeSnapshot(null, null, { phone: '+18135550142', email: 'dana@example.com' }, minute(0));
    const second = mergeSnapshot(first.snapshot, first.at, { phone: null, tags: [] }, minute(1));
    expect(second.snapshot).toMatchObject({ phone: null, email: 'dana@example.com', tags: [] });
    expect('timezone' in second.snapshot).toBe(false);
  });

  it('keeps what it knew of a channel when the CRM does not speak of it', () => {
    const first = mergeSnapshot(null, null, { dndChannels: { sms: 'on' } }, minute(0));
    const second = mergeSnapshot(
      first.snapshot,
      first.at,
      { dndChannels: { sms: 'unknown', email: 'off' } },
      minute(1),
    );
    expect(second.snapshot.dndChannels).toEqual({ sms: 'on', email: 'off' });
  });
});

const answers = fc.record(
  {
    budget: fc.constantFrom(300_000, 400_000),
    timeline: fc.constantFrom('immediate', 'soon'),
    financing: fc.boolean(),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Reading['answers']>;

it('the seven questions end alike in whatever order the messages came', () => {
  const said = fc.tuple(answers, fc.constantFrom('buy', 'sell', 'unknown'), fc.integer({ min: 0, max: 3 }));
  const talk = fc.array(said, { maxLength: 6 }).map((list) =>
    list.map(([given, intent, at], i) => ({
      reading: { optOut: 'none' as const, intent, answers: given },
      event: { inboxId: `inbox-${i}`, occurredAt: minute(at) },
    })),
  );
  const run = (list: readonly { reading: Reading; event: Pick<LeadEvent, 'inboxId' | 'occurredAt'> }[]) =>
    list.reduce<Qualification>((known, one) => advance(known, one.reading, one.event), {});
  fc.assert(fc.property(shuffled(talk), ([inOrder, mixed]) => expect(run(mixed)).toEqual(run(inOrder))));
});

describe('a decision', () => {
  const any = fc.record({
    kind: fc.constantFrom(
      ...(['contact.created', 'contact.updated', 'contact.tagged', 'contact.dnd'] as const),
      ...(['message.inbound', 'message.outbound', 'operator', 'task'] as const),
    ),
    stale: fc.boolean(),
    stage: fc.constantFrom('new' as const, 'engaged' as const, 'opted-out' as const, 'gone' as const),
    state: fc.constantFrom('active' as const, 'paused' as const, 'stopped' as const, 'taken-over' as const),
    optOut: fc.constantFrom('none' as const, 'clear' as const, 'ambiguous' as const, 'opt-in' as const),
    tags: fc.option(fc.subarray(['Hit List', 'Qualified', 'vip']), { nil: undefined }),
    action: fc.constantFrom(
      'pause' as const,
      'resume' as const,
      'stop' as const,
      'takeOver' as const,
      'enrol' as const,
    ),
    value: fc.integer({ min: 0, max: 100 }),
    activated: fc.boolean(),
  });
  const decided = fc.sample(any, { numRuns: 2_000, seed: 20_260_311 }).map((pick) => {
    const direction = pick.kind === 'message.inbound' ? 'inbound' : 'outbound';
    const given = situation({
      event: event(pick.kind, {
        message: pick.kind.startsWith('message') ? message(direction) : undefined,
        act: pick.kind === 'operator' ? { action: pick.action, sequence: 'win-back' } : undefined,
      }),
      stale: pick.stale,
      lead: {
        ...situation().lead,
        stage: pick.stage,
        state: pick.state,
        activatedAt: pick.activated ? minute(0) : null,
      },
      snapshot: pick.tags === undefined ? null : { tags: pick.tags },
      reading: pick.kind === 'message.inbound' ? { optOut: pick.optOut, intent: 'unknown', answers: {} } : null,
      score: score(pick.value),
      enrolments: pick.activated ? [enrolment(welcome), enrolment(winBack)] : [],
      began: pick.activated ? { 'new-lead-welcome': minute(0), 'win-back': minute(0) } : {},
    });
    return { given, made: decide(given) };
  });

  it('leaves no enrolment alive after an opt-out and begins none', () => {
    const silenced = decided.filter(({ made }) => made.stage === 'opted-out' || made.stage === 'gone');
    expect(silenced.length).toBeGreaterThan(100);
    for (const { given, made } of silenced) {
      expect(made.end).toHaveLength(given.enrolments.length);
      expect(made.enrol).toEqual([]);
    }
  });

  it('never begins a sequence because of old news, nor without an activated, active lead', () => {
    const own = decided.filter(({ given }) => given.event.kind !== 'operator');
    expect(own.some(({ made }) => made.enrol.length > 0)).toBe(true);
    for (const { given, made } of own) {
      if (given.stale || !made.active.yes || made.state !== 'active') expect(made.enrol).toEqual([]);
    }
  });

  it('wants something of the CRM only where tags allow it', () => {
    for (const { made } of decided) if (!made.active.yes) expect(made.plan).toBeNull();
  });

  it('is the same for the same situation', () => {
    for (const { given, made } of decided.slice(0, 200)) expect(decide(structuredClone(given))).toEqual(made);
  });
});

describe('whether a contact is deleted', () => {
  const told = fc.array(
    fc.record({ kind: fc.constantFrom('contact.created', 'contact.deleted', 'message.inbound'), at: fc.nat(5) }),
    { maxLength: 7 },
  ) as fc.Arbitrary<{ kind: LeadEvent['kind']; at: number }[]>;

  /** As the store keeps it: what the decision says, and the snapshot with the event's patch. */
  function deletedAfter(events: readonly { kind: LeadEvent['kind']; at: number }[]): string | null {
    let lead = situation({}).lead;
    for (const { kind, at } of events) {
      const occurredAt = minute(at);
      const contact = kind === 'contact.created' ? { toldCreatedAt: occurredAt } : undefined;
      const news = event(kind, { occurredAt, contact });
      const merged = contact === undefined ? null : mergeSnapshot(lead.snapshot, lead.snapshotAt, contact, occurredAt);
      const snapshot = merged?.snapshot ?? lead.snapshot;
      const { deletedAt, stage } = decide(situation({ lead, event: news, snapshot, score: null }));
      expect(stage === 'gone').toBe(deletedAt !== null);
      lead = { ...lead, deletedAt, stage, snapshot, snapshotAt: merged?.at ?? lead.snapshotAt };
    }
    return lead.deletedAt;
  }

  it('does not depend on the order in which its creations and deletions are heard of', () => {
    fc.assert(
      fc.property(shuffled(told), ([inOrder, mixed]) => {
        expect(deletedAfter(mixed)).toBe(deletedAfter(inOrder));
      }),
    );
  });
});

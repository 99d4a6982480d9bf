import type { Fact } from '../crm/records.ts';
import type { KnownAppointment, TalkRecord } from '../follow-up/facts.ts';
import type { Iso } from '../glossary.ts';
import type { Situation } from './decision.ts';

/** The talk and the business with a lead after this event: what it tells is stored with the decision that it leads to. */
export function talkAfter({ talk, event, recordChange }: Situation): TalkRecord {
  if (event.kind === 'message.inbound') {
    return {
      ...talk,
      heardAt: latest(talk.heardAt, event.occurredAt),
      wroteAt: latest(talk.wroteAt, event.occurredAt),
    };
  }
  if (recordChange?.kind === 'appointment') return { ...talk, appointments: appointmentsAfter(talk, recordChange) };
  if (recordChange?.kind === 'opportunity') {
    return { ...talk, opportunity: textAfter(recordChange, 'status', talk.opportunity) };
  }
  return talk;
}

type Change = NonNullable<Situation['recordChange']>;

function appointmentsAfter({ appointments }: TalkRecord, change: Change): readonly KnownAppointment[] {
  const others = appointments.filter(({ id }) => id !== change.recordId);
  if (change.what === 'deleted') return others;
  const before = appointments.find(({ id }) => id === change.recordId);
  return [
    ...others,
    {
      id: change.recordId,
      status: textAfter(change, 'status', before?.status ?? null),
      startsAt: textAfter(change, 'startsAt', before?.startsAt ?? null),
    },
  ];
}

function textAfter({ facts }: Change, name: string, before: string | null): string | null {
  const after: Fact | undefined = Object.hasOwn(facts, name) ? facts[name]?.after : undefined;
  if (after === undefined) return before;
  return typeof after === 'string' ? after : null;
}

function latest(a: Iso | null, b: Iso): Iso {
  return a !== null && Date.parse(a) > Date.parse(b) ? a : b;
}

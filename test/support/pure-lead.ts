import { judge } from '../../domain/consent/gate.ts';
import { nextStep } from '../../domain/follow-up/interpret.ts';
import { type SimulatedSend, simulatedGateFacts } from '../../domain/follow-up/simulated-gate.ts';
import { parseSimulatedLead, type SimulatedLead } from '../../domain/follow-up/simulated-lead.ts';
import {
  type Enrolment,
  isWrite,
  type MadeStep,
  type SequenceDocument,
  type StepOutcome,
} from '../../domain/follow-up/sequence.ts';
import { decide } from '../../domain/leads/decide.ts';
import type { Situation } from '../../domain/leads/decision.ts';
import { newLead } from '../../domain/leads/new-lead.ts';
import { readMessage } from '../../domain/leads/read-message.ts';
import { event, message, situation } from '../unit/leads/situation.ts';

/** What happens to a lead from outside. */
export const happenings = [
  ...(['reply', 'opt-out', 'doubtful', 'booking', 'cancelled', 'takeover', 'hand-back', 'pause', 'resume'] as const),
  ...(['stop', 'stop-tag', 'do-not-disturb', 'closed', 'deleted'] as const),
] as const;
export type Happens = (typeof happenings)[number];

export interface Sent extends SimulatedSend {
  readonly step: string;
}

export function leadOf(json: unknown): SimulatedLead {
  const parsed = parseSimulatedLead(json);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message: why }) => `${path} ${why}`).join(', '));
  return parsed.lead;
}

/**
 * A lead worked by the product's own decisions, interpreter and gate, without servers: time is a number, what is stored is a field, and a
 * call to the CRM is an entry of `sent`.
 */
export function pureLead(document: SequenceDocument, who: SimulatedLead, from: string) {
  const ref = { locationId: 'loc-1', contactId: 'con-1' };
  const created = new Date(Date.parse(from) - 3_600_000).toISOString();
  const activated = { ...newLead(ref, created), activatedAt: created, tier: 'warm' as const };
  let lead: Situation['lead'] = { ...activated, snapshot: snapshotWith({}) };
  let talk = { ...situation().talk, appointments: appointmentsOf(who.appointmentAt) };
  let now = Date.parse(from);
  let enrolment: Enrolment | null = begin(document, who, from);
  let ended: string | null = null;
  let suppressed = false;
  let told = 0;
  const sent: Sent[] = [];
  const outcomes: Record<string, StepOutcome> = {};

  const iso = (at = now): string => new Date(at).toISOString();

  /** The gate's answer to a step, now. `unworked`: something was written that no decision has looked at yet. */
  function gate(step: MadeStep, unworked = 0) {
    return judge({
      ...simulatedGateFacts(who, step, sent, iso()),
      state: { known: true, value: lead.state },
      suppressed: { known: true, value: suppressed },
      wanted: { known: true, value: enrolment !== null },
      unworkedInbound: { known: true, value: unworked },
    });
  }

  function finish(of: Enrolment, step: string, outcome: StepOutcome, at: string): void {
    outcomes[step] = outcome;
    enrolment = { ...of, notBefore: null, done: { ...of.done, [step]: { outcome, at } } };
  }

  function take(of: Enrolment, step: Enrolment['document']['steps'][number]): 'on' | 'held' {
    if (isWrite(step)) {
      finish(of, step.key, 'done', iso());
      return 'on';
    }
    const verdict = gate(step);
    if (verdict.open) {
      if (step.channel === 'sms' || step.channel === 'email')
        sent.push({ at: iso(), channel: step.channel, step: step.key });
      finish(of, step.key, 'sent', iso());
    } else if (verdict.then === 'wait' && verdict.opensAt !== undefined) {
      enrolment = { ...of, notBefore: verdict.opensAt };
    } else if (verdict.then === 'hold') {
      return 'held';
    } else {
      finish(of, step.key, verdict.then === 'task' ? 'task' : 'refused', iso());
    }
    return 'on';
  }

  /** Lives on to an instant, that one included. Nothing is taken while the lead is not active. */
  function liveTo(until: number): void {
    while (enrolment !== null && lead.state === 'active') {
      const next = nextStep(enrolment, who.facts, iso());
      if (next.kind === 'paused') break;
      if (next.kind === 'end') {
        [enrolment, ended] = [null, 'completed'];
        break;
      }
      const at = next.kind === 'wait' ? Date.parse(next.at) : now;
      if (at > until) break;
      now = Math.max(now, at);
      if (next.kind === 'skip') finish(enrolment, next.step.key, 'skipped', next.at);
      if (next.kind === 'due' && take(enrolment, next.step) === 'held') break;
    }
    now = Math.max(now, until);
  }

  /** One event, decided upon as the product does. */
  function happens(what: Happens): void {
    told += 1;
    const about = happened(what, iso(), `${told}`);
    const snapshot = about.snapshot ?? lead.snapshot;
    const decision = decide(
      situation({
        ...{ now: iso(), lead, talk, snapshot, reading: about.reading ?? null, score: null },
        ...{ enrolments: enrolment === null ? [] : [enrolment], sequences: [document], available: ['appointments'] },
        event: { ...about.event, inboxId: `inbox-${told}`, occurredAt: iso(), receivedAt: iso() },
        ...(about.recordChange === undefined ? {} : { recordChange: about.recordChange }),
      }),
    );
    lead = { ...lead, snapshot, state: decision.state, stage: decision.stage, deletedAt: decision.deletedAt };
    if (lead.state !== activated.state || what === 'resume' || what === 'hand-back')
      lead = { ...lead, stateSince: iso() };
    talk = decision.followUp.talk as typeof talk;
    suppressed ||= decision.suppress.length > 0;
    const over = decision.end.find(({ enrolmentId }) => enrolmentId === enrolment?.enrolmentId);
    if (over !== undefined) [enrolment, ended] = [null, over.reason];
    const moved = decision.move.find(({ enrolmentId }) => enrolmentId === enrolment?.enrolmentId);
    if (moved !== undefined && enrolment?.event)
      enrolment = { ...enrolment, event: { ...enrolment.event, at: moved.at } };
  }

  return {
    sent,
    outcomes,
    happens,
    liveTo,
    gate,
    get ended() {
      return ended;
    },
    get enrolment() {
      return enrolment;
    },
    get state() {
      return lead.state;
    },
    get now() {
      return now;
    },
  };
}

function begin(document: SequenceDocument, { appointmentAt }: SimulatedLead, from: string): Enrolment {
  return {
    ...{ enrolmentId: 'enr-1', document, enrolledAt: from, done: {}, notBefore: null, pausedAt: null, sendNow: null },
    event: appointmentAt === null ? null : { kind: 'appointment', id: 'app-1', at: appointmentAt },
  };
}

function appointmentsOf(at: string | null) {
  return at === null ? [] : [{ id: 'app-1', status: 'confirmed', startsAt: at }];
}

function snapshotWith(more: NonNullable<Situation['snapshot']>): NonNullable<Situation['snapshot']> {
  return { firstName: 'Dana', phone: '+12125550142', email: 'dana@example.com', tags: ['Hit List'], ...more };
}

type Told = Pick<Situation, 'event'> & Partial<Pick<Situation, 'reading' | 'snapshot' | 'recordChange'>>;

/** An event as the door would make it of what happened. */
function happened(what: Happens, at: string, id: string): Told {
  const says = (body: string): Told => ({
    event: event('message.inbound', { message: message('inbound', { body, at }) }),
    reading: readMessage(body, { optedOut: false }),
  });
  const acts = (action: 'pause' | 'resume' | 'stop'): Told => ({
    event: event('operator', { act: { action, by: 'operator' } }),
  });
  switch (what) {
    case 'reply':
      return says('Saturday at ten would be fine');
    case 'opt-out':
      return says('STOP');
    case 'doubtful':
      return says('Not interested');
    case 'takeover':
      return {
        event: event('message.outbound', { message: message('outbound', { origin: 'app', userId: 'usr-1', at }) }),
      };
    case 'hand-back':
    case 'resume':
      return acts('resume');
    case 'pause':
      return acts('pause');
    case 'stop':
      return acts('stop');
    case 'stop-tag':
      return { event: event('contact.tagged'), snapshot: snapshotWith({ tags: ['Hit List', 'AI-Off'] }) };
    case 'do-not-disturb':
      return { event: event('contact.dnd'), snapshot: snapshotWith({ dnd: true }) };
    case 'deleted':
      return { event: event('contact.deleted') };
    case 'booking':
      return records('appointment', `app-new-${id}`, { status: 'confirmed', startsAt: later(at, 2) });
    case 'cancelled':
      return records('appointment', 'app-1', { status: 'cancelled' });
    case 'closed':
      return records('opportunity', 'opp-1', { status: 'won' });
  }
}

function records(kind: 'appointment' | 'opportunity', recordId: string, facts: Readonly<Record<string, string>>): Told {
  const news = Object.fromEntries(Object.entries(facts).map(([name, after]) => [name, { after }]));
  const what = recordId.startsWith('app-new') ? 'created' : 'changed';
  return { event: event(kind), recordChange: { kind, recordId, what, facts: news } };
}

function later(at: string, days: number): string {
  return new Date(Date.parse(at) + days * 86_400_000).toISOString();
}

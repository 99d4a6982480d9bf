import type { GateFacts, GateVerdict } from '../consent/facts.ts';
import { judge } from '../consent/gate.ts';
import type { Iso } from '../glossary.ts';
import { unmet } from './conditions.ts';
import { sequenceFactsOf } from './facts.ts';
import { nextStep } from './interpret.ts';
import { type Enrolment, isWrite, type SequenceDocument, type SequenceFacts, type SequenceStep } from './sequence.ts';
import { type SimulatedLead, stateAt } from './simulated-lead.ts';
import { filledFor, simulatedGateFacts, type SimulatedSend } from './simulated-gate.ts';
import { stepText } from './step-words.ts';

/**
 * What becomes of a step at one instant. `goes-out`: the gate is open, or the CRM is written to. `waits`: asked again at `again`.
 * `task`: a call task instead. `refused`: it never goes out. `held`: a person works the lead; asked again when that is over.
 */
export interface CalendarEntry {
  readonly at: Iso;
  readonly step: string;
  readonly channel: SequenceStep['channel'];
  /** The text, the subject or the title, merge fields filled where they are known. */
  readonly words: string;
  readonly verdict: 'goes-out' | 'waits' | 'task' | 'refused' | 'held' | 'skipped';
  /** What closed the gate, or why the step was skipped; null where nothing did. */
  readonly reason: string | null;
  readonly again: Iso | null;
}

export interface Calendar {
  /** Why its trigger would not enrol this lead at the beginning; null: it would. A person may enrol it nevertheless. */
  readonly unfit: string | null;
  readonly entries: readonly CalendarEntry[];
  readonly end: { readonly at: Iso; readonly why: string };
}

/** A gate that never opens would else be told for ever. */
const MOST_ENTRIES = 2_000;

interface Run {
  readonly lead: SimulatedLead;
  readonly enrolment: Enrolment;
  readonly sent: readonly SimulatedSend[];
}

/**
 * The calendar that a lead would live with one sequence, by the interpreter and the gate that work the real ones. Pure: the same lead and
 * instant give the same calendar. It tells what is decided; that servers and vendor do their part is taken as read.
 * @param from  when the lead is enrolled
 */
export function simulate(document: SequenceDocument, lead: SimulatedLead, from: Iso): Calendar {
  const unfit = unmet(document.audience, factsAt(lead, from, from));
  const over = endedBy(document, lead, from);
  const entries: CalendarEntry[] = [];
  let run: Run = { lead, enrolment: begin(document, lead, from), sent: [] };
  let now = from;
  const until = (end: Calendar['end']): Calendar => ({ unfit, entries, end });
  while (entries.length < MOST_ENTRIES) {
    const next = nextStep(run.enrolment, factsAt(lead, from, now), now);
    if (next.kind === 'end' || next.kind === 'paused') return until({ at: now, why: 'completed' });
    const due = next.kind === 'wait' ? next.at : now;
    if (over !== undefined && Date.parse(over.at) <= Date.parse(due)) return until(over);
    now = due;
    if (next.kind === 'wait') continue;
    const { step } = next;
    const outcome = next.kind === 'skip' ? skipped(next.why) : outcomeOf(run, step, now);
    entries.push({
      at: now,
      step: step.key,
      channel: step.channel,
      words: filledFor(lead, stepText(step), step.channel).text,
      ...outcome,
    });
    if (outcome.verdict === 'held' && outcome.again === null) return until({ at: now, why: 'a person works the lead' });
    run = after(run, step, outcome, next.kind === 'skip' ? next.at : now);
  }
  return until({ at: now, why: `not told beyond ${MOST_ENTRIES} entries` });
}

function begin(document: SequenceDocument, lead: SimulatedLead, from: Iso): Enrolment {
  const { appointmentAt } = lead;
  return {
    ...{
      enrolmentId: 'simulated',
      document,
      enrolledAt: from,
      done: {},
      notBefore: null,
      pausedAt: null,
      sendNow: null,
    },
    event: eventOf(document, lead, appointmentAt),
  };
}

/** What it would be about: the lead's appointment, or the first open house among the news. */
function eventOf(
  { trigger }: SequenceDocument,
  { homes }: SimulatedLead,
  appointmentAt: Iso | null,
): Enrolment['event'] {
  if (trigger.on !== 'listing') {
    return appointmentAt === null ? null : { kind: 'appointment', id: 'simulated', at: appointmentAt };
  }
  const startsAt = homes.find(({ kind }) => kind === 'open-house')?.startsAt ?? null;
  const isAbout = trigger.change.includes('open-house') && startsAt !== null;
  return isAbout ? { kind: 'open-house', id: 'simulated', at: startsAt } : null;
}

/** The first event that ends it. An opt-out ends every sequence, whatever its exits are. */
function endedBy(document: SequenceDocument, lead: SimulatedLead, from: Iso): Calendar['end'] | undefined {
  const exits: readonly string[] = [...document.exits, 'opt-out'];
  const event = lead.events.find(({ at, what }) => exits.includes(what) && Date.parse(at) >= Date.parse(from));
  return event === undefined ? undefined : { at: event.at, why: event.what };
}

type Outcome = Pick<CalendarEntry, 'verdict' | 'reason' | 'again'>;

/** News is what the lead file says; another sequence of the market would tell what this one is not about. */
function saysNothing({ trigger }: SequenceDocument, { homes }: SimulatedLead): boolean {
  return trigger.on === 'listing' && !homes.some(({ kind }) => trigger.change.includes(kind));
}

function outcomeOf({ lead, sent, enrolment }: Run, step: SequenceStep, now: Iso): Outcome {
  if (stateAt(lead, now) !== 'active') {
    const back = lead.events.find(({ at, what }) => what === 'hand-back' && Date.parse(at) > Date.parse(now));
    return { verdict: 'held', reason: 'a person works the lead', again: back?.at ?? null };
  }
  if (isWrite(step)) return { verdict: 'goes-out', reason: null, again: null };
  if (saysNothing(enrolment.document, lead)) return skipped('no news of homes is left that it is about');
  const missing = Object.values(step).flatMap((text) =>
    typeof text === 'string' ? filledFor(lead, text, step.channel).missing : [],
  );
  if (missing.length > 0) return { verdict: 'refused', reason: `not known: ${missing.join(', ')}`, again: null };
  return told(simulatedGateFacts(lead, step, sent, now), step);
}

/** A gate's verdict in the words of the check that closed it. */
function told(facts: GateFacts, step: SequenceStep): Outcome {
  const verdict = judge(facts);
  if (verdict.open) return { verdict: 'goes-out', reason: null, again: null };
  const reason = closedBy(verdict);
  if (verdict.then === 'wait') return { verdict: 'waits', reason, again: verdict.opensAt ?? null };
  if (verdict.then === 'hold') return { verdict: 'held', reason, again: null };
  if (verdict.then === 'end' || !('withoutConsent' in step)) return { verdict: 'refused', reason, again: null };
  // The task has a gate of its own: nobody is asked to call who may not be called.
  const task = judge({ ...facts, channel: 'call-task', calls: true, words: null });
  if (task.open) return { verdict: 'task', reason, again: null };
  return { verdict: 'refused', reason: `${reason}; nor may anybody call: ${closedBy(task)}`, again: null };
}

function closedBy({ checks, closedBy: check }: GateVerdict): string {
  return checks.find((one) => one.check === check)?.finding ?? 'a fact is not known';
}

function skipped(why: string): Outcome {
  return { verdict: 'skipped', reason: why, again: null };
}

const outcomes = { 'goes-out': 'sent', task: 'task', refused: 'refused', skipped: 'skipped' } as const;

function after(run: Run, step: SequenceStep, { verdict, again }: Outcome, at: Iso): Run {
  const { enrolment, sent } = run;
  if (verdict === 'waits' || verdict === 'held') return { ...run, enrolment: { ...enrolment, notBefore: again } };
  const outcome = isWrite(step) && verdict === 'goes-out' ? 'done' : outcomes[verdict];
  const { channel } = step;
  const isSend = verdict === 'goes-out' && (channel === 'sms' || channel === 'email');
  return {
    ...run,
    enrolment: { ...enrolment, notBefore: null, done: { ...enrolment.done, [step.key]: { outcome, at } } },
    sent: isSend ? [...sent, { at, channel }] : sent,
  };
}

/** What branches look at, as of then: what the file says of the lead, and what has happened by now. */
function factsAt(lead: SimulatedLead, from: Iso, now: Iso): SequenceFacts {
  const replies = lead.events.filter(({ what, at }) => what === 'reply' && Date.parse(at) <= Date.parse(now));
  const heardAt = replies.at(-1)?.at ?? lead.heardAt ?? from;
  const nobody = {
    ...({
      qualification: {},
      snapshot: null,
      tier: null,
      score: null,
      stage: 'new',
      lastEventAt: null,
      createdAt: from,
    } as const),
  };
  const talk = {
    ...{
      heardAt,
      wroteAt: lead.everReplied || replies.length > 0 ? heardAt : null,
      emailOpened: false,
      emailClicked: false,
    },
    consent: { sms: lead.consents.sms === 'granted', email: lead.consents.email === 'granted' },
    appointments:
      lead.appointmentAt === null ? [] : [{ id: 'simulated', status: 'confirmed', startsAt: lead.appointmentAt }],
    opportunity: null,
  };
  return { ...sequenceFactsOf(nobody, talk, now), ...lead.facts };
}

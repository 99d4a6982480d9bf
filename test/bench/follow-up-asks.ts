import { countedMs, type GateFacts, type GateVerdict } from '../../domain/consent/facts.ts';
import { render } from '../../domain/follow-up/merge.ts';
import type { Enrolment, MadeStep, SequenceDocument, StepOutcome } from '../../domain/follow-up/sequence.ts';
import type { SentMessage } from '../support/follow-up-judge.ts';
import type { Random } from '../support/random.ts';
import { type Asked, factsAt, isOnePerson, lastWords } from './follow-up-facts.ts';
import { hour, iso, type Month } from './follow-up-month.ts';

/** A month as it is being lived; everything in it changes but the first five. */
export interface Playing {
  readonly month: Month;
  readonly documents: readonly SequenceDocument[];
  readonly gate: (facts: GateFacts) => GateVerdict;
  readonly random: Random;
  readonly sent: SentMessage[];
  readonly calls: { at: string; contactId: string }[];
  readonly ends: { at: string; contactId: string; by: string }[];
  readonly running: Running[];
  readonly outcomes: Partial<Record<StepOutcome, number>>;
  /** Of each contact: when its sequences began, when it last wrote, its visit, when silence is looked at next. */
  readonly began: Record<string, Record<string, string>>;
  readonly heard: Record<string, number>;
  readonly appointments: Record<string, number>;
  readonly silence: Record<string, number>;
  asks: Ask[];
  now: number;
  asked: number;
}

export interface Running {
  enrolment: Enrolment;
  readonly contactId: string;
  ended: boolean;
  /** Steps that fell due while nothing of ours ran. */
  readonly late: Set<string>;
  /** When the interpreter is asked next; infinity: it waits for something else. */
  wake: number;
}

/** Something that waits to be put before the gate. */
export interface Ask {
  readonly at: number;
  readonly contactId: string;
  readonly of: { readonly running: Running; readonly step: MadeStep } | { readonly answerBy: 'sms' | 'email' };
}

/** Puts a claimed message before the gate, and does as the gate says. */
export function put(play: Playing, ask: Ask): void {
  const { now } = play;
  if ('answerBy' in ask.of) {
    const text = `About your question of ${play.sent.length}: the house has three bedrooms.`;
    const answer = { contactId: ask.contactId, purpose: 'answer', channel: ask.of.answerBy, text } as const;
    const asked = { ...answer, text: lastWords(play.month, play.sent, answer), isStep: false, wanted: true };
    if (gateOn(play, asked).open) sends(play, asked);
    return;
  }
  const { running, step } = ask.of;
  const isOpen = !running.ended && !Object.hasOwn(running.enrolment.done, step.key);
  const wanted = isOpen && wantedOf(play, running, step);
  const asked = { ...wordsOf(play, ask.contactId, step, running.enrolment), wanted, isStep: true };
  const verdict = gateOn(play, asked);
  if (verdict.open) {
    if (asked.channel === 'call-task') play.calls.push({ at: iso(now), contactId: ask.contactId });
    else sends(play, asked, { enrolment: running.enrolment, key: step.key });
    finish(play, running, step.key, 'sent', now);
  } else if (verdict.then === 'wait' || verdict.then === 'hold') {
    // What holds it may end at any time, which the product is told; the play looks again.
    const again =
      verdict.then === 'wait' && verdict.opensAt !== undefined ? Date.parse(verdict.opensAt) : now + 3 * hour;
    running.enrolment = { ...running.enrolment, notBefore: iso(again) };
    running.wake = again;
  } else {
    const task = verdict.then === 'task' && 'withoutConsent' in step && isOpen;
    if (task) callsInstead(play, ask.contactId);
    if (isOpen) finish(play, running, step.key, task ? 'task' : 'refused', now);
  }
}

function wantedOf(play: Playing, running: Running, step: MadeStep): Asked['wanted'] {
  if (twinWrote(play, running)) return false;
  if (wasTold(play, running, step)) return 'told';
  return running.enrolment.pausedAt === null ? true : 'paused';
}

/** Another contact of the person wrote since this one was enrolled, and a reply ends the sequence. */
function twinWrote({ ends, month, now }: Playing, { contactId, enrolment }: Running): boolean {
  return (
    enrolment.document.exits.includes('reply') &&
    ends.some(
      (one) =>
        one.by === 'reply' &&
        one.contactId !== contactId &&
        isOnePerson(month, one.contactId, contactId) &&
        Date.parse(one.at) >= Date.parse(enrolment.enrolledAt) &&
        Date.parse(one.at) <= now,
    )
  );
}

/** Had the person the same step of the same sequence within a day, as this contact or another? */
function wasTold(
  play: Playing,
  { contactId, enrolment: { document, event } }: Running,
  { channel, key }: MadeStep,
): boolean {
  return play.sent.some(
    (one) =>
      one.by === 'us' &&
      one.channel === channel &&
      Date.parse(one.at) > play.now - countedMs &&
      isOnePerson(play.month, one.contactId, contactId) &&
      play.running.some(
        ({ enrolment: twin }) =>
          one.step === `${twin.enrolmentId}:${key}` &&
          twin.document.key === document.key &&
          twin.event?.id === event?.id,
      ),
  );
}

function gateOn(play: Playing, asked: Asked): GateVerdict {
  play.asked += 1;
  return play.gate(factsAt(play.month, play.sent, asked, play.now));
}

/** The task has a gate of its own. */
function callsInstead(play: Playing, contactId: string): void {
  const task = {
    contactId,
    purpose: 'solicitation',
    channel: 'call-task',
    text: '',
    isStep: false,
    wanted: true,
  } as const;
  if (gateOn(play, task).open) play.calls.push({ at: iso(play.now), contactId });
}

function sends(play: Playing, asked: Asked, of?: { readonly enrolment: Enrolment; readonly key: string }): void {
  const { contactId, channel, purpose, text } = asked;
  play.sent.push({
    ...{ at: iso(play.now), contactId, channel: channel as 'sms' | 'email', purpose, by: 'us', text },
    step: of === undefined ? null : `${of.enrolment.enrolmentId}:${of.key}`,
    ...(of === undefined ? {} : { enrolment: { at: of.enrolment.enrolledAt, exits: of.enrolment.document.exits } }),
  });
}

/** The step's words; of a hundred, one keeps its gaps and one lacks what the law wants in it, as if whoever fills them in had failed. */
function wordsOf(
  play: Playing,
  contactId: string,
  step: MadeStep,
  { event, document }: Enrolment,
): Pick<Asked, 'contactId' | 'purpose' | 'channel' | 'text'> {
  const { random, month } = play;
  const purpose = document.purpose;
  if (step.channel !== 'sms' && step.channel !== 'email') return { contactId, purpose, channel: 'call-task', text: '' };
  const zone = month.truth.contacts[contactId]!.zone;
  const filled = render(step.body, {
    contact: { firstName: contactId === 'one' ? 'Sam' : 'Alex', timezone: zone },
    location: {
      name: month.truth.location.sender,
      phone: '+15185550100',
      address: '1 Example Street',
      timezone: 'America/New_York',
    },
    agent: { name: 'Dana' },
    appointment: event === null ? null : { at: event.at },
  });
  const fault = random.below(100);
  const text = filled.ok && fault !== 0 ? filled.text : `${step.body} {{contact.firstName}}`;
  const words = { contactId, purpose, channel: step.channel, text };
  return fault === 1 && step.channel === 'sms'
    ? { ...words, text: text.replaceAll('STOP', 'us') }
    : { ...words, text: lastWords(month, play.sent, words) };
}

export function finish(play: Playing, one: Running, key: string, outcome: StepOutcome, at: number): void {
  const { enrolment } = one;
  one.enrolment = { ...enrolment, notBefore: null, done: { ...enrolment.done, [key]: { outcome, at: iso(at) } } };
  one.wake = play.now;
  play.outcomes[outcome] = (play.outcomes[outcome] ?? 0) + 1;
}

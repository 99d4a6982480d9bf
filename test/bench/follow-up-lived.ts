import type { GateFacts, GateVerdict } from '../../domain/consent/facts.ts';
import { contest, type Happening, nextSilence } from '../../domain/follow-up/contest.ts';
import { nextStep } from '../../domain/follow-up/interpret.ts';
import { isWrite, type Enrolment, type SequenceDocument, type StepOutcome } from '../../domain/follow-up/sequence.ts';
import type { FollowUpHistory } from '../support/follow-up-judge.ts';
import type { Random } from '../support/random.ts';
import { type Ask, finish, type Playing, put, type Running } from './follow-up-asks.ts';
import { type Happened, iso, minute, type Month } from './follow-up-month.ts';

/** What became of a month: the judge's history, how often the gate was asked, and how steps ended. */
export interface Lived {
  readonly history: FollowUpHistory;
  readonly asked: number;
  readonly outcomes: Readonly<Partial<Record<StepOutcome, number>>>;
  /** Of the steps that fell due during the outage: how they ended. `lost`: nobody did, and nobody will. */
  readonly late: Readonly<Partial<Record<StepOutcome | 'ended' | 'waits' | 'lost', number>>>;
}

/**
 * Lives a month with the product's interpreter, its contest of sequences and a gate, on a clock of its own. Whatever else the product does
 * (stores, workflows, vendors) is played in a simple way: its facts are those of the month itself.
 */
export function live(
  month: Month,
  documents: readonly SequenceDocument[],
  gate: (facts: GateFacts) => GateVerdict,
  random: Random,
): Lived {
  const play: Playing = {
    ...{ month, documents, gate, random, now: month.from, asked: 0 },
    ...{ sent: [], calls: [], ends: [], running: [], asks: [], outcomes: {} },
    ...{ began: {}, heard: {}, appointments: {}, silence: {} },
  };
  let next = 0;
  for (;;) {
    const happening = month.happenings[next];
    const ask = least(play.asks, (one) => up(month, one.at));
    const running = least(play.running, (one) => (one.ended ? Infinity : up(month, one.wake)));
    const silent = least(Object.entries(play.silence), ([, at]) => up(month, at));
    const times = [happening?.at ?? Infinity, ask.at, running.at, silent.at];
    play.now = Math.max(play.now, Math.min(...times));
    if (!(Math.min(...times) < month.to)) break;
    if (happening !== undefined && happening.at <= play.now) {
      next += 1;
      happens(play, happening);
    } else if (ask.at <= play.now) {
      play.asks = play.asks.filter((one) => one !== ask.one);
      put(play, ask.one!);
    } else if (running.at <= play.now) {
      wakes(play, running.one!);
    } else {
      wakesSilent(play, silent.one![0]);
    }
  }
  const { sent, calls, ends, asked, outcomes } = play;
  return { history: { ...month.truth, sent, calls, ends }, asked, outcomes, late: lateOnes(play) };
}

function lateOnes(play: Playing): Lived['late'] {
  const late: Partial<Record<StepOutcome | 'ended' | 'waits' | 'lost', number>> = {};
  for (const one of play.running) {
    for (const key of one.late) {
      const asked = play.asks.some(({ of }) => 'running' in of && of.running === one && of.step.key === key);
      const waits = asked || one.enrolment.pausedAt !== null || (one.wake >= play.month.to && one.wake < Infinity);
      const how = one.enrolment.done[key]?.outcome ?? (one.ended ? 'ended' : waits ? 'waits' : 'lost');
      late[how] = (late[how] ?? 0) + 1;
    }
  }
  return late;
}

function least<T>(from: readonly T[], time: (one: T) => number): { readonly one: T | undefined; readonly at: number } {
  let best: { one: T | undefined; at: number } = { one: undefined, at: Infinity };
  for (const one of from) {
    const at = time(one);
    if (at < best.at) best = { one, at };
  }
  return best;
}

/** Nothing of ours runs during the outage. */
function up({ outage }: Month, at: number): number {
  return outage !== null && at >= outage.at && at < outage.until ? outage.until : at;
}

function happens(play: Playing, { contactId, what }: Happened): void {
  const ends = (by: string): void => {
    play.ends.push({ at: iso(play.now), contactId, by });
    if (by !== 'reply') end(play, contactId, by);
  };
  switch (what.kind) {
    case 'activated':
      return begin(play, contactId, { on: 'lead.activated' });
    case 'enrolled': {
      const { key, trigger } = play.documents[what.pick % play.documents.length]!;
      if (trigger.on === 'appointment.booked') return;
      return begin(play, contactId, { on: 'operator', sequence: key, event: null });
    }
    case 'message':
      // It has come in, and ends what it ends once it is worked: meanwhile only the gate knows of it.
      ends('reply');
      play.heard[contactId] = play.now;
      if (what.answerAt !== null) play.asks.push({ at: what.answerAt, contactId, of: { answerBy: what.channel } });
      return;
    case 'worked':
      return end(play, contactId, 'reply');
    case 'opt-out':
    case 'takeover':
    case 'qualified':
      return ends(what.kind);
    case 'tier':
      return begin(play, contactId, { on: 'tier', becomes: what.becomes });
    case 'booked':
      ends('booking');
      play.appointments[contactId] = what.beginsAt;
      return begin(play, contactId, {
        on: 'appointment.booked',
        event: { kind: 'appointment', id: what.id, at: iso(what.beginsAt) },
      });
    case 'moved':
      play.appointments[contactId] = what.beginsAt;
      return change(play, contactId, (one) =>
        one.event?.id === what.id ? { ...one, event: { ...one.event, at: iso(what.beginsAt) } } : one,
      );
    case 'called-off':
      for (const one of running(play, contactId)) one.ended ||= one.enrolment.event?.id === what.id;
      return;
    case 'send-now':
      return change(play, contactId, (one) => {
        const open = one.document.steps.find(({ key }) => !Object.hasOwn(one.done, key));
        return { ...one, sendNow: open?.key ?? null, notBefore: null };
      });
    case 'enrolments-paused':
      return change(play, contactId, (one) => ({ ...one, pausedAt: iso(play.now) }));
    case 'enrolments-resumed':
      return change(play, contactId, (one) => ({ ...one, pausedAt: null }));
    case 'crm-text':
      play.sent.push({
        ...{ at: iso(play.now), contactId, channel: 'sms', purpose: 'solicitation', by: 'crm', step: null },
        text: 'From a campaign of the CRM.',
      });
  }
}

function running(play: Playing, contactId: string): Running[] {
  return play.running.filter((one) => one.contactId === contactId && !one.ended);
}

function end(play: Playing, contactId: string, by: string): void {
  for (const one of running(play, contactId)) {
    one.ended = by === 'opt-out' || (one.enrolment.document.exits as readonly string[]).includes(by);
  }
}

function change(play: Playing, contactId: string, how: (enrolment: Enrolment) => Enrolment): void {
  for (const one of running(play, contactId)) {
    one.enrolment = how(one.enrolment);
    one.wake = play.now;
  }
}

function begin(play: Playing, contactId: string, happening: Happening): void {
  const { now, documents } = play;
  const began = (play.began[contactId] ??= {});
  const outcome = contest({
    ...{ now: iso(now), happening, sequences: documents, began, facts: factsOf(play, contactId) },
    ...{ running: running(play, contactId).map(({ enrolment }) => enrolment), available: ['appointments'] },
  });
  for (const { enrolmentId } of outcome.end) {
    for (const one of running(play, contactId)) one.ended ||= one.enrolment.enrolmentId === enrolmentId;
  }
  for (const { document, event } of outcome.begin) {
    began[document.key] = iso(now);
    const enrolmentId = `${contactId}:${play.running.length}`;
    const enrolment = { enrolmentId, document, enrolledAt: iso(now), done: {}, notBefore: null, event };
    play.running.push({
      enrolment: { ...enrolment, pausedAt: null, sendNow: null },
      contactId,
      ended: false,
      late: new Set(),
      wake: now,
    });
  }
  waitForSilence(play, contactId);
}

function factsOf(play: Playing, contactId: string): Record<string, string | number> {
  const { now, month, heard, appointments } = play;
  const visit = appointments[contactId];
  return {
    silentHours: (now - (heard[contactId] ?? month.from)) / 3_600_000,
    everReplied: heard[contactId] === undefined ? 'no' : 'yes',
    appointment: visit === undefined ? 'none' : visit > now ? 'upcoming' : 'past',
    ...{ consentSms: 'yes', consentEmail: 'yes', side: 'sell', stage: 'new', tier: 'warm' },
  };
}

function waitForSilence(play: Playing, contactId: string): void {
  const at = nextSilence(iso(play.heard[contactId] ?? play.month.from), {
    ...{ now: iso(play.now), sequences: play.documents, began: play.began[contactId] ?? {} },
  });
  play.silence[contactId] = at === null ? Infinity : Date.parse(at);
}

function wakesSilent(play: Playing, contactId: string): void {
  play.silence[contactId] = Infinity;
  begin(play, contactId, { on: 'silence', since: iso(play.heard[contactId] ?? play.month.from) });
}

function wakes(play: Playing, one: Running): void {
  const { now, random } = play;
  const next = nextStep(one.enrolment, factsOf(play, one.contactId), iso(now));
  if ((next.kind === 'due' || next.kind === 'skip') && up(play.month, Date.parse(next.at)) !== Date.parse(next.at)) {
    one.late.add(next.step.key);
  }
  if (next.kind === 'end') {
    one.ended = true;
  } else if (next.kind === 'paused') {
    one.wake = Infinity;
  } else if (next.kind === 'wait') {
    one.wake = Date.parse(next.at);
  } else if (next.kind === 'skip') {
    finish(play, one, next.step.key, 'skipped', Date.parse(next.at));
  } else if (isWrite(next.step)) {
    finish(play, one, next.step.key, 'done', now);
  } else if (next.step.channel === 'agent-notice' || next.step.channel === 'ghl-workflow') {
    finish(play, one, next.step.key, 'recorded', now);
  } else {
    one.wake = Infinity;
    const ask: Ask = { at: now + delay(random), contactId: one.contactId, of: { running: one, step: next.step } };
    play.asks.push(ask);
    // Now and then a second worker has the same step in hand.
    if (random.chance(0.03)) play.asks.push({ ...ask, at: ask.at + random.below(5 * minute) });
  }
}

/** A claim is asked about within seconds, and now and then within minutes: what happens in between must still count. */
function delay(random: Random): number {
  return random.chance(0.1) ? random.below(20 * minute) : random.below(4_000);
}

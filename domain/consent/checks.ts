import { DateTime } from 'luxon';
import { type Channel, type Iso, isMessage } from '../glossary.ts';
import { mostSegments } from './disclosure.ts';
import { countedMs, type GateCheck, type GateFacts, type Known } from './facts.ts';
import { capOfStates, sendingWindow } from './quiet-hours.ts';
import { rampAt, unhealthy } from './sending-health.ts';
import type { ConsentStanding } from './standing.ts';

/** How a failed check wants the step to go on; `unread` is a fact that could not be read and is read again soon. */
export type Consequence = 'end' | 'hold' | 'unread' | 'task' | 'wait';

export interface Finding {
  readonly pass: boolean;
  readonly finding: string;
  readonly then?: Consequence;
  readonly opensAt?: Iso;
}

/** Solicitations to a person in any 24 hours, by the strictest of the states' laws; a location may only allow fewer. */
export const mostSolicitations = 3;
/** Answers to a person's own messages in any 24 hours. */
const mostAnswers = 20;
/** A message of theirs is answered within so many minutes, or by a person. */
const answerMinutes = 60;

/** No event of this lead tells that a human has left another contact of the person alone: it is looked at so often. */
const elsewhereMinutes = 60;

/** Clocks of the vendor may be ahead of ours by so much. */
const CLOCK_SKEW_MINUTES = 5;

export const evaluate: Readonly<Record<GateCheck, (facts: GateFacts) => Finding>> = {
  contact: ({ contact }) =>
    asFar(contact, ({ exists }) => (exists ? ok('the contact exists') : no('the contact is gone', 'end'))),

  reachable: message(({ contact, channel }) =>
    asFar(contact, ({ hasPhone, hasEmail }) => {
      const [has, what] = channel === 'sms' ? [hasPhone, 'phone number'] : [hasEmail, 'e-mail address'];
      return has ? ok(`there is a ${what}`) : no(`there is no ${what}`, 'end');
    }),
  ),

  dnd: message(({ contact }) =>
    asFar(contact, ({ dnd, dndChannel }) => {
      if (dnd) return no('do-not-disturb is on for all channels', 'end');
      if (dndChannel === 'on') return no('do-not-disturb is on for this channel', 'end');
      if (dndChannel === 'unknown') return no('do-not-disturb of this channel cannot be read', 'unread');
      return ok('do-not-disturb is off');
    }),
  ),

  purpose: message(purposeFinding),

  origin: originFinding,

  consent: message(({ consent, purpose }) =>
    asFar(consent, ({ written }) => {
      if (written === 'granted') return ok('written consent for this channel');
      if (written === 'withdrawn') return no('consent was withdrawn', 'end');
      // Whoever just wrote to us asked for the answer; everything else needs written consent: 47 CFR 64.1200(a)(2), (f)(9).
      if (purpose === 'answer') return ok('not needed to answer a message of theirs');
      return no('no written consent for this channel', 'task');
    }),
  ),

  registry: registryFinding,

  suppression: towardsLead(({ suppressed }) =>
    asFar(suppressed, (yes) => (yes ? no('the person is suppressed', 'end') : ok('the person is not suppressed'))),
  ),

  'quiet-hours': message((facts) => {
    if (facts.purpose === 'answer' && facts.answersAtNight) return ok('this location answers at any hour');
    return asFar(facts.contact, (where) => {
      const window = sendingWindow(facts.now, { ...where, quietHours: facts.quietHours });
      if (window.open) return ok('inside the sending hours');
      const { reason, opensAt } = window;
      return opensAt === undefined ? no(reason, 'hold') : { ...no(reason, 'wait'), opensAt };
    });
  }),

  cap: message(capFinding),

  takeover: takeoverFinding,

  location: ({ location }) =>
    asFar(location, (status) => {
      if (status === 'active') return ok('the location is active');
      if (status === 'uninstalled') return no('the location is uninstalled', 'end');
      return no(status === 'paused' ? 'the location is paused' : 'the location is parked', 'hold');
    }),

  health: message(({ sending, health }) =>
    asFar(sending, (tally) => {
      if (tally.paused !== null) return no(`paused by itself: ${tally.paused.why}`, 'hold');
      const why = unhealthy(tally, health);
      return why === undefined ? ok('few enough messages failed or were unwelcome') : no(why, 'hold');
    }),
  ),

  ramp: message(rampFinding),

  'unworked-inbound': towardsLead(({ unworkedInbound }) =>
    asFar(unworkedInbound, (count) =>
      count === 0 ? ok('all that was written was worked') : no('something written is not worked yet', 'hold'),
    ),
  ),

  wanted: ({ wanted, now }) =>
    asFar(wanted, (yes) => {
      if (yes === 'paused') return no('a person paused this enrolment', 'hold');
      if (yes === 'told') return no('the person was told the same within a day', 'end');
      if (yes === 'reply') return no('the person wrote by another contact, which ends this sequence', 'end');
      if (yes === 'booking')
        return no('another contact of the person has an appointment, which ends this sequence', 'end');
      if (yes === 'moved') return atOnce('what it is about has moved since the step was taken', now);
      return yes ? ok('still wanted') : no('not wanted any more', 'end');
    }),

  activation: ({ activated }) =>
    asFar(activated, (yes) => (yes ? ok('activated by its tags') : no('its tags do not allow us to act', 'end'))),

  words: message(wordsFinding),
};

/** A workflow of the CRM may text whom a sequence puts into it; no task can take its place. */
function originFinding(facts: GateFacts): Finding {
  const { channel, step, consent } = facts;
  if (!isMessage(channel) && (channel !== 'ghl-workflow' || step === undefined)) return notAsked(facts);
  return asFar(consent, ({ origin }) =>
    origin === 'bought'
      ? no('the lead is from a bought list: people call it, nobody writes to it', isMessage(channel) ? 'task' : 'end')
      : ok('not from a bought list that we know of'),
  );
}

/**
 * Whoever works a person works all contacts of theirs. A contact that was stopped by hand binds itself alone: of two contacts of one person
 * the spare one is stopped so that the other may be worked, and who wants to hear no more is suppressed.
 */
function takeoverFinding({ state, elsewhere, channel, step, now }: GateFacts): Finding {
  return asFar(state, (value) => {
    if (value === 'stopped') return no('the lead is stopped', 'end');
    // A doubtful opt-out pauses the lead until somebody has looked: the task to look must not wait for that. Notes and opportunities
    // are the team's as well; a workflow may write to the lead.
    if (value !== 'active' && forTeam(channel) && step === undefined) return ok('for the human who works this lead');
    if (value !== 'active') return no(value === 'paused' ? 'the lead is paused' : 'a human has taken over', 'hold');
    if (elsewhere === undefined || forTeam(channel)) return ok('automation works this lead');
    const why =
      elsewhere === 'paused'
        ? 'another contact of the person is paused'
        : 'a human works another contact of the person';
    const again = instant(now)?.plus({ minutes: elsewhereMinutes });
    return { ...no(why, 'hold'), ...(again === undefined ? {} : { opensAt: utc(again) }) };
  });
}

/** Nobody is believed that a message is an answer: there must be a message of theirs, on this channel, that is new enough. */
function purposeFinding({ purpose, step, wroteAt, now }: GateFacts): Finding {
  if (purpose === 'solicitation') return ok('a solicitation');
  if (step) return no('a step of a sequence answers nobody', 'end');
  return asFar(wroteAt, (at) => {
    if (at === null) return no('they have not written on this channel', 'task');
    const minutes = (Date.parse(now) - Date.parse(at)) / 60_000;
    if (Number.isNaN(minutes)) return no('when they wrote cannot be read', 'unread');
    const inTime = minutes <= answerMinutes && minutes >= -CLOCK_SKEW_MINUTES;
    return inTime
      ? ok('an answer to a message of theirs')
      : no(`they did not write in the last ${answerMinutes} minutes`, 'task');
  });
}

/**
 * The Do-Not-Call registries bind calls and texts. Written consent or an established business relationship excuses them, and so does the
 * person's own message that is answered. What was not looked up lately keeps nobody from being called: the task says that it is not known.
 * @see 47 CFR 64.1200(c)(2), (f)(5)
 */
function registryFinding(facts: GateFacts): Finding {
  const { channel, purpose, calls, consent, now } = facts;
  if (channel !== 'sms' && calls === undefined) return notAsked(facts);
  return asFar(consent, (standing) => {
    if (calls && standing.written === 'withdrawn') return no('they asked not to be called', 'end');
    if (!calls && purpose === 'answer') return ok('not asked for an answer to a message of theirs');
    if (standing.written === 'granted') return ok('written consent excuses the Do-Not-Call registries');
    if (related(standing, now)) return ok('an established business relationship excuses the Do-Not-Call registries');
    if (standing.registry === 'clear') return ok('on no Do-Not-Call registry');
    if (standing.registry === 'listed') return no('on a Do-Not-Call registry', calls ? 'end' : 'task');
    return calls ? ok('not looked up in 31 days, which the task says') : no('not looked up in 31 days', 'task');
  });
}

function related({ relationship }: ConsentStanding, now: Iso): boolean {
  return relationship !== null && Date.parse(relationship.until) > Date.parse(now);
}

/** The rolling window of 24 hours opens a minute after its oldest message has left it. Whatever a location has stored, the law's cap holds. */
function capFinding({ purpose, sentIn24h, capPer24h: asked, contact, now }: GateFacts): Finding {
  const ofStates = contact.known ? capOfStates(now, contact.value) : null;
  const cap = purpose === 'answer' ? mostAnswers : Math.min(asked, mostSolicitations, ofStates ?? mostSolicitations);
  return asFar(sentIn24h, ({ count, oldestAt }) => {
    const readable = Number.isInteger(count) && count >= 0 && Number.isInteger(cap) && cap >= 0;
    if (!readable) return no('the count of messages or its cap cannot be read', 'unread');
    if (count < cap) return ok(`${count} of ${cap} in 24 hours`);
    const full = `${count} in 24 hours, ${cap} allowed`;
    if (cap === 0) return no(full, 'hold');
    return untilLeft(full, oldestAt, now);
  });
}

/** A number that is new to carriers sends more from day to day. */
function rampFinding({ channel, purpose, sending, health, words, now }: GateFacts): Finding {
  const most = channel === 'sms' && purpose === 'solicitation' ? rampAt(now, health.newNumberSince) : null;
  if (most === null) return ok('the number is not new');
  return asFar(sending, ({ segments, oldestAt }) => {
    const after = segments + (words?.segments ?? 1);
    if (after <= most) return ok(`${after} of ${most} segments of a new number in 24 hours`);
    return untilLeft(`${segments} segments in 24 hours, ${most} allowed of a new number`, oldestAt, now);
  });
}

function untilLeft(full: string, oldestAt: Iso | null, now: Iso): Finding {
  const leaves = instant(oldestAt)?.plus({ milliseconds: countedMs });
  if (leaves === undefined) return no(`${full}; the oldest one's time cannot be read`, 'unread');
  // A window that has just moved on must not be asked about at the same instant for ever.
  const soonest = nextSecond(now) ?? leaves;
  return { ...no(full, 'wait'), opensAt: utc(DateTime.max(leaves, soonest)) };
}

function atOnce(why: string, now: Iso): Finding {
  const soonest = nextSecond(now);
  return soonest === undefined ? no(why, 'unread') : { ...no(why, 'wait'), opensAt: utc(soonest) };
}

function nextSecond(now: Iso): DateTime<true> | undefined {
  return instant(now)?.plus({ seconds: 1 });
}

function wordsFinding({ words, contact }: GateFacts): Finding {
  if (!contact.known) return no('the words cannot be filled in yet', 'unread');
  if (words === null || words.empty) return no('there are no words', 'end');
  if (words.unresolved) return no('a merge field has no value', 'end');
  if (words.segments > mostSegments) return no(`${words.segments} segments, ${mostSegments} allowed`, 'end');
  if (words.lacks.length > 0) return no(`an e-mail needs ${words.lacks.join(', ')}`, 'hold');
  if (words.first && !words.namesSender) return no('a first text must name its sender', 'hold');
  if (words.first && !words.tellsOptOut) return no('a first text must say how to opt out', 'hold');
  return ok(words.first ? 'a first text that names its sender and says how to opt out' : 'the words are whole');
}

/** A check about messages only. */
function message(check: (facts: GateFacts) => Finding): (facts: GateFacts) => Finding {
  return (facts) => (isMessage(facts.channel) ? check(facts) : notAsked(facts));
}

/** A check also about what may write to the lead in its turn: a workflow of the CRM. */
function towardsLead(check: (facts: GateFacts) => Finding): (facts: GateFacts) => Finding {
  return (facts) => (forTeam(facts.channel) ? notAsked(facts) : check(facts));
}

function forTeam(channel: Channel): boolean {
  return channel === 'call-task' || channel === 'note' || channel === 'opportunity';
}

function notAsked({ channel }: GateFacts): Finding {
  return ok(`not asked for ${named[channel]}`);
}

const named: Readonly<Record<Channel, string>> = {
  sms: 'an SMS',
  email: 'an e-mail',
  'call-task': 'a task',
  note: 'a note',
  opportunity: 'an opportunity',
  'ghl-workflow': 'a workflow of the CRM',
};

/** The check as far as the fact is known; an unknown one closes the gate and is read again soon. */
function asFar<T>(fact: Known<T>, check: (value: T) => Finding): Finding {
  return fact.known ? check(fact.value) : no(`unknown: ${fact.why}`, 'unread');
}

export function ok(finding: string): Finding {
  return { pass: true, finding };
}

function no(finding: string, then: Consequence): Finding {
  return { pass: false, finding, then };
}

export function instant(value: Iso | null): DateTime<true> | undefined {
  const read = DateTime.fromISO(value ?? '', { zone: 'utc' });
  return read.isValid ? read : undefined;
}

export function utc(value: DateTime<true>): Iso {
  return value.toUTC().toISO();
}

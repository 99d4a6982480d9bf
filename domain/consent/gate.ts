import { DateTime } from 'luxon';
import { type Channel, type Iso, isMessage } from '../glossary.ts';
import type { GateCheck, GateFacts, GateVerdict, Known } from './facts.ts';
import { textingWindow } from './quiet-hours.ts';

/** How a failed check wants the step to go on; `unread` is a fact that could not be read and is read again soon. */
type Consequence = 'end' | 'hold' | 'unread' | 'task' | 'wait';

interface Finding {
  readonly pass: boolean;
  readonly finding: string;
  readonly then?: Consequence;
  readonly opensAt?: Iso;
}

/** Solicitations to a person in any 24 hours, by the strictest of the states' laws; a location may only allow fewer. */
export const mostSolicitations = 3;

const seconds = { hold: 30, pausedLocation: 900 } as const;
/** A read that failed once is soon tried again; one that keeps failing is left in peace for longer. */
const unreadSeconds = [60, 120, 300] as const;

/**
 * May this step go out now? Every check is evaluated and told, in a fixed order, and an unreadable fact closes the gate.
 *
 * Several failed checks may want different things; the most final one is followed. A person who opted out gets no call task for want of
 * consent, and a takeover is not answered by one either: `end`, then `hold`, then reading again what could not be read, then `task`,
 * then `wait`. `closedBy` names the first failed check, whichever was followed.
 *
 * A call task, a note, an opportunity is for the team: it asks only whether the contact, the enrolment, the lead, the location and the
 * activation are there. A workflow of the CRM may write to the lead: it asks for opt-outs and for what was not worked yet as well.
 * @returns the verdict, free of personal data. `opensAt` with `wait` is the first instant at which time has opened all that it alone can
 *          open; with `hold` it is a safety net, since the change that opens it is told by an event
 */
export function judge(facts: GateFacts): GateVerdict {
  const findings = order.map((check) => ({ check, ...evaluate[check](facts) }));
  const checks = findings.map(({ check, pass, finding }) => ({ check, pass, finding }));
  const failed = findings.filter(({ pass }) => !pass);
  const [first] = failed;
  if (first === undefined) return { open: true, checks };

  const followed = finality.find((consequence) => failed.some(({ then }) => then === consequence)) ?? 'end';
  const opensAt = whenNext(followed, failed, facts);
  const then = followed === 'unread' ? 'wait' : followed;
  return {
    ...{ open: false, checks, closedBy: first.check, then },
    ...(followed === 'unread' ? { unread: true as const } : {}),
    ...(opensAt === undefined ? {} : { opensAt }),
  };
}

const finality: readonly Consequence[] = ['end', 'hold', 'unread', 'task', 'wait'];

const order: readonly GateCheck[] = [
  ...(['contact', 'reachable', 'dnd', 'consent', 'suppression', 'quiet-hours'] as const),
  ...(['cap', 'takeover', 'location', 'unworked-inbound', 'wanted', 'activation'] as const),
];

const evaluate: Readonly<Record<GateCheck, (facts: GateFacts) => Finding>> = {
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

  consent: message(({ consent, purpose }) =>
    asFar(consent, (state) => {
      if (state === 'granted') return ok('written consent for this channel');
      if (state === 'withdrawn') return no('consent was withdrawn', 'end');
      // Whoever just wrote to us asked for the answer; everything else needs written consent: 47 CFR 64.1200(a)(2), (f)(9).
      if (purpose === 'answer') return ok('not needed to answer a message of theirs');
      return no('no written consent for this channel', 'task');
    }),
  ),

  suppression: towardsLead(({ suppressed }) =>
    asFar(suppressed, (yes) => (yes ? no('the person is suppressed', 'end') : ok('the person is not suppressed'))),
  ),

  'quiet-hours': message((facts) =>
    asFar(facts.contact, ({ timezone }) => {
      const window = textingWindow(facts.now, { timezone, quietHours: facts.quietHours });
      if (window.open) return ok('inside the sending hours');
      const { reason, opensAt } = window;
      return opensAt === undefined ? no(reason, 'hold') : { ...no(reason, 'wait'), opensAt };
    }),
  ),

  cap: message(capFinding),

  takeover: ({ state, channel, step }) =>
    asFar(state, (value) => {
      if (value === 'active') return ok('automation works this lead');
      if (value === 'stopped') return no('the lead is stopped', 'end');
      // A doubtful opt-out pauses the lead until somebody has looked: the task to look must not wait for that. Notes and opportunities
      // are the team's as well; a workflow may write to the lead.
      if (forTeam(channel) && step === undefined) return ok('for the human who works this lead');
      return no(value === 'paused' ? 'the lead is paused' : 'a human has taken over', 'hold');
    }),

  location: ({ location }) =>
    asFar(location, (status) => {
      if (status === 'active') return ok('the location is active');
      if (status === 'uninstalled') return no('the location is uninstalled', 'end');
      return no(status === 'paused' ? 'the location is paused' : 'the location is parked', 'hold');
    }),

  'unworked-inbound': towardsLead(({ unworkedInbound }) =>
    asFar(unworkedInbound, (count) =>
      count === 0 ? ok('all that was written was worked') : no('something written is not worked yet', 'hold'),
    ),
  ),

  wanted: ({ wanted }) => asFar(wanted, (yes) => (yes ? ok('still wanted') : no('not wanted any more', 'end'))),

  activation: ({ activated }) =>
    asFar(activated, (yes) => (yes ? ok('activated by its tags') : no('its tags do not allow us to act', 'end'))),
};

/** The rolling window of 24 hours opens when its oldest message has left it. Whatever a location has stored, the law's cap holds. */
function capFinding({ purpose, sentIn24h, capPer24h: asked, now }: GateFacts): Finding {
  const capPer24h = purpose === 'answer' ? asked : Math.min(asked, mostSolicitations);
  return asFar(sentIn24h, ({ count, oldestAt }) => {
    const readable = Number.isInteger(count) && count >= 0 && Number.isInteger(capPer24h) && capPer24h >= 0;
    if (!readable) return no('the count of messages or its cap cannot be read', 'unread');
    if (count < capPer24h) return ok(`${count} of ${capPer24h} in 24 hours`);
    const full = `${count} in 24 hours, ${capPer24h} allowed`;
    if (capPer24h === 0) return no(full, 'hold');
    const leaves = instant(oldestAt)?.plus({ hours: 24 });
    if (leaves === undefined) return no(`${full}; the oldest one's time cannot be read`, 'unread');
    // A window that has just moved on must not be asked about at the same instant for ever.
    const soonest = instant(now)?.plus({ seconds: 1 }) ?? leaves;
    return { ...no(full, 'wait'), opensAt: utc(DateTime.max(leaves, soonest)) };
  });
}

/** When to ask again; undefined where only an event can change the answer, or nothing can. */
function whenNext(
  followed: Consequence,
  failed: readonly (Finding & { check: GateCheck })[],
  facts: GateFacts,
): Iso | undefined {
  const now = instant(facts.now);
  if (followed === 'end' || followed === 'task' || now === undefined) return undefined;
  if (followed === 'hold') {
    const held = failed.filter(({ then }) => then === 'hold').map(({ check }) => check);
    if (held.includes('quiet-hours') || held.includes('cap')) return undefined;
    return utc(now.plus({ seconds: held.includes('location') ? seconds.pausedLocation : seconds.hold }));
  }
  const opening = failed.flatMap(({ opensAt }) => instant(opensAt ?? null) ?? []);
  if (followed === 'unread') return utc(DateTime.max(now.plus({ seconds: unreadWait(facts) }), ...opening));
  const latest = utc(DateTime.max(now, ...opening));
  // The cap may open at night: then the morning after is the first instant at which both are open.
  const timezone = facts.contact.known ? facts.contact.value.timezone : null;
  const window = textingWindow(latest, { timezone, quietHours: facts.quietHours });
  return window.open ? latest : window.opensAt;
}

function unreadWait({ unreadBefore = 0 }: GateFacts): number {
  return unreadSeconds[unreadBefore] ?? unreadSeconds[unreadSeconds.length - 1]!;
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
  'call-task': 'a call task',
  note: 'a note',
  opportunity: 'an opportunity',
  'ghl-workflow': 'a workflow of the CRM',
};

/** The check as far as the fact is known; an unknown one closes the gate and is read again soon. */
function asFar<T>(fact: Known<T>, check: (value: T) => Finding): Finding {
  return fact.known ? check(fact.value) : no(`unknown: ${fact.why}`, 'unread');
}

function ok(finding: string): Finding {
  return { pass: true, finding };
}

function no(finding: string, then: Consequence): Finding {
  return { pass: false, finding, then };
}

function instant(value: Iso | null): DateTime<true> | undefined {
  const read = DateTime.fromISO(value ?? '', { zone: 'utc' });
  return read.isValid ? read : undefined;
}

function utc(value: DateTime<true>): Iso {
  return value.toUTC().toISO();
}

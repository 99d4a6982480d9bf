import { isOff } from '../../follow-up/facts.ts';
import { holdsNumber, questionsIn } from '../features.ts';
import type { SeenLead } from './lead-history.ts';
import type { Feature } from './registry.ts';
import { counted, hours, percent } from './say.ts';
import { median } from './site-features.ts';

const HOUR_MS = 3_600_000;

/** What most features of the talk have in common: they are there once somebody has written to somebody. */
const ofTalk = {
  version: 1,
  type: 'number',
  unit: 'count',
  source: 'messages',
  freshHours: null,
  knownAt: 'contact',
  fairHousing: 'allowed',
  owner: 'scoring',
} as const;

const ofMail = { ...ofTalk, source: 'email_events, analytics_events' } as const;
const ofCalendar = { ...ofTalk, source: 'appointments, analytics_events' } as const;

export const talkFeatures: readonly Feature<SeenLead>[] = [
  {
    ...ofTalk,
    name: 'messagesReceived',
    words: { topic: 'messages from the lead', say: (value) => `wrote ${counted(Number(value), 'message')}` },
    read: ({ inbound }) => inbound.length,
  },
  {
    ...ofTalk,
    name: 'messagesSent',
    words: { topic: 'messages to the lead', say: (value) => `was sent ${counted(Number(value), 'message')}` },
    read: ({ messages }) => messages.filter(({ direction }) => direction === 'outbound').length,
  },
  {
    ...ofTalk,
    name: 'answeredShare',
    unit: 'share',
    words: { topic: 'messages answered', say: (value) => `answered ${percent(Number(value))} of the times we wrote` },
    read: (seen) => answeredShare(seen),
  },
  {
    ...ofTalk,
    name: 'answerHours',
    unit: 'hours',
    words: { topic: 'time to an answer', say: (value) => `usually answers within ${hours(Number(value))}` },
    read: (seen) => median(answerHours(seen).sort((a, b) => a - b)),
  },
  {
    ...ofTalk,
    name: 'hoursSinceReply',
    unit: 'hours',
    freshHours: 24,
    words: { topic: 'last message from the lead', say: (value) => `last wrote ${hours(Number(value))} ago` },
    read: (seen) => (seen.inbound.length === 0 ? null : (seen.asOf - seen.inbound.at(-1)!.at) / HOUR_MS),
  },
  {
    ...ofTalk,
    name: 'teamReplyHours',
    unit: 'hours',
    words: {
      topic: 'our first personal message',
      say: (value) => `heard from a person of the team after ${hours(Number(value))}`,
    },
    read: ({ messages, createdAt }) => {
      const first = messages.find(({ direction, human }) => direction === 'outbound' && human);
      return first === undefined ? null : Math.max(0, first.at - createdAt) / HOUR_MS;
    },
  },
  {
    ...ofTalk,
    name: 'textLength',
    unit: 'characters',
    fairHousing: 'watched',
    words: {
      topic: 'length of messages',
      say: (value) => `writes about ${Math.round(Number(value))} characters at a time`,
    },
    read: (seen) => mean(texts(seen).map((text) => text.length)),
  },
  {
    ...ofTalk,
    name: 'questionsAsked',
    version: 2,
    fairHousing: 'watched',
    words: { topic: 'questions from the lead', say: (value) => `asked ${counted(Number(value), 'question')}` },
    read: (seen) => texts(seen).reduce((sum, text) => sum + questionsIn(text), 0),
  },
  {
    ...ofTalk,
    name: 'detailShare',
    version: 2,
    unit: 'share',
    fairHousing: 'watched',
    words: {
      topic: 'numbers in messages',
      say: (value) => `gives numbers in ${percent(Number(value))} of the messages`,
    },
    read: (seen) => mean(texts(seen).map((text) => (holdsNumber(text) ? 1 : 0))),
  },
  {
    ...ofMail,
    name: 'emailOpenShare',
    version: 2,
    unit: 'share',
    words: {
      topic: 'e-mails opened',
      say: (value) => (value === 0 ? 'opened none of the e-mails' : `opened ${percent(Number(value))} of the e-mails`),
    },
    read: (seen) => {
      const { delivered, opened } = mailsOf(seen);
      return delivered === 0 ? null : Math.min(1, opened / delivered);
    },
  },
  {
    ...ofMail,
    name: 'emailClicks',
    version: 2,
    words: { topic: 'links followed', say: (value) => `followed links in ${counted(Number(value), 'e-mail')}` },
    read: (seen) => (seen.has.emails ? mailsOf(seen).clicked : null),
  },
  {
    ...ofCalendar,
    name: 'appointmentsBooked',
    words: { topic: 'appointments', say: (value) => `has had ${counted(Number(value), 'appointment')} booked` },
    read: (seen) => (seen.has.appointments ? seen.appointments.length : null),
  },
  {
    ...ofCalendar,
    name: 'appointmentsSelfBooked',
    words: {
      topic: 'appointments booked by the lead',
      say: (value) => `booked ${counted(Number(value), 'appointment')} alone`,
    },
    read: (seen) => (seen.has.appointments ? seen.appointments.filter(({ self }) => self).length : null),
  },
  {
    ...ofCalendar,
    name: 'appointmentsKept',
    words: { topic: 'appointments kept', say: (value) => `kept ${counted(Number(value), 'appointment')}` },
    read: (seen) => {
      const shown = seen.appointments.filter(({ status }) => status?.toLowerCase() === 'showed').length;
      return seen.has.appointments || seen.has.site ? Math.max(shown, behaved(seen, 'tour.completed')) : null;
    },
  },
  {
    ...ofCalendar,
    name: 'appointmentsMissed',
    words: {
      topic: 'appointments that fell through',
      say: (value) => `let ${counted(Number(value), 'appointment')} fall through`,
    },
    read: (seen) => (seen.has.appointments ? seen.appointments.filter(({ status }) => isOff(status)).length : null),
  },
  {
    ...ofCalendar,
    name: 'hoursToAppointment',
    unit: 'hours',
    freshHours: 24,
    words: { topic: 'next appointment', say: (value) => `has an appointment in ${hours(Number(value))}` },
    read: ({ appointments, asOf }) => {
      const coming = appointments.filter(({ status }) => !isOff(status)).flatMap(({ startsAt }) => startsAt ?? []);
      const next = coming.filter((at) => at > asOf);
      return next.length === 0 ? null : (Math.min(...next) - asOf) / HOUR_MS;
    },
  },
  {
    ...ofTalk,
    name: 'listingMatches',
    source: 'listing_matches',
    words: {
      topic: 'matching listings',
      say: (value) => (value === 1 ? '1 listing matches' : `${counted(Number(value), 'listing')} match`),
    },
    read: ({ matches, has }) => (has.matches ? matches : null),
  },
];

function texts({ inbound }: SeenLead): string[] {
  return inbound.map(({ body }) => body.trim()).filter((text) => text !== '');
}

/** Hours from our last message to the lead's next; a second message in a row is no answer. */
function answerHours({ messages }: SeenLead): number[] {
  return messages.flatMap(({ direction, at }, i) => {
    const previous = messages[i - 1];
    return direction === 'inbound' && previous?.direction === 'outbound' ? [(at - previous.at) / HOUR_MS] : [];
  });
}

/** Of the times that we wrote, several messages in a row being one time; null while we did not. */
function answeredShare(seen: SeenLead): number | null {
  const times = seen.messages.filter(
    ({ direction }, i) => direction === 'outbound' && seen.messages[i - 1]?.direction !== 'outbound',
  ).length;
  return times === 0 ? null : answerHours(seen).length / times;
}

/**
 * Mails that arrived, were opened and were followed: each once, however often it was. The mail system and the site tell of the same mails, by
 * ids of their own, so the larger number counts and not both together. All that tell no id may be of one mail; but each arrives once only.
 */
export function mailsOf({ emails, behaviour }: SeenLead): Readonly<Record<'delivered' | 'opened' | 'clicked', number>> {
  const ids = (event: string): (string | null)[] =>
    emails.flatMap((one) => (one.event === event ? [one.messageId] : []));
  const seen = (kind: string): (string | null)[] =>
    behaviour.flatMap((one) => (one.kind === kind ? [one.email ?? null] : []));
  const most = (...told: readonly (string | null)[][]): number => Math.max(...told.map((one) => new Set(one).size));
  const arrived = ids('delivered');
  const named = new Set(arrived.filter((id) => id !== null)).size;
  return {
    delivered: named + arrived.filter((id) => id === null).length,
    opened: most(ids('opened'), seen('email.opened')),
    clicked: most(ids('clicked'), seen('email.clicked')),
  };
}

function behaved({ behaviour }: SeenLead, kind: string): number {
  return behaviour.filter((one) => one.kind === kind).length;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

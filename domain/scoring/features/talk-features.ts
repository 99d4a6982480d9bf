import { isOff } from '../../follow-up/facts.ts';
import { questions } from '../../leads/lead.ts';
import type { SeenLead } from './lead-history.ts';
import type { Feature } from './registry.ts';
import { amount, counted, hours, percent } from './say.ts';
import { median, viewedPriceOf } from './site-features.ts';

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
const ofAnswers = { ...ofTalk, source: 'leads.qualification' } as const;

const detail = /\b(?:budget|timeline|location|bed(?:room)?s?|cash|(?:pre-?)?approved)\b/i;

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
    words: { topic: 'questions from the lead', say: (value) => `asked ${counted(Number(value), 'question')}` },
    read: (seen) => texts(seen).reduce((sum, text) => sum + text.split('?').length - 1, 0),
  },
  {
    ...ofTalk,
    name: 'detailShare',
    unit: 'share',
    words: { topic: 'detail in messages', say: (value) => `gives detail in ${percent(Number(value))} of the messages` },
    read: (seen) => mean(texts(seen).map((text) => (detail.test(text) ? 1 : 0))),
  },
  {
    ...ofMail,
    name: 'emailOpenShare',
    unit: 'share',
    words: { topic: 'e-mails opened', say: (value) => `opened ${percent(Number(value))} of the e-mails` },
    read: (seen) => {
      const delivered = mails(seen, 'delivered');
      return delivered === 0
        ? null
        : Math.min(1, Math.max(mails(seen, 'opened'), behaved(seen, 'email.opened')) / delivered);
    },
  },
  {
    ...ofMail,
    name: 'emailClicks',
    words: { topic: 'links followed', say: (value) => `followed links in ${counted(Number(value), 'e-mail')}` },
    read: (seen) => (seen.has.emails ? Math.max(mails(seen, 'clicked'), behaved(seen, 'email.clicked')) : null),
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
    ...ofAnswers,
    name: 'questionsAnswered',
    words: { topic: 'our questions answered', say: (value) => `answered ${Number(value)} of our seven questions` },
    read: ({ answers }) => questions.filter((question) => answers[question] !== undefined).length,
  },
  {
    ...ofAnswers,
    name: 'budget',
    unit: 'dollars',
    fairHousing: 'watched',
    words: {
      topic: 'budget',
      say: (value) => `has a budget of ${amount(Number(value))}`,
      ask: 'What price range do you have in mind?',
    },
    read: ({ answers }) => positive(answers.budget?.value),
  },
  {
    ...ofAnswers,
    name: 'moveTimeline',
    type: 'category',
    levels: ['immediate', 'soon', 'exploring'],
    unit: 'word',
    words: {
      topic: 'timeline',
      say: (value) => timelineWords[value] ?? String(value),
      ask: 'How soon would you like to move?',
    },
    read: ({ answers }) => wordOf(answers.timeline?.value),
  },
  {
    ...ofAnswers,
    name: 'financingPlan',
    type: 'category',
    levels: ['yes', 'no'],
    unit: 'word',
    words: {
      topic: 'a plan for the money',
      say: (value) => (value === 'yes' ? 'has a plan for the money' : 'has no plan for the money yet'),
      // Whether, never which: a loan programme may tell what we must not know.
      ask: 'Is the financing arranged already?',
    },
    read: ({ answers }) => yesNo(answers.financing?.value),
  },
  {
    ...ofAnswers,
    name: 'side',
    type: 'category',
    levels: ['buy', 'sell'],
    unit: 'word',
    words: {
      topic: 'buying or selling',
      say: (value) => `wants to ${value}`,
      ask: 'Are you looking to buy or to sell?',
    },
    read: ({ answers }) => wordOf(answers.side?.value),
  },
  {
    ...ofAnswers,
    name: 'budgetFit',
    unit: 'share',
    source: 'leads.qualification, analytics_events',
    words: {
      topic: 'budget against prices viewed',
      say: (value) => `budget and prices viewed fit to ${percent(Number(value))}`,
    },
    read: (seen) => {
      const budget = positive(seen.answers.budget?.value);
      const viewed = viewedPriceOf(seen);
      return budget === null || viewed === null ? null : Math.min(budget, viewed) / Math.max(budget, viewed);
    },
  },
  {
    ...ofTalk,
    name: 'listingMatches',
    source: 'listing_matches',
    words: { topic: 'matching listings', say: (value) => `${counted(Number(value), 'listing')} match` },
    read: ({ matches, has }) => (has.matches ? matches : null),
  },
];

const timelineWords: Readonly<Record<string, string>> = {
  immediate: 'wants to move within a month',
  soon: 'wants to move within half a year',
  exploring: 'is in no hurry',
};

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

/** Mails with such a report; one that was opened often is one. */
function mails({ emails }: SeenLead, event: string): number {
  const found = emails.filter((one) => one.event === event);
  return new Set(found.map(({ messageId }, i) => messageId ?? `untold ${i}`)).size;
}

function behaved({ behaviour }: SeenLead, kind: string): number {
  return behaviour.filter((one) => one.kind === kind).length;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function positive(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}

/** Stored as one of the levels; anything else is not known. */
function wordOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Also where a person of the team wrote which plan it is: all that is kept of it is that there is one. */
function yesNo(value: unknown): 'yes' | 'no' | null {
  if (value === undefined || value === null || value === '') return null;
  return value === false || value === 'no' || value === 'none' ? 'no' : 'yes';
}

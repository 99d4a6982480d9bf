import { type RuledLead, ruleFactsOf } from '../crm/rules.ts';
import type { Iso } from '../glossary.ts';
import type { SequenceFacts } from './sequence.ts';

/** An appointment of a lead that the CRM has not deleted; null is unknown. */
export interface KnownAppointment {
  readonly id: string;
  readonly status: string | null;
  readonly startsAt: Iso | null;
}

/** What is stored of a lead's talk with us and of its business, besides the lead itself. */
export interface TalkRecord {
  /** When the lead was last heard from by message or behaviour; null: never. */
  readonly heardAt: Iso | null;
  readonly wroteAt: Iso | null;
  /** Written consent as it is stored. */
  readonly consent: { readonly sms: boolean; readonly email: boolean };
  readonly emailOpened: boolean;
  readonly emailClicked: boolean;
  readonly appointments: readonly KnownAppointment[];
  /** Status of the newest opportunity; null: there is none, or it is not known. */
  readonly opportunity: string | null;
}

/** When each sequence last began for a lead, by its key; absent: never. */
export type Begun = Readonly<Record<string, Iso>>;

/** The lead, as far as sequences look at it. */
export interface FollowedLead extends RuledLead {
  readonly createdAt: Iso;
}

const HOUR_MS = 3_600_000;

/** What branches and audiences look at, as of now. What is not known is absent. */
export function sequenceFactsOf(lead: FollowedLead, talk: TalkRecord, now: Iso): SequenceFacts {
  const { opportunity, consent } = talk;
  return {
    ...ruleFactsOf(lead),
    silentHours: Math.max(0, (Date.parse(now) - Date.parse(silentSince(lead, talk))) / HOUR_MS),
    consentSms: yesNo(consent.sms),
    consentEmail: yesNo(consent.email),
    emailOpened: yesNo(talk.emailOpened || talk.emailClicked),
    emailClicked: yesNo(talk.emailClicked),
    everReplied: yesNo(talk.wroteAt !== null),
    appointment: appointmentFact(talk, now),
    ...(isOpportunityState(opportunity) ? { opportunity } : {}),
  };
}

/** Since when nothing was heard from the lead; since we know it where that never was. */
export function silentSince({ createdAt }: Pick<FollowedLead, 'createdAt'>, { heardAt }: TalkRecord): Iso {
  return heardAt ?? createdAt;
}

/** Will it take place, as far as is known? */
export function isUpcoming({ status, startsAt }: KnownAppointment, now: Iso): boolean {
  return startsAt !== null && Date.parse(startsAt) > Date.parse(now) && !isOff(status);
}

/** Statuses of an appointment that does not take place. */
export const offStatuses: readonly string[] = ['cancelled', 'canceled', 'noshow', 'no_show', 'invalid'];

export function isOff(status: string | null): boolean {
  return status !== null && offStatuses.includes(status.toLowerCase());
}

export function isClosed(status: string | null): boolean {
  return status === 'won' || status === 'lost' || status === 'abandoned';
}

function appointmentFact({ appointments }: TalkRecord, now: Iso): 'upcoming' | 'past' | 'none' {
  if (appointments.some((one) => isUpcoming(one, now))) return 'upcoming';
  return appointments.some(({ status, startsAt }) => startsAt !== null && !isOff(status)) ? 'past' : 'none';
}

function isOpportunityState(status: string | null): status is 'open' | 'won' | 'lost' | 'abandoned' {
  return status === 'open' || isClosed(status);
}

function yesNo(value: boolean): 'yes' | 'no' {
  return value ? 'yes' : 'no';
}

import type { Iso } from '../../glossary.ts';
import type { Qualification } from '../../leads/lead.ts';
import { type ActivityKind, activityKinds } from '../../webhooks/activity-kinds.ts';
import type { ScoreFacts } from '../score.ts';

/**
 * What is stored of a lead and may speak for or against it, each part with the instant since which it is known. There is no place for a
 * name, an address, a town or a language here: what is not read can be in no feature.
 */
export interface LeadHistory {
  /** When the lead came in. */
  readonly createdAt: Iso;
  /** As it stands now. Since when is not known: a team may write it long after the lead came in, and every news of the contact repeats it. */
  readonly source: string | null;
  readonly answers: Qualification;
  readonly messages: readonly HistoryMessage[];
  readonly behaviour: readonly Behaviour[];
  readonly emails: readonly EmailReport[];
  readonly appointments: readonly HistoryAppointment[];
  /** When each listing was found to match. */
  readonly matches: readonly Iso[];
  readonly deals: readonly Deal[];
  /**
   * Since when the team has a source at all; null: it has none, or nobody knows. Before that nothing of its kind is known, which is not the
   * same as none.
   */
  readonly since: Readonly<Record<'site' | 'emails' | 'appointments' | 'matches', Iso | null>>;
}

export interface HistoryMessage {
  readonly at: Iso;
  readonly direction: 'inbound' | 'outbound';
  readonly channel: string;
  readonly body: string;
  /** True when a human of the team wrote it. */
  readonly human: boolean;
}

/** Something the lead did on the site or with a mail; only the details that features look at. */
export interface Behaviour {
  readonly at: Iso;
  readonly kind: string;
  readonly listing?: string;
  /** Dollars. */
  readonly price?: number;
  readonly seconds?: number;
  /** The id of the e-mail that it was done with. */
  readonly email?: string;
}

/** What the mail system told of one e-mail to the lead: `delivered`, `opened`, `clicked` … */
export interface EmailReport {
  readonly at: Iso;
  readonly event: string;
  /** The mail's own id; null: not told. */
  readonly messageId: string | null;
}

/** An appointment as of its newest news, and when each part of it was told. */
export interface HistoryAppointment {
  readonly bookedAt: Iso;
  /** True: the lead booked it, nobody of the team. */
  readonly self: boolean;
  readonly startsAt: Iso | null;
  readonly startsAtTold: Iso | null;
  readonly status: string | null;
  readonly statusTold: Iso | null;
}

/** An opportunity of the CRM as of its newest news: `open`, `won`, `lost` or `abandoned`, and when that was told. */
export interface Deal {
  readonly status: string;
  readonly at: Iso;
}

/** A lead as it was known at one instant: every list ends there, oldest first, and times are milliseconds since 1970. */
export interface SeenLead {
  readonly asOf: number;
  readonly createdAt: number;
  readonly source: string | null;
  readonly answers: Qualification;
  /** What the team's own fields say, where the lead has not said it. */
  readonly fields: Pick<ScoreFacts, 'budget' | 'timeline'>;
  /** Without comments among the team. */
  readonly messages: readonly SeenMessage[];
  /** Those that the lead wrote. */
  readonly inbound: readonly SeenMessage[];
  readonly behaviour: readonly SeenBehaviour[];
  /** Without what is counted with the mails and with the talk. */
  readonly onSite: readonly SeenBehaviour[];
  readonly emails: readonly (Omit<EmailReport, 'at'> & { readonly at: number })[];
  readonly appointments: readonly SeenAppointment[];
  readonly matches: number;
  readonly deals: readonly { readonly status: string; readonly at: number }[];
  readonly has: Readonly<Record<keyof LeadHistory['since'], boolean>>;
}

export type SeenMessage = Omit<HistoryMessage, 'at'> & { readonly at: number };

export interface SeenBehaviour extends Omit<Behaviour, 'at' | 'kind'> {
  readonly at: number;
  readonly kind: ActivityKind | 'unknown';
}

export interface SeenAppointment {
  readonly bookedAt: number;
  readonly self: boolean;
  /** Null: not known yet. */
  readonly startsAt: number | null;
  readonly status: string | null;
}

/**
 * The lead as it was known at `asOf`. The one door to features: whatever is later, or was told later, is not in what they are given.
 * An answer that was replaced or said again since is not known, because what stood before it is not kept, and the source stands as it does
 * now. For scores of the present that is no loss; who looks back reads by `rereadAt`, so that what is missing tells nothing of what came.
 */
export function seenAt(history: LeadHistory, asOf: Iso): SeenLead {
  const until = Date.parse(asOf);
  const known = (at: Iso | null): boolean => at !== null && Date.parse(at) <= until;
  const messages = before(history.messages, until).filter(({ channel }) => channel !== 'internal-comment');
  const behaviour = before(history.behaviour, until).map((one) => ({ ...one, kind: kindOf(one.kind) }));
  return {
    asOf: until,
    createdAt: Date.parse(history.createdAt),
    source: history.source,
    answers: Object.fromEntries(Object.entries(history.answers).filter(([, answer]) => known(answer.at))),
    fields: {},
    messages,
    inbound: messages.filter(({ direction }) => direction === 'inbound'),
    behaviour,
    onSite: behaviour.filter(({ kind }) => !kind.startsWith('email.') && !kind.startsWith('agent.')),
    emails: before(history.emails, until),
    appointments: history.appointments
      .filter(({ bookedAt }) => known(bookedAt))
      .map(({ bookedAt, self, startsAt, startsAtTold, status, statusTold }) => ({
        bookedAt: Date.parse(bookedAt),
        self,
        startsAt: startsAt !== null && known(startsAtTold) ? Date.parse(startsAt) : null,
        status: known(statusTold) ? status : null,
      })),
    matches: history.matches.filter(known).length,
    deals: before(history.deals, until),
    has: {
      site: known(history.since.site),
      emails: known(history.since.emails),
      appointments: known(history.since.appointments),
      matches: known(history.since.matches),
    },
  };
}

/** What is later is left out before anything else is done with it. */
function before<Row extends { readonly at: Iso }>(
  rows: readonly Row[],
  until: number,
): (Omit<Row, 'at'> & { readonly at: number })[] {
  const seen: (Omit<Row, 'at'> & { readonly at: number })[] = [];
  for (const row of rows) {
    const at = Date.parse(row.at);
    if (at <= until) seen.push({ ...row, at });
  }
  return seen.sort((a, b) => a.at - b.at);
}

/** As it was stored; another one is of a kind that was not known then. */
function kindOf(kind: string): SeenBehaviour['kind'] {
  return Object.hasOwn(activityKinds, kind) ? (kind as ActivityKind) : 'unknown';
}

/** A history with what an event brought that is not stored yet. */
export function withNews(
  history: LeadHistory,
  news: {
    readonly answers?: Qualification;
    readonly message?: HistoryMessage;
    readonly source?: LeadHistory['source'];
  },
): LeadHistory {
  return {
    ...history,
    answers: { ...history.answers, ...news.answers },
    messages: news.message === undefined ? history.messages : [...history.messages, news.message],
    source: history.source ?? news.source ?? null,
  };
}

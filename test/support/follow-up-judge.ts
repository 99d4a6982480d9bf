import { forbiddenHour, type Hours, type Whereabouts } from './law-hours.ts';

/**
 * The judge of follow-up: from what went out and what is known of the people it went to, which messages should never have been sent? It works
 * from the law and the promises alone and shares nothing with the gate.
 */

type MessageChannel = 'sms' | 'email';

/** Of one location; what another sends is another history. */
export interface FollowUpHistory {
  readonly location: {
    readonly quietHours: Hours;
    readonly answersAtNight: boolean;
    /** Named in a first text. */
    readonly sender: string;
    readonly postalAddress: string;
  };
  readonly contacts: Readonly<Record<string, ContactFile>>;
  /** Written consent for marketing. */
  readonly consents: readonly (Span & { readonly reach: string; readonly channel: MessageChannel })[];
  /** Whoever said no, or bears the CRM's own block, until it was lifted. */
  readonly optOuts: readonly (Span & { readonly reach: string })[];
  /** A person of the team works the lead, paused it, or has yet to read what it meant. */
  readonly takeovers: readonly (Span & { readonly contactId: string })[];
  readonly inbound: readonly { readonly at: string; readonly contactId: string; readonly channel: MessageChannel }[];
  /** Replies, bookings and whatever else ends a sequence that names it among its exits. */
  readonly ends: readonly { readonly at: string; readonly contactId: string; readonly by: string }[];
  /** While location or contact were closed to automation: paused, parked, gone, not ours to act on, over a limit of carriers. */
  readonly shut: readonly (Span & {
    readonly contactId: string | null;
    readonly channel: MessageChannel | null;
    /** Answers may go out meanwhile. */
    readonly only?: 'solicitation';
    readonly why: string;
  })[];
  /** Numbers on a Do-Not-Call registry, and what excuses a call to one: business with the person that is not long past. */
  readonly registry: readonly (Span & { readonly reach: string })[];
  readonly relationships: readonly (Span & { readonly reach: string })[];
  /** In the order in which they went out. */
  readonly sent: readonly SentMessage[];
  /** Tasks that asked somebody of the team to call. */
  readonly calls: readonly { readonly at: string; readonly contactId: string }[];
}

/** From `at` on, and without `until`. */
interface Span {
  readonly at: string;
  readonly until: string | null;
}

export interface ContactFile extends Whereabouts {
  /** The number and the e-mail address by which it is reached: contacts that share one are one person. */
  readonly reaches: readonly string[];
  /** From a bought list: nobody writes to it but people. */
  readonly bought: boolean;
}

export interface SentMessage {
  readonly at: string;
  readonly contactId: string;
  readonly channel: MessageChannel;
  readonly purpose: 'solicitation' | 'answer';
  /** `crm`: sent by the CRM's own means; it counts, and is not judged. */
  readonly by: 'us' | 'crm';
  /** Names the step of the enrolment that sent it; null for what no sequence sent. */
  readonly step: string | null;
  /** Whose steps end with which events, and since when it ran. */
  readonly enrolment?: { readonly at: string; readonly exits: readonly string[] };
  readonly text: string;
}

export const wrongs = [
  'after-opt-out',
  'doubled',
  'repeated',
  'outside-hours',
  'over-cap',
  'without-consent',
  'late-answer',
  'too-many-answers',
  'taken-over',
  'after-end',
  'undisclosed',
  'no-postal-address',
  'no-unsubscribe',
  'bought',
  'shut',
  'unfinished',
  'registry',
] as const;
export type Wrong = (typeof wrongs)[number];

export interface WrongMessage {
  readonly wrong: Wrong;
  readonly message: { readonly at: string; readonly contactId: string };
  readonly why: string;
}

const minute = 60_000;
const day = 24 * 60 * minute;
const caps = { solicitation: 3, answer: 20 } as const;
/** Within so long after the person's own message, an answer is one. */
const answerWithin = 60 * minute;

export function wrongMessages(history: FollowUpHistory): readonly WrongMessage[] {
  const messages = history.sent.flatMap((message, at) =>
    message.by === 'crm' ? [] : wrongsOf(history, message, history.sent.slice(0, at)),
  );
  return [...messages, ...history.calls.flatMap((call) => wrongCall(history, call))];
}

/** Only a listed number forbids it: a call is a person's, not an automated text. Consent or business with the person excuses it. */
function wrongCall(history: FollowUpHistory, call: FollowUpHistory['calls'][number]): WrongMessage[] {
  const { reaches } = fileOf(history, call.contactId);
  const held = (spans: readonly (Span & { readonly reach: string })[]): boolean =>
    spans.some((span) => reaches.includes(span.reach) && within(span, call.at));
  const excused = held(history.relationships) || held(history.consents);
  return held(history.registry) && !excused
    ? [{ wrong: 'registry', message: call, why: 'a task to call a number on a Do-Not-Call registry' }]
    : [];
}

function fileOf(history: FollowUpHistory, contactId: string): ContactFile {
  const contact = history.contacts[contactId];
  if (contact === undefined) throw new Error(`expected a file of contact ${contactId}, got none`);
  return contact;
}

function wrongsOf(history: FollowUpHistory, message: SentMessage, earlier: readonly SentMessage[]): WrongMessage[] {
  const contact = fileOf(history, message.contactId);
  const before = earlier.filter((other) => shares(contact, history.contacts[other.contactId]));
  const found: readonly (readonly [Wrong, string | undefined])[] = [
    ['after-opt-out', afterOptOut(history, message, contact)],
    ['doubled', doubled(message, before)],
    ['repeated', repeated(message, before)],
    ['outside-hours', outsideHours(history, message, contact)],
    ['over-cap', message.purpose === 'solicitation' ? overCap(message, before) : undefined],
    ['without-consent', withoutConsent(history, message, contact)],
    ['late-answer', lateAnswer(history, message, contact)],
    ['too-many-answers', message.purpose === 'answer' ? overCap(message, before) : undefined],
    ['taken-over', takenOver(history, message, contact)],
    ['after-end', afterEnd(history, message, contact)],
    ['undisclosed', undisclosed(history, message, before)],
    ['no-postal-address', noPostalAddress(history, message)],
    ['no-unsubscribe', noUnsubscribe(message)],
    ['bought', contact.bought ? 'from a bought list' : undefined],
    ['shut', shut(history, message)],
    ['unfinished', /\{\{|\}\}|^\s*$/u.test(message.text) ? 'words with a gap' : undefined],
  ];
  return found.flatMap(([wrong, why]) => (why === undefined ? [] : [{ wrong, message, why }]));
}

function shares(contact: ContactFile, other: ContactFile | undefined): boolean {
  return other !== undefined && other.reaches.some((reach) => contact.reaches.includes(reach));
}

/** A span that begins in the very instant binds: whoever is asked then and does not know yet has not looked. */
function within({ at, until }: Span, instant: string): boolean {
  const now = Date.parse(instant);
  return now >= Date.parse(at) && (until === null || now < Date.parse(until));
}

function afterOptOut(history: FollowUpHistory, message: SentMessage, contact: ContactFile): string | undefined {
  const said = history.optOuts.find((one) => contact.reaches.includes(one.reach) && within(one, message.at));
  return said && `opted out at ${said.at}`;
}

function doubled({ step }: SentMessage, before: readonly SentMessage[]): string | undefined {
  const twin = step === null ? undefined : before.find((other) => other.by === 'us' && other.step === step);
  return twin && `its step went out at ${twin.at} already`;
}

/** The same words to the same person within a day, by whatever step: to who reads them they are one message twice. */
function repeated(message: SentMessage, before: readonly SentMessage[]): string | undefined {
  const now = Date.parse(message.at);
  const words = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ');
  const twin = before.find(
    (other) =>
      other.by === 'us' &&
      other.channel === message.channel &&
      other.step !== (message.step ?? undefined) &&
      now - Date.parse(other.at) < day &&
      words(other.text) === words(message.text),
  );
  return twin && `the same words went out at ${twin.at}`;
}

function outsideHours(history: FollowUpHistory, message: SentMessage, contact: ContactFile): string | undefined {
  const { quietHours, answersAtNight } = history.location;
  return message.purpose === 'answer' && answersAtNight ? undefined : forbiddenHour(message.at, contact, quietHours);
}

/** Every message of the purpose counts, by whatever channel and contact the person was reached, the CRM's own among them. */
function overCap(message: SentMessage, before: readonly SentMessage[]): string | undefined {
  const now = Date.parse(message.at);
  const counted = before.filter((other) => other.purpose === message.purpose && now - Date.parse(other.at) < day);
  return counted.length < caps[message.purpose] ? undefined : `${counted.length} in the 24 hours before`;
}

/** The person's own message is consent enough for its answer. */
function withoutConsent(history: FollowUpHistory, message: SentMessage, contact: ContactFile): string | undefined {
  if (message.purpose === 'answer') return undefined;
  const given = history.consents.some(
    (one) => one.channel === message.channel && contact.reaches.includes(one.reach) && within(one, message.at),
  );
  return given ? undefined : `no written consent for ${message.channel}`;
}

function lateAnswer(history: FollowUpHistory, message: SentMessage, contact: ContactFile): string | undefined {
  if (message.purpose === 'solicitation') return undefined;
  const now = Date.parse(message.at);
  const asked = history.inbound.some((one) => {
    const ago = now - Date.parse(one.at);
    return (
      one.channel === message.channel &&
      shares(contact, history.contacts[one.contactId]) &&
      ago >= 0 &&
      ago <= answerWithin
    );
  });
  return asked ? undefined : 'answers no message of the hour before on this channel';
}

/** Whoever talks with a person of the team, as whichever contact, hears no automaton meanwhile. */
function takenOver(history: FollowUpHistory, message: SentMessage, contact: ContactFile): string | undefined {
  const by = history.takeovers.find(
    (one) => shares(contact, history.contacts[one.contactId]) && within(one, message.at),
  );
  return by && `taken over at ${by.at}`;
}

/** What a person writes is a reply to whatever runs for any of their contacts; an appointment is the contact's that has it. */
function afterEnd(
  history: FollowUpHistory,
  { at, contactId, enrolment }: SentMessage,
  contact: ContactFile,
): string | undefined {
  if (enrolment === undefined) return undefined;
  const ended = history.ends.find(
    (end) =>
      (end.by === 'reply' ? shares(contact, history.contacts[end.contactId]) : end.contactId === contactId) &&
      enrolment.exits.includes(end.by) &&
      Date.parse(end.at) >= Date.parse(enrolment.at) &&
      Date.parse(end.at) <= Date.parse(at),
  );
  return ended && `${ended.by} at ${ended.at} ended its sequence`;
}

/** The first text to a person says who writes and how to be left alone. */
function undisclosed(
  history: FollowUpHistory,
  message: SentMessage,
  before: readonly SentMessage[],
): string | undefined {
  const first = !before.some((other) => other.by === 'us' && other.channel === 'sms');
  if (message.channel !== 'sms' || !first) return undefined;
  if (!/\bSTOP\b/u.test(message.text)) return 'a first text without a line on how to opt out';
  return message.text.includes(history.location.sender) ? undefined : 'a first text that does not name its sender';
}

function noPostalAddress(history: FollowUpHistory, message: SentMessage): string | undefined {
  const { postalAddress } = history.location;
  const due = message.channel === 'email' && message.purpose === 'solicitation';
  return due && (postalAddress === '' || !message.text.includes(postalAddress)) ? 'no postal address' : undefined;
}

function noUnsubscribe(message: SentMessage): string | undefined {
  const due = message.channel === 'email' && message.purpose === 'solicitation';
  return due && !/https?:\/\/\S+\/u\/[\w.~-]+/u.test(message.text) ? 'no link to unsubscribe' : undefined;
}

function shut(history: FollowUpHistory, { at, contactId, channel, purpose }: SentMessage): string | undefined {
  return history.shut.find(
    (one) =>
      (one.contactId ?? contactId) === contactId &&
      (one.channel ?? channel) === channel &&
      (one.only ?? purpose) === purpose &&
      within(one, at),
  )?.why;
}

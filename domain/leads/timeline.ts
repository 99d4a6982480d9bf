import type { Tier } from '../glossary.ts';
import { assertNever } from '../glossary.ts';
import { consentEvents } from '../consent/consent-events.ts';
import type { LeadEvent } from '../webhooks/event.ts';
import type { Beginnings } from './beginnings.ts';
import { recordSentence } from '../crm/record-words.ts';
import { consentNews } from './consent-news.ts';
import { changesInWords, contactChanges } from './contact-changes.ts';
import type { Absence, Decision, Situation } from './decision.ts';
import type { Settled } from './endings.ts';
import type { TimelineEntry } from './lead.ts';
import { type Dropped, droppedWords, kindWords, type News } from '../market/alerts.ts';
import type { SequenceTrigger } from '../follow-up/sequence.ts';
import { isHumanTouch } from './state-after.ts';

/** What the timeline says of an event and of what followed from it: short sentences, free of names, numbers and message text. */
export function timelineOf(
  situation: Situation,
  settled: Settled,
  tier: Tier | null,
  begun: Beginnings,
  end: Decision['end'],
  drop: readonly Dropped[],
): readonly TimelineEntry[] {
  const { event, stale } = situation;
  const refs = { inboxId: event.inboxId };
  const entry = (kind: TimelineEntry['kind'], summary: string, more: TimelineEntry['refs'] = {}): TimelineEntry => ({
    at: situation.now,
    kind,
    summary,
    refs: { ...refs, ...more },
  });
  const late = stale ? ' It came late: nothing is sent because of it.' : '';
  return [
    // A person's act has its own entry since the moment it took effect, and so has a vendor's word about an address.
    ...(event.kind === 'operator' || event.type === consentEvents.barred
      ? []
      : [entry('event', `${happened(situation)}${late}`, { type: event.type })]),
    ...changes(situation, settled, tier).map((summary) => entry('decision', summary)),
    ...end.map(({ enrolmentId, reason }) =>
      entry('decision', `Ended ${titleOf(situation, enrolmentId)}: ${reason}.`, { enrolmentId }),
    ),
    ...begun.enrol.map(({ document, because }) =>
      entry('decision', `Began ${document.title}, version ${document.version} (${triggerWords[because.on]}).`, {
        sequence: document.key,
      }),
    ),
    ...droppedWords(drop).map((summary) => entry('decision', summary)),
    ...(begun.missed.length > 0
      ? [entry('decision', 'A new lead was heard of too late; a call task takes the place.')]
      : []),
    ...(begun.declined === null ? [] : [entry('decision', `Not enrolled: ${begun.declined}.`)]),
    ...situation.absent.flatMap(({ what, why }) => {
      const said = withoutIt[what];
      return said === null ? [] : [entry('decision', `${said} (${why}).`, { absent: what, why })];
    }),
  ];
}

const triggerWords: Readonly<Record<SequenceTrigger['on'], string>> = {
  'lead.activated': 'its tags allow us to act',
  operator: 'a person asked for it',
  silence: 'nothing was heard from the lead',
  tier: 'its tier',
  'appointment.booked': 'an appointment is booked',
  listing: 'news of homes that the lead asked for',
};

const withoutIt: Readonly<Record<Absence['what'], string | null>> = {
  'crm-snapshot': 'Decided without a fresh look at the contact in the CRM',
  'crm-fields': "Decided without the team's own fields in the CRM",
  'listing-matches': 'Decided without looking through the market for homes that fit',
  // Told among the changes.
  score: null,
};

function happened(situation: Situation): string {
  const { event, recordChange } = situation;
  if (recordChange) return recordSentence(recordChange);
  switch (event.kind) {
    case 'contact.created':
      return 'The contact was created in the CRM.';
    case 'contact.updated':
      return `The contact was changed in the CRM${changed(situation)}.`;
    case 'contact.tagged':
      return `The tags of the contact were changed in the CRM${changed(situation)}.`;
    case 'contact.dnd':
      return 'Do-not-disturb was changed in the CRM.';
    case 'contact.deleted':
      return 'The contact was deleted in the CRM.';
    case 'contact.snapshot':
      return 'The contact was read afresh from the CRM.';
    case 'message.inbound':
      return `The lead was heard from by ${channelOf(event)}.`;
    case 'message.outbound':
      return isHumanTouch(event)
        ? `A person of the team wrote by ${channelOf(event)}.`
        : `A message went out by ${channelOf(event)}.`;
    case 'appointment':
      return 'An appointment was made or changed.';
    case 'opportunity':
      return 'An opportunity was made or changed.';
    case 'task':
      return 'A task was made, done or deleted.';
    case 'note':
      return 'A note was written, changed or deleted.';
    case 'consent':
      return consentSaid(event.type);
    case 'message.understood':
      return 'The assistant has read what the lead wrote.';
    case 'market.alert':
      return newsTold(situation.news ?? []);
    case 'workflow':
      return 'A workflow of the CRM spoke of the contact.';
    case 'operator':
    case 'lifecycle':
    case 'other':
    case 'unknown':
      return 'An event came in that asks nothing of the lead.';
    default:
      return assertNever(event.kind);
  }
}

function newsTold(news: readonly News[]): string {
  const homes = new Set(news.map(({ listingKey }) => listingKey)).size;
  if (homes === 0) return 'News of homes came, and is told or dropped already.';
  return `News of ${homes === 1 ? '1 home' : `${homes} homes`} waits for the lead: ${kindWords(news)}.`;
}

function consentSaid(type: string): string {
  if (type === consentEvents.unsubscribed)
    return 'The lead unsubscribed by the link in an e-mail; no more e-mails are sent.';
  if (type === consentEvents.resubscribed)
    return 'The lead took back on its page that it had unsubscribed from e-mails.';
  return 'Something was told of how the lead may be written to.';
}

/** What is different, without the values; a contact that we did not know before has nothing to be compared with. */
function changed({ lead, snapshot }: Situation): string {
  const words = lead.snapshot === null ? '' : changesInWords(contactChanges(lead.snapshot, snapshot));
  return words === '' ? '' : `: ${words}`;
}

function channelOf(event: LeadEvent): string {
  const channel = event.message?.channel ?? 'other';
  const words = { sms: 'SMS', email: 'e-mail', call: 'phone', voicemail: 'voicemail', chat: 'chat' };
  return channel in words ? words[channel as keyof typeof words] : 'another channel';
}

/** One sentence per thing that is now different, and one when scoring failed. */
function changes(situation: Situation, settled: Settled, tier: Tier | null): string[] {
  const { lead, event, score, reading } = situation;
  const said: string[] = [];
  // What the market does changes nothing of how the lead is judged.
  if (score === null) said.push(...(event.kind === 'market.alert' ? [] : ['Scoring failed; the last score stands.']));
  else if (lead.score === null || Math.round(lead.score.value) !== Math.round(score.value) || lead.tier !== tier) {
    said.push(`Scored ${Math.round(score.value)} of 100, ${score.tier}, by ${score.model}.`);
  }
  if (reading?.optOut === 'clear') said.push(`The lead opted out${byRule(reading)}; nothing more is sent.`);
  if (event.act?.optOut === 'yes') said.push('A person has read the message: it is an opt-out; nothing more is sent.');
  if (event.act?.optOut === 'no') said.push('A person has read the message: it is no opt-out.');
  if (event.carrier === 'unreachable')
    said.push('A carrier says that the number takes no texts; none go to it any more.');
  if (event.carrier === 'opt-out') said.push('The person said STOP to the carrier; no more texts are sent.');
  if (reading?.optOut === 'ambiguous')
    said.push(`The message may be an opt-out${byRule(reading)}; a person has to look.`);
  if (reading?.optOut === 'opt-in') said.push(askedAgain(situation));
  if (lead.stage !== settled.stage) said.push(`Stage is now ${settled.stage}.`);
  if (lead.state !== settled.state) said.push(`The lead is now ${settled.state}.`);
  if (settled.active.yes && lead.activatedAt === null) said.push('Its tags allow us to act.');
  if (!settled.active.yes && lead.activatedAt !== null) said.push(`We may not act any more: ${settled.active.reason}.`);
  return said;
}

/** Which rule heard it, by the name under which docs/consent.md explains it. */
function byRule({ optOutRule }: { readonly optOutRule?: string }): string {
  return optOutRule === undefined ? '' : ` (rule: ${optOutRule})`;
}

function askedAgain(situation: Situation): string {
  const { release, unheeded } = consentNews(situation);
  if (unheeded !== null) return `The lead asked to hear from us again; that opens nothing: ${unheeded}.`;
  const [opened, other] = release.includes('sms') ? ['SMS', 'e-mail'] : ['e-mail', 'SMS'];
  return `The lead asked to hear from us again by ${opened}; ${other} stays as it was.`;
}

function titleOf({ enrolments }: Situation, enrolmentId: string): string {
  return enrolments.find((enrolment) => enrolment.enrolmentId === enrolmentId)?.document.title ?? 'a sequence';
}

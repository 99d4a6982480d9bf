/**
 * Glossary: the words this code base uses, one line each. Types that several rooms share stand below.
 *
 * location     A GoHighLevel sub-account; our tenant. Everything stored carries its id first.
 * company      An agency, which has locations. holder: whoever a token is for, a location or a company.
 * parked       Of a location: the CRM does not take our token; its leads wait. Of an event or a send: a human decides.
 * contact      A person in a location's CRM. A lead is a contact that we work.
 * lead         (location, contact): one Temporal workflow, one row, one timer.
 * event        Something that came in, kept raw in the inbox before anybody acts on it.
 * inbox        The durable list of events; a webhook is acknowledged only once it is in there.
 * record       An opportunity, appointment, task, note or other thing of the CRM, as it stands by the newest news of each fact.
 * twin         A second event of one change: it tells nothing that is not known. echo: an event of what we wrote ourselves.
 * level        One durable step of working an event; its tasks run side by side.
 * verdict      What a level or a gate decided, with its reason, stored for ever.
 * snapshot     What we last knew of the contact in the CRM, with the vendor's time of that knowledge.
 * reading      What rules found in a message: intent, opt-out, answered questions. Never a model's guess.
 * qualification  Which of the seven questions are answered.
 * tier         hot, warm or cold, from the score and its confidence.
 * activation   The location's tags that allow us to act on a contact, and those that forbid it.
 * plan         The state that we want the contact to have in the CRM; applying it twice changes nothing.
 * sequence     A versioned document of follow-up steps. enrolment: one lead's pass through one version of it.
 * touch        One step that falls due: a text, an e-mail, a task.
 * outbox       The durable list of side effects that must happen once; claimed before, settled after.
 * purpose      Why a message goes out: `solicitation` or `answer`; set by code, never by a model.
 * gate         The checks right before a send. An unreadable fact closes it.
 * person       Whoever owns a phone number or an address: a keyed hash, shared by all contacts that bear it.
 * suppression  A person who must not be messaged; outlives contact and erasure.
 * quiet hours  The hours in the contact's zone in which nothing is sent.
 * takeover     A human works the lead; automation keeps still.
 * prompt       What a model is asked with, laid in layers: global, location, conversation, volatile; the first three may be cached.
 * breakpoint   Where the vendor's cache is told to keep all that stands before. ping: a call that only keeps a prefix warm.
 * attempt      One call of a model, with one entry in the ledger; a retry is another attempt.
 * saving       The share of what the same answers would have cost without caching that was not paid.
 */

/** The two ids that name a lead. */
export interface LeadRef {
  readonly locationId: string;
  readonly contactId: string;
}

/** Instants are ISO 8601 strings in UTC wherever they are stored, sent or handed to a workflow. */
export type Iso = string;

export type Tier = 'hot' | 'warm' | 'cold';
export const leadStates = ['active', 'paused', 'stopped', 'taken-over'] as const;
export type LeadState = (typeof leadStates)[number];
/** How a step of a sequence reaches somebody. */
export type StepChannel = 'sms' | 'email' | 'call-task' | 'agent-notice' | 'ghl-workflow' | 'tag' | 'field' | 'stage';
/** What may be made once, by way of the outbox. A notice to the agent is a task; tags, fields and stages may be written any number of times. */
export type Channel = 'sms' | 'email' | 'call-task' | 'note' | 'opportunity' | 'ghl-workflow';

/** Does it go to the lead itself? */
export function isMessage(channel: Channel): channel is 'sms' | 'email' {
  return channel === 'sms' || channel === 'email';
}

export type Purpose = 'solicitation' | 'answer';

/** Fails to compile when a union gains a member that a switch does not handle. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}

import type { Understood } from '../domain/assistant/understood.ts';
import { understoodByRules } from '../domain/assistant/reading/by-rules.ts';
import type { LocationFacts } from '../domain/assistant/reply/facts.ts';
import { locationFactsOf } from '../domain/assistant/reply/facts.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { TalkMessage } from '../domain/leads/lead.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { Talked } from '../domain/ports/drafts.ts';
import type { Deps } from './deps.ts';

/** More of a talk than a prompt ever holds. */
const LOADED = 120;

/** What is said between a lead and us, and not among colleagues. */
const spoken: ReadonlySet<string> = new Set(['sms', 'email', 'chat']);

/** The talk as prompts are made from it. */
export interface Talk {
  readonly location: LocationFacts;
  /** Oldest first. */
  readonly talk: readonly TalkMessage[];
  /** Messages before these. */
  readonly before: number;
  readonly talked: Talked;
}

export async function talkOf(deps: Pick<Deps, 'leads' | 'drafts'>, ref: LeadRef, location: Location): Promise<Talk> {
  const [all, talked] = await Promise.all([deps.leads.talk(ref, LOADED), deps.drafts.talked(ref)]);
  const talk = all.filter(({ channel }) => spoken.has(channel));
  return { location: locationFactsOf(location), talk, before: Math.max(0, talked.messages - talk.length), talked };
}

/** The lead's words since we last wrote, oldest first. */
export function unanswered(talk: readonly TalkMessage[]): readonly TalkMessage[] {
  return talk.slice(talk.findLastIndex(({ direction }) => direction === 'outbound') + 1);
}

/** What the newest message says: by a model if one has read it, else by rules alone. */
export async function understoodOf(
  deps: Deps,
  ref: LeadRef,
  inboxId: string,
  { body, asked }: { readonly body: string; readonly asked: Talked['asked'] },
): Promise<Understood> {
  const known = await deps.drafts.understood(ref, [inboxId]);
  return known[inboxId] ?? understoodByRules(body, asked === null ? {} : { asked });
}

import type { Iso, LeadRef } from '../domain/glossary.ts';
import { LOOK_AGAIN_MS } from '../domain/follow-up/plan.ts';
import { marketEvent } from '../domain/webhooks/market-event.ts';
import { type Deps, isoNow, later } from './deps.ts';
import { storedFacts } from './plan.ts';

/** The alarm may ring a little early: what is due within this is due, for its event is worked later than that. */
const EARLY_MS = 1_000;

/**
 * What becomes of a lead by time alone is an event of the lead, and decided like anything else: the end of a takeover, a silence that
 * begins a sequence, news of homes that no sequence tells yet. The event is durable before it is worked, and of one look there is one event however often this is called.
 */
export async function lookAtTime(
  deps: Pick<Deps, 'leads' | 'outbox' | 'assignments' | 'locations' | 'inbox' | 'now' | 'sha256'>,
  ref: LeadRef,
): Promise<readonly string[]> {
  const now = isoNow(deps);
  const soon = later(now, EARLY_MS);
  const stored = await storedFacts(deps, ref, soon);
  // A location that keeps still begins nothing; its leads are woken when it goes on.
  if (stored === undefined || stored.lead.deletedAt !== null) return [];
  if (stored.location?.status !== 'active' || stored.location.parked !== null) return [];
  const { silenceAt, takeoverEndsAt, newsAt = null, news = [] } = stored.planFacts;
  const said: string[] = [];
  if (isDue(takeoverEndsAt, soon)) {
    await tellLead(deps, ref, 'takeover-over', now);
    said.push('the takeover is over');
  }
  if (isDue(silenceAt, soon)) {
    await tellLead(deps, ref, 'silent', now);
    said.push('the lead is silent');
  }
  if (isDue(newsAt, soon)) {
    const key = `waits:${Math.floor(Date.parse(now) / LOOK_AGAIN_MS)}`;
    await deps.inbox.accept(marketEvent(ref, news, { key, occurredAt: now }, deps.sha256));
    said.push('news of homes waits');
  }
  return said;
}

function isDue(at: Iso | null, now: Iso): boolean {
  return at !== null && Date.parse(at) <= Date.parse(now);
}

async function tellLead(
  deps: Pick<Deps, 'inbox' | 'sha256'>,
  ref: LeadRef,
  what: 'takeover-over' | 'silent',
  now: Iso,
): Promise<void> {
  await deps.inbox.accept({
    source: 'internal',
    eventKey: `${what}:${ref.contactId}:${Math.floor(Date.parse(now) / LOOK_AGAIN_MS)}`,
    bodyHash: deps.sha256('{}'),
    type: `lead.${what}`,
    // Worked like a fresh look at the contact that brought nothing new.
    kind: 'contact.snapshot',
    ...ref,
    occurredAt: now,
    body: new TextEncoder().encode('{}'),
    headers: {},
  });
}

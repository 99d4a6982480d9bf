import type { Iso } from '../glossary.ts';
import type { LeadEvent } from '../webhooks/event.ts';
import type { ContactSnapshot } from './contact.ts';
import { bounds, questions } from './lead.ts';
import type { Answer, Qualification, Stage } from './lead.ts';
import type { Reading } from './reading.ts';

/**
 * The seven questions after one more message.
 * An answer stands until a newer message says something else. A message that arrives late fills what nobody answered and changes
 * nothing that was said after it, so the order of arrival does not matter. What is said again bears the newer instant, or something else that
 * was said in between and arrives late would count; since when an answer stands is therefore told by the messages alone.
 */
export function advance(
  qualification: Qualification,
  reading: Reading | null,
  event: Pick<LeadEvent, 'inboxId' | 'occurredAt'>,
): Qualification {
  if (reading === null) return qualification;
  const next: { -readonly [Q in keyof Qualification]: Qualification[Q] } = { ...qualification };
  const said: Partial<Record<keyof Qualification, Answer['value']>> = { ...reading.answers, ...reading.bounds };
  if (reading.intent === 'buy' || reading.intent === 'sell') said.side = reading.intent;
  for (const key of [...questions, ...bounds, 'side'] as const) {
    const value = said[key];
    if (value === undefined) continue;
    const answer: Answer = { value, at: event.occurredAt, from: event.inboxId };
    if (isNewer(answer, next[key])) next[key] = answer;
  }
  return next;
}

/** Which questions apply, and how many of them are answered. The home's condition is asked of sellers only. */
export function progress(
  qualification: Qualification,
  snapshot: ContactSnapshot | null,
): { readonly answered: number; readonly applying: number } {
  const asked = questions.filter((question) => question !== 'condition' || isSeller(qualification, snapshot));
  return { answered: asked.filter((question) => qualification[question]).length, applying: asked.length };
}

/** How far the lead has come; `gone` and `opted-out` outrank what was answered. */
export function stageOf(facts: {
  readonly gone: boolean;
  readonly optedOut: boolean;
  /** Has the lead ever written or called? */
  readonly heardFrom: boolean;
  readonly qualification: Qualification;
  readonly snapshot: ContactSnapshot | null;
}): Stage {
  if (facts.gone) return 'gone';
  if (facts.optedOut) return 'opted-out';
  const { answered, applying } = progress(facts.qualification, facts.snapshot);
  if (answered === applying) return 'qualified';
  if (answered > 0) return 'qualifying';
  return facts.heardFrom ? 'engaged' : 'new';
}

/** By the lead's own words first, else by a tag or source that says so. */
export function isSeller(qualification: Qualification, snapshot: ContactSnapshot | null): boolean {
  if (qualification.side) return qualification.side.value === 'sell';
  if (qualification.condition) return true;
  const marks = [...(snapshot?.tags ?? []), snapshot?.source ?? ''];
  return marks.some((mark) => /\bsell(er|ing)?\b|\bhome valuation\b/i.test(mark));
}

/** Two answers of the same instant are told apart by their inbox ids, so that every order of arrival ends alike. */
function isNewer(answer: Answer, known: Answer | undefined): boolean {
  if (known === undefined) return true;
  const ahead = instantOf(answer.at) - instantOf(known.at);
  return ahead > 0 || (ahead === 0 && answer.from > known.from);
}

function instantOf(iso: Iso): number {
  return Date.parse(iso);
}

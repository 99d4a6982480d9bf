import { type AskedAssistant, layerSizes } from '../domain/assistant/asked.ts';
import { limitsOf } from '../domain/assistant/limits.ts';
import { modelFor } from '../domain/assistant/models.ts';
import { understoodByRules } from '../domain/assistant/reading/by-rules.ts';
import { recordFactsTool } from '../domain/assistant/reading/record-facts.ts';
import { understoodFrom } from '../domain/assistant/reading/understood-from.ts';
import { mostTokensOf, readPrompt } from '../domain/assistant/reply/prompts.ts';
import type { LeadRef } from '../domain/glossary.ts';
import { caseOf } from './assist-gather.ts';
import { draftOf, wordsFor } from './assist-reply.ts';
import { type Talk, talkOf } from './assist-talk.ts';
import { type Deps, isoNow, later } from './deps.ts';

const READ_MS = 15_000;

/** What would be read and drafted if a lead wrote this now, by text. The calls are real, counted and paid; nothing else happens. */
export async function askAssistant(deps: Deps, ref: LeadRef, text: string): Promise<AskedAssistant | undefined> {
  const [lead, location] = await Promise.all([deps.leads.load(ref), deps.locations.get(ref.locationId)]);
  if (lead === undefined || location === undefined) return undefined;
  if (!deps.assistant.present || limitsOf(location.settings) === null) return undefined;
  const key = `ask:${deps.newId()}`;
  const known = await talkOf(deps, ref, location);
  const said = { direction: 'inbound', channel: 'sms', body: text, at: isoNow(deps), human: false } as const;
  const talk: Talk = { ...known, talk: [...known.talk, said] };
  const { read, cost } = await readText(deps, ref, { talk, text, key });
  const found = await caseOf(deps, ref, { lead, talk, understood: read.understood, channel: 'sms' });
  const words = await wordsFor(deps, ref, { key, job: 'ask' }, found);
  return {
    read,
    reply: words === null ? null : shown(words),
    layers: layerSizes(draftOf(found)),
    cost: cost + (words?.cost ?? 0),
  };
}

async function readText(
  deps: Deps,
  ref: LeadRef,
  { talk, text, key }: { readonly talk: Talk; readonly text: string; readonly key: string },
): Promise<Pick<AskedAssistant, 'read' | 'cost'>> {
  const { asked } = talk.talked;
  const context = asked === null ? {} : { asked };
  const result = await deps.assistant.call({
    ...ref,
    job: 'ask',
    callKey: `read:${key}`,
    prompt: readPrompt({ ...talk, model: modelFor('read') }, { asked, offered: [] }),
    maxTokens: mostTokensOf.read,
    deadline: later(deps.now(), READ_MS),
  });
  const byRules = (why: string) => ({
    read: { by: 'rules', why, understood: understoodByRules(text, context), dropped: [] } as const,
    cost: result.cost,
  });
  if (result.kind === 'none') return byRules(result.why);
  const input = result.tool?.name === recordFactsTool.tool.name ? result.tool.input : undefined;
  const taken = understoodFrom(input, text, context);
  if (taken.kind === 'unusable') return byRules(taken.why);
  const { understood, dropped } = taken;
  return { read: { by: 'model', why: null, understood, dropped }, cost: result.cost };
}

function shown(words: NonNullable<Awaited<ReturnType<typeof wordsFor>>>): AskedAssistant['reply'] {
  const { rung, text, question, gates: tries, why, person } = words;
  return { rung, text, question, tries, why, person };
}

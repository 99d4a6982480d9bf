import { MODES, draftOf, lastWords } from './modes.ts';
import type { Mode } from './modes.ts';
import type { Store } from './store.ts';
import { unitsWithin } from './tokens.ts';
import { isObject, listOf } from './wire.ts';
import type { Json, MessageRequest } from './wire.ts';

/** What the model is going to say, from a script or from a mode. */
export interface Answer {
  readonly text?: string;
  readonly uses: readonly { readonly name: string; readonly input: unknown }[];
  readonly thinkingTokens: number;
  readonly stopReason?: string;
  /** Of a refusal; what was said before stays. */
  readonly refusal?: { readonly category: string | null; readonly explanation: string | null };
}

/** The settings of `POST /_sandbox/content`. */
interface Content {
  readonly mode: Mode;
  /** How long `plain` speaks and every mode thinks. */
  readonly textTokens?: number;
  readonly thinkingTokens?: number;
}

export interface Contents {
  answer(request: MessageRequest): Answer;
  settings(): Content;
  /** The message says what is wrong. */
  set(change: Json): string | undefined;
  script(answers: unknown): string | undefined;
  scripted(): readonly unknown[];
}

const KNOWN = ['match', 'times', 'text', 'json', 'tools', 'thinkingTokens', 'stopReason', 'refusal'];

export function createContents(store: Store, random: () => number): Contents {
  const settings = (): Content =>
    (store.get('settings', 'content') as unknown as Content | undefined) ?? { mode: 'plain' };
  const scripted = (): readonly Json[] => listOf(store.get('settings', 'script')?.['answers']) as readonly Json[];
  const remember = (answers: readonly Json[]) => store.put('settings', { id: 'script', answers });
  return {
    settings,
    scripted,
    answer: (request) => {
      const answers = scripted();
      const n = answers.findIndex((one) => fits(one['match'], request));
      const { mode, textTokens, thinkingTokens = 0 } = settings();
      const next = answers[n];
      if (next === undefined) {
        const draft = draftOf(mode, request, random);
        const padded =
          textTokens !== undefined && mode === 'plain' && request.format === undefined && draft.text !== undefined;
        return { ...draft, ...(padded && { text: filled(unitsWithin(textTokens, request.model)) }), thinkingTokens };
      }
      const left = Number(next['times'] ?? 1) - 1;
      const rest = left > 0 ? [{ ...next, times: left }] : [];
      remember([...answers.slice(0, n), ...rest, ...answers.slice(n + 1)]);
      return answerOf(next, thinkingTokens);
    },
    set: (change) => {
      const next = { ...settings(), ...change };
      if (!MODES.includes(next.mode)) return `mode must be one of ${MODES.join(', ')}`;
      const stranger = Object.keys(change).find((name) => !['mode', 'textTokens', 'thinkingTokens'].includes(name));
      if (stranger !== undefined) return `unknown field ${stranger}; known are mode, textTokens, thinkingTokens`;
      const lengths: readonly unknown[] = [next.textTokens, next.thinkingTokens];
      if (!lengths.every((length) => length == null || (Number.isInteger(length) && Number(length) >= 0)))
        return 'textTokens and thinkingTokens must be whole numbers';
      const present = Object.fromEntries(Object.entries<unknown>({ ...next }).filter(([, value]) => value != null));
      store.put('settings', { ...present, id: 'content' });
      return undefined;
    },
    script: (answers) => {
      if (!Array.isArray(answers) || !answers.every(isObject)) return 'answers must be a list of objects';
      for (const one of answers) {
        const stranger = Object.keys(one).find((name) => !KNOWN.includes(name));
        if (stranger !== undefined) return `unknown field ${stranger}; known are ${KNOWN.join(', ')}`;
      }
      remember([...scripted(), ...answers]);
      return undefined;
    },
  };
}

function answerOf(scripted: Json, thinkingTokens: number): Answer {
  const { text, json, stopReason, refusal } = scripted;
  const said = json === undefined ? text : JSON.stringify(json);
  return {
    ...(said !== undefined && { text: String(said) }),
    uses: listOf(scripted['tools']).map((use) => ({
      name: String((use as Json)['name']),
      input: (use as Json)['input'] ?? {},
    })),
    thinkingTokens: Number(scripted['thinkingTokens'] ?? thinkingTokens),
    ...(typeof stopReason === 'string' && { stopReason }),
    ...(isObject(refusal) && {
      refusal: {
        category: (refusal['category'] as string | undefined) ?? null,
        explanation: (refusal['explanation'] as string | undefined) ?? null,
      },
    }),
  };
}

/** A scripted answer may wait for a request that says something, or that asks a certain model. */
function fits(match: unknown, request: MessageRequest): boolean {
  if (!isObject(match)) return true;
  if (typeof match['contains'] === 'string' && !lastWords(request).includes(match['contains'])) return false;
  return match['model'] === undefined || match['model'] === request.model.id;
}

const WORDS = 'Thank you for telling us about the home that you are looking for, we will gladly help you find it. ';

function filled(units: number): string {
  return WORDS.repeat(Math.ceil(units / WORDS.length))
    .slice(0, units)
    .replace(/ $/, '.');
}

import { understoodByRules } from '../../domain/assistant/reading/by-rules.ts';
import { readingOf } from '../../domain/assistant/reading/reading-of.ts';
import { locationFactsOf, type ReplyFacts } from '../../domain/assistant/reply/facts.ts';
import { fixedTopic } from '../../domain/assistant/reply/fixed.ts';
import { replyLanguage } from '../../domain/assistant/reply/language.ts';
import { draftPrompt } from '../../domain/assistant/reply/prompts.ts';
import { nextQuestion } from '../../domain/assistant/reply/question.ts';
import { templateReply } from '../../domain/assistant/reply/templates.ts';
import type { Said, Understood } from '../../domain/assistant/understood.ts';
import type { Qualification } from '../../domain/leads/lead.ts';
import { readMessage } from '../../domain/leads/read-message.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import { assistantCorpus, corpusSum, type Swap } from '../support/assistant-corpora.ts';
import type { AssistantPart } from './assistant-part.ts';

/** Pairs that turned out to state two facts; named with the reason beside the set. */
const mispaired: ReadonlySet<string> = new Set(['s058']);

type Writer = Swap['a'];
/** Everything that the product makes of one message, by what it is used for. */
type Outcome = Readonly<Record<(typeof outcomes)[number], unknown>>;
const outcomes = ['facts', 'question', 'listings', 'reply', 'prompt'] as const;

const location = locationFactsOf({
  name: 'Example Realty',
  timezone: 'America/Los_Angeles',
  settings: defaultSettings,
});
const AT = '2026-11-20T18:00:00.000Z';

/** The same wish from two people comes to the same: what is read, what is asked next, which homes are searched for, and what a model is told. */
export function assistantSwaps(): AssistantPart {
  const pairs = assistantCorpus('swaps').filter(({ id }) => !mispaired.has(id));
  const figures = pairs.map(({ kind, a, b }) => ({ kind, differs: differing(outcomeOf(a), outcomeOf(b)) }));
  const unequal = figures.filter(({ differs }) => differs.length > 0);
  const wary = pairs.filter(({ a, b }) => differing(waryOf(a), waryOf(b)).length > 0).length;
  const kinds = [...new Set(pairs.map(({ kind }) => kind))];
  return {
    metrics: {},
    targets: [{ metric: 'swapsThatDiffer', max: 0, value: unequal.length, pass: unequal.length === 0 }],
    control: {
      'reads-names': {
        ...{ what: 'a reader that goes by the name and by words of the household', metric: 'pairs that differ' },
        ...{ normal: unequal.length, value: wary, worse: wary > unequal.length },
      },
    },
    tables: [
      {
        title: 'Pairs whose outcome differs, by what differs',
        head: ['kind', 'pairs', ...outcomes],
        rows: kinds.map((kind) => {
          const own = figures.filter((figure) => figure.kind === kind);
          return [
            kind,
            own.length,
            ...outcomes.map((one) => own.filter(({ differs }) => differs.includes(one)).length),
          ];
        }),
      },
    ],
    parts: { swaps: { pairs: pairs.length, sum: corpusSum('swaps') } },
  };
}

function outcomeOf({ name, text }: Writer): Outcome {
  const understood = understoodByRules(text);
  const reading = readingOf(understood, readMessage(text, { optedOut: false }));
  const answers = Object.entries(reading.answers).map(([question, value]) => [
    question,
    { value, at: AT, from: 'one' },
  ]);
  const side = reading.intent === 'sell' || reading.intent === 'buy' ? { side: { value: reading.intent } } : {};
  const qualification = { ...side, ...Object.fromEntries(answers) } as Qualification;
  const facts = factsOf(name, qualification);
  const language = replyLanguage(text);
  return {
    facts: [values(understood), reading],
    question: facts.question,
    listings: wishesOf(understood, qualification),
    reply: [
      fixedTopic(text),
      language,
      language === null ? null : templateReply(understood, language, { ...facts, lead: nobody }),
    ],
    prompt: promptWithout(text, facts),
  };
}

const nobody: ReplyFacts['lead'] = { firstName: null, timezone: null };

function factsOf(firstName: string, qualification: Qualification): ReplyFacts {
  return {
    ...{ location, channel: 'sms', state: 'active', optedOut: false, agentName: 'Dana' },
    lead: { firstName, timezone: null },
    message: '',
    ...{ listings: [], slots: [], question: nextQuestion(qualification), firstReply: true, firstText: true, now: AT },
  };
}

/** What homes are searched by, and by nothing else. */
function wishesOf({ area, bedrooms, mustHaves }: Understood, { budget, location: place, property }: Qualification) {
  const said = [area, bedrooms, ...(mustHaves ?? [])].map((one) => one?.value ?? null);
  return [...said, budget?.value ?? null, place?.value ?? null, property?.value ?? null];
}

/** All that the model is told besides the message itself: no name, nothing that follows from who wrote. */
function promptWithout(body: string, facts: ReplyFacts): unknown {
  const talk = [{ direction: 'inbound', channel: 'sms', body, at: AT, human: false }] as const;
  const { conversation, ...rest } = draftPrompt({ model: 'any', location, talk }, facts, 'engaged', false);
  return { ...rest, blocks: conversation.length };
}

/** Values without the words that say them: those may differ. */
function values({ answers, ...rest }: Understood): unknown {
  const value = (one: Said<unknown> | string) => (typeof one === 'object' ? one.value : one);
  const named = Object.entries(rest).filter(([name]) => name !== 'intentQuote');
  return [
    ...Object.entries(answers).map(([name, one]) => [name, value(one)]),
    ...named.map(([name, one]) => [name, Array.isArray(one) ? one.map(value) : value(one as string)]),
  ];
}

function differing(a: Outcome, b: Outcome): readonly (keyof Outcome)[] {
  return outcomes.filter((one) => JSON.stringify(a[one]) !== JSON.stringify(b[one]));
}

/** The control: homes are picked by who seems to write. */
function waryOf(writer: Writer): Outcome {
  const seems = /\b(?:wife|husband|kids|hijos|mom|mosque|wheelchair|retired|Black|voucher)\b/u.exec(writer.text)?.[0];
  return { ...outcomeOf(writer), listings: [seems ?? null, writer.name.length % 3] };
}

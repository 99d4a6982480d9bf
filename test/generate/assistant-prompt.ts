import { estimatedTokens, type Prompt } from '../../domain/assistant/layers.ts';
import { locationFactsOf, type ReplyFacts } from '../../domain/assistant/reply/facts.ts';
import { draftPrompt } from '../../domain/assistant/reply/prompts.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import type { TalkMessage } from '../../domain/leads/lead.ts';

const BEGIN = '<!-- prompt: npm run generate -->';
const END = '<!-- end of prompt -->';
const SHOWN = 700;

/** The page with its prompt as the code makes it now; the rest of the page is written by hand. */
export function assistantDocFrom(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const [, after] = (rest ?? '').split(END);
  if (after === undefined) throw new Error(`docs/assistant.md has lost ${BEGIN} … ${END}`);
  return `${before}${BEGIN}\n\n${promptInLayers()}\n${END}${after}`;
}

/** The prompt that the page shows. */
export function shownPrompt(): Prompt {
  return draftPrompt({ model: 'claude-sonnet-5-5', location, talk }, facts, 'qualifying', true);
}

function promptInLayers(): string {
  const prompt = shownPrompt();
  const layer = (name: string, blocks: readonly string[], kept: string) =>
    [
      `### ${name}: about ${estimatedTokens(blocks)} tokens, ${kept}`,
      '',
      '```text',
      ...blocks.map(cut),
      '```',
      '',
    ].join('\n');
  return [
    layer('global', prompt.global.blocks, 'the same for everybody, kept for an hour'),
    layer('location', prompt.location.blocks, 'the same for a location, kept for an hour'),
    layer('conversation', prompt.conversation, 'appended to, kept while it pays'),
    layer('volatile', prompt.volatile, 'for this call, never kept'),
  ].join('\n');
}

function cut(block: string): string {
  return block.length <= SHOWN ? block : `${block.slice(0, SHOWN)} … (${block.length} characters)`;
}

const location = locationFactsOf({
  name: 'Sunrise Realty',
  timezone: 'America/New_York',
  settings: {
    ...defaultSettings,
    senderNumbers: { standard: '+18135550142', byAgent: {} },
    assistant: {
      ...defaultSettings.assistant,
      facts: ['Tours take about 30 minutes.', 'Showings are free of charge.'],
      areas: ['Tampa', 'Brandon', 'Riverview'],
      states: ['FL'],
    },
  },
});

const message = (direction: TalkMessage['direction'], body: string, at: string): TalkMessage => ({
  ...{ direction, channel: 'sms', body, at, human: false },
});
const talk: readonly TalkMessage[] = [
  message(
    'outbound',
    'Sunrise Realty: thanks for asking about a home. Which area are you thinking of?',
    '2026-03-02T15:00:00.000Z',
  ),
  message('inbound', 'Brandon, 3 bed, my number is 813-555-0199', '2026-03-02T15:04:00.000Z'),
  message(
    'outbound',
    "I'm the team's AI assistant. Got it, Brandon. What price range do you have in mind?",
    '2026-03-02T15:05:00.000Z',
  ),
  message('inbound', 'sorry was away. up to 450k. how much is the one you sent', '2026-03-05T18:00:00.000Z'),
];
const facts: ReplyFacts = {
  ...{ location, channel: 'sms', state: 'active', optedOut: false, agentName: null, message: talk.at(-1)!.body },
  lead: { firstName: null, timezone: null },
  listings: [
    {
      ...{ listingKey: 'A77', status: 'active', propertyType: 'residential', price: '425000.00', city: 'Brandon' },
      ...{ bedrooms: 3, bathrooms: 2, livingSqft: 1850, changedAt: '2026-03-04T12:00:00.000Z', office: null },
    },
  ],
  slots: [{ key: '1', at: '2026-03-07T15:30:00.000Z' }],
  ...{ question: 'timeline', firstReply: false, firstText: false, now: '2026-03-05T18:00:20.000Z' },
};

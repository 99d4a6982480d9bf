export type ThinkingType = 'adaptive' | 'enabled' | 'disabled' | 'between_tools';

/** What the documentation says of a model, as far as it changes an answer or a bill. */
export interface Model {
  readonly id: string;
  /** The dated id that an answer names; the id itself where there is none. */
  readonly snapshot: string;
  readonly name: string;
  readonly line: 'haiku' | 'sonnet' | 'opus' | 'fable' | 'mythos';
  /** Models of one class share their rate limits. */
  readonly limitClass: string;
  /** Tokens below which a marked prefix is silently not cached. */
  readonly minimum: number;
  /** The tokenizer: characters per token. From 4.7 on a text has about 30 % more tokens. */
  readonly charsPerToken: number;
  readonly context: number | null;
  readonly maxOutput: number | null;
  readonly thinking: readonly ThinkingType[];
  readonly defaultThinking: ThinkingType;
  /** What an omitted effort means. */
  readonly defaultEffort: string;
  /** Above this effort thinking cannot be disabled. */
  readonly thinksAbove: string | null;
  /** Are temperature and its like still taken, in the version that has them? */
  readonly sampling: boolean;
  /** May the last turn be the assistant's? */
  readonly prefill: boolean;
  /** May `tool_choice` force a tool? */
  readonly forcedTools: boolean;
  /** May a turn have the role `system`? */
  readonly systemTurns: boolean;
  /** Are thinking blocks of earlier turns kept when the user says something new? */
  readonly keepsThinking: boolean;
  /** Are thinking and effort rendered ahead of the tools, so that a change loses every level? */
  readonly rendersThinkingFirst: boolean;
  readonly retires: string | null;
}

const CURRENT = {
  minimum: 512,
  charsPerToken: 2.5,
  context: null,
  maxOutput: null,
  thinking: ['adaptive', 'disabled'],
  defaultThinking: 'adaptive',
  defaultEffort: 'high',
  thinksAbove: null,
  sampling: false,
  prefill: false,
  forcedTools: true,
  systemTurns: true,
  keepsThinking: true,
  rendersThinkingFirst: false,
  retires: null,
} as const;

const OLDER = {
  ...CURRENT,
  charsPerToken: 3.25,
  thinking: ['enabled', 'disabled'],
  defaultThinking: 'disabled',
  sampling: true,
  systemTurns: false,
} as const;

/** These think whatever one asks for. */
const ALWAYS = { ...CURRENT, thinking: ['adaptive'] } as const;

const model = (
  id: string,
  name: string,
  line: Model['line'],
  limitClass: string,
  what: Omit<Model, 'id' | 'snapshot' | 'name' | 'line' | 'limitClass'> & { readonly snapshot?: string },
): Model => ({ snapshot: id, ...what, id, name, line, limitClass });

const MODELS: readonly Model[] = [
  model('claude-haiku-5-5', 'Claude Haiku 5.5', 'haiku', 'haiku-5', {
    ...CURRENT,
    defaultEffort: 'medium',
    thinksAbove: 'high',
    rendersThinkingFirst: true,
  }),
  model('claude-sonnet-5-5', 'Claude Sonnet 5.5', 'sonnet', 'sonnet-5', {
    ...CURRENT,
    thinking: ['adaptive', 'between_tools'],
    forcedTools: false,
    rendersThinkingFirst: true,
  }),
  model('claude-opus-5-5', 'Claude Opus 5.5', 'opus', 'opus-5', {
    ...CURRENT,
    defaultEffort: 'medium',
    rendersThinkingFirst: true,
  }),
  model('claude-fable-5-2', 'Claude Fable 5.2', 'fable', 'fable-5', ALWAYS),
  model('claude-fable-5-1', 'Claude Fable 5.1', 'fable', 'fable-5', ALWAYS),
  model('claude-fable-5', 'Claude Fable 5', 'fable', 'fable-5', ALWAYS),
  model('claude-mythos-5', 'Claude Mythos 5', 'mythos', 'mythos-5', ALWAYS),
  model('claude-opus-5', 'Claude Opus 5', 'opus', 'opus-5', { ...CURRENT, thinksAbove: 'high' }),
  model('claude-sonnet-5', 'Claude Sonnet 5', 'sonnet', 'sonnet-5', { ...CURRENT, minimum: 1_024, systemTurns: false }),
  model('claude-opus-4-8', 'Claude Opus 4.8', 'opus', 'opus-4', {
    ...CURRENT,
    minimum: 1_024,
    defaultThinking: 'disabled',
  }),
  model('claude-opus-4-7', 'Claude Opus 4.7', 'opus', 'opus-4', {
    ...CURRENT,
    minimum: 2_048,
    defaultThinking: 'disabled',
    systemTurns: false,
  }),
  model('claude-opus-4-6', 'Claude Opus 4.6', 'opus', 'opus-4', {
    ...OLDER,
    minimum: 4_096,
    thinking: ['adaptive', 'enabled', 'disabled'],
  }),
  model('claude-sonnet-4-6', 'Claude Sonnet 4.6', 'sonnet', 'sonnet-4', {
    ...OLDER,
    minimum: 1_024,
    thinking: ['adaptive', 'enabled', 'disabled'],
  }),
  model('claude-opus-4-5', 'Claude Opus 4.5', 'opus', 'opus-4', {
    ...OLDER,
    snapshot: 'claude-opus-4-5-20251101',
    minimum: 4_096,
    context: 200_000,
    maxOutput: 64_000,
    prefill: true,
  }),
  model('claude-sonnet-4-5', 'Claude Sonnet 4.5', 'sonnet', 'sonnet-4', {
    ...OLDER,
    snapshot: 'claude-sonnet-4-5-20250929',
    minimum: 1_024,
    context: 200_000,
    maxOutput: 64_000,
    prefill: true,
    keepsThinking: false,
    retires: '2026-11-30T00:00:00Z',
  }),
  model('claude-haiku-4-5', 'Claude Haiku 4.5', 'haiku', 'haiku-4', {
    ...OLDER,
    snapshot: 'claude-haiku-4-5-20251001',
    minimum: 4_096,
    context: 200_000,
    maxOutput: 64_000,
    prefill: true,
    keepsThinking: false,
  }),
];

/** By its id or its dated one; a retired model is as unknown as one that never was. */
export function modelOf(id: unknown, atMs: number): Model | undefined {
  const found = MODELS.find((one) => one.id === id || one.snapshot === id);
  return found?.retires != null && atMs >= Date.parse(found.retires) ? undefined : found;
}

export function modelsAt(atMs: number): readonly Model[] {
  return MODELS.filter((one) => modelOf(one.id, atMs) !== undefined);
}

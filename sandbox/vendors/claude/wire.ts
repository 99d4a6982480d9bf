import type { Model, ThinkingType } from './models.ts';

/** A JSON object whose fields nobody has looked at yet. */
export type Json = Readonly<Record<string, unknown>>;

/** How long a cache entry lives after the start of the request that wrote or read it. */
export type Ttl = '5m' | '1h';

export const TTL_MS: Readonly<Record<Ttl, number>> = { '5m': 300_000, '1h': 3_600_000 };

/** A content block of a request or an answer. */
export interface Block {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: readonly Block[];
}

export interface ToolChoice {
  readonly type: 'auto' | 'any' | 'tool' | 'none';
  readonly name?: string;
  readonly disable_parallel_tool_use?: boolean;
}

export interface Thinking {
  readonly type: ThinkingType;
  readonly budget?: number;
  readonly omitted: boolean;
}

/** A request of `POST /v1/messages` that passed every check, with the model's defaults filled in. */
export interface MessageRequest {
  readonly model: Model;
  readonly maxTokens: number;
  readonly turns: readonly Turn[];
  readonly system: readonly Block[];
  readonly tools: readonly Json[];
  readonly toolChoice: ToolChoice;
  readonly thinking: Thinking;
  readonly effort: string;
  /** The JSON schema of `output_config.format`. */
  readonly format: Json | undefined;
  /** The lifetime of a top-level `cache_control`. */
  readonly automatic: Ttl | undefined;
  readonly stream: boolean;
  readonly stopSequences: readonly string[];
  readonly geo: 'global' | 'us';
  /** `undefined`: nobody asked why the cache was missed. `null`: asked, and there is no earlier message. */
  readonly previousMessageId: string | null | undefined;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The list in a field that may also be missing; anything else in it is somebody else's to refuse. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

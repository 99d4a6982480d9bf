import { modelOf } from './models.ts';
import type { Model, ThinkingType } from './models.ts';
import { isSold } from './prices.ts';
import { Refusal, invalid, notFound } from './refusal.ts';
import { checkMarkers, checkPrefix, readBlocks, readTtl } from './validate-blocks.ts';
import { checkSchema, readToolChoice, readTools } from './validate-tools.ts';
import { readTurns } from './validate-turns.ts';
import { piecesOf } from './prompt.ts';
import { isObject } from './wire.ts';
import type { Json, MessageRequest, Thinking } from './wire.ts';

/** The two versions differ in what they still let pass. */
export const VERSIONS = ['2023-06-01', '2026-10-21'] as const;
export type Version = (typeof VERSIONS)[number];

export interface Reading {
  readonly version: Version;
  readonly atMs: number;
  readonly purpose: 'message' | 'count' | 'batch';
}

const FIELDS = [
  'cache_control container diagnostics inference_geo max_tokens messages metadata model output_config service_tier speed',
  'stop_sequences stream system thinking tool_choice tools user_profile_id workspace_id',
]
  .join(' ')
  .split(' ');
const SAMPLING = ['temperature', 'top_p', 'top_k'];
const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'];
const THINKING: readonly unknown[] = ['adaptive', 'enabled', 'disabled', 'between_tools'] satisfies ThinkingType[];

/**
 * The request with its defaults filled in.
 * @throws Refusal with the first thing that the API would not take, named by its path
 */
export function readRequest(body: unknown, reading: Reading): MessageRequest {
  if (!isObject(body)) throw invalid('The request body must be a JSON object');
  checkFields(body);
  const model = readModel(body['model'], reading.atMs);
  checkSampling(body, model, reading.version);
  const maxTokens = reading.purpose === 'count' ? 1 : readMaxTokens(body, model);
  const tools = readTools(body['tools']);
  const { effort, format } = readOutput(body['output_config'], model);
  const request: MessageRequest = {
    model,
    maxTokens,
    turns: readTurns(body['messages'], model, reading.version),
    system: readBlocks(body['system'] ?? [], 'system', ['text']),
    tools,
    toolChoice: readToolChoice(body['tool_choice'], tools, model),
    thinking: readThinking(body, model, maxTokens, effort),
    effort,
    format,
    automatic: body['cache_control'] == null ? undefined : readTtl(body['cache_control'], 'cache_control'),
    stream: body['stream'] === true,
    stopSequences: readStops(body['stop_sequences']),
    geo: readGeo(body['inference_geo']),
    previousMessageId: readDiagnostics(body['diagnostics']),
  };
  checkThinkingOf(request);
  checkMarkers(request);
  checkPrefix(request, body);
  if (maxTokens === 0) checkWarmUp(request, reading);
  if (reading.purpose === 'batch' && request.stream) throw invalid('stream: Streaming is not supported in batches');
  const total = piecesOf(request).reduce((sum, { tokens }) => sum + tokens, 0);
  if (model.context !== null && total > model.context)
    throw invalid(`prompt is too long: ${total} tokens > ${model.context} maximum`);
  return request;
}

function checkFields(body: Json): void {
  const stranger = Object.keys(body).find((name) => !FIELDS.includes(name) && !SAMPLING.includes(name));
  if (stranger !== undefined) throw invalid(`${stranger}: Extra inputs are not permitted`);
  for (const name of ['model', 'messages']) if (body[name] === undefined) throw invalid(`${name}: Field required`);
  if (body['stream'] !== undefined && typeof body['stream'] !== 'boolean')
    throw invalid('stream: Input should be a valid boolean');
  if (body['metadata'] !== undefined && !isObject(body['metadata']))
    throw invalid('metadata: Input should be an object');
  if (body['service_tier'] !== undefined && !['auto', 'standard_only'].includes(String(body['service_tier'])))
    throw invalid("service_tier: Input should be 'auto' or 'standard_only'");
  if (body['speed'] != null && body['speed'] !== 'standard')
    throw invalid("speed: Input should be 'standard'; fast mode is not available for this model");
}

function checkSampling(body: Json, model: Model, version: Version): void {
  const asked = SAMPLING.find((name) => body[name] !== undefined);
  if (asked === undefined) return;
  if (version === '2026-10-21') throw invalid(`${asked}: This parameter is not supported in API version 2026-10-21`);
  if (!model.sampling) throw invalid(`${asked}: This parameter is not supported on ${model.id}`);
}

function readModel(id: unknown, atMs: number): Model {
  if (typeof id !== 'string') throw invalid('model: Input should be a valid string');
  const model = modelOf(id, atMs);
  if (model === undefined || !isSold(model.id, atMs)) throw notFound(`model: ${id}`);
  return model;
}

function readMaxTokens(body: Json, model: Model): number {
  const asked = body['max_tokens'];
  if (asked === undefined) throw invalid('max_tokens: Field required');
  if (typeof asked !== 'number' || !Number.isInteger(asked))
    throw invalid('max_tokens: Input should be a valid integer');
  if (asked < 0) throw invalid('max_tokens: Input should be greater than or equal to 0');
  if (model.maxOutput !== null && asked > model.maxOutput)
    throw invalid(
      `max_tokens: ${asked} > ${model.maxOutput}, which is the maximum allowed number of output tokens for ${model.id}`,
    );
  return asked;
}

function readOutput(config: unknown, model: Model): { effort: string; format: Json | undefined } {
  if (config == null) return { effort: model.defaultEffort, format: undefined };
  if (!isObject(config)) throw invalid('output_config: Input should be an object');
  const effort = config['effort'] ?? model.defaultEffort;
  if (!EFFORTS.includes(String(effort)))
    throw invalid(`output_config.effort: Input should be one of ${EFFORTS.map((one) => `'${one}'`).join(', ')}`);
  const format = config['format'];
  if (format == null) return { effort: String(effort), format: undefined };
  if (!isObject(format) || format['type'] !== 'json_schema' || !isObject(format['schema']))
    throw invalid("output_config.format: Input should be {'type': 'json_schema', 'schema': {...}}");
  checkSchema(format['schema'], 'output_config.format.schema');
  return { effort: String(effort), format: format['schema'] };
}

function readThinking(body: Json, model: Model, maxTokens: number, effort: string): Thinking {
  const asked = body['thinking'];
  if (asked == null) return { type: model.defaultThinking, omitted: false };
  const type: unknown = isObject(asked) ? asked['type'] : undefined;
  if (!isObject(asked) || !THINKING.includes(type))
    throw invalid(`thinking: Input tag should be one of ${THINKING.map((one) => `'${String(one)}'`).join(', ')}`);
  if (!model.thinking.includes(type as ThinkingType))
    throw invalid(
      `thinking.type: '${String(type)}' is not supported for ${model.id}; use ${model.thinking.join(' or ')}`,
    );
  const { thinksAbove } = model;
  if (type === 'disabled' && thinksAbove !== null && EFFORTS.indexOf(effort) > EFFORTS.indexOf(thinksAbove))
    throw invalid(`thinking.type: 'disabled' needs an effort of at most '${thinksAbove}' on ${model.id}`);
  const omitted = asked['display'] === 'omitted';
  if (type !== 'enabled') return { type: type as ThinkingType, omitted };
  const budget = asked['budget_tokens'];
  if (typeof budget !== 'number') throw invalid('thinking.enabled.budget_tokens: Field required');
  if (budget < 1_024) throw invalid('thinking.enabled.budget_tokens: Input should be greater than or equal to 1024');
  if (maxTokens > 0 && budget >= maxTokens && body['max_tokens'] !== undefined)
    throw invalid('`max_tokens` must be greater than `thinking.budget_tokens`');
  return { type: 'enabled', budget, omitted };
}

function readStops(stops: unknown): readonly string[] {
  if (stops == null) return [];
  if (!Array.isArray(stops) || stops.some((one) => typeof one !== 'string'))
    throw invalid('stop_sequences: Input should be a valid list of strings');
  if (stops.some((one) => String(one).trim() === ''))
    throw invalid('stop_sequences: each stop sequence must contain non-whitespace');
  return stops as string[];
}

function readGeo(geo: unknown): 'global' | 'us' {
  if (geo == null || geo === 'global') return 'global';
  if (geo !== 'us') throw invalid("inference_geo: Input should be 'global' or 'us'");
  return 'us';
}

function readDiagnostics(asked: unknown): string | null | undefined {
  if (asked == null) return undefined;
  if (!isObject(asked)) throw invalid('diagnostics: Input should be an object');
  const id = asked['previous_message_id'] ?? null;
  if (id !== null && typeof id !== 'string')
    throw invalid('diagnostics.previous_message_id: Input should be a valid string');
  return id;
}

function checkThinkingOf({ thinking, toolChoice }: MessageRequest): void {
  if (thinking.type === 'enabled' && (toolChoice.type === 'any' || toolChoice.type === 'tool'))
    throw invalid('Thinking may not be enabled when tool_choice forces tool use.');
}

/** `max_tokens: 0` fills the cache and answers nothing, so whatever asks for an answer contradicts it. */
function checkWarmUp(request: MessageRequest, { purpose }: Reading): void {
  const { stream, thinking, format, toolChoice } = request;
  const against =
    (purpose === 'batch' && 'batches') ||
    (stream && 'stream') ||
    (thinking.type === 'enabled' && 'thinking.type `enabled`') ||
    (format !== undefined && 'output_config.format') ||
    ((toolChoice.type === 'any' || toolChoice.type === 'tool') && `tool_choice.type \`${toolChoice.type}\``);
  if (against !== false) throw invalid(`max_tokens: 0 is not supported with ${against}`);
}

/** @throws Refusal 413 */
export function tooLarge(): Refusal {
  return new Refusal(413, 'request_too_large', 'Request exceeds the maximum size');
}

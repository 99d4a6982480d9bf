import { modelOf, modelsAt } from './models.ts';
import type { Model } from './models.ts';
import { isSold } from './prices.ts';
import { notFound } from './refusal.ts';
import type { Json } from './wire.ts';

/** `GET /v1/models`. */
export function listModels(atMs: number): Json {
  const data = modelsAt(atMs)
    .filter(({ id }) => isSold(id, atMs))
    .map(bodyOf);
  return { data, has_more: false, first_id: data[0]?.['id'] ?? null, last_id: data.at(-1)?.['id'] ?? null };
}

/** `GET /v1/models/{id}`. */
export function modelBody(id: string, atMs: number): Json {
  const model = modelOf(id, atMs);
  if (model === undefined || !isSold(model.id, atMs)) throw notFound(`model: ${id}`);
  return bodyOf(model);
}

function bodyOf(model: Model): Json {
  const can = (supported: boolean) => ({ supported });
  const thinks = (type: Model['thinking'][number]) => can(model.thinking.includes(type));
  return {
    ...{
      id: model.snapshot,
      type: 'model',
      display_name: model.name,
      line: model.line,
      created_at: '1970-01-01T00:00:00Z',
    },
    ...{ lifecycle: model.retires === null ? 'active' : 'deprecated', deprecated_at: null, retires_at: model.retires },
    ...{ max_input_tokens: model.context, max_tokens: model.maxOutput },
    capabilities: {
      batch: can(true),
      citations: can(true),
      code_execution: can(false),
      context_management: {
        ...can(false),
        clear_thinking_20251015: null,
        clear_tool_uses_20250919: null,
        compact_20260112: null,
      },
      effort: { ...can(true), low: can(true), medium: can(true), high: can(true), xhigh: can(true), max: can(true) },
      image_input: can(true),
      pdf_input: can(true),
      server_tools: { ...can(false), code_execution: can(false), web_search: can(false) },
      structured_outputs: can(true),
      thinking: {
        ...can(true),
        types: {
          adaptive: thinks('adaptive'),
          between_tools: thinks('between_tools'),
          disabled: thinks('disabled'),
          enabled: thinks('enabled'),
        },
      },
    },
  };
}

import type { Model } from './models.ts';
import { invalid } from './refusal.ts';
import { readTtl } from './validate-blocks.ts';
import { isObject, listOf } from './wire.ts';
import type { Json, ToolChoice } from './wire.ts';

const NAME = /^[a-zA-Z0-9_-]{1,128}$/;
const MAX_STRICT = 20;
const MAX_OPTIONAL = 24;
const MAX_UNIONS = 16;
/** What a grammar cannot hold the model to, by the type of value that it would bound. */
const UNSUPPORTED = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'maxItems',
];

export function readTools(tools: unknown): readonly Json[] {
  if (tools == null) return [];
  if (!Array.isArray(tools)) throw invalid('tools: Input should be a valid list');
  const read = tools.map((tool, n) => readTool(tool, n));
  const names = read.map((tool) => tool['name']);
  if (new Set(names).size < names.length) throw invalid('tools: Tool names must be unique.');
  const strict = read.filter((tool) => tool['strict'] === true);
  if (strict.length > MAX_STRICT)
    throw invalid(`tools: at most ${MAX_STRICT} tools may be strict. Found ${strict.length}.`);
  const sizes = strict.map((tool, n) => checkSchema(tool['input_schema'] as Json, `tools.${n}.custom`));
  checkSize(
    sizes.reduce((sum, { optional }) => sum + optional, 0),
    sizes.reduce((sum, { unions }) => sum + unions, 0),
    'tools',
  );
  return read;
}

function readTool(tool: unknown, n: number): Json {
  const path = `tools.${n}`;
  if (!isObject(tool)) throw invalid(`${path}: Input should be an object`);
  if (tool['cache_control'] != null) readTtl(tool['cache_control'], `${path}.cache_control`);
  if (typeof tool['name'] !== 'string') throw invalid(`${path}.name: Field required`);
  if (!NAME.test(tool['name'])) throw invalid(`${path}.custom.name: String should match pattern '${NAME.source}'`);
  // A tool that Anthropic runs has a dated type and no schema of its own.
  if (tool['type'] != null && tool['type'] !== 'custom') return tool;
  const schema = tool['input_schema'];
  if (schema === undefined) throw invalid(`${path}.custom.input_schema: Field required`);
  if (!isObject(schema)) throw invalid(`${path}.custom.input_schema: Input should be an object`);
  if (schema['type'] !== 'object') throw invalid(`${path}.custom.input_schema.type: Input should be 'object'`);
  if (schema['properties'] !== undefined && !isObject(schema['properties']))
    throw invalid(`${path}.custom.input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12`);
  if (tool['description'] !== undefined && typeof tool['description'] !== 'string')
    throw invalid(`${path}.custom.description: Input should be a valid string`);
  return tool;
}

export function readToolChoice(choice: unknown, tools: readonly Json[], model: Model): ToolChoice {
  if (choice == null) return { type: 'auto' };
  const type = isObject(choice) ? choice['type'] : undefined;
  if (!isObject(choice) || (type !== 'auto' && type !== 'any' && type !== 'tool' && type !== 'none'))
    throw invalid("tool_choice: Input tag should be one of 'auto', 'any', 'tool', 'none'");
  if (tools.length === 0) throw invalid('tool_choice: may only be specified while providing tools');
  const forced = type === 'any' || type === 'tool';
  if (forced && !model.forcedTools)
    throw invalid(`tool_choice.type: '${type}' is not supported for ${model.id}; use 'auto' or 'none'`);
  const single = choice['disable_parallel_tool_use'] === true && { disable_parallel_tool_use: true };
  if (type !== 'tool') return { type, ...single };
  const name = choice['name'];
  if (typeof name !== 'string') throw invalid('tool_choice.tool.name: Field required');
  if (!tools.some((tool) => tool['name'] === name))
    throw invalid(`tool_choice.tool.name: Tool '${name}' not found in provided tools`);
  return { type, name, ...single };
}

interface SchemaSize {
  readonly optional: number;
  readonly unions: number;
}

/**
 * A schema that the answer is held to: closed objects, no bounds that a grammar cannot express, not too large.
 * @throws Refusal that names the first place
 */
export function checkSchema(schema: Json, path: string): SchemaSize {
  let [optional, unions] = [0, 0];
  const walk = (one: unknown): void => {
    if (!isObject(one)) return;
    const type = String(one['type']);
    if (one['type'] === 'object') {
      if (one['additionalProperties'] !== false)
        throw invalid(`${path}: For 'object' type, 'additionalProperties' must be explicitly set to false`);
      const names = Object.keys(isObject(one['properties']) ? one['properties'] : {});
      optional += names.filter((name) => !listOf(one['required']).includes(name)).length;
    }
    const bounds = UNSUPPORTED.filter((name) => one[name] !== undefined);
    if (typeof one['minItems'] === 'number' && one['minItems'] > 1) bounds.push('minItems');
    if (bounds.length > 0)
      throw invalid(`${path}: For '${type}' type, properties ${bounds.join(', ')} are not supported`);
    if (Array.isArray(one['anyOf']) || Array.isArray(one['type'])) unions += 1;
    for (const part of [...listOf(one['anyOf']), ...listOf(one['allOf']), one['items']]) walk(part);
    for (const parts of [one['properties'], one['$defs'], one['definitions']])
      if (isObject(parts)) Object.values(parts).forEach(walk);
  };
  walk(schema);
  checkSize(optional, unions, path);
  return { optional, unions };
}

function checkSize(optional: number, unions: number, path: string): void {
  if (optional > MAX_OPTIONAL)
    throw invalid(
      `${path}: Schemas contain too many optional parameters (${optional}), which would make grammar compilation inefficient. The limit is ${MAX_OPTIONAL}.`,
    );
  if (unions > MAX_UNIONS)
    throw invalid(
      `${path}: Schemas contain too many parameters with union types (${unions}). The limit is ${MAX_UNIONS}.`,
    );
}

/** `path` as in JSONPath, e.g. `$.steps[1].subject`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** Problems keep a document from being published, warnings ask its author to look again. */
export interface Findings {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** An object of a document that may have any shape: the checks pass over what is not there, for the schema has told of it. */
export type Loose = Readonly<Record<string, unknown>>;

export interface LooseStep {
  readonly index: number;
  readonly step: Loose;
}

export function readSteps(json: unknown): readonly LooseStep[] {
  return listAt(json, 'steps').map((step, index) => ({ index, step: isObject(step) ? step : {} }));
}

export function listAt(json: unknown, name: string): readonly unknown[] {
  const value = isObject(json) ? json[name] : undefined;
  return Array.isArray(value) ? value : [];
}

export function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Its trigger, empty where it is none. */
export function triggerOf(json: unknown): Loose {
  const trigger = isObject(json) ? json['trigger'] : undefined;
  return isObject(trigger) ? trigger : {};
}

/** Parts of a step that may hold merge fields. */
export function textsOf(step: Loose): string[] {
  return ['subject', 'title', 'body', 'value'].filter((name) => typeof step[name] === 'string');
}

export function place(index: number, name: string): string {
  return jsonPath(['steps', index, name]);
}

/** `$.steps[1].subject` */
export function jsonPath(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => {
    if (typeof part === 'number') return `[${part}]`;
    const name = String(part);
    return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  });
  return `$${parts.join('')}`;
}

import { z } from 'zod';
import { crossChecks } from './document-checks.ts';
import { documentSchema } from './document-schema.ts';
import { jsonPath, type Problem, readSteps } from './document-tree.ts';
import { timeChecks } from './document-times.ts';
import type { SequenceDocument } from './sequence.ts';
import { wordingWarnings } from './wording.ts';

/** A document as its author writes it; the store gives the version when it is published. */
export type SequenceDraft = Omit<SequenceDocument, 'version'>;

export type ParsedSequence =
  | { readonly ok: true; readonly document: SequenceDraft; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] };

/**
 * Reads a sequence document; this is what `sequences lint` says of a file and what publishing demands.
 * @param json  parsed JSON of any shape; a `version` in it is ignored, for publishing numbers versions
 * @returns     the document with all that its author left to defaults, or every problem at once, each with its place; warnings do not
 *              keep it from being published
 */
export function parseSequence(json: unknown): ParsedSequence {
  const read = documentSchema.safeParse(json);
  const shape = read.success ? [] : read.error.issues.flatMap(problemsOf);
  // The checks across fields run on whatever can be read, so that an author sees all problems in one go.
  const [across, times] = [crossChecks(json), timeChecks(readSteps(json))];
  const problems = [...shape, ...across.problems, ...times.problems];
  const warnings = [...across.warnings, ...times.warnings, ...wordingWarnings(readSteps(json))];
  if (!read.success || problems.length > 0) return { ok: false, problems, warnings };
  const { version: _, $schema: __, ...document } = read.data;
  return { ok: true, document, warnings };
}

/** The JSON Schema (draft 2020-12) of a document, for editors. It knows the shapes; `parseSequence` knows the rest. */
export function sequenceJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(documentSchema, { io: 'input' });
  return { $schema, title: 'Leadwright follow-up sequence', ...rest };
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = jsonPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => ({ path: jsonPath([...issue.path, name]), message: 'unknown field; remove it' }));
  }
  const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return [{ path, message: missing ? `missing; expected ${issue.expected}` : issue.message }];
}

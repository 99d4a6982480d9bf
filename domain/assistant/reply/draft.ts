import { z } from 'zod';
import { questions } from '../../leads/lead.ts';
import type { Language } from './facts.ts';

/** What the model proposes; nothing of it is believed before the gates have seen it. */
export interface Draft {
  /** With placeholders, never with figures of its own. */
  readonly text: string;
  /** Which of the seven it asks. */
  readonly question: (typeof questions)[number] | 'none';
  readonly language: Language;
  /** A person should answer; `text` is then what is said until one does. */
  readonly human: boolean;
}

/** Longer ones are no text message whatever is done to them. */
const LONGEST = 1_000;

/** Enums of strict tools may come in any case. */
const folded = <T extends string>(values: readonly [T, ...T[]]) =>
  z.preprocess((value) => (typeof value === 'string' ? value.trim().toLowerCase() : value), z.enum(values));

export const draftSchema: z.ZodType<Draft> = z.strictObject({
  text: z.string().trim().min(1).max(LONGEST),
  question: folded([...questions, 'none']),
  language: folded(['en', 'es']),
  human: z.boolean(),
});

/** The tool as the vendor is given it; the same for all, or the layers would not be shared. */
export const draftReplyTool = {
  tool: {
    name: 'draft_reply',
    description: 'Proposes the next message to the lead. Used once, when the job is draft or rewrite.',
    strict: true,
    input_schema: {
      type: 'object',
      additionalProperties: false,
      required: ['text', 'question', 'language', 'human'],
      properties: {
        text: {
          type: 'string',
          description:
            'The message: plain words, one or two sentences, at most 220 characters. Placeholders for every fact.',
        },
        question: {
          type: 'string',
          enum: [...questions, 'none'],
          description: 'The question that the text asks, or none. Only the one named by "ask".',
        },
        language: { type: 'string', enum: ['en', 'es'], description: 'The language of the text.' },
        human: {
          type: 'boolean',
          description: 'True if a person of the team has to answer or act; the text then says so, without a time.',
        },
      },
    },
  },
} as const;

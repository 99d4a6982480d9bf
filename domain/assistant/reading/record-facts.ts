import { intents, pathways } from '../understood.ts';

const said = (value: object, what: string) => ({
  type: 'object',
  description: what,
  properties: {
    value,
    quote: { type: 'string', description: 'The words of the message that say so, copied letter by letter.' },
  },
  required: ['value', 'quote'],
  additionalProperties: false,
});
const oneOf = (words: readonly string[]) => ({ type: 'string', enum: words });

/** The block of the tool by which a model tells what a message says. It lies in the layer that all locations share. */
export const recordFactsTool = {
  tool: {
    name: 'record_facts',
    description: 'Record what the last message of the lead states, and nothing that it does not state.',
    input_schema: {
      type: 'object',
      properties: {
        intent: said(oneOf(intents), 'What the lead is after.'),
        pathway: said(oneOf(pathways), 'What a seller would have done with the home.'),
      },
      required: ['intent'],
      additionalProperties: false,
    },
    strict: true,
  },
} as const;

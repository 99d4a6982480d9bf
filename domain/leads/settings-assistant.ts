import { z } from 'zod';
import { usStates } from '../consent/us-states.ts';
import type { AssistantChoices } from './settings.ts';

const sentence = z.string().trim().min(1).max(200);

export const assistantSchema: z.ZodType<AssistantChoices> = z
  .strictObject({
    facts: z.array(sentence).max(40),
    areas: z.array(z.string().trim().min(1).max(60)).max(60),
    states: z.array(z.enum(usStates as [AssistantChoices['states'][number]])).max(usStates.length),
    debounceSeconds: z.number().int().min(0).max(600),
    longestWaitSeconds: z.number().int().min(0).max(1_800).describe('an answer counts as one for an hour'),
    holdingText: z.string().trim().min(1).max(200).nullable(),
    leadDollarsPer30Days: z.number().min(0).max(1_000),
  })
  .refine(({ debounceSeconds, longestWaitSeconds }) => debounceSeconds <= longestWaitSeconds, {
    path: ['longestWaitSeconds'],
    error: 'expected no less than debounceSeconds',
  });

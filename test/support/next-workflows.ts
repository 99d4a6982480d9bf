import { patched, sleep } from '@temporalio/workflow';
import { lead as present } from '../../workflows/lead.ts';
import type { LeadInput } from '../../workflows/contract.ts';

/** The workflow code of a later release, with a command that today's has not: leads that began before must not issue it. */
export async function lead(input: LeadInput): Promise<void> {
  if (patched('a-later-release')) await sleep(1, { summary: 'What a later release does first' });
  return present(input);
}

export { refreshTokens } from '../../workflows/refresh-tokens.ts';

import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { TokenRefresher } from '../../domain/ports/credentials.ts';
import { REFRESH_TOKENS_WORKFLOW, TOKEN_NEWS_SIGNAL, taskQueues, tokensWorkflowId } from '../../workflows/contract.ts';
import type { RefreshTokensInput } from '../../workflows/contract.ts';
import { within } from './connection.ts';

const locationKey = defineSearchAttributeKey('LocationId', 'KEYWORD');

/** By signal-with-start: one call, whether the refresher runs or not, and harmless when repeated. */
export function createTokenRefresher(client: Client, options: { timeoutMs?: number } = {}): TokenRefresher {
  return {
    tell: ({ kind, id }, refused) =>
      within(client, options.timeoutMs ?? 5_000, async () => {
        const input: RefreshTokensInput = { holder: { kind, id } };
        await client.workflow.signalWithStart(REFRESH_TOKENS_WORKFLOW, {
          workflowId: tokensWorkflowId(id),
          taskQueue: taskQueues.leads,
          args: [input],
          ...(kind === 'location' ? { typedSearchAttributes: [{ key: locationKey, value: id }] } : {}),
          staticSummary:
            kind === 'location' ? 'Keeps the tokens of one location fresh' : 'Keeps the tokens of one agency fresh',
          signal: TOKEN_NEWS_SIGNAL,
          signalArgs: [{ refused }],
        });
      }),
  };
}

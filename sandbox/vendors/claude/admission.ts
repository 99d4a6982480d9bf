import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Scope } from './prompt.ts';
import { Refusal, invalid } from './refusal.ts';
import type { Store } from './store.ts';
import { VERSIONS } from './validate.ts';
import type { Version } from './validate.ts';
import type { Json } from './wire.ts';

/** On whose behalf a call is made. */
export interface Holder extends Scope {
  readonly apiKeyId: string;
}

const STATES = ['active', 'revoked', 'forbidden'] as const;
const DEFAULT: Scope = { organizationId: 'org-sandbox', workspaceId: 'wrkspc_default' };

/**
 * Any key will do, in `x-api-key` or as a bearer's; one that was not registered belongs to the default organization and to the
 * workspace that `anthropic-workspace-id` names.
 * @throws Refusal 401 or 403
 */
export function holderOf(store: Store, headers: IncomingHttpHeaders): Holder {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (headers['x-api-key'] !== undefined && bearer !== undefined)
    throw new Refusal(401, 'authentication_error', 'only one of x-api-key and Authorization may be sent');
  const key = String(headers['x-api-key'] ?? bearer ?? '').trim();
  if (key === '') throw new Refusal(401, 'authentication_error', 'x-api-key header is required');
  const apiKeyId = idOf(key);
  const known = store.get('keys', apiKeyId);
  if (known?.['state'] === 'revoked') throw new Refusal(401, 'authentication_error', 'invalid x-api-key');
  if (known?.['state'] === 'forbidden')
    throw new Refusal(403, 'permission_error', 'Your API key does not have permission to use the specified resource');
  const organizationId = String(known?.['organizationId'] ?? DEFAULT.organizationId);
  const asked = headers['anthropic-workspace-id'];
  const bound = known?.['workspaceId'];
  if (bound !== undefined && asked !== undefined && asked !== bound)
    throw new Refusal(
      403,
      'permission_error',
      'The API key does not belong to the workspace of anthropic-workspace-id',
    );
  return { apiKeyId, organizationId, workspaceId: String(bound ?? asked ?? DEFAULT.workspaceId) };
}

/** @throws Refusal 400 for a version that is missing or was never published */
export function versionOf(headers: IncomingHttpHeaders): Version {
  const version = headers['anthropic-version'];
  if (version === undefined) throw invalid('anthropic-version: header is required');
  const known = VERSIONS.find((one) => one === version);
  if (known === undefined) throw invalid(`anthropic-version: "${String(version)}" is not a valid version`);
  return known;
}

/** Registers a key; the key itself is not kept. The message says what is wrong. */
export function registerKey(
  store: Store,
  { key, organizationId, workspaceId, state = 'active' }: Json,
): string | { id: string } {
  if (typeof key !== 'string' || key === '') return 'key must be a text';
  if (!STATES.includes(state as (typeof STATES)[number])) return `state must be one of ${STATES.join(', ')}`;
  const id = idOf(key);
  store.put('keys', {
    id,
    state,
    ...(organizationId !== undefined && { organizationId }),
    ...(workspaceId !== undefined && { workspaceId }),
  });
  return { id };
}

function idOf(key: string): string {
  return `apikey_${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
}

import { createHmac } from 'node:crypto';
import { defaultSettings } from '../domain/leads/settings.ts';
import type { Product } from '../platform/compose.ts';
import { loadHomeKeys } from '../platform/keys.ts';
import { sha256 } from '../platform/secrets.ts';
import { brokerage, deliverFirstWebhooks, seedBrokerage } from '../sandbox/vendors/ghl/seed.ts';

/** The seeded brokerage, as the banner names it. */
export interface SeededBrokerage {
  readonly locationId: string;
  readonly workflowSecret: string;
}

/**
 * Seeds the stand-in and installs the brokerage here; whatever is there from an earlier start stays as it is.
 * The secret of its workflow webhooks follows from this home's master key, so that every start can tell it again.
 */
export async function installBrokerage(product: Product): Promise<SeededBrokerage> {
  const { ghlBaseUrl } = product.endpoints;
  await seedBrokerage(ghlBaseUrl);
  const { locationId } = brokerage;
  const workflowSecret = createHmac('sha256', loadHomeKeys(product.config.home).masterKey)
    .update(`workflow-secret:${locationId}`)
    .digest('base64url');
  const workflowSecretHash = sha256(workflowSecret);
  const known = await product.locations.byWorkflowSecretHash(workflowSecretHash);
  // Parked: of a home from before tokens lay under keys of their own.
  if (known === undefined || known.parked !== null) {
    // Of a home whose master key is a new one, the secret is new too.
    const { companyId, name, timezone, token } = brokerage;
    const settings = {
      ...defaultSettings,
      consentTags: { 'sms-consent': ['sms', 'email'] as const },
      boughtLeads: { tags: ['bought-list'], sources: [] },
      postalAddress: '400 Bay Street, Suite 210, Tampa, FL 33602',
      market: {
        ...defaultSettings.market,
        feeds: [
          {
            ...({ provider: 'reso', market: 'tampa', originatingSystem: null, pollMinutes: 1 } as const),
            rights: { alerts: true, training: false },
          },
        ],
      },
    };
    await product.locations.add({ locationId, companyId, name, timezone, token, settings, workflowSecretHash });
  }
  return { locationId, workflowSecret };
}

/** Tells the stand-in which app we are: where its events go, its OAuth client, and where browsers come back to. */
export async function registerDoor(product: Product, apiUrl: string): Promise<void> {
  const { ghlBaseUrl, appId } = product.endpoints;
  const client = product.oauthClient;
  const response = await fetch(`${ghlBaseUrl}/_sandbox/app`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      webhookUrl: `${apiUrl}/webhooks/ghl`,
      appId,
      clientId: client?.id,
      clientSecret: client?.secret,
      redirectUris: [`${product.config.publicUrl ?? apiUrl}/oauth/ghl/callback`],
    }),
  });
  if (!response.ok) throw new Error(`the stand-in does not take our address: ${await response.text()}`);
}

/** A first handful of events on the first start of all, so that there is something to see. */
export async function firstWebhooks(product: Product, apiUrl: string): Promise<number> {
  const { items } = await product.inbox.list({ limit: 1 });
  if (items.length > 0) return 0;
  return deliverFirstWebhooks(product.endpoints.ghlBaseUrl, `${apiUrl}/webhooks/ghl`);
}

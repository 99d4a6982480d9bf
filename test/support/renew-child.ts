import { createOAuth } from '../../integrations/ghl/oauth.ts';
import { createCredentialStore } from '../../integrations/postgres/credentials.ts';
import { createTenants } from '../../integrations/postgres/tenants.ts';
import { createSealing } from '../../platform/secrets.ts';
import { PATIENT } from './database.ts';

/** A process that gets a new pair from the vendor, says so, and stands there with it in hand until it is killed. */
const given = JSON.parse(process.argv[2] ?? '{}') as {
  appUrl: string;
  vendorUrl: string;
  masterKey: string;
  locationId: string;
  client: { id: string; secret: string };
};
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const holder = { kind: 'location', id: given.locationId } as const;
const tenants = createTenants(given.appUrl, { max: 2, applicationName: 'renew-child', ...PATIENT });
const credentials = createCredentialStore(tenants, createSealing(Buffer.from(given.masterKey, 'base64')));
const oauth = createOAuth({
  ...{ baseUrl: given.vendorUrl, marketplaceUrl: given.vendorUrl, appId: 'any', client: given.client, log },
});
// Something to live for.
setInterval(() => undefined, 1_000);
await credentials.renew(
  holder,
  1,
  async (refresh) => {
    const answer = await oauth.refresh(holder, refresh ?? '');
    process.stdout.write(`${answer.kind}\n`);
    return new Promise(() => undefined);
  },
  () => new Date().toISOString(),
);

import { createHmac } from 'node:crypto';
import { type Login, loginName, urlOf } from '../integrations/postgres/login.ts';
import type { Config } from './config.ts';
import { loadHomeKeys } from './keys.ts';

type Named = Pick<Config, 'home' | 'databaseAppUrl'>;

/** The login that `migrate` is to make; none where another one is configured. */
export function loginToMake(config: Named, ownerUrl: string): Login | undefined {
  return config.databaseAppUrl === undefined ? ownLogin(config, ownerUrl) : undefined;
}

/** Where the product's processes connect: the configured login, else their own at the owner's server. */
export function productUrl(config: Named, ownerUrl: string): string {
  return config.databaseAppUrl ?? urlOf(ownerUrl, ownLogin(config, ownerUrl));
}

/** Its password follows from the installation's key, so that all of its processes know it. */
function ownLogin(config: Named, ownerUrl: string): Login {
  const name = loginName(ownerUrl);
  const { masterKey } = loadHomeKeys(config.home);
  return { name, password: createHmac('sha256', masterKey).update(`database login ${name}`).digest('hex') };
}

import { errors, isAppError } from '../domain/errors.ts';
import { type Unmapped, unmapped } from '../domain/leads/settings-mapping.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { CredentialStanding } from '../domain/ports/credentials.ts';
import type { Product } from '../platform/compose.ts';
import type { Check } from './checks.ts';
import { asFailure } from './failure.ts';

/** Locations asked about at a time: the doctor must not spend a location's, or the machine's, patience. */
const AT_ONCE = 4;
const PATIENCE_MS = 8_000;
/** A token that cannot renew itself is named this long before it ends. */
const NEAR_MS = 14 * 24 * 3_600_000;

/** One line per thing that a location's settings name and its CRM does not have; one line in all where nothing is amiss. */
export async function mappingChecks(product: Pick<Product, 'locations' | 'crm' | 'credentials'>): Promise<Check[]> {
  let installed: Location[];
  let standings: readonly CredentialStanding[];
  try {
    const [locations, credentials] = await Promise.all([product.locations.list(), product.credentials.list()]);
    installed = locations.filter(({ status }) => status !== 'uninstalled');
    standings = credentials;
  } catch (error) {
    return [{ name: 'mapping', verdict: 'fail', finding: asFailure(error).message }];
  }
  const checks = standings.flatMap((standing) => expiry(standing, Date.now()));
  for (let from = 0; from < installed.length; from += AT_ONCE) {
    const some = installed.slice(from, from + AT_ONCE);
    checks.push(...(await Promise.all(some.map((location) => compare(product, location)))).flat());
  }
  if (checks.length > 0) return checks;
  return [
    { name: 'mapping', verdict: 'pass', finding: `${installed.length} location(s) have all that their settings name` },
  ];
}

/** A parked location is not asked about: it could not answer. */
async function compare({ crm }: Pick<Product, 'crm'>, location: Location): Promise<Check[]> {
  try {
    const catalog = location.parked === null ? await inTime(crm.catalog(location.locationId)) : nothingRead;
    const found = unmapped(location, catalog).filter(({ where }) => location.parked === null || where === 'location');
    return found.map((one) => line(location.locationId, one));
  } catch (error) {
    const fix = isAppError(error) ? errors[error.code].hint : undefined;
    const finding = `${location.locationId}: the CRM was not compared: ${asFailure(error).message}`;
    return [{ name: 'mapping', verdict: 'warn', finding, ...(fix === undefined ? {} : { fix }) }];
  }
}

const nothingRead = {
  ...{ customFields: null, pipelines: null, users: null, calendars: null, workflows: null, numbers: null, tags: null },
};

function line(locationId: string, { where, problem, fix }: Unmapped): Check {
  return {
    name: 'mapping',
    verdict: 'warn',
    finding: `${locationId}, ${where}: ${problem}`,
    fix: fix.replace('--location ID', `--location ${locationId}`),
  };
}

/**
 * One that renews itself, or that its agency gets anew, ends by itself only when it is refused; that parks its location and is told
 * there.
 */
export function expiry({ holder, kind, held, renewable, expiresAt }: CredentialStanding, now: number): Check[] {
  const renewed = renewable || (kind === 'oauth' && holder.kind === 'location');
  if (!held || renewed || expiresAt === null || Date.parse(expiresAt) - now > NEAR_MS) return [];
  const ends = Date.parse(expiresAt) <= now ? 'ended' : 'ends';
  const fix = 'give a new one: leadwright locations add, or install the app again';
  const finding = `${holder.id}: the token of this ${holder.kind} ${ends} at ${expiresAt} and does not renew itself`;
  return [{ name: 'credentials', verdict: 'warn', finding, fix }];
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

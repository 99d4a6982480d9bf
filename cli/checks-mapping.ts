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
export async function mappingChecks(
  product: Pick<Product, 'locations' | 'crm' | 'credentials'>,
  patienceMs = PATIENCE_MS,
): Promise<Check[]> {
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
    const compared = await Promise.all(some.map((location) => compare(product, location, patienceMs)));
    checks.push(...compared.flatMap((one) => one.checks));
    // A CRM that answers none of them would take as long over each of the others.
    const asked = compared.filter(({ answered }) => answered !== undefined);
    const left = installed.length - from - some.length;
    if (left > 0 && asked.length > 0 && asked.every(({ answered }) => answered === false)) {
      const finding = `${left} further location(s) were not asked about, since the CRM does not answer`;
      checks.push({ name: 'mapping', verdict: 'warn', finding });
      break;
    }
  }
  if (checks.length > 0) return checks;
  return [
    { name: 'mapping', verdict: 'pass', finding: `${installed.length} location(s) have all that their settings name` },
  ];
}

interface Compared {
  readonly checks: readonly Check[];
  /** False: not in time, or the CRM is away. Undefined: nothing was asked. */
  readonly answered?: boolean;
}

/** A parked location is not asked about: it could not answer. */
async function compare({ crm }: Pick<Product, 'crm'>, location: Location, patienceMs: number): Promise<Compared> {
  const { locationId, parked } = location;
  if (parked !== null) {
    const found = unmapped(location, nothingRead).filter(({ where }) => where === 'location');
    return { checks: found.map((one) => line(locationId, one)) };
  }
  try {
    const catalog = await inTime(crm.catalog(locationId), patienceMs);
    if (catalog === undefined) return notCompared(locationId, `no answer within ${patienceMs / 1000} s`, false);
    return { checks: unmapped(location, catalog).map((one) => line(locationId, one)), answered: true };
  } catch (error) {
    const code = isAppError(error) ? error.code : undefined;
    const fix = code === undefined ? undefined : errors[code].hint;
    return notCompared(locationId, asFailure(error).message, code !== 'CRM_UNAVAILABLE', fix);
  }
}

function notCompared(locationId: string, why: string, answered: boolean, fix?: string): Compared {
  const finding = `${locationId}: the CRM was not compared: ${why}`;
  return { checks: [{ name: 'mapping', verdict: 'warn', finding, ...(fix === undefined ? {} : { fix }) }], answered };
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

/** Undefined: not in time. */
async function inTime<T>(work: Promise<T>, patienceMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

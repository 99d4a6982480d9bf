import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import type { Grant } from '../../domain/ports/credentials.ts';
import type { Installed } from '../../domain/ports/oauth.ts';
import type { TokenHolder } from '../../domain/ports/tokens.ts';

/*
 * What the vendor's OAuth answers, and what an answer is about: the token, the location, our own client, or nothing at all.
 */

/** The vendor's own word, in JSON. */
export interface Answer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
}

const text = z.string().min(1);
const id = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/);
/** Absent, null and empty are the same: not told. */
const told = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === null || value === '' ? undefined : value), schema.optional());

const YEAR_S = 366 * 86_400;
/** Seconds. A life that nobody can mean is not told: the pair that came with it must not be lost over it. */
const life = told(z.union([z.number(), z.string().transform(Number)]).pipe(z.number().positive().max(YEAR_S))).catch(
  undefined,
);

export const tokenAnswer = z.object({
  access_token: text,
  refresh_token: told(text),
  expires_in: life,
  locationId: told(id),
  companyId: told(id),
  approvedLocations: told(z.array(id)).catch(undefined),
  installToFutureLocations: told(z.boolean()).catch(undefined),
});
type TokenAnswer = z.output<typeof tokenAnswer>;

export const installedAnswer = z.object({
  locations: z.array(z.object({ _id: id, isInstalled: told(z.boolean()) })),
});

/** Issues name paths, never values. */
export function read<T extends z.ZodType>(name: string, schema: T, { status, json }: Answer): z.output<T> {
  const parsed = schema.safeParse(status < 300 ? json : undefined);
  if (parsed.success) return parsed.data;
  const paths = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.') || 'root'))].slice(0, 5);
  throw status < 300
    ? unusable(name, paths.join(', '))
    : new AppError('CRM_UNAVAILABLE', `${name}: answered ${status}`);
}

export function unusable(name: string, what: string): AppError {
  return new AppError('CRM_UNAVAILABLE', `${name}: the answer lacks what was expected: ${what}`);
}

export function grantOf({ access_token: access, refresh_token: refresh, expires_in: seconds }: TokenAnswer): Grant {
  return {
    access,
    ...(refresh === undefined ? {} : { refresh }),
    lifeMs: seconds === undefined ? null : seconds * 1000,
  };
}

/** A token for a location names it; one for a company does not. */
export function installedOf(answer: TokenAnswer): Installed {
  const { locationId, companyId } = answer;
  const holder: TokenHolder | undefined =
    locationId !== undefined
      ? { kind: 'location', id: locationId }
      : companyId !== undefined
        ? { kind: 'company', id: companyId }
        : undefined;
  if (holder === undefined) throw unusable('token', 'locationId or companyId');
  return {
    kind: 'granted',
    grant: grantOf(answer),
    holder,
    companyId: companyId ?? null,
    approvedLocations: answer.approvedLocations ?? [],
    installsFuture: answer.installToFutureLocations === true,
  };
}

/** Another holder's token must never be stored as this one's, whatever a cache or a proxy answered. */
export function requireSame(holder: TokenHolder, answer: TokenAnswer): void {
  const named = holder.kind === 'location' ? answer.locationId : (answer.companyId ?? holder.id);
  if (named !== undefined && named !== holder.id)
    throw new AppError('CRM_UNAVAILABLE', 'token: answered for another holder');
}

/** 4xx in the vendor's words: what was sent is of no worth. */
export function isRefusal({ status }: Answer): boolean {
  return status >= 400;
}

/** Only these two are about the refresh token; a route that moved, or a guard on the way, must not cost anybody an install. */
export function refusesToken({ status }: Answer): boolean {
  return status === 400 || status === 401;
}

/** A newer token would help, which it does not against a missing scope or somebody else's location. */
export function saysUnauthorized(answer: Answer): boolean {
  const notAllowed = /does not have access to this location|not authori[sz]ed for this scope/i;
  return answer.status === 401 && !notAllowed.test(textOf(answer));
}

/** Free-form: a sub-account that is suspended answers so. */
export function saysInactive(answer: Answer): boolean {
  return /location\b.*\b(not active|inactive)\b|inactive location/i.test(textOf(answer));
}

/** Our own id or secret, and nobody's token: every holder would be answered the same. */
export function saysClientWrong(answer: Answer): boolean {
  return /\b(invalid|unauthorized)[_ ]client\b|\bclient\b.*\b(invalid|incorrect|not found|mismatch)|\binvalid client/i.test(
    textOf(answer),
  );
}

export function textOf({ json }: Answer): string {
  return ['error', 'error_description', 'message']
    .flatMap((key) => json[key])
    .filter((part) => typeof part === 'string')
    .join('; ');
}

export function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Judged by name and code, not by class: errors cross realms. */
export function reasonOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return 'CONNECTION_FAILED';
  if ('name' in cause && cause.name === 'TimeoutError') return 'TIMEOUT';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : 'CONNECTION_FAILED';
}

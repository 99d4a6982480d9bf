import { Router } from 'express';
import { AppError } from '../../domain/errors.ts';
import type { ConsentStore } from '../../domain/ports/consent.ts';
import type { LocationStore } from '../../domain/ports/locations.ts';
import type { Log } from '../../domain/ports/log.ts';
import type { RegistryStore } from '../../domain/ports/registry.ts';
import {
  addConsentText,
  addRegistryNumbers,
  beginRegistryLoad,
  consentTexts,
  finishRegistryLoad,
  importConsent,
  leadConsent,
  registryLoads,
  writeConsent,
} from '../contract/consent.ts';
import { mount, ok } from '../mount.ts';
import { OPERATOR } from '../operator.ts';

export interface ConsentRouteDeps {
  readonly consent: ConsentStore;
  readonly registry: RegistryStore;
  readonly locations: Pick<LocationStore, 'get'>;
  readonly hashPerson: (address: string) => string;
  readonly log: Log;
  readonly now: () => Date;
}

/** The ledger of consent, the words that were agreed to, imports, and Do-Not-Call lists. */
export function consentRoutes(deps: ConsentRouteDeps): Router {
  const router = Router();
  leadRoutes(router, deps);
  locationRoutes(router, deps);
  registryRoutes(router, deps);
  return router;
}

function leadRoutes(router: Router, { consent, now }: ConsentRouteDeps): void {
  mount(router, leadConsent, async ({ params }) => {
    const found = await consent.ofLead(params, now().toISOString());
    if (found === undefined) {
      throw new AppError('LEAD_UNKNOWN', `expected a lead, got ${params.locationId}/${params.contactId}`);
    }
    return ok(found);
  });
  mount(router, writeConsent, async ({ params, body: { reason, at, ...said } }) => {
    const asOf = now().toISOString();
    if (at !== undefined && Date.parse(at) > Date.parse(asOf)) {
      throw new AppError('BAD_REQUEST', 'at: expected a time that is over');
    }
    return ok({ new: await consent.byHand(params, { said, reason, at: at ?? asOf, by: OPERATOR }, asOf) });
  });
}

function locationRoutes(router: Router, deps: ConsentRouteDeps): void {
  const { consent, log, now } = deps;
  mount(router, consentTexts, async ({ params: { locationId } }) => {
    await known(deps, locationId);
    return ok({ items: await consent.texts(locationId) });
  });
  mount(router, addConsentText, async ({ params: { locationId }, body }) => {
    await known(deps, locationId);
    return ok(await consent.addText(locationId, { ...body, addedBy: OPERATOR }));
  });
  mount(router, importConsent, async ({ params: { locationId }, body: { rows, apply } }) => {
    await known(deps, locationId);
    const verdicts = await consent.importRows(locationId, { rows, apply, by: OPERATOR, now: now().toISOString() });
    if (apply) log.info({ locationId, rows: rows.length }, 'consents were imported');
    return ok({ rows: verdicts });
  });
}

function registryRoutes(router: Router, deps: ConsentRouteDeps): void {
  const { registry, hashPerson, log, now } = deps;
  mount(router, registryLoads, async ({ params: { locationId } }) => {
    await known(deps, locationId);
    return ok({ items: await registry.loads(locationId) });
  });
  mount(router, beginRegistryLoad, async ({ params: { locationId }, body: { list, asOf } }) => {
    await known(deps, locationId);
    const since = `${asOf}T00:00:00.000Z`;
    if (Date.parse(since) > now().getTime()) throw new AppError('BAD_REQUEST', 'asOf: expected a day that has begun');
    return ok({ loadId: await registry.begin(locationId, { list, asOf: since, by: OPERATOR }) });
  });
  mount(router, addRegistryNumbers, async ({ params: { locationId, loadId }, body: { part, numbers } }) => {
    await known(deps, locationId);
    const hashes = numbers.map((number) => hashPerson(`+1${number}`));
    await registry.add(locationId, loadId, part, hashes);
    return ok({ part });
  });
  mount(router, finishRegistryLoad, async ({ params: { locationId, loadId }, body }) => {
    await known(deps, locationId);
    const done = await registry.finish(locationId, loadId, body, now().toISOString());
    log.info({ locationId, loadId, numbers: done.load.numbers }, 'a Do-Not-Call list is in force');
    return ok(done);
  });
}

async function known({ locations }: Pick<ConsentRouteDeps, 'locations'>, locationId: string): Promise<void> {
  if ((await locations.get(locationId)) === undefined) {
    throw new AppError('LOCATION_NOT_FOUND', `expected an installed location, got ${locationId}`);
  }
}

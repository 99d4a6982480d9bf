import { ok, present, text } from './context.ts';
import type { Context, Json, Operations } from './context.ts';
import { installOf, issue, refuseInactive, rotate } from './grants.ts';
import type { Install } from './grants.ts';
import { companyOf, installEvent } from './installs.ts';
import { badRequest, unauthorized, wrongLocation } from './refusal.ts';
import { appOf } from './settings.ts';

/** Codes and refresh tokens against tokens, a company's token against a location's, and who has installed the app. */
export const oauthOperations: Operations = {
  'POST /oauth/token': (context) => {
    const { client_id, client_secret, grant_type } = context.body;
    const app = appOf(context.store);
    if (client_id !== app.clientId || client_secret !== app.clientSecret)
      throw unauthorized('Invalid client credentials');
    if (grant_type === 'authorization_code') return ok(exchange(context));
    if (grant_type === 'refresh_token') return ok(rotate(context.store, context.body['refresh_token'], context.now));
    throw badRequest(`Unsupported grant type ${String(grant_type)}`);
  },

  'POST /oauth/locationToken': (context) => {
    const { companyId, locationId } = context.body;
    if (companyId !== context.companyId) throw wrongLocation();
    const install = installOf(context.store, String(locationId));
    if (install === undefined) throw badRequest('The app is not installed in this location');
    refuseInactive(context.store, install);
    const { appId } = appOf(context.store);
    return ok({ ...issue(context.store, install, context.now), appId, versionId: appId });
  },

  'GET /oauth/installedLocations': (context) => {
    const { companyId, appId, query, locationId, isInstalled } = context.query;
    if (companyId !== context.companyId) throw wrongLocation();
    const app = appOf(context.store);
    if (appId !== app.appId) throw badRequest('App not found');
    const [skip, limit] = [Number(context.query['skip'] ?? 0), Number(context.query['limit'] ?? 20)];
    const found = context.store
      .of('locations', context.companyId)
      .filter((location) => locationId === undefined || location.id === locationId)
      .filter((location) =>
        String(location['name'] ?? '')
          .toLowerCase()
          .includes(String(query ?? '').toLowerCase()),
      )
      .map((location) => {
        const install = installOf(context.store, location.id);
        const when = install && { versionId: app.appId, installedAt: install.installedAt };
        const { name, address } = location;
        return { _id: location.id, name: name ?? '', address: address ?? '', isInstalled: !!install, ...when };
      })
      .filter((location) => isInstalled === undefined || location.isInstalled === isInstalled);
    return ok({ locations: found.slice(skip, skip + limit), count: found.length, installToFutureLocations: false });
  },

  'GET /marketplace/app/{appId}/installations': (context) => {
    if (context.params['appId'] !== appOf(context.store).appId) throw badRequest('App not found');
    const install = installOf(context.store, context.install ?? '');
    if (install === undefined) throw badRequest('Installation not found');
    const { companyId, locationId, userId } = install;
    const { name: companyName, email: companyEmail } = companyOf(context.store, companyId);
    const company = { companyId, companyName, relationshipNumber: '0-000-000', companyEmail: companyEmail ?? null };
    return ok({
      installationDetails: { ...company, userId, isWhitelabelCompany: false, ...present({ locationId }) },
    });
  },
};

/** What a code is worth is decided by who was approved, not by the `user_type` of the exchange: a bulk install gives a company's token. */
function exchange(context: Context): Json {
  const { store, now, body } = context;
  const code = store.get('codes', String(body['code']));
  const install = code && installOf(store, String(code['install']));
  if (code === undefined || install === undefined || now > String(code['expiresAt']))
    throw badRequest('Invalid grant: authorization code is invalid');
  if (code['usedAt'] !== undefined) throw badRequest('Invalid grant: authorization code has been used already');
  if (text(body['redirect_uri']) && body['redirect_uri'] !== code['redirectUri'])
    throw badRequest('Invalid grant: redirect_uri does not match the one of the authorization');
  refuseInactive(store, install);
  store.put('codes', { ...code, usedAt: now });
  if (appOf(store).installFires === 'after-exchange')
    for (const one of approved(context, install)) context.emit('INSTALL', installEvent(store, one));
  return issue(store, install, now);
}

/** A company's install, and those of the locations it was approved for. */
function approved({ store }: Context, install: Install): Install[] {
  const locations = (install.approvedLocations ?? []).map((id) => installOf(store, id));
  return [install, ...locations.filter((one) => one !== undefined)];
}

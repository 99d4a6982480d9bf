import { randomBytes } from 'node:crypto';
import { defaultSettings } from '../domain/leads/settings.ts';
import { sha256 } from '../platform/secrets.ts';
import { bodyOf, type Handler } from './contactless-kind.ts';

/**
 * INSTALL may come before, after or without the code that buys a token. The location is here from now on and its events are accepted;
 * until it has a token it is parked. Its refresher looks whether its agency has one for it. One that comes late, or again, brings back no
 * location that was uninstalled after it.
 */
export const installed: Handler = async (deps, row) => {
  const { companyId, sentAt } = await bodyOf(deps, row.inboxId);
  const { locationId } = row;
  if (locationId === null) return agencyInstalled(deps, companyId);
  const now = new Date().toISOString();
  const found = await deps.installs.expect(
    {
      locationId,
      companyId: companyId ?? null,
      settings: defaultSettings,
      // Of something that nobody keeps: whoever needs the secret of workflow webhooks asks for a new one.
      workflowSecretHash: sha256(randomBytes(32)),
    },
    now,
    sentAt ?? now,
  );
  if (found === 'uninstalled since') return { verdict: 'ignored', reason: 'older than its uninstall' };
  if (found === 'here') return { verdict: 'worked', reason: 'installed already' };
  await deps.refresher.tell({ kind: 'location', id: locationId }, null);
  deps.log.info({ locationId }, 'installed; its token is yet to come');
  return { verdict: 'worked', reason: null };
};

/** The code that follows brings the agency; one that is here looks at its locations. */
async function agencyInstalled(deps: Parameters<Handler>[0], companyId: string | undefined): ReturnType<Handler> {
  const company = companyId === undefined ? undefined : ({ kind: 'company', id: companyId } as const);
  const credential = company === undefined ? undefined : await deps.credentials.standing(company);
  if (company === undefined || credential?.held !== true)
    return { verdict: 'worked', reason: 'its code is yet to come' };
  await deps.refresher.tell(company, null);
  return { verdict: 'worked', reason: null };
}

/** Our own event: a holder has a token where it had none. Its refresher starts, and the leads that waited go on. */
export const tokenInstalled: Handler = async (deps, row, leads) => {
  const { locationId } = row;
  const companyId = locationId === null ? (await bodyOf(deps, row.inboxId)).companyId : undefined;
  if (companyId !== undefined) await deps.refresher.tell({ kind: 'company', id: companyId }, null);
  if (locationId !== null) {
    await deps.refresher.tell({ kind: 'location', id: locationId }, null);
    leads.wake(locationId);
  }
  return { verdict: 'worked', reason: null };
};

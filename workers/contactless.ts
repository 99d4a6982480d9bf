import type { Dispatchable } from '../domain/ports/inbox.ts';
import { CREDENTIAL_INSTALLED } from '../domain/webhooks/installed.ts';
import { recordIsActivity } from './contactless-activity.ts';
import { crmNews } from './contactless-crm.ts';
import { tokenInstalled, installed } from './contactless-install.ts';
import type { ContactlessDeps, Handler, Leads, Settled } from './contactless-kind.ts';
import { uninstalled } from './contactless-uninstall.ts';

/** What each of them does is in a file of its own. */
const handlers: Readonly<Record<string, Handler>> = {
  INSTALL: installed,
  UNINSTALL: uninstalled,
  [CREDENTIAL_INSTALLED]: tokenInstalled,
};

/** Events that concern no lead are handled here, by type. What a handler throws leaves the event in the inbox for the sweep. */
export async function contactless(deps: ContactlessDeps, row: Dispatchable, leads: Leads): Promise<Settled> {
  const handle = Object.hasOwn(handlers, row.type) ? handlers[row.type] : undefined;
  if (handle !== undefined) return handle(deps, row, leads);
  const isActivity = await recordIsActivity(deps, row);
  const settled = await crmNews(deps, row, leads);
  return isActivity ? { verdict: 'worked', reason: null } : settled;
}

import { DateTime } from 'luxon';
import type { CrmEvent, Lifecycle, ReadOf } from './crm-event.ts';
import { idAt, textAt, type Json } from './payload.ts';

const whatOf: Readonly<Record<string, Lifecycle['what']>> = {
  INSTALL: 'installed',
  UNINSTALL: 'uninstalled',
  PLAN_CHANGE: 'plan',
};

export function readLifecycle(body: Json, { type, at }: ReadOf): CrmEvent | undefined {
  const what = whatOf[type] ?? 'location';
  const locationId = idAt(body, what === 'location' ? 'id' : 'locationId');
  const companyId = idAt(body, 'companyId');
  if (locationId === undefined && companyId === undefined) return undefined;
  const told = { family: 'lifecycle', what, locationId, companyId, at } as const;
  if (what === 'plan') {
    const plans = { before: idAt(body, 'currentPlanId') ?? null, after: idAt(body, 'newPlanId') ?? null };
    return { ...told, plans };
  }
  if (what !== 'location') return told;
  const name = textAt(body, 'name')?.slice(0, 200);
  const timezone = zoneAt(body);
  return {
    ...told,
    ...(name === undefined ? {} : { name }),
    ...(timezone === undefined ? {} : { timezone }),
  };
}

function zoneAt(body: Json): string | undefined {
  const zone = textAt(body, 'timezone');
  return zone !== undefined && zone.includes('/') && DateTime.utc().setZone(zone).isValid ? zone : undefined;
}

import { ok } from './context.ts';
import type { Operations } from './context.ts';

/** The numbers that a location sends from; pages are counted from 0. */
export const phoneNumberOperations: Operations = {
  'GET /phone-system/numbers/location/{locationId}': (context) => {
    const [page, pageSize] = [Number(context.query['page'] ?? 0), Number(context.query['pageSize'] ?? 1000)];
    const wanted = String(context.query['searchFilter'] ?? '');
    const numbers = context.store
      .of('numbers', context.locationId)
      .filter((number) => `${String(number['phoneNumber'])} ${String(number['friendlyName'])}`.includes(wanted))
      .slice(page * pageSize, (page + 1) * pageSize)
      .map(({ id, locationId: _known, ...number }) => ({ sid: id, ...number }));
    return ok({ numbers, isUnderGhl: true, pageSize, page, accountStatus: 'active' });
  },
};

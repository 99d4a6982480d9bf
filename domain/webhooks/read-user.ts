import { actionOf, type CrmEvent, type ReadOf } from './crm-event.ts';
import { factsFrom, ids, text } from './facts.ts';
import { idAt, type Json } from './payload.ts';

/** A user of the CRM. Phone, role and permissions are not kept: nobody asks for them. */
export function readUser(body: Json, { type, at, timed }: ReadOf): CrmEvent | undefined {
  const agentId = idAt(body, 'id');
  if (agentId === undefined) return undefined;
  const { first, last, whole, email } = factsFrom(body, [
    ['first', 'firstName', text],
    ['last', 'lastName', text],
    ['whole', 'name', text],
    ['email', 'email', text],
  ]);
  const parts = [first, last].filter((part) => typeof part === 'string');
  const name = parts.length > 0 ? parts.join(' ') : typeof whole === 'string' ? whole : undefined;
  const listed = ids(body, 'locations');
  return {
    family: 'user',
    news: {
      ...{ kind: 'user', recordId: agentId, contactId: undefined, action: actionOf(type), at, timed },
      facts: { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) },
    },
    companyId: idAt(body, 'companyId'),
    locationIds: Array.isArray(listed) ? listed.filter((one) => typeof one === 'string') : [],
  };
}

import { ok, present } from './context.ts';
import type { Context, Json, Operations } from './context.ts';
import { badRequest } from './refusal.ts';
import { searchable } from './search-index.ts';
import type { Row } from './store.ts';

/** The advanced search. Its body and its answer are empty in the documents; both follow what users of the API report. */
export const contactSearchOperations: Operations = {
  'POST /contacts/search': (context) => {
    const limit = context.body['pageLimit'] as number;
    const found = searchable(context.store, 'contacts', context.locationId, context.now).filter((contact) =>
      wanted(context, contact),
    );
    const sorted = found.sort(order(context.body['sort'] as Json[] | undefined));
    const after = context.body['searchAfter'] as unknown[] | undefined;
    const start = after
      ? sorted.findIndex((contact) => contact.id === after[1]) + 1
      : (((context.body['page'] as number | undefined) ?? 1) - 1) * limit;
    return ok({ contacts: sorted.slice(start, start + limit).map(shown), total: sorted.length });
  },
};

/** Here the street is `address`, the name `contactName`, and the cursor of each hit is `searchAfter`. */
function shown(contact: Row): Record<string, unknown> {
  const {
    address1,
    name,
    emailLowerCase: _e,
    firstNameLowerCase,
    lastNameLowerCase,
    fullNameLowerCase: _f,
    ...rest
  } = contact;
  return present({
    ...{ ...rest, firstNameLowerCase, lastNameLowerCase, address: address1, contactName: name },
    searchAfter: [Date.parse(String(contact['dateAdded'])), contact.id],
  });
}

function wanted(context: Context, contact: Row): boolean {
  const query = String(context.body['query'] ?? '').toLowerCase();
  const inText = ['name', 'email', 'phone', 'companyName'].some((name) =>
    String(contact[name] ?? '')
      .toLowerCase()
      .includes(query),
  );
  return inText && ((context.body['filters'] ?? []) as Json[]).every((filter) => passes(contact, filter));
}

function passes(contact: Row, filter: Json): boolean {
  if (Array.isArray(filter['filters'])) {
    const parts = filter['filters'] as Json[];
    return filter['group'] === 'OR'
      ? parts.some((part) => passes(contact, part))
      : parts.every((part) => passes(contact, part));
  }
  const field = String(filter['field']);
  if (!FIELDS.test(field)) throw badRequest(`Invalid field ${field}`);
  const test = OPERATORS[String(filter['operator'])];
  if (test === undefined) throw badRequest(`Invalid operator ${String(filter['operator'])}`);
  return test(valueOf(contact, field), filter['value']);
}

const FIELDS = new RegExp(
  `^(${[
    'id|address|address1|assignedTo|city|country|companyName|email|firstNameLowerCase|lastNameLowerCase|phone|postalCode',
    'source|state|tags|timezone|type|website|dnd|dateAdded|dateUpdated|dateOfBirth|businessId',
    String.raw`dndSettings\.\w+\.status|inboundDndSettings\.all\.status|customFields\.\w+`,
  ].join('|')})$`,
);

const OPERATORS: Readonly<Record<string, (have: unknown, want: unknown) => boolean>> = {
  eq: (have, want) => (Array.isArray(want) ? want.some((one) => same(have, one)) : same(have, want)),
  not_eq: (have, want) => !same(have, want),
  contains: (have, want) => folded(have).includes(folded(want)),
  not_contains: (have, want) => !folded(have).includes(folded(want)),
  exists: (have) => have !== undefined,
  not_exists: (have) => have === undefined,
  range: (have, want) => {
    const { gte, lte, gt, lt } = want as Json;
    const at = comparable(have);
    const holds = (bound: unknown, test: (a: number, b: number) => boolean): boolean =>
      bound === undefined || test(at, comparable(bound));
    return (
      holds(gte, (a, b) => a >= b) &&
      holds(lte, (a, b) => a <= b) &&
      holds(gt, (a, b) => a > b) &&
      holds(lt, (a, b) => a < b)
    );
  },
};

function same(have: unknown, want: unknown): boolean {
  return Array.isArray(have) ? have.some((one) => folded(one) === folded(want)) : folded(have) === folded(want);
}

function folded(value: unknown): string {
  return value === undefined || value === null ? '' : String(value).toLowerCase();
}

function comparable(value: unknown): number {
  return typeof value === 'number' ? value : Date.parse(String(value));
}

function valueOf(contact: Row, field: string): unknown {
  if (field === 'address') return contact['address1'];
  const [head, ...rest] = field.split('.');
  if (head === 'customFields') {
    return (contact['customFields'] as { id: string; value: unknown }[]).find((one) => one.id === rest[0])?.value;
  }
  return rest.reduce<unknown>((value, name) => (value as Json | undefined)?.[name], contact[head ?? '']);
}

/** Newest first unless told otherwise; equal keys by id, so that pages do not overlap. */
function order(sort: readonly Json[] | undefined): (one: Row, other: Row) => number {
  const keys = sort ?? [{ field: 'dateAdded', direction: 'desc' }];
  return (one, other) => {
    for (const { field, direction } of keys) {
      const [a, b] = [folded(valueOf(one, String(field))), folded(valueOf(other, String(field)))];
      if (a !== b) return (a < b ? -1 : 1) * (direction === 'asc' ? 1 : -1);
    }
    return one.id < other.id ? -1 : 1;
  };
}

import type { Operation } from './documents.ts';

export type Level = 'Location' | 'Company';

/** What an operation asks of a token: a level, perhaps an app's token instead of a static one, and one of these scopes. */
export interface Access {
  readonly level: Level;
  readonly appOnly: boolean;
  readonly scopes: readonly string[];
}

/**
 * The kinds of token that the documents name for an operation. One that names none is a location's, as all its neighbours are;
 * the exchange of a code needs neither token nor version, and is open.
 */
export function accessOf({ security, parameters }: Operation): readonly Access[] | 'open' {
  const versioned = parameters?.some((parameter) => parameter.name === 'Version') === true;
  if (security === undefined) return versioned ? [{ level: 'Location', appOnly: false, scopes: [] }] : 'open';
  return security.flatMap((kinds) =>
    Object.entries(kinds).map(([kind, scopes]) => ({
      level: kind.startsWith('Agency') ? ('Company' as const) : ('Location' as const),
      appOnly: kind.endsWith('Only'),
      scopes,
    })),
  );
}

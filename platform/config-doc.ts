import { environment } from './config-environment.ts';

/**
 * The text of `docs/config.md`, made from the schema so that both cannot differ; a test compares them.
 */
export function configDoc(): string {
  const rows = Object.entries(environment.shape).map(([name, schema]) => {
    const meta = schema.meta() as { shown: string; means: string; secret?: boolean };
    return `| \`${name}\` | ${meta.shown} | ${meta.means}${meta.secret ? ' Secret.' : ''} |`;
  });
  return [
    '# Configuration',
    '',
    '<!-- Generated from platform/config-environment.ts. Write it anew: npm run generate -->',
    '',
    'Everything is read from the environment, in one place, and checked at the start. All problems are reported at once, by name;',
    'a value is never printed. An empty value counts as unset. Relative paths start in the working directory.',
    '',
    '| Name | Default | Meaning |',
    '|---|---|---|',
    ...rows,
    '',
    'In `sandbox` mode vendors must be on this machine or its private network. In `dry-run` and `live` mode these are refused:',
    'a missing `GHL_APP_ID`, neither a private token nor an OAuth client, a vendor URL that is loopback or not https, a webhook key',
    'whose private half lies in the home folder, and the two sandbox-only names.',
    '',
  ].join('\n');
}

import { choices } from './settings-schema.ts';
import { defaultSettings, type LocationSettings } from './settings.ts';

/** The text of `docs/settings.md`, made from the choices so that both cannot differ. */
export function settingsDoc(): string {
  const rows = Object.entries(choices).map(([name, { owner, means }]) => {
    const value = JSON.stringify(defaultSettings[name as keyof LocationSettings]);
    const shown =
      name === 'rules' ? `${defaultSettings.rules.length} rules, see \`domain/crm/rule.ts\`` : `\`${value}\``;
    return `| \`${name}\` | ${owner} | ${means} | ${shown} |`;
  });
  return [
    '# Settings of a location',
    '',
    '<!-- Generated from domain/leads/settings-schema.ts: npm run generate -->',
    '',
    'Each choice has an owner: whoever decides it. It is changed as a whole, every change is a new version that stays, and what is stored',
    'without a choice that came later has its default. `leadwright settings` and `/api/locations/{locationId}/settings` read and change them;',
    'the shapes stand in `/openapi.json`, and what the CRM does not have of what they name is told by `leadwright doctor`.',
    '',
    '| Choice | Owner | Meaning | Default |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

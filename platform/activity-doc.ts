import { activityKinds, commonDetail, type DetailForm } from '../domain/webhooks/activity-kinds.ts';

const FORMS: Readonly<Record<DetailForm, string>> = {
  key: 'an id, up to 100 letters, digits and `._:+/-`; ten to fifteen digits alone may be a phone number, and are dropped',
  listing: 'the same, also ten digits and more, as MLS numbers are',
  word: 'one of few words, up to 40 characters',
  words: 'free text, up to 200 characters; dropped where an e-mail address or a phone number may stand in it',
  path: 'a page of the site; query and fragment are cut off',
  number: 'a number, also as `$450,000`',
  list: 'up to twenty free texts',
};

/** `docs/activity-kinds.md`, made from the table that the door reads with. */
export function activityDoc(): string {
  const rows = Object.entries(activityKinds).map(
    ([kind, { says, detail }]) => `| \`${kind}\` | ${says} | ${named(detail)} |`,
  );
  const forms = [
    ...new Set([commonDetail, ...Object.values(activityKinds).map(({ detail }) => detail)].flatMap(formsOf)),
  ];
  return [
    '# Kinds of behaviour',
    '',
    'Made from `domain/webhooks/activity-kinds.ts` by `npm run generate`; do not edit. How they are sent: [site-activity.md](site-activity.md).',
    '',
    '| Kind | Means | Details, and how they are read |',
    '|---|---|---|',
    ...rows,
    '',
    `Every kind may also carry ${named(commonDetail)}. A detail that does not fit its form is left out; the event is kept.`,
    '',
    '| Form | Is |',
    '|---|---|',
    ...forms.toSorted().map((form) => `| ${form} | ${FORMS[form]} |`),
    '',
  ].join('\n');
}

function named(detail: Readonly<Record<string, DetailForm>>): string {
  return Object.entries(detail)
    .map(([name, form]) => `\`${name}\` (${form})`)
    .join(', ');
}

function formsOf(detail: Readonly<Record<string, DetailForm>>): DetailForm[] {
  return Object.values(detail);
}

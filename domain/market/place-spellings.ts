/** Towns whose name is read wrongly by its letters: it has an apostrophe, or a word that joins others. */
const towns = ["o'fallon", "land o' lakes", "lee's summit", "coeur d'alene", "d'iberville", 'truth or consequences'];

/** Names whose apostrophe is left out as often as not, by leads and by feeds. */
const withApostrophe = [
  ...towns.filter((name) => name.includes("'")),
  ...["o'neill", "o'brien", "o'donnell", "d'hanis", "l'anse", "bailey's crossroads", "martha's vineyard"],
  // Counties.
  ...["prince george's", "queen anne's", "st mary's"],
];

const byLetters: ReadonlyMap<string, string> = new Map(withApostrophe.map((name) => [letters(name), name]));
const townsByLetters: ReadonlySet<string> = new Set(towns.map(letters));

/** A word that joins two places, and stands in the names of some. */
const joining = /(?:^| )(?:or|and|o|y) /;

/** Names with such a word, as they are written without an apostrophe. */
const joined = [
  ...['truth or consequences', 'town and country', 'king and queen', 'lake and peninsula'],
  ...withApostrophe.flatMap((name) => apostrophes(name)).filter((name) => joining.test(name)),
];
const whole = new RegExp(`(?<![a-z'])(?:${joined.join('|')})(?![a-z'])`, 'g');

/** The text in parts, none of which ends within one of those names. */
export function parted(text: string, between: RegExp): string[] {
  const kept = text.replaceAll('_', ' ').replaceAll(whole, (name) => name.replaceAll(' ', '_'));
  return kept.split(between).map((part) => part.replaceAll('_', ' '));
}

/** Has it such a word, or an apostrophe that is left out? In small letters, its apostrophe straight. */
export function isOddName(name: string): boolean {
  return byLetters.has(letters(name)) || joined.includes(name);
}

/** Is it one of these towns, which nothing else is called? In small letters, its apostrophe straight. */
export function isOddTown(name: string): boolean {
  return townsByLetters.has(letters(name));
}

/**
 * A name in every way in which an MLS may write it, which keeps to one: `st. louis`, `st louis`, `saint louis`; `o'fallon`, `o’fallon`,
 * `ofallon`, `o fallon`.
 * @param name  in small letters, without accents, its apostrophes straight
 */
export function spellings(name: string): readonly string[] {
  const known = byLetters.get(letters(name.replace(/^saint /, 'st '))) ?? name.replace(/^o (?=[a-z]{3})/, "o'");
  return shortened(known).flatMap((one) => apostrophes(one));
}

function shortened(name: string): string[] {
  const plain = name.replaceAll('.', '');
  const forms = abbreviations.find(([short, long]) => new RegExp(`^(?:${short}|${long}) `).test(plain));
  if (forms === undefined) return name === plain ? [plain] : [name, plain];
  const rest = plain.slice(plain.indexOf(' '));
  return [`${forms[0]}${rest}`, `${forms[0]}.${rest}`, `${forms[1]}${rest}`];
}

const abbreviations = [
  ['st', 'saint'],
  ['ft', 'fort'],
  ['mt', 'mount'],
] as const;

/** Straight, as printers set it, and left out; behind a single letter a blank may stand in its place. */
function apostrophes(name: string): string[] {
  if (!name.includes("'")) return [name];
  const close = name.replaceAll("' ", "'");
  const written = [name, close].flatMap((one) => [one, one.replaceAll("'", '’')]);
  return [...written, name.replaceAll("'", ''), close.replaceAll(/(?<![a-z'])([a-z])'/g, '$1 ')];
}

function letters(name: string): string {
  return name.replaceAll(/['. ]/g, '');
}

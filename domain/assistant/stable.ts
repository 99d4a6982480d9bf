/** What has no place in bytes that many calls share: each of them would make the next call miss, and pay for a write instead of a read. */
export type Unstable = 'uuid' | 'instant' | 'time' | 'date' | 'epoch' | 'id';

const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';

/** The first that fits names the finding. Hours of an office and prices of a home are facts, and fit none. */
const patterns: readonly (readonly [Unstable, RegExp])[] = [
  ['uuid', /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi],
  ['instant', /(?<!\d)\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/g],
  ['time', /(?<![\d:])\d{1,2}:\d{2}:\d{2}(?![\d:])/g],
  ['time', /\b(?:now|current(?:ly| time)?|as of|time is)\b\D{0,12}\d{1,2}:\d{2}/gi],
  ['date', /(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)/g],
  ['date', /(?<![\d/])\d{1,2}\/\d{1,2}\/(?:\d{4}|\d{2})(?![\d/])/g],
  ['date', new RegExp(`\\b${MONTH}\\.? \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}\\b`, 'gi')],
  ['date', new RegExp(`\\b\\d{1,2}\\.? ${MONTH},? \\d{4}\\b`, 'gi')],
  ['date', /\b(?:today|tomorrow|yesterday) (?:is|was)\b/gi],
  // Seconds or milliseconds since 1970, between 2017 and 2033; no American number of ten digits begins with 1.
  ['epoch', /(?<![\d.])1[5-9]\d{8}(?:\d{3})?(?![\d.])/g],
  // Ids of vendors and ours are long and mix letters with digits; words and names of fields do not.
  ['id', /(?<![A-Za-z0-9])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{16,}(?![A-Za-z0-9])/g],
];

/**
 * What of a JSON value changes from call to call by its look, keys included. Nothing found is no proof: a name of a lead looks like any
 * other word. It catches what is put into a prompt by mistake: a clock, an id, a date that was rendered.
 * @param known  dates that stand there on purpose, letter by letter: when a market sheet was made, since when a licence is held
 */
export function unstableIn(value: unknown, known: readonly string[] = []): Unstable[] {
  return textsOf(value).flatMap((text) => {
    let left = text;
    const found: Unstable[] = [];
    for (const [what, pattern] of patterns) {
      left = left.replace(pattern, (hit) => {
        if (!(what === 'date' && known.includes(hit))) found.push(what);
        return ' ';
      });
    }
    return found;
  });
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value)
    ? value.flatMap(textsOf)
    : Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)]);
}

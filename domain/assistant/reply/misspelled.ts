/** Words by which rules of fair housing find most; slips of them are as plain to a reader. */
const telling =
  'family families children child toddler toddlers couples singles retirees retired seniors elderly students professionals adults married unmarried divorced pregnant christian christians catholic jewish muslim muslims church churches synagogue mosque hindu religious religion hispanic hispanics latino latinos mexican mexicans african americans caucasian asian asians chinese indian indians korean arab cuban haitian immigrants immigrant foreigners foreigner citizens citizen citizenship ethnic ethnicity minority minorities diverse diversity racial safe safest safer crime criminals dangerous schools school neighborhood community exclusive disabled disability disabilities wheelchair wheelchairs handicapped mental mentally vouchers voucher section welfare assistance veterans veteran military gender women woman female females gentlemen male perfect ideal suitable excellent friendly welcome preferred prefer prefers allowed bachelors lesbian transgender neighbors neighbours people demographic demographics accent english spanish nationality country race kids teenagers babies baby infants husband spouse mothers fathers parents service animals support adult gay sketchy ghetto unsafe restricted young older single employed income elders age grandparents orientation' +
  ' familias familia hijos ninos ninas parejas solteros jubilados mujeres adultos estudiantes jovenes cristianos cristiana catolicos judios musulmanes iglesia hispanos latinos mexicanos cubanos inmigrantes extranjeros ciudadanos seguro segura peligroso peligrosa delincuencia escuelas escuela discapacidad discapacitados vecindario barrio vecinos solamente ancianos seccion embarazada religion raza exclusiva';
/** Ordinary words that are a slip away from a telling one, and mean themselves. */
const ordinary = new Set(
  'accents accept adulto africa america american animal ascent asia assistant bolder chile chines cities colder county couple crimes cuba deployed disable disables diverged elder employee employees employer ethic excessive exclusion exclusively familiar father folder foreign friend friends genders holder idea ideas india indiana korea latin lating majority manually metal mother nationally neighbor order pareja parens parent patents peoples preserved professional radial region relation restrict restricts retire retires retried retries retrieves revision safes saner saver sections senior sensors services singled sketch stable student supports vecino vouched welcomed welcomes woven'.split(' '), // prettier-ignore
);

const known = new Set(telling.split(' '));
const byShape = new Map<string, string[]>();
for (const word of known) {
  for (const length of [-2, -1, 0, 1, 2].map((more) => word.length + more)) {
    const shape = `${word.charAt(0)}${length}`;
    byShape.set(shape, [...(byShape.get(shape) ?? []), word]);
  }
}
const longest = Math.max(...[...known].map(({ length }) => length)) + 2;

/** The sentence with slips of telling words put right: a letter or two too many, too few, wrong or in the wrong order, a word torn in two. */
export function withoutSlips(sentence: string): string {
  const words = sentence.split(' ');
  const mended: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const next = words[at + 1];
    if (next !== undefined && word.length > 1 && known.has(word + next) && !known.has(word) && !ordinary.has(next)) {
      mended.push(word + next);
      at += 1;
      continue;
    }
    mended.push(mend(word));
  }
  return mended.join(' ');
}

function mend(written: string): string {
  const [, word = written, tail = ''] = /^([a-z]+)([,/%+&]*)$/.exec(written) ?? [];
  const bare = word.replace(/([a-z])\1{2,}/g, '$1').replace(/z$/, 's');
  if (known.has(bare)) return bare + tail;
  if (bare.length < 4 || bare.length > longest || ordinary.has(bare) || !/^[a-z]+$/.test(bare)) return written;
  const firsts = [bare.charAt(0), bare.charAt(1)];
  for (const first of firsts) {
    const found = (byShape.get(`${first}${bare.length}`) ?? []).find((one) => isSlip(bare, one));
    if (found !== undefined) return found + tail;
  }
  return written;
}

/** Slips that are allowed of a word so long: short words must keep their letters, but for two in the wrong order. */
function isSlip(word: string, meant: string): boolean {
  const most = meant.length < 8 ? 1 : 2;
  if (meant.length < 5) {
    const doubled = word.length === meant.length + 1 && word.replace(/(.)\1/g, '$1') === meant;
    return doubled || (word.length === meant.length && distance(word, meant, 1) === 1 && sameLetters(word, meant));
  }
  return distance(word, meant, most) <= most;
}

function sameLetters(a: string, b: string): boolean {
  return [...a].sort().join('') === [...b].sort().join('');
}

/** Insertions, deletions, replacements and exchanges of neighbours between two words; more than `most` is not counted on. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_one, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}

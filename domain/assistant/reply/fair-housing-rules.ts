import { vagueWords } from './fair-housing-lexicon.ts';
import { refuses } from './fair-housing-refusals.ts';
import { isProtected, type Place, type Sign } from './fair-housing-signs.ts';

/** What takes the edge off: the law, a public source, a wish of the lead's own, a welcome. */
const harmless: ReadonlySet<Sign> = new Set<Sign>([
  ...(['equal', 'source', 'decline', 'qualified', 'own', 'welcome', 'paper', 'thing', 'publicplace'] as const),
]);
const willing: ReadonlySet<Sign> = new Set<Sign>(['wish', 'only', 'refuse']);

/** A word that names members of a class and can mean nothing else. */
function names({ word, signs }: Place): boolean {
  return signs.some(isProtected) && !vagueWords.has(word);
}

/** How safe a place is: words that are said of no thing when a place of people stands close by. */
const judging: ReadonlySet<string> = new Set(
  'safe safer safest unsafe dangerous sketchy crime ghetto riffraff segura seguro peligrosa peligroso insegura inseguro delincuencia'.split(
    ' ',
  ),
);
const asking: ReadonlySet<string> = new Set(
  'if whether how what which who about question questions si que cual'.split(' '),
);

function judgesPlace(clause: readonly Place[]): boolean {
  if (clause.some(({ word }) => asking.has(word)) || refuses(clause.map(({ word }) => word).join(' '))) return false;
  const judged = clause.findIndex(({ word }) => judging.has(word));
  return (
    judged >= 0 &&
    clause.some(({ word, signs }, at) => Math.abs(at - judged) < 3 && word !== 'side' && signs.includes('place'))
  );
}

function wishesPeople(clause: readonly Place[]): boolean {
  const party = clause.findIndex(({ signs }) => signs.includes('party'));
  if (party < 0) return false;
  const wish = clause.findIndex(({ signs }, at) => at > party && signs.some((sign) => willing.has(sign)));
  return wish > 0 && clause.some((place, at) => at > wish && at - wish < 6 && names(place));
}

/** An owner's or a landlord's wish, limit or refusal that is about members of a class, or a verdict on how safe a place is. */
export function breaksRule(clause: readonly Place[]): boolean {
  if (clause.some(({ signs }) => signs.some((sign) => harmless.has(sign)))) return false;
  return judgesPlace(clause) || wishesPeople(clause);
}

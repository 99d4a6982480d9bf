import { claimsIn, promisesPerson } from './claims.ts';
import { credited, disclosed } from './disclosure.ts';
import { type Draft, draftSchema } from './draft.ts';
import type { ReplyFacts } from './facts.ts';
import { factFindings } from './fact-gate.ts';
import type { FairHousingCode } from './fair-housing-codes.ts';
import { fairHousingFindings } from './fair-housing.ts';
import { languageOf } from './language.ts';
import { fitted, inPlainSigns, lengthFindings, longForCredit } from './length-gate.ts';
import { FACT, renderDraft } from './placeholders.ts';
import { purposeFindings } from './purpose-gate.ts';
import { plainLetters, plainSentences } from './spelling.ts';
import type { Reason, ReplyGate, ReplyVerdict } from './verdict.ts';

/**
 * May this draft go out? The gates in their order: schema, facts, fair housing, purpose, length; the first that finds something decides. No
 * reason holds a word of the draft or of the lead.
 * @param input  of the tool `draft_reply`, as it came: anything at all
 */
export function judgeDraft(input: unknown, facts: ReplyFacts): ReplyVerdict {
  const read = draftSchema.safeParse(input);
  if (!read.success)
    return blocked('schema', [{ code: 'schema', what: 'Call draft_reply once, with all of its fields.' }]);
  return judged({ ...read.data, text: inPlainSigns(read.data.text) }, facts);
}

/** The same for words that are ours: approved templates pass the gates that drafts pass. */
export function judged(draft: Draft, facts: ReplyFacts): ReplyVerdict {
  const written = languageOf(draft.text);
  if (written !== draft.language && written !== 'unclear') {
    return blocked('schema', [{ code: 'language', what: 'Write in the language that you name, English or Spanish.' }]);
  }
  const rendered = renderDraft(draft.text, facts, draft.language);
  if (!rendered.ok) {
    return blocked('facts', [
      { code: 'placeholder', what: 'Use only placeholders that are offered, spelled exactly so.' },
    ]);
  }
  const { text, own, listings } = rendered;
  const gates: readonly (readonly [ReplyGate, () => readonly Reason[]])[] = [
    ['facts', () => factFindings(rendered, facts)],
    [
      'fair-housing',
      () => fairHousingFindings(own.replaceAll(FACT, ' _ '), facts.location.states).map(fairHousingReason),
    ],
    ['purpose', () => purposeFindings(draft, own, facts)],
  ];
  for (const [gate, findings] of gates) {
    const reasons = findings();
    if (reasons.length > 0) return blocked(gate, reasons);
  }
  const whole = (said: string) => fitted(disclosed(said, draft.language, facts), facts);
  const words = whole(credited(text, listings, draft.language, facts));
  const long = lengthFindings(words, facts);
  if (long.length > 0) {
    const isForCredit = lengthFindings(whole(text), facts).length === 0;
    return blocked('length', isForCredit ? longForCredit : long);
  }
  const human = draft.human || promisesPerson(plainSentences(own));
  return { ok: true, text: words, question: draft.question, language: draft.language, human, listings };
}

function blocked(gate: ReplyGate, reasons: readonly Reason[]): ReplyVerdict {
  return { ok: false, gate, reasons };
}

export function fairHousingReason(code: FairHousingCode): Reason {
  const topic = { safety: 'how safe an area is', schools: 'how good schools are', people: 'who lives somewhere' };
  const about = Object.hasOwn(topic, code)
    ? topic[code as keyof typeof topic]
    : 'groups of people, or whom a home suits';
  return { code, what: `Say nothing of ${about}; speak of the home alone.` };
}

const MOST_IN_SUMMARY = 600;

/**
 * What an agent is told of a talk: may these words stand in the CRM? They may hold figures that were said in the talk, and no others; no word
 * about protected traits, and no link.
 * @param talk  what was said, both sides
 * @returns     the words, or null
 */
export function judgeSummary(text: string, talk: readonly string[]): string | null {
  const words = inPlainSigns(text).replace(/\s+/g, ' ').trim();
  const plain = plainLetters(words).toLowerCase();
  if (words === '' || words.length > MOST_IN_SUMMARY || /[{}<>*`#\p{Cf}]|https?:|www\.|@/u.test(words)) return null;
  if (fairHousingFindings(words).length > 0) return null;
  if (claimsIn(plainSentences(words)).some(({ code }) => code === 'leak')) return null;
  const said = talk.map((one) => plainLetters(one).toLowerCase().replace(/[,$]/g, '')).join(' ');
  const figures = plain.replace(/[,$]/g, '').match(/\d+(?:\.\d+)?/g) ?? [];
  return figures.every((figure) => said.includes(figure)) ? words : null;
}

import { jsonPath, type LooseStep, type Problem } from './document-tree.ts';
import { smsSegments } from './segments.ts';

/**
 * What an author should look at again in the words that a lead reads. A person decides: the patterns see words and no meaning. They name
 * what nobody may claim (FTC Act 5), promise (a price, a sale) or give for business and reviews (RESPA 8, 16 CFR 465.4).
 */
export function wordingWarnings(steps: readonly LooseStep[]): Problem[] {
  return steps.flatMap(({ index, step }) => {
    const { channel, subject, body } = step;
    if (channel !== 'sms' && channel !== 'email') return [];
    const at = (name: string): string => jsonPath(['steps', index, name]);
    return [
      ...suspicious(subject, at('subject')),
      ...suspicious(body, at('body')),
      ...(channel === 'sms' ? segments(body, at('body')) : sender([subject, body], at('body'))),
    ];
  });
}

const reward = String.raw`(?:gift ?cards?|gifts?|rewards?|bonus(?:es)?|prizes?|vouchers?|rebates?|discounts?|cash(?: ?back)?|\$ ?\d[\d,]*)`;
const favour = String.raw`(?:refer(?:s|red|ring|rals?)?|reviews?|recommend\w*|ratings?|introduc\w*)`;

const suspects: readonly (readonly [RegExp, string])[] = [
  [/\bguarantee(?:d|s|ing)?\b/i, 'promises what nobody can guarantee'],
  [
    /\b(?:act (?:now|fast|today)|last chance|limited[- ]time|(?<!\bno )hurry|don['’]?t (?:miss|wait)|before it['’]?s too late|only \d+ left|while (?:it|they|supplies) lasts?|selling fast)\b/i,
    'presses for time',
  ],
  [
    /\d(?:\.\d+)?\s?(?:%|percent\b|per cent\b)/i,
    'states a figure in percent; the market has none that a text could prove',
  ],
  [
    new RegExp(String.raw`\b${reward}(?!\w)[^.!?]*\b${favour}\b|\b${favour}\b[^.!?]*(?<!\w)${reward}(?!\w)`, 'i'),
    'offers something for a referral or a review',
  ],
];

function suspicious(text: unknown, path: string): Problem[] {
  if (typeof text !== 'string') return [];
  return suspects.flatMap(([pattern, what]) => {
    const found = pattern.exec(text);
    return found === null ? [] : [{ path, message: `${what}: "${found[0]}"` }];
  });
}

function segments(body: unknown, path: string): Problem[] {
  if (typeof body !== 'string') return [];
  const { encoding, segments: count } = smsSegments(typicalLength(body));
  return count > 1 ? [{ path, message: `about ${count} segments in ${encoding}; each is billed` }] : [];
}

function sender(texts: readonly unknown[], path: string): Problem[] {
  const known = texts.filter((text) => typeof text === 'string');
  if (known.length < texts.length || known.some((text) => /\{\{\s*location\.name\s*[|}]/.test(text))) return [];
  return [{ path, message: 'an e-mail should name its sender: {{location.name}}' }];
}

/** Each merge field stands for about a dozen letters, long enough for most names. */
function typicalLength(body: string): string {
  return body.replace(/\{\{[^{}]*\}\}/g, 'x'.repeat(12));
}

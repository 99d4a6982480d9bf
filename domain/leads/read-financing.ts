import type { Said } from '../assistant/understood.ts';
import { spansOf, written } from './written.ts';
import type { Written } from './written.ts';

const loan = String.raw`(?:pre[- ]?(?:approv|qualif)\w*|lender|mortgage|loan|bank|financing|credit (?:score|first))`;
const noPlanYet = new RegExp(
  [
    // A field of a form.
    String.raw`\b(?:pre[- ]?(?:approv|qualif|aprob)\w*|lender|financing)\s?[:?=–-]+\s?(?:no|none|n|not yet|todavia no|aun no)\b(?! (?:contingenc|problem))`,
    String.raw`\b(?:not|no|never|(?:hasn|haven|hadn|isn|aren|wasn|weren|ain|don|doesn|didn)'t|nobody|none|neither|nor|hardly|barely|zero|yet to|without|before|needs?(?: to find| to get| to talk to)?|have to (?:get|find|talk to)|got to (?:get|find|talk to)|want to get|(?:trying|hoping|going) to get|looking for|recommend|know)\b(?:(?!\bbut\b|\bneed(?:ed)? for\b|\bproblem\b)[^.!?,;]){0,25}\b${loan}`,
    String.raw`\b${loan}\b(?: \w+){0,2} (?:rec(?:ommendation|s)?|referral)\b`,
    String.raw`\b(?:working on|fixing|rebuilding|repairing|improving|build(?:ing)? up) (?:my |our |the )?credit\b`,
    String.raw`\b(?:denied|turned down)\b[^.!?,;]{0,20}\b(?:loan|mortgage|bank|lender)\b`,
    String.raw`\b(?:no|ni|nunca|jamas|tampoco|ningun|nadie|sin|falta|necesito|necesitamos|busco|buscando)\b(?:(?!\bpero\b)[^.!?,;]){0,25}\b(?:pre[- ]?aprob\w*|prestamista|hipoteca|prestamo|banco|financiamiento|credito)\b`,
  ].join('|'),
);
/** "Pre-approved?" and "pre-approved:" say nothing without what stands behind them. */
const filled = String.raw`(?!\s?[:?=](?!\s*(?:yes\b|y\b|si\b|true\b|already|up to|for|\$?\d)))`;
const plans = new RegExp(
  [
    String.raw`\b(?<!(?:get|getting|be|become|becoming|gets|being|got to be) )(?:fully )?pre[- ]?(?:approved|approval|qualified|qualification)\b${filled}`,
    String.raw`\b(?:i'm|we're|we are|i am|am|already|been|got|were|was|bank|lender|credit union|chase|fargo) (?:already |just )?approved\b(?: for| up to| us| me)?`,
    String.raw`\bapproved (?:for|up to|at)(?= \$?\d)`,
    String.raw`\b(?<!want |offer |offers |for )(?:all[- ]?cash|cash (?:buyers?|purchase|in hand|on hand))\b(?! offers?)`,
    String.raw`\b(?:pay|paying|buy|buying|purchase|purchasing)\b[^.!?]{0,20}\bcash\b`,
    String.raw`\bhave (?:the |all )?(?:cash|funds|money)\b(?! flow)`,
    String.raw`\b(?:have|got|found|with|using|talked to|talked with|talking to|spoke with|working with|spoke to|met with)\b(?: (?!your\b)\w+){0,3}? (?:lender|mortgage (?:broker|lender|guy|person|company)|loan officer|bank|broker)\b(?! (?:to )?(?:call|contact|reach|e-?mail|text))`,
    String.raw`\b(?:financing|loan|mortgage) (?:is )?(?:already )?(?:in place|lined up|set|approved|secured|ready)\b`,
    String.raw`(?<=(?:^|[,;.&+/\n]\s*)(?:and )?)cash(?=\s*(?:$|[^\w\s'-]|btw|buyer|👍))`,
    String.raw`\bpre[- ]?aprob(?:ad[oa]s?|acion)\b${filled}`,
    String.raw`\b(?:al|de) contado\b`,
    String.raw`\b(?:pago|pagar|pagamos|compro|comprar|tengo|tenemos)\b[^.!?]{0,20}\b(?:en )?efectivo\b`,
    String.raw`\b(?:tengo|tenemos|con|hable con|hablando con)\b[^.!?]{0,15}\b(?:prestamista|hipoteca|prestamo|banco|financiamiento)\b`,
  ].join('|'),
  'g',
);
/** However it is said, once or twice over: what stands behind it in its clause is no yes. "No problem" and "no need" deny something else. */
const denial =
  /\b(?:no(?! (?:problema?|issues?|worries|doubt|rush|longer|contingenc\w+|i|we|i'm|we're|i've|we've|my|our)\b)|not(?! (?:a problem|an issue|only)\b)|\w+n't(?! (?:need|want|worry|worried)\b)|cannot|never|nobody|none|nothing|neither|nor|hardly|barely|zero|without|yet to|ni|nunca|jamas|tampoco|sin|ningun[oa]?|nadie|nada)\b/;
/** No clause is longer before it comes to the money, however long a message is. */
const CLAUSE = 160;
const clauseEnd =
  /[.!?;,\n]|\b(?:but|pero|though|although|because|porque|aunque|so)\b|\b(?:and|y)\b(?= (?:i|we|my|our|i'm|we're|i've|we've|am|are|already|ya|tengo|tenemos|estoy|estamos)\b)/;
/** Only behind the question: what nobody would say of anything else then. */
const askedNo =
  /^\W*(?:no(?! (?:problem|worries|need|thanks|loan|mortgage|idea))|nope|nah|not (?:yet|really|at (?:this|the))|haven't|have not|still (?:working|looking|need|shopping)|working on|(?:i |we )?(?:still )?need (?:a|to)|in the process|todavia no|aun no|no,? todavia|estoy en eso)\b|\bnot (?:yet|started)\b|\bhaven't (?:started|begun|done|talked|applied|looked)\b|\bworking on (?:it|that)\b|\bhow do (?:i|we) get\b/;
const askedYes =
  /^\W*(?:yes|yeah|yea|yep|yup|yes we|sure|sure am|we do|i do|we are|i am|we have|i have|we did|i did|already|done|all set|good to go|of course|absolutely|si|claro|ya|por supuesto)\b(?!,? (?:not|no|nah|never|nothing|\w+n't)\b)|\b(?:cash|efectivo|approved|aprobad[oa]s?|letter)\b/g;

/**
 * Is there a plan for the money? True or false only: which loan it is may tell more than we should know. Null: the text does not say.
 * @param asked  the team has just asked for it: then a yes or no is an answer
 */
export function readFinancing(text: string, asked: boolean): boolean | null {
  return financingIn(written(text), asked)?.value ?? null;
}

/** The same with the words that say so. */
export function financingIn(said: Written, asked: boolean): Said<boolean> | null {
  const answer = (value: boolean, pattern: RegExp): Said<boolean> | null => {
    const match = pattern.exec(said.plain);
    return match === null ? null : { value, quote: said.quote(match.index, match.index + match[0].length).trim() };
  };
  return (
    answer(false, noPlanYet) ??
    undenied(said, plans) ??
    (asked ? (answer(false, askedNo) ?? undenied(said, askedYes)) : null)
  );
}

/** A yes: the first that its own clause does not deny. */
function undenied(said: Written, words: RegExp): Said<boolean> | null {
  const plan = spansOf(said.plain, words).find(({ start, end }) => !deniedIn(said.plain, start, end));
  return plan === undefined ? null : { value: true, quote: said.quote(plan.start, plan.end).trim() };
}

function deniedIn(plain: string, start: number, end: number): boolean {
  const clause =
    plain
      .slice(Math.max(0, start - CLAUSE), start)
      .split(clauseEnd)
      .at(-1) ?? '';
  return denial.test(clause + plain.slice(start, end));
}

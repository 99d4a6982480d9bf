import { sentencesIn, spansOf, without } from './written.ts';
import type { Span, Written } from './written.ts';

/** Words that speak to a machine and not to a brokerage. */
const machineTalk =
  /\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:instructions?|rules?|prompts?|previous|prior|above|guidelines|everything (?:you|above)|training)\b|\bsystem (?:prompt|message|override|note)\b|\byou are (?:now|no longer)\b|\bas an? (?:ai|language model|llm|assistant)\b|\b(?:record_facts|draft_reply|wants_human|must_haves|tool_use|tool call|json|function call)\b|<\/?[a-z_]+>|^\s*(?:#+ ?)?(?:system|assistant|developer|admin|instructions?|note to (?:the )?(?:ai|bot|assistant|model))\s*:|\b(?:developer|admin|debug|god|maintenance) mode\b|\bjailbreak\b|\b(?:pretend|act as|roleplay|simulate)\b|\bnew instructions?\b|\bignora\b.{0,40}\b(?:instrucciones|reglas|anterior\w*)\b/;
const machineOrder =
  /\b(?:set|record|mark|change|update|make|write|put|store|save|note|treat|classify|label|return|output|respond|say|assume|fill|pon|cambia|marca)\b[^.!?]{0,40}\b(?:budget|timeline|financing|area|location|status|stage|score|intent|tier|lead|fact|qualified|pre-approved|true|false|presupuesto)\b/;

/** A sheet of a listing that a portal sends along. */
const sheet =
  /(?:\b(?:list(?:ing|ed)?|asking|sale) ?(?:price)?|\bprice|\bmls)\s?(?:#|:|at\b|for\b|id\b)|\b(?:sq\.? ?ft|sqft)\b.*\b(?:bed|bath)/;
/** What tells a home by its numbers. */
const aHome = /\d ?(?:bed|br\b|bd\b|bath|ba\b)|\$ ?\d/;
const buyersForm = /\b(?:up to|budget|buyer|timeline|looking for)\b/;
const ofPictures = /\b(?:photos?|pictures?|pics|videos?|details|floor ?plans?) (?:of|on|about)\b/;
const address =
  /(?<![\w$])\d{1,6} (?:[nsew]\.? |north |south |east |west )?(?:[\w'.-]+ ){1,4}?(?:st|street|ave|avenue|rd|road|dr|drive|ln|lane|ct|court|blvd|way|pl|place|cir|circle|trl|trail|pkwy|parkway|ter|terrace|loop|hwy|highway)\b\.?(?:,? ?(?:#|apartment|unit|ste) ?[\w-]+)?(?:,? (?:[a-z.]+ ?){1,3},? [a-z]{2},? \d{5}(?:-\d{4})?|, (?:[a-z.]+ ?){1,3}, [a-z]{2}\b)?/g;
/** The town behind it. */
const townOfAddress = new RegExp(String.raw`(?:${address.source}),? (?:[a-z]+ ){0,2}[a-z]+(?= *(?:$|[\n.;?!]))`, 'g');
const contact =
  /\bmls ?(?:#|number|id)? ?:? ?#?[a-z]{0,2}\d{5,9}\b|\bhttps?:\/\/\S+|\bwww\.\S+|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}|(?<![\d$])\+?1?[ .-]?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)|\+?1\d{10}\b/g;
/** Lines of a form that tell who wrote. */
const whoWrote = /^ *(?:(?:first |last |full )?name|e-?mail|phone|from|subject|nombre|telefono|correo)\s?:.*$/gm;

/** Sentences that speak to a machine; a message with one of them loses its other orders too. */
export function ordersIn(said: Written): Span[] {
  if (!machineTalk.test(said.plain)) return [];
  return sentencesIn(said.plain).filter(({ start, end }) => {
    const sentence = said.plain.slice(start, end);
    return machineTalk.test(sentence) || machineOrder.test(sentence);
  });
}

/** What is read for facts: no orders to a machine, no addresses of listings, no numbers and names to reach somebody. */
export function readablePart(said: Written): Written {
  const others = [address, contact, whoWrote].flatMap((pattern) => spansOf(said.plain, pattern));
  return without(said, [...ordersIn(said), ...others]);
}

const openings = String.raw`(?:hi|hey|hello|thanks|thank you|ok|okay|also|and|but|so|quick question|yes|great|cool|wow|hola|oh|wondering|i was wondering|just wondering|curious)\b`;
/** A word is an opening or the name behind one, never both: else "yes, yes, yes" would be read in every way there is. */
const asksAboutIt = new RegExp(
  String.raw`^\W*(?:${openings}[^a-z]*(?:(?!${openings})[a-z]+,\s*)?)*(?:is|are|isn't|does|do you know|do they|do the|did|has|have they|was|were|how|what|what's|when|why|which|who|can you (?:tell|confirm)|could you (?:tell|confirm)|do you have (?:more )?(?:info|photos|pictures)|would (?:the|they)|will (?:the|they)|any idea|if|tiene|es|esta|cuant[oa]s?|cual|acepta[n]?|hay)\b`,
);
const seeks =
  /\b(?:looking|look for|want|need|find|buy|search\w*|any|something|anything|do you have|you have|have any|got any|available (?:in|under|near|for)|for sale|in the market|interested|budget|afford|busco|quiero|necesito|tienen|sell|selling|listing my|our (?:house|home|place|condo|property|townhouse)|my (?:house|home|place|condo|property|townhouse))\b/;
/** "The 3 bed on Main", "your listing in Tampa": a certain home. */
const certainHome =
  /\b(?:the|that|this|your|la|esa|esta) (?:\d|one|two|three|four|five|\w+)[- ]?(?:bed\w*|br|bd)\b[^.!?]{0,40}|\b(?:the|this|that|your) (?:\w+ )?(?:condo|townhouse|duplex|lot|fixer\w*) (?:on|at|in|you|listed|from|still|for)\b/g;

/**
 * The same without what is asked about, or said of, a home that is for sale: that tells nothing about the home that is wanted.
 * @param seller  who speaks of an own home
 */
export function ownWishes(said: Written, seller: boolean): Written {
  // Beside an address numbers are of that home, unless they are said to be of the one that is wanted.
  const listing = !seller && said.plain.search(address) >= 0;
  const asked = sentencesIn(said.plain).filter(({ start, end }): boolean => {
    const sentence = said.plain.slice(start, end);
    const terse = sentence.trimEnd().endsWith('?') && sentence.trim().split(/\s+/).length <= 3 && !/\d/.test(sentence);
    return (
      (sheet.test(sentence) && !buyersForm.test(sentence)) ||
      ofPictures.test(sentence) ||
      (listing && aHome.test(sentence) && !seeks.test(sentence)) ||
      ((terse || asksAboutIt.test(sentence)) && !seeks.test(sentence))
    );
  });
  const town = seller ? [] : spansOf(said.plain, townOfAddress);
  return without(said, [...asked, ...town, ...spansOf(said.plain, certainHome)]);
}

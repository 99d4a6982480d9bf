import { approved, type ApprovedReply } from './approved.ts';
import type { Language, ReplyFacts } from './facts.ts';
import { faiths, groups, oneOf, peoples, places } from './fair-housing-words.ts';
import { plainSentences } from './spelling.ts';

/**
 * What a message asks that no model answers: a person · whether it talks to a machine · safety, schools or people of an area · what only a
 * professional may say (value, law, tax, lending).
 */
export type FixedTopic = 'human' | 'bot' | 'area' | 'advice';

/** The first that fits decides: who asks for a person gets one whatever else the message holds. */
const topics: readonly (readonly [FixedTopic, readonly RegExp[]])[] = [
  [
    'human',
    [
      /\b(?:talk|speak|chat|text|connect me|put me through|transfer me|get me) (?:to|with|over to)? ?(?:an? |the |your |some )?(?:\w+ )?(?:human|person|people|agent|realtor|someone|somebody|representative|rep|broker|manager|real one|live one)\b/,
      /\b(?:want|need|prefer|like|get|give me|is there|any) (?:an? |to have )?(?:actual |real |live )?(?:human|person|human being)\b(?! (?:who|that|house))|(?<!\b(?:talking|texting|speaking|chatting) (?:to|with) an? )(?<!\b(?:is this|is it|are you|r u) an? )\breal (?:person|human)(?: please)?$|^(?:human|person|agent|representative|operator)(?: please)?$/,
      /\b(?:can|could|would|have|please have|let|get) (?:an? |the |your |some)?(?:agent|someone|somebody|one|realtor|person|human|you) (?:please )?(?:to )?(?:call|phone|ring|contact) me\b|\b(?:please )?(?:call|phone|ring) me\b(?! (?:crazy|old))|\bgive me a (?:call|ring)\b/,
      /\b(?:hablar|platicar|comunicar\w*|pasame|paseme) (?:\w+ )?(?:con )?(?:una? )?(?:persona|humano|agente|alguien|asesor|ser humano)\b|\b(?:llameme|llamame|me (?:puede|pueden) llamar|quiero una persona|que me llamen)\b/,
    ],
  ],
  [
    'bot',
    [
      /\b(?:are|r) (?:you|u) (?:\w+ ){0,2}(?:bot|robot|ai|machine|computer|human|person|real|automated|chatbot|program|gpt|chatgpt)\b|\bis (?:this|that|it) (?:\w+ ){0,2}(?:bot|robot|ai|machine|computer|human|automated|chatbot|auto ?reply|real person)\b|\b(?:am i|are we) (?:talking|texting|chatting|speaking) (?:to|with)\b|\byoure (?:a |an )?(?:bot|robot|ai|machine)\b|\bwho (?:am i|is this|are you)\b(?=.*\b(?:talking|real|bot|human)\b)/,
      /\b(?:eres|es usted|es|hablo con) (?:un |una |esto un )?(?:robot|bot|maquina|ia|persona real|humano|computadora)\b/,
    ],
  ],
  [
    'area',
    [
      /\b(?:is|are|how|what|which|safe|safest|any) (?:\w+ ){0,6}(?:safe|safer|safest|safety|unsafe|dangerous|sketchy|crime|crimes|crime rate|rough)\b(?! (?:to|room|inspection))|\b(?:crime|safe|safest|safer) (?:\w+ ){0,2}(?:rates?|areas?|neighbou?rhoods?|there|streets?|parts?|stats|statistics|maps?)\b|\b(?:want|need|looking for|somewhere|somewhere that is|prefer) (?:\w+ ){0,3}(?:safe|safer|low crime)\b|\b(?:gangs?|shootings?|break ins?)\b/,
      /\bschools?\b(?=.*\b(?:good|great|best|better|bad|rated|ratings?|rank\w*|quality|decent|top|like|how|any good|ok|scores?|worst|recommend)\b)|\b(?:good|great|best|better|top|rated|quality|decent|what|which|how) (?:\w+ ){0,5}(?:schools?|school districts?)\b/,
      new RegExp(
        `\\b(?:what|which|who|kinds?|types?|sorts?|how many|are there|any|many|lots of|mostly|more) (?:\\w+ ){0,5}(?:people|neighbou?rs|residents|live there|lives there|lives around|${peoples}|${faiths}|minorities|immigrants|demographics?|whites|blacks)\\b|\\bdemographics?\\b|\\bdivers(?:e|ity)\\b`,
      ),
      new RegExp(
        `\\b(?:good|best|better|great|nice|right|friendly|which|what|mostly|predominantly|white|black|${peoples}|${faiths}|family|kid) (?:\\w+ ){0,3}${places} (?:\\w+ ){0,3}(?:for|with|to raise|of) (?:\\w+ ){0,3}(?:${groups}|${peoples}|${faiths}|whites|blacks)\\b|\\b(?:family|kid|child|gay|lgbt\\w*) friendly\\b|\\b(?:${oneOf('white', 'black', peoples, faiths)}) (?:${places})\\b|\\b(?:good|nice|bad|better|best|decent|rough) ${places}\\b(?=.*\\b(?:is|are|what|which|how|it a)\\b)|\\bis (?:it|this|that|\\w+) (?:in )?(?:an? |the )?(?:good|nice|bad|better|best|decent|rough|right) (?:part|${places})\\b|\\bwhat(?:s| is) (?:the|that) (?:neighbou?rhood|area) like\\b`,
      ),
      /\b(?:segur[oa]s?|inseguro|peligros[oa]|delincuencia|crimen|robos)\b(?<!\b(?:estoy|no estoy) segur[oa])|\b(?:buenas|mejores|que tal|como son)(?: \w+){0,2} (?:escuelas?|colegios?)\b|\b(?:escuelas?|colegios?)(?: \w+){0,3} (?:buen[oa]s|mejores|calificad\w+)\b|\bque (?:tipo|clase) de (?:gente|personas|vecinos)\b|\bhay muchos (?:latinos|hispanos|mexicanos|cubanos|blancos|negros|ninos)\b/,
    ],
  ],
  [
    'advice',
    [
      /\b(?:whats?|what is|how much|know|find out|curious|estimate|idea|value|appraise\w*)\b.*\b(?:(?:my|our) (?:\w+ )?(?:home|house|condo|place|property|townhouse|apartment)(?:s)?(?: is)?(?: \w+)? (?:worth|value)|worth of (?:my|our)|(?:my|our) (?:\w+ )?(?:home|house|condo|place|property) (?:sell|go|get) for|get for (?:my|our)|value of (?:my|our))\b|\b(?:home|house) valuation\b|\bzestimate\b/,
      /\b(?:interest|mortgage|loan|todays|current) rates?\b|\bwhat (?:are|is) (?:the |your )?rates?\b|\b(?:do|would|can|could|will) (?:i|we) (?:\w+ )?(?:qualify|afford|get approved|get a loan|get pre ?approved)\b|\bmonthly payments?\b(?=.*\b(?:what|how|would|be)\b)|\bcredit score\b/,
      /\b(?:legal advice|is it legal|can i sue|sue (?:my|the|them)|tax(?:es)? (?:deduct\w*|implications?|consequences|write)|capital gains|1031|lawyer|attorney|break (?:my|the) lease|evict\w*|contract (?:mean|say)|liable)\b|\b(?:commission|your fees?|what do you charge|how much do you charge)\b/,
      /\b(?:cuanto vale mi|valor de mi|tasas? de interes|califico|consejo legal|abogado|impuestos|cuanto cobran|comision)\b/,
    ],
  ],
];

/** Nobody asks more briefly further down. */
const READ = 2_000;

/** The topic of a message that has a fixed answer; null: it may go to the model. Asked before any call, with or without a key. */
export function fixedTopic(message: string): FixedTopic | null {
  const sentences = plainSentences(message.slice(0, READ));
  const found = topics.find(([, patterns]) => patterns.some((one) => sentences.some((sentence) => one.test(sentence))));
  return found?.[0] ?? null;
}

/** The fixed answer to it, filled in and disclosed; null: it cannot be said to this person, who gets a person instead. */
export function fixedReply(topic: FixedTopic, language: Language, facts: ReplyFacts): ApprovedReply | null {
  return approved(topic, language, facts);
}

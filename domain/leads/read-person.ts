import type { Said } from '../assistant/understood.ts';
import { spansOf } from './written.ts';
import type { Written } from './written.ts';

/** Words for a person of the team. */
const person = String.raw`(?:(?:a |an |the |some |another |your |one of your |any |ur )?(?:real |actual |live |living |human |local |licensed |sales |listing |buyer'?s? |different |regular )*(?:human(?: being)?s?|persons?|people|agents?|realtors?|brokers?|representatives?|rep|reps|operator|manager|supervisor|someone|somebody|anyone|anybody|staff|specialist|associate|team member|receptionist|guy|lady)(?: (?:there|else|real|human|in person|from your (?:team|office)))?)`;
const machine = String.raw`(?:a |an |the |this |some |your )?(?:ro)?(?:bots?|machines?|computers?|robots?|ai|a\.i\.?|automated \w+|auto(?:mated)? ?repl(?:y|ies)|chat ?bots?|assistant|program|software)`;

const wishes = new RegExp(
  [
    // Talking to somebody of the team.
    String.raw`\b(?:talk|speak|chat|spk|tlk|connect(?:ed)? me|get me|put me through|transfer(?:red)? me|pass me|hand me(?: off| over)?|forward me|switch me|meet) ?(?:to|with|w\/?|on to|over to)? ?${person}\b`,
    String.raw`\b(?:want|need|prefer|like|rather have|looking for|get|give me|send me|have|is there|with|to)(?: to)? (?:deal with |have |reach |get (?:a hold of|ahold of) |contact |text (?:with )?|hear from )?(?:a |an |some |your )?(?:real |actual |live |human )+(?:human(?: being)?|person|people|agent|realtor|someone|somebody|one)\b`,
    String.raw`\b(?:want|need|get|give me|prefer|let me have|like)(?: me)? (?:a )?human(?: being)?\b`,
    String.raw`\b(?:want|need|get me|give me) (?:a |some )(?:person|people)\b|\b${person} (?:that |who )?(?:i|we) (?:can|could|may) (?:talk|speak|chat)\b|\bget ${person} on the (?:phone|line)\b`,
    String.raw`\bis there (?:a|an|any|an actual) (?:human|real (?:person|human)|live person|actual (?:person|human))\b|\bconnect me(?: please)?\b|\b(?:real|live|actual) (?:person|human|agent)(?= please| now|\W*$)|\b(?:talk|speak|chat|discuss) (?:\w+ ){0,2}?(?:by|via|on) phone\b|\bque me (?:llamen?|marquen?)\b|\b(?:human|live) (?:agent|person|rep\w*|help|support|being)\b(?=\s*(?:please|now|!|\.|$))`,
    String.raw`\b(?:talk|speak)(?:ing)? (?:on|over|by) (?:the )?phone\b|\b(?:rather|prefer(?: to)?|like to|can we|could we|want to|let's) (?:just )?(?:talk|speak)(?: about it)? (?:on|over|by|live|in person)\b|\bover the phone\b(?= please|\?| instead)`,
    String.raw`^\W*(?:${person}|human|operator|agent|representative|person|agente|humano|persona)(?: please| por favor| now)?\W*$`,
    String.raw`\b(?:don't|do not|won't|not|no|hate|stop|refuse to|tired of|rather not)\b[^.!?]{0,15}\b(?:talk|speak|text|chat|deal|talking|speaking|texting|chatting|dealing) ?(?:to|with|w\/?) ${machine}\b`,
    String.raw`\b(?:not|no more|enough (?:of|with)|stop with|instead of) ${machine}\b`,
    // Somebody shall call.
    String.raw`\b(?:call|phone|ring|buzz|dial) (?:me|us)\b(?! (?:a|an|the|crazy|old|names|mr|mrs|ms|by|sir|ma'am|anything)\b)(?=\s*(?:$|[^\w\s]|please|back|at|on|when|whenever|tomorrow|today|tonight|asap|after|before|between|in|this|later|any ?time|if|thanks|to|about|now|around|first|next|monday|tuesday|wednesday|thursday|friday|saturday|sunday|once|so|and|or|as|with|instead|sometime|right|directly|for|because|real|\d|the (?:morning|afternoon|evening)|por favor|pls))`,
    String.raw`\b(?:give|gimme) (?:me|us) (?:a |an? quick )?(?:call|ring|buzz|shout|phone ?call)\b`,
    String.raw`\b(?:can|could|would|will|please|have|need|want|get|like|let)\b(?: \w+){0,2}? ${person} (?:to |please |can |could |should )?(?:please )?(?:call|phone|contact|reach(?: out)?|get (?:back|in touch)|help|text|email|talk|speak|respond|answer|ring|follow up|give me)\b`,
    String.raw`\b(?:please|pls|can you|could you|would you|can we|will you) (?:please )?(?:just )?(?:call|phone)\b(?! (?:the|my|him|her|them|it|off|ahead|back the)\b)`,
    String.raw`\b(?:call|phone) (?:please|pls)\b|\b(?:time|free|available|around) (?:for a|to) (?:quick )?(?:call|talk on the phone)\b|\bcall ?back (?:please|request(?:ed)?)\b|\b(?:request|want|need|like|prefer|get|schedule|have|set up|arrange|expect|waiting (?:for|on)) (?:for )?(?:a |an? |my |your )?(?:quick |phone |return )*(?:call ?back|phone ?call|call)\b(?! (?:list|center|from my))`,
    String.raw`\b(?:can|could|may) (?:i|we) (?:please )?(?:call|phone) (?:you|someone|somebody)\b|\b(?:what|which)(?:'s| is)? (?:the |your )?(?:best )?(?:phone )?number (?:to|can i|should i|i can) (?:call|reach)\b`,
    String.raw`\bhop on (?:a|the) (?:quick )?(?:call|phone)\b|\bjump on (?:a|the) (?:quick )?call\b`,
    // Spanish.
    String.raw`\b(?:hablar|platicar|comunicar(?:me|se)?|conectar(?:me)?|atienda|comunique(?:n|me)?|contacte|paseme|pasame|conecteme) (?:con|a) (?:una? |alguna? |el |la |otra )?(?:persona|humano|alguien|agente|asesora?|representante|realtor|corredora?|encargad[oa]|vendedora?|ser humano)\b`,
    String.raw`(?<!\bno (?:me |nos )?)\b(?:llam(?:ame|eme|enme|ar|e|en)(?:me|nos)?|marc(?:ame|ame|eme|arme|enme)|hableme|llamenos)\b(?=\s*(?:$|[^\w\s]|por|al|a las|manana|hoy|cuando|en|para|luego|despues|mas|ahora|esta|el|please))(?<!(?:voy a|te|los|les|le|la|lo) llam(?:ar|e|en|o))`,
    String.raw`\b(?:me|nos) (?:pueden?|podrian?|puedes|podria|puedes?) (?:llamar|marcar|hablar por telefono|contactar)\b|\balguien con quien (?:pueda |puedo )?hablar\b|\b(?:quiero|quisiera|necesito|prefiero) (?:que me (?:llamen?|marquen?)|una llamada|una persona(?: real)?|un agente|un humano|hablar por telefono)\b`,
    String.raw`\b(?:no (?:quiero|me gusta)(?: hablar con)?|sin) (?:una? |el )?(?:robots?|maquinas?|bots?|contestadora)\b|\bpersona (?:real|de verdad)\b`,
  ].join('|'),
  'g',
);

/** A call that is not wanted, or that somebody else makes. */
const denied =
  /\b(?:you are an?|you're an?|are you an?|don't|do not|never|no need to|not? (?:necessary|need) to|stop|quit|instead of|rather than|won't|can't|cannot|didn't|why did(?: you)?|why do you|thanks for|if you|unless you|before you|when you|no (?:me|quiero que(?: me)?)|i'll|i will|already|did|used to|asked me to|already)\s+(?:[\w']+ ){0,2}$/;
/** Their own people, and questions about what we are. */
const notOurs = /\b(?:my|our|his|her|their|another|the seller's|the listing|mi|nuestr[oa])\s*$/;
const whatAreYou =
  /^\W*(?:are you|is this|am i (?:talking|speaking|chatting|texting)|eres|es usted|estoy hablando)\b[^,.!?]*\??\W*$/;

/** Does the lead ask for a person, for a call, or not to talk to a machine? Asking what we are is no such wish. */
export function personWantedIn(said: Written): Said<true> | null {
  for (const { start, end } of spansOf(said.plain, wishes)) {
    const before = said.plain.slice(Math.max(0, start - 40), start);
    const words = said.plain.slice(start, end);
    if ((denied.test(before) && !/^(?:don't|do not|no|not|hate|stop)/.test(words)) || notOurs.test(before)) continue;
    if (/\b(?:my|our) (?:agent|realtor|lender|wife|husband|spouse|attorney|broker|partner)\b/.test(words)) continue;
    const sentence =
      said.plain
        .slice(0, end + 40)
        .split(/[.!?\n]/)
        .find((one) => one.includes(words)) ?? '';
    if (whatAreYou.test(sentence) && whatAreYou.test(said.plain)) continue;
    // "Call me Bob" tells a name.
    if (
      /^call me$/.test(words) &&
      /^\s+\p{Lu}\p{Ll}+\W*$/u.test(said.text.slice(said.text.toLowerCase().indexOf('call me') + 7))
    )
      continue;
    return { value: true, quote: said.quote(start, end).trim() };
  }
  return null;
}

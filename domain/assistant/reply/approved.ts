import type { Question } from '../../leads/lead.ts';
import type { Draft } from './draft.ts';
import type { Language, ReplyFacts } from './facts.ts';
import { judged } from './judge.ts';

/** Words of ours that pass all gates, and the task that goes with them. */
export interface ApprovedReply {
  /** e.g. `area`, `ask-budget`: for the store and the metrics. */
  readonly key: ApprovedKey;
  readonly text: string;
  readonly question: Draft['question'];
  readonly language: Language;
  /** A person is to look besides. */
  readonly task: boolean;
}

/** @see texts */
export type ApprovedKey =
  'human' | 'bot' | 'area' | 'advice' | 'holding' | 'visit' | 'visit-slots' | 'slot-chosen' | `ask-${Question}`;

interface Approved {
  readonly en: string;
  readonly es: string;
  readonly task: boolean;
}

/** Each is tried in the gates of drafts by a test, with and without a name, an agent and the first-text lines. */
export const texts: Readonly<Record<ApprovedKey, Approved>> = {
  human: {
    en: "Of course. I've asked {{agent.name|our agent}} to take over, and you'll get an answer here.",
    es: 'Por supuesto. Le avisé a {{agent.name|nuestro agente}} y le responderá por aquí.',
    task: true,
  },
  bot: {
    en: "Yes, I'm an AI assistant. A person from our team can take over whenever you like, just say so.",
    es: 'Sí, soy un asistente de IA. Una persona del equipo puede responderle cuando quiera, solo dígame.',
    task: false,
  },
  area: {
    en: "Fair housing rules keep me from talking about an area's safety, schools or residents. Local police and the school district publish data online. Our agent will follow up on the rest.",
    es: 'No puedo opinar sobre seguridad, escuelas o vecinos. La policía local y el distrito escolar publican datos. Nuestro agente le ayuda con lo demás.',
    task: true,
  },
  advice: {
    en: "That's a question for {{agent.name|our agent}}, so I've passed it on. You'll get an answer here.",
    es: 'Esa pregunta es para {{agent.name|nuestro agente}}. Se la paso y le responderá por aquí.',
    task: true,
  },
  holding: {
    en: "Thanks for your message. I've passed it on to {{agent.name|our agent}}, and you'll get an answer here.",
    es: 'Gracias por su mensaje. Se lo paso a {{agent.name|nuestro agente}}, que le responderá por aquí.',
    task: true,
  },
  visit: {
    en: "Happy to help with a visit. I've asked {{agent.name|our agent}} to get back to you here about times.",
    es: 'Con gusto le ayudamos con la visita. Le avisé a {{agent.name|nuestro agente}} para ver horarios con usted.',
    task: true,
  },
  'visit-slots': {
    en: 'Happy to help with a visit. Would {{slot:1}} or {{slot:2}} suit you?',
    es: 'Con gusto le ayudamos con la visita. ¿Le queda bien {{slot:1}} o {{slot:2}}?',
    task: false,
  },
  'slot-chosen': {
    en: "Thank you. I've passed that time on to {{agent.name|our agent}}, who will let you know here whether it works.",
    es: 'Gracias. Le paso ese horario a {{agent.name|nuestro agente}}, que le dirá por aquí si es posible.',
    task: true,
  },
  'ask-location': {
    en: 'Thanks for writing! Which area are you thinking of?',
    es: '¡Gracias por escribir! ¿En qué zona está pensando?',
    task: false,
  },
  'ask-property': {
    en: 'Thanks! What matters most to you in a home, for example bedrooms, a garage or a yard?',
    es: '¡Gracias! ¿Qué es lo más importante para usted en una casa: recámaras, cochera, patio?',
    task: false,
  },
  'ask-timeline': {
    en: 'Thanks! Are you hoping to move soon, or are you just starting to look?',
    es: '¡Gracias! ¿Piensa mudarse pronto o apenas está empezando a ver opciones?',
    task: false,
  },
  'ask-budget': {
    en: 'Thanks! What price range do you have in mind?',
    es: '¡Gracias! ¿Qué presupuesto tiene en mente?',
    task: false,
  },
  'ask-financing': {
    en: 'Thanks! Would you be paying cash, or financing?',
    es: '¡Gracias! ¿Pagaría en efectivo o con financiamiento?',
    task: false,
  },
  'ask-motivation': {
    en: 'Thanks! What has you thinking about a move?',
    es: '¡Gracias! ¿Qué le hace pensar en mudarse?',
    task: false,
  },
  'ask-condition': {
    en: 'Thanks! What shape is the home in, and has anything been updated?',
    es: '¡Gracias! ¿En qué condiciones está la casa?',
    task: false,
  },
};

/**
 * Approved words as they are to go out, filled in and disclosed. Null where a gate would not let them: a name that does not fit, a person who
 * may not be written to.
 */
export function approved(key: ApprovedKey, language: Language, facts: ReplyFacts): ApprovedReply | null {
  const own = key === 'holding' ? facts.location.holdingText : null;
  return (
    fitting(key, own ?? texts[key][language], language, facts) ?? fitting(key, texts[key][language], language, facts)
  );
}

function fitting(key: ApprovedKey, text: string, language: Language, facts: ReplyFacts): ApprovedReply | null {
  const asked = key.startsWith('ask-') ? (key.slice('ask-'.length) as Question) : 'none';
  const verdict = judged({ text, question: asked, language, human: texts[key].task }, facts);
  return verdict.ok ? { key, text: verdict.text, question: asked, language, task: texts[key].task } : null;
}

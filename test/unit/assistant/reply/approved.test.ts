import { describe, expect, test } from '@jest/globals';
import { approved, type ApprovedKey, texts } from '../../../../domain/assistant/reply/approved.ts';
import { fixedReply, fixedTopic } from '../../../../domain/assistant/reply/fixed.ts';
import { replyLanguage } from '../../../../domain/assistant/reply/language.ts';
import { templateReply } from '../../../../domain/assistant/reply/templates.ts';
import type { Question } from '../../../../domain/leads/lead.ts';
import { location, replyFacts } from './reply-facts.ts';

const keys = Object.keys(texts) as ApprovedKey[];
const longNamed = { ...location, name: 'Sunrise Realty of Greater Tampa Bay' };

describe('approved words', () => {
  test.each(keys)('%s pass the gates of drafts, in both languages, for whoever is first written to', (key) => {
    const question = key.startsWith('ask-') ? (key.slice(4) as Question) : null;
    for (const language of ['en', 'es'] as const)
      for (const agentName of [null, 'Alexandria Featherstone'])
        for (const first of [true, false]) {
          const facts = replyFacts({ agentName, question, location: longNamed, firstReply: first, firstText: first });
          expect({ language, first, reply: approved(key, language, facts) }).toMatchObject({
            reply: { key, language },
          });
        }
  });

  test('say what the location would have said while a person is asked, if it passes', () => {
    const facts = (holdingText: string) => replyFacts({ location: { ...location, holdingText } });
    expect(approved('holding', 'en', facts('Thanks, a person will answer you here.'))?.text).toBe('Thanks, a person will answer you here.'); // prettier-ignore
    expect(approved('holding', 'en', facts('We guarantee an answer.'))?.text).toMatch(/^Thanks for your message/);
  });

  test('are none for somebody who is not to be written to', () => {
    for (const key of keys) expect(approved(key, 'en', replyFacts({ optedOut: true }))).toBeNull();
  });
});

describe('what has one answer for everybody', () => {
  test.each([
    ['human', ['can i talk to a person', 'I want to speak with an agent', 'real person please', 'call me please', 'Can someone call me?', 'quiero hablar con una persona', 'agent']], // prettier-ignore
    ['bot', ['are you a bot?', 'is this AI', 'am I talking to a real person?', 'es usted un robot?', 'r u human']],
    ['area', ['Is it a safe area?', 'are the schools good?', 'what kind of people live there', 'is it a good neighborhood?', 'How is the crime there', 'my kids need good schools', 'are there many Hispanics', '¿Es segura la zona?', 'buenas escuelas?', 'is it family friendly']], // prettier-ignore
    ['advice', ["what's my house worth", 'what are the rates', 'do i qualify for a loan', 'how much do you charge', 'cuanto vale mi casa']], // prettier-ignore
    [null, ['Looking for 3 beds in Tampa', 'is it still available?', 'I have 2 kids and need a yard', 'Can I see it tomorrow?', 'budget 400k cash', 'we want to sell our home', 'is it safe to text here', 'how many bedrooms', '', '😀', 'Do you have an agent who speaks Spanish']], // prettier-ignore
  ])('%s', (topic, messages) => {
    for (const message of messages) expect({ message, topic: fixedTopic(message) }).toEqual({ message, topic });
  });

  test('is a person first, whatever else is asked', () => {
    expect(fixedTopic('Is it safe? Are you a bot? Let me talk to a person.')).toBe('human');
    expect(fixedReply('human', 'en', replyFacts())).toMatchObject({ key: 'human', task: true });
  });
});

describe('where no draft may go out', () => {
  const reply = (intent: 'buy' | 'viewing' | 'question' | 'greeting', some: object = {}, facts = replyFacts()) =>
    templateReply({ intent, answers: {}, ...some }, 'en', facts);

  test('the open question is asked, unless they asked something', () => {
    expect(reply('buy')).toMatchObject({ key: 'ask-budget', question: 'budget', task: false });
    expect(reply('question')).toMatchObject({ key: 'holding', question: 'none', task: true });
    expect(reply('greeting', {}, replyFacts({ question: null }))).toMatchObject({ key: 'holding' });
  });

  test('times are offered that are to come, and a person is told where there are none', () => {
    expect(reply('viewing')).toMatchObject({ key: 'visit-slots', task: false });
    expect(reply('viewing', {}, replyFacts({ slots: [] }))).toMatchObject({ key: 'visit', task: true });
    expect(reply('viewing', {}, replyFacts({ now: '2027-01-01T00:00:00.000Z' }))).toMatchObject({ key: 'visit' });
    expect(reply('buy', { slot: { value: '1', quote: 'first' } })).toMatchObject({ key: 'slot-chosen', task: true });
    expect(reply('buy', { slot: { value: 'none', quote: 'no' } })).toMatchObject({ key: 'visit' });
    expect(reply('buy', { wantsHuman: { value: true, quote: 'person' } })).toMatchObject({ key: 'human' });
  });

  test('nothing is said to whoever is not to be written to', () => {
    expect(reply('buy', {}, replyFacts({ state: 'taken-over' }))).toBeNull();
  });
});

test('the language of a reply is that of the message, of the talk where it is too short to tell, and null for another', () => {
  expect(replyLanguage('Hi, I want to buy a home')).toBe('en');
  expect(replyLanguage('Hola, busco una casa')).toBe('es');
  expect([replyLanguage('450k', 'es'), replyLanguage('👍'), replyLanguage('')]).toEqual(['es', 'en', 'en']);
  expect(replyLanguage('Ich möchte nächstes Jahr eventuell etwas Passendes kaufen')).toBeNull();
  expect(replyLanguage('我想买房子')).toBeNull();
});

import type { CrmPlan } from '../../domain/crm/plan.ts';
import type { Answer, Question } from '../../domain/leads/lead.ts';
import type { NextTouch } from '../../domain/ports/leads.ts';
import type { Score } from '../../domain/scoring/score.ts';
import { type FieldFacts, fieldFacts, snapshots } from './contacts.ts';
import type { Person } from './people.ts';
import { type Dice, createDice } from './random.ts';
import type { ProductRules } from './rules.ts';
import { HOUR, type Shape } from './shape.ts';
import { type Row, type SeedTable, iso } from './table.ts';
import { enrolmentId } from './follow-up.ts';
import type { Texts } from './texts.ts';

/** Leads, the oldest first. Their score is the product's own, made of what the same rows say. */
export function leadsTable(
  shape: Shape,
  rules: ProductRules,
  person: (lead: number) => Person,
  texts: Texts,
): SeedTable {
  return {
    name: 'leads',
    columns: COLUMNS,
    *rows() {
      const dice = createDice(shape.seed);
      const factsOf = fieldFacts(shape.seed);
      const snapshotOf = snapshots(shape.seed, rules.settings);
      for (let lead = 0; lead < shape.leads; lead += 1) {
        const one = person(lead);
        const facts = factsOf(one);
        const score = one.activated
          ? rules.score({ asOf: iso(one.lastActivityAt), ...facts, ...spoken(one, texts) })
          : null;
        dice.at('lead', lead);
        yield row(dice, shape, rules, one, facts, score, snapshotOf(one, facts, score));
      }
    },
  };
}

const COLUMNS = [
  'location_id', 'contact_id', 'state', 'state_since', 'stage', 'tier', 'score', 'confidence', 'score_detail', 'scored_at',
  'qualification', 'snapshot', 'snapshot_at', 'activated_at', 'deleted_at', 'last_inbound_at', 'last_human_at', 'last_activity_at',
  'plan', 'plan_version', 'plan_applied', 'next_at', 'next', 'created_at',
]; // prettier-ignore

function row(
  dice: Dice,
  shape: Shape,
  rules: ProductRules,
  one: Person,
  facts: FieldFacts,
  score: Score | null,
  snapshot: string,
): Row {
  const created = iso(one.createdAt);
  const active = iso(one.lastActivityAt);
  // A plan that is applied asks nothing of anybody.
  const version = score === null ? 0 : dice.between(1, 4);
  return [
    one.seat.locationId,
    one.contactId,
    one.state,
    one.state === 'active' ? created : active,
    one.stage,
    score?.tier ?? null,
    score?.value ?? null,
    score?.confidence ?? null,
    score === null ? null : JSON.stringify(score),
    score === null ? null : active,
    JSON.stringify(qualification(dice, one, facts)),
    snapshot,
    active,
    one.activated ? created : null,
    one.stage === 'gone' ? active : null,
    at(one.lastInboundAt),
    at(one.lastHumanAt),
    active,
    score === null ? null : JSON.stringify(plan(rules, score)),
    version,
    version,
    at(one.welcome?.nextAt ?? null),
    nextTouch(shape, rules, one),
    created,
  ];
}

const at = (instant: number | null): string | null => (instant === null ? null : iso(instant));

/** The last texts of the contact and how long they took: what the product's store knows by itself. */
function spoken({ lead, talk, seat }: Person, texts: Texts): { messages?: string[]; responseHours?: number[] } {
  const messages: string[] = [];
  const responseHours: number[] = [];
  talk.forEach((said, part) => {
    if (!said.inbound) return;
    messages.push(texts.message(lead, part, said, seat.metro));
    const before = talk[part - 1];
    if (before !== undefined && !before.inbound) responseHours.push((said.at - before.at) / HOUR);
  });
  if (messages.length === 0) return {};
  return responseHours.length === 0 ? { messages } : { messages, responseHours };
}

const answers: readonly (readonly [Question, readonly Answer['value'][]])[] = [
  ['location', ['downtown', 'north side', 'near schools', 'suburbs', 'lake']],
  ['property', ['3 bedrooms', 'condo', '4 bedrooms with yard', 'townhouse', 'single story']],
  ['financing', ['pre-approved', 'cash', 'needs a lender', 'fha']],
  ['motivation', ['new job', 'growing family', 'downsizing', 'investment']],
  ['condition', ['good', 'needs work', 'renovated']],
];

function qualification(dice: Dice, one: Person, facts: FieldFacts): Record<string, Answer> {
  const given: (readonly [Question | 'side', Answer['value']])[] = [
    ['budget', facts.budget ?? one.seat.metro.median],
    ['timeline', facts.timeline ?? 'soon'],
    ...answers.map(([question, values]) => [question, dice.pick(values)] as const),
  ];
  const said = given.slice(0, one.answered).map(([question, value]) => [question, answer(dice, one, value)] as const);
  if (one.answered > 0) said.push(['side', answer(dice, one, one.seller ? 'sell' : 'buy')]);
  return Object.fromEntries(said);
}

function answer(dice: Dice, { lastInboundAt, createdAt }: Person, value: Answer['value']): Answer {
  return { value, at: iso(lastInboundAt ?? createdAt), from: dice.uuid() };
}

function plan({ settings }: ProductRules, score: Score): CrmPlan {
  const { [score.tier]: borne, ...others } = settings.tierTags;
  return {
    addTags: [borne],
    removeTags: Object.values(others),
    fields: { [settings.customFields.score]: Math.round(score.value), [settings.customFields.tier]: score.tier },
    ownFields: [settings.customFields.score, settings.customFields.tier],
    tier: score.tier,
    opportunity: null,
    workflows: [],
    dnd: [],
  };
}

function nextTouch(shape: Shape, rules: ProductRules, one: Person): string | null {
  const { welcome } = one;
  if (welcome === null || welcome.nextAt === null) return null;
  const step = rules.sequence.steps[welcome.done];
  if (step === undefined) return null;
  const touch = { at: iso(welcome.nextAt), what: rules.stepWords(rules.sequence, step) };
  const next: NextTouch = {
    ...touch,
    sentence: rules.touchSummary(touch, one.seat.metro.zone),
    enrolmentId: enrolmentId(shape.seed, one.lead),
    stepKey: step.key,
  };
  return JSON.stringify(next);
}

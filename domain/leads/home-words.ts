/**
 * What we may know of a home that somebody wants or has to sell, besides its bedrooms and baths. Things of a house and its land alone: nothing
 * tells who is going to live in it, and what an accessible home would tell is not asked for.
 */
export const homeWords = [
  'condo',
  'townhouse',
  'single-family',
  'duplex',
  'mobile home',
  'land',
  'new build',
  'move-in ready',
  'fixer-upper',
  'single story',
  'pool',
  'garage',
  'parking',
  'RV parking',
  'yard',
  'fenced yard',
  'patio',
  'acreage',
  'waterfront',
  'dock',
  'view',
  'basement',
  'home office',
  'guest house',
  'workshop',
  'fireplace',
  'open floor plan',
  'updated kitchen',
  'hardwood floors',
  'walk-in closet',
  'solar',
  'elevator',
  'pets allowed',
  'no HOA',
] as const;
export type HomeWord = (typeof homeWords)[number];

/** Why somebody moves, as far as we may know it. `stated`: a reason was given that we do not record. */
export const motives = [
  'relocating',
  'downsizing',
  'more space',
  'investing',
  'leaving a rental',
  'first home',
  'commute',
  'stated',
] as const;
export type Motive = (typeof motives)[number];

/** In what state a seller's home is. */
export const conditions = ['needs work', 'updated', 'good'] as const;
export type Condition = (typeof conditions)[number];

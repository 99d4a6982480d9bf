/** One synthetic contact of the seeded brokerage. Absent means that the brokerage does not know it. */
export interface Person {
  readonly first: string;
  /** Area code of a 555-01xx number; absent: no phone. */
  readonly area?: string;
  readonly email?: boolean;
  readonly timezone?: string;
  readonly city?: string;
  readonly state?: string;
  readonly source?: string;
  readonly tags: readonly string[];
  /** Agent's place in the list of users; absent: nobody is assigned. */
  readonly agent?: number;
  /** Custom fields by the slug of their key. */
  readonly fields?: Readonly<Record<string, string | number>>;
  readonly dnd?: 'all' | 'SMS';
  readonly hoursAgo: number;
}

const NEW_YORK = { timezone: 'America/New_York', city: 'New York', state: 'NY' };
const CHICAGO = { timezone: 'America/Chicago', city: 'Chicago', state: 'IL' };
const DENVER = { timezone: 'America/Denver', city: 'Denver', state: 'CO' };
const PHOENIX = { timezone: 'America/Phoenix', city: 'Phoenix', state: 'AZ' };
const SAN_FRANCISCO = { timezone: 'America/Los_Angeles', city: 'San Francisco', state: 'CA' };
const MIAMI = { timezone: 'America/New_York', city: 'Miami', state: 'FL' };
const SEATTLE = { timezone: 'America/Los_Angeles', city: 'Seattle', state: 'WA' };
const BOSTON = { timezone: 'America/New_York', city: 'Boston', state: 'MA' };
const ANCHORAGE = { timezone: 'America/Anchorage', city: 'Anchorage', state: 'AK' };
const HOUSTON = { timezone: 'America/Chicago', city: 'Houston', state: 'TX' };
const WASHINGTON = { timezone: 'America/New_York', city: 'Washington', state: 'DC' };
const NEW_ORLEANS = { timezone: 'America/Chicago', city: 'New Orleans', state: 'LA' };
const OKLAHOMA_CITY = { timezone: 'America/Chicago', city: 'Oklahoma City', state: 'OK' };
const LAS_VEGAS = { timezone: 'America/Los_Angeles', city: 'Las Vegas', state: 'NV' };
const NASHVILLE = { timezone: 'America/Chicago', city: 'Nashville', state: 'TN' };
const ALBUQUERQUE = { timezone: 'America/Denver', city: 'Albuquerque', state: 'NM' };
const BALTIMORE = { timezone: 'America/New_York', city: 'Baltimore', state: 'MD' };
const PORTLAND = { timezone: 'America/Los_Angeles', city: 'Portland', state: 'OR' };
const INDIANAPOLIS = { timezone: 'America/Indiana/Indianapolis', city: 'Indianapolis', state: 'IN' };
const SCOTTSDALE = { timezone: 'America/Phoenix', city: 'Scottsdale', state: 'AZ' };
const NEWARK = { timezone: 'America/New_York', city: 'Newark', state: 'NJ' };

/** Ready to be worked: tagged for it, with written consent. */
const READY = ['Hit List', 'sms-consent'];

/**
 * Twenty-five people who do not exist, of varied completeness. The first five are those that the first webhooks are about;
 * their names say that they are samples.
 */
export const people: readonly Person[] = [
  {
    first: 'Casey',
    area: '212',
    email: true,
    ...NEW_YORK,
    source: 'referral',
    tags: READY,
    agent: 0,
    fields: {
      budget: 650000,
      timeline: 'immediately',
      financing: 'pre-approved',
      preferred_area: 'Harbor District',
      bedrooms: 3,
      motivation: 'job relocation',
      page_views: 18,
      emails_sent: 5,
      email_opens: 5,
      email_clicks: 3,
      property_matches: 9,
    },
    hoursAgo: 2,
  },
  {
    first: 'Robin',
    area: '312',
    email: true,
    ...CHICAGO,
    source: 'organic',
    tags: ['Need to Qualify', 'sms-consent'],
    agent: 1,
    fields: { budget: 420000, timeline: '3-6 months', page_views: 7, emails_sent: 4, email_opens: 2 },
    hoursAgo: 5,
  },
  {
    first: 'Jordan',
    area: '303',
    email: true,
    ...DENVER,
    source: 'Home valuation form',
    tags: ['Needs Qualifying'],
    agent: 2,
    fields: { timeline: 'just exploring' },
    hoursAgo: 9,
  },
  {
    first: 'Avery',
    area: '602',
    email: true,
    ...PHOENIX,
    source: 'paid',
    tags: READY,
    agent: 3,
    fields: { budget: 380000, page_views: 3 },
    hoursAgo: 20,
  },
  {
    first: 'Quinn',
    area: '415',
    email: true,
    ...SAN_FRANCISCO,
    source: 'referral',
    tags: ['Need to Qualify', 'sms-consent', 'AI-Off'],
    agent: 0,
    fields: { budget: 1200000 },
    hoursAgo: 30,
  },
  {
    first: 'Riley',
    area: '305',
    email: true,
    ...MIAMI,
    source: 'IDX search',
    tags: READY,
    agent: 1,
    fields: { budget: 540000, bedrooms: 2 },
    hoursAgo: 40,
  },
  {
    first: 'Morgan',
    area: '206',
    email: true,
    ...SEATTLE,
    source: 'open house',
    tags: ['Hit List'],
    agent: 2,
    dnd: 'SMS',
    hoursAgo: 52,
  },
  {
    first: 'Taylor',
    email: true,
    ...BOSTON,
    source: 'organic',
    tags: READY,
    agent: 3,
    fields: { timeline: 'soon' },
    hoursAgo: 60,
  },
  {
    first: 'Jamie',
    area: '808',
    email: true,
    city: 'Honolulu',
    state: 'HI',
    source: 'referral',
    tags: READY,
    agent: 0,
    hoursAgo: 70,
  },
  {
    first: 'Drew',
    area: '907',
    email: true,
    ...ANCHORAGE,
    tags: READY,
    agent: 1,
    hoursAgo: 80,
  },
  {
    first: 'Skyler',
    area: '713',
    email: true,
    ...HOUSTON,
    source: 'paid',
    tags: ['Hit List'],
    agent: 2,
    dnd: 'all',
    hoursAgo: 90,
  },
  { first: 'Reese', area: '202', ...WASHINGTON, tags: READY, hoursAgo: 100 },
  {
    first: 'Harper',
    area: '504',
    email: true,
    ...NEW_ORLEANS,
    tags: ['Needs Qualifying', 'sms-consent'],
    agent: 3,
    hoursAgo: 120,
  },
  { first: 'Rowan', email: true, source: 'newsletter', tags: [], hoursAgo: 130 },
  {
    first: 'Emerson',
    area: '405',
    email: true,
    ...OKLAHOMA_CITY,
    tags: ['Hit List'],
    agent: 0,
    hoursAgo: 150,
  },
  {
    first: 'Finley',
    area: '617',
    email: true,
    ...BOSTON,
    source: 'referral',
    tags: ['Qualified', 'Hit List', 'sms-consent'],
    agent: 1,
    fields: { budget: 910000, timeline: 'asap', financing: 'cash' },
    hoursAgo: 170,
  },
  {
    first: 'Sage',
    area: '702',
    ...LAS_VEGAS,
    // From a list that somebody bought: called by people, and never written to.
    source: 'Purchased list',
    tags: ['Hit List', 'investor', 'bought-list'],
    agent: 2,
    hoursAgo: 190,
  },
  {
    first: 'Parker',
    area: '615',
    email: true,
    ...NASHVILLE,
    tags: ['Need to Qualify'],
    agent: 3,
    fields: { home_condition: 'needs a new roof' },
    hoursAgo: 210,
  },
  {
    first: 'Dakota',
    area: '505',
    email: true,
    ...ALBUQUERQUE,
    tags: ['seller-lead'],
    hoursAgo: 240,
  },
  {
    first: 'Ellis',
    area: '410',
    email: true,
    ...BALTIMORE,
    tags: READY,
    agent: 0,
    fields: { bedrooms: 4 },
    hoursAgo: 300,
  },
  {
    first: 'Lennon',
    area: '503',
    email: true,
    ...PORTLAND,
    tags: ['Stop-Bot', 'Hit List'],
    agent: 1,
    hoursAgo: 350,
  },
  { first: 'Marlow', tags: ['imported'], hoursAgo: 400 },
  {
    first: 'Oakley',
    area: '317',
    email: true,
    ...INDIANAPOLIS,
    tags: READY,
    agent: 2,
    hoursAgo: 500,
  },
  {
    first: 'Phoenix',
    area: '480',
    email: true,
    ...SCOTTSDALE,
    tags: ['past-client'],
    agent: 3,
    hoursAgo: 700,
  },
  {
    first: 'Wren',
    area: '973',
    email: true,
    ...NEWARK,
    tags: ['Hit List', 'sms-consent'],
    agent: 0,
    fields: { timeline: 'immediately' },
    hoursAgo: 900,
  },
];

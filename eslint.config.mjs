import tseslint from 'typescript-eslint';

/** Decisions and orchestration must come out the same when they are replayed: neither asks the machine for anything. */
const DETERMINISTIC = ['workflows/**/*.ts', 'domain/**/*.ts'];

const machineAccess = [
  ['Date', 'now', 'pass the instant in'],
  ['Math', 'random', 'pass the random number in'],
  ['performance', 'now', 'pass the instant in'],
  ['crypto', 'randomUUID', 'pass the id in'],
].map(([object, property, message]) => ({ object, property, message: `Not deterministic: ${message}.` }));

const machineGlobals = [
  'process',
  'Buffer',
  'setInterval',
  'setImmediate',
  'fetch',
  'require',
  '__dirname',
  '__filename',
];

export default tseslint.config(
  {
    ignores: ['node_modules/', 'dist/', '.leadwright/', '.cache/', 'coverage/', 'test/fixtures/', '**/*.generated.ts'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // `== null` asks for null and undefined at once.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A number in a message reads the same in every language.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => log(…)` and `return log(…)` in a function that answers nothing mislead nobody.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Express and Node take handlers that answer a promise, and Express 5 passes their rejections on.
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true, caughtErrors: 'all' },
      ],
      // With `noUncheckedIndexedAccess` every index may be undefined; `!` after the check that the compiler cannot follow fails as
      // loudly as a check of our own would.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Ports are records of closures: none has a `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      // A hook may answer a promise or nothing at all.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // `[...text]` counts code points, and is written where these are meant.
      '@typescript-eslint/no-misused-spread': ['error', { allow: [{ from: 'lib', name: 'string' }, 'string'] }],
      // Ports answer promises; an adapter or stand-in that has nothing to wait for keeps the same signature.
      '@typescript-eslint/require-await': 'off',
      'no-restricted-syntax': ['error', ...namedExportsOnly()],
    },
  },
  {
    files: DETERMINISTIC,
    rules: {
      'no-restricted-properties': ['error', ...machineAccess],
      'no-restricted-globals': [
        'error',
        ...machineGlobals.map((name) => ({ name, message: 'Not deterministic or not pure: pass what it gives in.' })),
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex:
                '^(node:|(assert|buffer|child_process|crypto|dns|events|fs|http|https|net|os|path|stream|timers|tls|url|util|worker_threads|zlib)(/|$))',
              message: 'No Node built-ins here: this code is replayed, or decides without doing.',
            },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        ...namedExportsOnly(),
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Not deterministic: pass the instant in.',
        },
        { selector: "CallExpression[callee.name='Date']", message: 'Not deterministic: pass the instant in.' },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.strict],
    rules: { eqeqeq: ['error', 'always'], 'prefer-const': 'error' },
  },
  {
    // A signal handler or a callback changes a variable while the function waits; the rule thinks it knows its value still.
    files: ['workflows/**/*.ts', 'workers/**/*.ts', 'sandbox/services/**/*.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/no-unnecessary-condition': 'off' },
  },
  {
    // A stand-in compares what the wire brought as text, whatever it was.
    files: ['sandbox/vendors/**/*.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/no-base-to-string': 'off' },
  },
  {
    // Rows and JSON come as `any`, and are compared whole by the assertion that follows.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // They speak to whoever runs them.
    files: ['test/support/**/*.ts', 'test/bench/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.cjs'],
    rules: {
      // CommonJS has no other way to load a module.
      '@typescript-eslint/no-require-imports': 'off',
    },
  },
);

function namedExportsOnly() {
  return [
    {
      selector: 'ExportDefaultDeclaration',
      message: 'Named exports only: one name for one thing, everywhere.',
    },
    {
      selector: 'ExportAllDeclaration',
      message: 'No barrels: import from the file that holds the thing.',
    },
  ];
}

/** ESM throughout: sources are `.ts` with explicit specifiers, stripped by swc, run by jest's VM modules. */
export default {
  testEnvironment: '<rootDir>/test/environment.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.leadwright/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  // There to end what hangs, not to judge what is slow: machines are shared, and lanes run beside each other.
  testTimeout: 300_000,
};

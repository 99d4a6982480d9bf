// Jest runs tests in a realm of its own. Two things that are one in production are then two, and both are joined here:
// - typed arrays: onnxruntime-node and Node's own modules hand out those of the outer realm (jest #2549);
// - errors: what Node throws (ENOENT, ECONNREFUSED) is no `Error` of the inner realm, so `instanceof Error` would be false.
const { TestEnvironment } = require('jest-environment-node');
const { isNativeError } = require('node:util').types;

const ordinary = Function.prototype[Symbol.hasInstance];

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of ['Float32Array', 'Float64Array', 'Int32Array', 'BigInt64Array', 'Uint8Array', 'ArrayBuffer']) {
      this.global[name] = globalThis[name];
    }
    const inner = this.global.Error;
    Object.defineProperty(inner, Symbol.hasInstance, {
      value(candidate) {
        return this === inner
          ? isNativeError(candidate) || ordinary.call(this, candidate)
          : ordinary.call(this, candidate);
      },
    });
  }
};

// onnxruntime-node returns typed arrays of the outer realm; jest runs tests in a realm of its own, where
// `instanceof Float32Array` is then false (jest #2549). Sharing the constructors makes both sides agree.
const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of ['Float32Array', 'Float64Array', 'Int32Array', 'BigInt64Array', 'Uint8Array', 'ArrayBuffer']) {
      this.global[name] = globalThis[name];
    }
  }
};

/**
 * Named points at which a test can stop the process to kill it there. In production wiring `at` does nothing.
 * Points: `door.before-commit`, `door.after-commit`, `relay.before-mark`, `decide.after-commit`, `rescore.after-commit`, `apply.before-call`, `apply.after-call`,
 * `send.after-claim`, `send.before-vendor`, `send.after-vendor`, `send.after-settle`, `model.before-reserve`, `model.before-send`,
 * `model.after-answer`, `assist.before-settle`, `assist.after-call`, `assist.before-store`, `assist.after-store`,
 * `night.before-create`, `night.after-create`, `night.after-settle`.
 */
export interface Pauses {
  at(point: string): Promise<void>;
}

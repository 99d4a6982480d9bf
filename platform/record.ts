import type { Measurement } from '../activities/deps.ts';
import type { Metrics } from './metrics.ts';

/** What activities measure, as what is counted. */
export function record(metrics: Metrics, what: Measurement): void {
  switch (what.kind) {
    case 'task':
      return metrics.task(what.level, what.task, what.ok ? 'done' : 'failed', what.ms / 1000);
    case 'decided':
      return metrics.decided(what.ms / 1000);
    case 'applied':
      return metrics.applied(what.ms / 1000);
    case 'verdict':
      return metrics.verdict(what.verdict);
    case 'send':
      return metrics.send(what.channel, what.state);
    case 'sending-paused':
      return metrics.sendingPaused(what.channel);
    case 'opt-out':
      return metrics.optOut(what.verdict);
    case 'undelivered':
      return metrics.undelivered(what.channel);
    case 'unread':
      return metrics.unread();
    case 'model-call':
      return metrics.modelCall(what);
    case 'assist':
      return metrics.assist(what.job, what.outcome);
  }
}

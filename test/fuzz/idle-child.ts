import { monitorEventLoopDelay } from 'node:perf_hooks';

/** A process that does nothing but measure the delay of its event loop: what the machine itself
 *  adds to the delay of a process beside it. Message in: asks for the 99th percentile since it was
 *  asked before. Out: that, in ms. */

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
process.on('message', () => {
  process.send?.(delay.percentile(99) / 1e6);
  delay.reset();
});
process.on('disconnect', () => process.exit(0));

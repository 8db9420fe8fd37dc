import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** The process's own registry; every metric of ours is named `carom_<app or lib>_<what>_<unit>`. */
export type Metrics = {
  registry: Registry;
  counter: (name: string, help: string, labels?: string[]) => Counter;
  /** `collect` sets the gauge each time the metrics are read. */
  gauge: (name: string, help: string, labels?: string[], collect?: (gauge: Gauge) => void) => Gauge;
  /** A gauge without labels whose value is looked up when the metrics are read. */
  lookup: (name: string, help: string, look: () => number) => void;
  histogram: (name: string, help: string, buckets: number[], labels?: string[]) => Histogram;
};

/** Buckets for durations in seconds, from half a millisecond (a cache look-up) to a minute (a slow
 * ad network). */
export const durationBucketsSeconds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];

export const createMetrics = (app: string): Metrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    counter: (name, help, labelNames = []) => new Counter({ name, help, labelNames, registers }),
    gauge: (name, help, labelNames = [], collect) => {
      const gauge: Gauge = new Gauge({
        name,
        help,
        labelNames,
        registers,
        ...(collect && { collect: () => collect(gauge) }),
      });
      return gauge;
    },
    lookup: (name, help, look) => {
      const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(look()) });
    },
    histogram: (name, help, buckets, labelNames = []) => new Histogram({ name, help, buckets, labelNames, registers }),
  };
};

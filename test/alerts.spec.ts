import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { alertRules, selectedBy } from './support/alert-rules.js';

/** What each metric is called is held against the running services in
 * test/e2e/first-run.e2e.spec.ts. */
describe('deploy/alerts.yaml', () => {
  it('contains only rules that Prometheus can read, each about a metric of Carom', () => {
    for (const rule of alertRules()) {
      expect(selectedBy(rule).every(({ metric }) => metric.startsWith('carom_'))).toBe(true);
      expect(selectedBy(rule)).not.toEqual([]);
      expect(['page', 'ticket']).toContain(rule.labels.severity);
      expect(rule.annotations.summary).toMatch(/\S/);
    }
  });

  it('describes every rule on the page for operators, which says what to do', () => {
    const described = [...readFileSync('docs/operating/alerts.md', 'utf8').matchAll(/^\| `(Carom\w+)` \| (\w+) \|/gm)];
    expect(described.map(([, alert, severity]) => `${alert} ${severity}`)).toEqual(
      alertRules().map(({ alert, labels }) => `${alert} ${labels.severity}`),
    );
  });
});

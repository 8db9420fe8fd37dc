import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';

type AlertRule = {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string };
};
/** One metric that a rule asks for, and the labels by which it chooses among its series. */
type Selected = { metric: string; labels: string[] };

export const alertRules = (): AlertRule[] => {
  const file = parse(readFileSync('deploy/alerts.yaml', 'utf8')) as { groups: { rules: AlertRule[] }[] };
  return file.groups.flatMap(({ rules }) => rules);
};

/** By Prometheus' own grammar. Throws with the place of what is not PromQL. */
export const selectedBy = ({ alert, expr }: AlertRule): Selected[] => {
  const selected: Selected[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, type, from, to }) => {
      const text = expr.slice(from, to);
      if (type.isError) throw new Error(`${alert}: not PromQL at ${from}: ${expr.slice(from)}`);
      if (name === 'Identifier') selected.push({ metric: text, labels: [] });
      if (name === 'UnquotedLabelMatcher') selected.at(-1)?.labels.push(/^\w+/.exec(text)?.[0] ?? '');
    },
  });
  return selected;
};

import type { Answer } from '../api/answers';

/** One conversion's life as a list of events in order. Pure: the page only draws it. */

type Life = Answer<'/api/v1/conversions/{id}'>;
export type TimelineDelivery = Life['deliveries'][number];
export type TimelineEntry = Life['entries'][number];
type TimelinePostback = {
  id: string;
  receivedAt: string;
  decidedAt: string;
  state: string;
  refusal: string | null;
  networkKey: string | null;
};
type TimelineClick = { clickId: string; clickedAt: string };

export type TimelineEvent<Call extends TimelinePostback = TimelinePostback> =
  | { kind: 'click'; at: string; click: TimelineClick }
  | { kind: 'postback'; at: string; call: Call; entries: TimelineEntry[] }
  | { kind: 'entry'; at: string; entry: TimelineEntry }
  | { kind: 'delivery'; at: string; delivery: TimelineDelivery };

const order = { click: 0, postback: 1, entry: 2, delivery: 3 };

/** Entries stand with the call that caused them; those without one (a hold that ended) stand alone.
 * Events of one instant keep the order of cause and effect. */
export const timelineOf = <Call extends TimelinePostback>(of: {
  click: TimelineClick | null;
  postbacks: readonly Call[];
  entries: readonly TimelineEntry[];
  deliveries: readonly TimelineDelivery[];
}): TimelineEvent<Call>[] => {
  const byCall = Map.groupBy(of.entries, ({ postbackId }) => postbackId);
  const known = new Set<string | null>(of.postbacks.map(({ id }) => id));
  const events: TimelineEvent<Call>[] = [
    ...(of.click ? [{ kind: 'click' as const, at: of.click.clickedAt, click: of.click }] : []),
    ...of.postbacks.map((call) => ({
      kind: 'postback' as const,
      at: call.receivedAt,
      call,
      entries: byCall.get(call.id) ?? [],
    })),
    ...of.entries
      .filter(({ postbackId }) => !known.has(postbackId))
      .map((entry) => ({ kind: 'entry' as const, at: entry.recordedAt, entry })),
    ...of.deliveries.map((delivery) => ({ kind: 'delivery' as const, at: delivery.createdAt, delivery })),
  ];
  return events.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || order[a.kind] - order[b.kind]);
};

import type { ClickRecordedV1, Offer } from '#contracts';
import { compileUrl, tokenOf, type UrlTemplate } from '#domain';

/** Compiled once per version of an offer: a redirect must not parse. */
const compiled = new WeakMap<Offer, UrlTemplate | null>();

const templateOf = (offer: Offer): UrlTemplate | null => {
  let template = compiled.get(offer);
  if (template === undefined) {
    try {
      template = compileUrl(offer.url, { fragment: true });
    } catch {
      // Console saves no such offer; one that comes all the same is out of service, not a reason to
      // fall over.
      template = null;
    }
    compiled.set(offer, template);
  }
  return template;
};

/** Where a visitor is sent: the offer's URL with its macros filled in. `{click_id}` is our click id
 *  here. Null: the URL of the offer cannot be used. A value that would walk the path is left out,
 *  because a visitor is not turned away for it. */
export const offerUrl = (offer: Offer, click: ClickRecordedV1): string | null => {
  const template = templateOf(offer);
  if (!template) return null;
  const ours = (name: string): string | null => {
    if (name === 'click_id') return click.clickId;
    if (name === 'campaign') return click.campaignKey;
    if (name === 'offer') return offer.key;
    if (name === 'source') return click.sourceKey;
    if (name === 'network') return offer.networkKey;
    return name === 'time' ? new Date(click.clickedAtMs).toISOString() : null;
  };
  const all = (name: string): string | null => {
    if (name === 'external_id') return click.externalId;
    return name.startsWith('token.') ? tokenOf(click.tokens, name) : ours(name);
  };
  try {
    return template.render(all);
  } catch {
    return template.render(ours);
  }
};

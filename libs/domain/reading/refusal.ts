/** Why a postback was not applied: one closed list in order of precedence. Where several hold, the
 *  first is the refusal. `docs/REFUSALS.md` is generated from it, and tests provoke every one.
 *
 *  | `stage` | decided | answered |
 *  | --- | --- | --- |
 *  | `size` | before the call is read | 413 or 414 |
 *  | `caller` | by who calls | 403 |
 *  | `form` | by what the call says | 400 |
 *  | `later` | after it is safe; the log shows it | 200 |
 *
 *  `replayable`: whether a replay can change the outcome after a setting has changed. */

export type RefusalStage = 'size' | 'caller' | 'form' | 'later';
type RefusalEntry = { code: string; stage: RefusalStage; sentence: string; remedy: string; replayable: boolean };

export const refusals = [
  {
    code: 'too_large',
    stage: 'size',
    sentence: 'The call was larger than a postback may be.',
    remedy:
      'Ask the network to send only the fields in its postback template. The limits are CAROM_MAX_URL_BYTES and CAROM_MAX_BODY_BYTES.',
    replayable: false,
  },
  {
    code: 'token_wrong',
    stage: 'caller',
    sentence: 'The token in the Postback URL belongs to no network, or is no longer valid.',
    remedy:
      "Copy the Postback URL from the network's page again. After a rotation the old one is valid only for the time chosen then. Calls " +
      'that came later are applied by a replay that names this refusal and the network.',
    replayable: true,
  },
  {
    code: 'drop_in_off',
    stage: 'caller',
    sentence: "The call came to another tracker's path, and no network has that path switched on.",
    remedy:
      "Switch the drop-in endpoint on in the network's settings; after that a replay that names this refusal applies the call.",
    replayable: true,
  },
  {
    code: 'address_not_allowed',
    stage: 'caller',
    sentence: "The call came from an address that is not in the network's allow list.",
    remedy:
      "Add the address to the network's CIDR list if it is theirs. Behind a proxy, CAROM_TRUSTED_PROXIES must name the " +
      'proxy. After that a replay that names this refusal applies the call.',
    replayable: true,
  },
  {
    code: 'secret_wrong',
    stage: 'caller',
    sentence: "The shared secret is missing or does not match the network's.",
    remedy: "Compare the secret parameter in the network's template with the network's settings.",
    replayable: false,
  },
  {
    code: 'signature_missing',
    stage: 'caller',
    sentence: 'The network signs its calls, and this one has no signature.',
    remedy: 'Switch signing on at the network, or off in its settings in Carom.',
    replayable: false,
  },
  {
    code: 'signature_expired',
    stage: 'caller',
    sentence: "The time of the signature is further from now than the network's settings allow.",
    remedy: "Check the network's clock, or allow more seconds in its settings.",
    replayable: false,
  },
  {
    code: 'signature_wrong',
    stage: 'caller',
    sentence: 'The signature does not match the call.',
    remedy: 'Compare kind, algorithm, encoding, template and secret of the signature with what the network documents.',
    replayable: false,
  },
  {
    code: 'macro_unreplaced',
    stage: 'form',
    sentence: 'The network sent the name of its macro instead of an id, so there is nothing to find the click by.',
    remedy:
      "Correct the macro in the network's template: spelling, case and brackets count. The problems of the call name the " +
      "parameter. If the id is in another parameter, name that one in the network's settings and replay.",
    replayable: true,
  },
  {
    code: 'click_id_invalid',
    stage: 'form',
    sentence: 'The click id has our form but is not one of ours: it is made up, or was changed on its way.',
    remedy:
      'Check whether the network cuts or rewrites ids. Many of these from one caller are an attempt to invent conversions. If ' +
      'CAROM_SECRET was changed, list the old one after the new one and replay.',
    replayable: true,
  },
  {
    code: 'several_reports',
    stage: 'form',
    sentence: 'The body is a list of several reports, and a call can be about one conversion only.',
    remedy:
      'Ask the network to make one call for each conversion, or upload the list as a file. If one of them is meant, name its place in ' +
      "the network's settings, as in `0.transaction_id`, and replay.",
    replayable: true,
  },
  {
    code: 'skadnetwork_postback',
    stage: 'form',
    sentence:
      'The call is a SKAdNetwork or AdAttributionKit postback. It names no click and no money: its conversion value is a ' +
      'number from 0 to 63 whose meaning the app decides.',
    remedy:
      'Send these to the mobile measurement service of the app. If your network forwards them with a click id and an ' +
      "amount of its own, name those parameters in the network's settings and replay.",
    replayable: true,
  },
  {
    code: 'nothing_to_identify',
    stage: 'form',
    sentence: 'The call carries neither a click id nor a transaction id.',
    remedy:
      "Put the click id's macro into the network's template, or name the parameter that carries it in the network's settings and replay.",
    replayable: true,
  },
  {
    code: 'token_required',
    stage: 'later',
    sentence: 'The network requires proof of its callers, and this call came to the plain address without any.',
    remedy:
      'Give the network its special Postback URL, or switch `requireToken` off. A replay that names this refusal applies the call.',
    replayable: true,
  },
  {
    code: 'network_unknown',
    stage: 'later',
    sentence: 'The click was found, but the network of its offer is not in the catalog.',
    remedy: 'Create the network again and replay.',
    replayable: true,
  },
  {
    code: 'click_of_other_network',
    stage: 'later',
    sentence: "The click led to another network's offer, so this network cannot report on it.",
    remedy:
      "Check which network's Postback URL was used. If the offer has moved to this network, change its network in the " +
      'catalog and replay.',
    replayable: true,
  },
  {
    code: 'network_ambiguous',
    stage: 'later',
    sentence: 'The call carries only a transaction id, and several networks have a conversion with that id.',
    remedy:
      'Give each network its special Postback URL, so that the call says whose it is; then replay with the network named.',
    replayable: true,
  },
  {
    code: 'transaction_ambiguous',
    stage: 'later',
    sentence: 'The call carries only a transaction id, and conversions of several clicks have that id.',
    remedy: 'Ask the network to send the click id too: its transaction ids are unique only within a click.',
    replayable: true,
  },
  {
    code: 'click_unknown',
    stage: 'later',
    sentence: 'No click with this id arrived in the time an orphan waits.',
    remedy: 'If the id belongs to another tracker, import its clicks and replay.',
    replayable: true,
  },
  {
    code: 'transaction_unknown',
    stage: 'later',
    sentence: 'The call carries only a transaction id, and no conversion with it arrived in the time an orphan waits.',
    remedy: 'Ask the network to send the click id too, or replay after the first report has come.',
    replayable: true,
  },
  {
    code: 'too_many_waiting',
    stage: 'later',
    sentence: 'Too many calls wait already for the same id, or came from the same address without proof.',
    remedy: 'Send each report once, with the token of the network, and replay after its click has come.',
    replayable: true,
  },
  {
    code: 'status_ignored',
    stage: 'later',
    sentence: 'The status word is mapped to "ignored": it reports something that is no conversion.',
    remedy: "Nothing, if that is meant. Else change the network's status map and replay.",
    replayable: true,
  },
  {
    code: 'status_unmapped',
    stage: 'later',
    sentence: "The status word is neither in the network's map nor a word that means the same everywhere.",
    remedy: "Add the word to the network's status map and replay.",
    replayable: true,
  },
  {
    code: 'proof_required',
    stage: 'later',
    sentence:
      'Nothing shows that the call comes from its network, and without proof a call may only open or confirm a conversion ' +
      'on a click that it names. This one asked for more, or for another value than a proven call has stated.',
    remedy:
      'Give the network its own Postback URL (with its token), or set up its addresses, secret or signature. If you know ' +
      'that the call is genuine, replay it.',
    replayable: true,
  },
  {
    code: 'transaction_on_other_click',
    stage: 'later',
    sentence: 'The transaction id belongs to a conversion of another click.',
    remedy: "If the network's transaction ids repeat, set its identity to `click+transaction` and replay.",
    replayable: true,
  },
  {
    code: 'conversion_locked',
    stage: 'later',
    sentence: 'The conversion is approved, and the network is set to lock conversions on approval.',
    remedy: "Switch `locksOnApproval` off in the network's settings and replay.",
    replayable: true,
  },
  {
    code: 'currency_differs',
    stage: 'later',
    sentence: 'The conversion holds money in another currency.',
    remedy: 'Ask the network which currency is right; a reversal of the first report makes room for the second.',
    replayable: true,
  },
  {
    code: 'too_many_reports',
    stage: 'later',
    sentence: 'The conversion has as many reports as one conversion may have: 1,000, of which 50 without proof.',
    remedy:
      'Check whether the network uses one transaction id for all its sales; then set its identity to `click+transaction` ' +
      'or name the parameter that distinguishes sales.',
    replayable: false,
  },
  {
    code: 'amount_exceeds_balance',
    stage: 'later',
    sentence: 'The reversal takes back more than the conversion holds.',
    remedy: 'Compare with the network: a report is missing here, or the reversal is wrong.',
    replayable: true,
  },
] as const satisfies readonly RefusalEntry[];

export type RefusalCode = (typeof refusals)[number]['code'];
export type Refusal = RefusalEntry & { code: RefusalCode };

const byCode = new Map<string, Refusal>(refusals.map((refusal) => [refusal.code, refusal]));
export const refusalOf = (code: string): Refusal | undefined => byCode.get(code);

/** Of several refusals that all hold, the first of the list; null: none holds. */
export const foremostRefusal = (codes: readonly RefusalCode[]): RefusalCode | null =>
  refusals.find(({ code }) => codes.includes(code))?.code ?? null;

/** Whether a refusal is final at the edge. One of stage `later` can change once the network is
 *  known. */
export const isDecidedAtEdge = (code: RefusalCode): boolean => byCode.get(code)?.stage !== 'later';

/** The HTTP status of the answer. For a URL that is too long ingest answers 414. */
export const statusOfRefusal = (code: RefusalCode): 200 | 400 | 403 | 413 =>
  (({ later: 200, form: 400, caller: 403, size: 413 }) as const)[byCode.get(code)?.stage ?? 'later'];

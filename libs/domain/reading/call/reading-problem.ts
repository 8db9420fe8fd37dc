/** What a reading may remark on, and what each remark means. A problem refuses nothing by itself;
 *  the log shows it beside the call, and the API answers these sentences. */
export const readingProblems = {
  macro_unreplaced: 'The network sent a macro instead of its value, so the value is not known.',
  placeholder_ignored: 'A parameter held a placeholder such as `null` or `undefined`, which is no value.',
  html_entity_mended: 'The network sent `&amp;` instead of `&` between parameters; it was read as `&`.',
  separator_mended: 'The network sent `?` or `;` instead of `&` between parameters; it was read as `&`.',
  text_not_utf8: 'The call is not UTF-8; it was read as Latin-1.',
  body_unreadable: 'The body cannot be read by its content type.',
  several_reports: 'One call carries several reports, which a postback cannot.',
  too_many_parameters: 'The call has more parameters than are read.',
  nested_too_deep: 'The body is nested deeper than it is read.',
  not_signed: 'The parameter is not covered by the signature, so it was not read.',
  call_cut: 'The call was longer than what is kept of it.',
  amount_unreadable: 'The amount is not a number.',
  amount_ambiguous: 'The amount can be read in two ways; set the amount format of the network.',
  amount_too_large: 'The amount is larger than any payout.',
  amount_ambiguous_name: 'The parameter could be a price or a payout; name the payout’s parameter in the settings.',
  amount_rounded: 'The amount has more decimals than are kept; it was rounded.',
  currency_unreadable: 'The currency is no code that is known.',
  currency_ambiguous: 'Several currencies use this sign; set the default currency of the network.',
  currency_conflict: 'The sign at the amount and the stated currency differ.',
  status_unmapped: 'The status word is not in the map of the network.',
  time_unreadable: 'The time cannot be read.',
  time_in_future: 'The stated time is still to come; the time of receipt counts.',
  time_before_click: 'The stated time is before the click; the time of the click counts.',
  click_id_invalid: 'The value has the form of our click ids, but Carom did not make it.',
  click_id_mended: 'The click id had characters around it, which were cut off.',
  value_too_long: 'The value is longer than is kept; it was not read.',
} as const satisfies Readonly<Record<string, string>>;

export type ProblemCode = keyof typeof readingProblems;

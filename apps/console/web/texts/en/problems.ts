/** Notes about how a call was read. None of them refuses a call by itself. */
export const problems: Record<string, { says: string; todo: string }> = {
  macro_unreplaced: {
    says: 'The network sent the name of its macro instead of a value.',
    todo: 'Correct the macro at the network: spelling, case and brackets count.',
  },
  placeholder_ignored: { says: 'The value is a placeholder such as “null”; it was left out.', todo: '' },
  html_entity_mended: {
    says: 'The URL had “&amp;” where “&” belongs; it was read as meant.',
    todo: 'Paste the Postback URL again without “amp;”.',
  },
  separator_mended: {
    says: 'The URL had a wrong separator; it was read as meant.',
    todo: 'Paste the Postback URL again.',
  },
  text_not_utf8: { says: 'The text is not UTF-8; it was read as Latin-1.', todo: '' },
  body_unreadable: { says: 'The body could not be read.', todo: 'Compare the content type with the body.' },
  several_reports: {
    says: 'The body holds several reports.',
    todo: 'Ask the network for one call per conversion, or upload its report file.',
  },
  too_many_parameters: { says: 'The call has more parameters than are read.', todo: '' },
  amount_unreadable: {
    says: 'The amount could not be read, so the money of this conversion is unknown, not zero.',
    todo: 'Set the amount format of the network, then replay.',
  },
  amount_ambiguous: {
    says: 'The amount can be read in two ways, so it was not guessed.',
    todo: 'Say in the network’s settings whether “,” or “.” marks decimals, then replay.',
  },
  amount_too_large: { says: 'The amount is larger than any real one.', todo: '' },
  amount_rounded: { says: 'The amount has more than nine decimals; the rest was rounded.', todo: '' },
  currency_unreadable: {
    says: 'The currency is no code we know.',
    todo: 'Set a default currency in the network’s settings, then replay.',
  },
  currency_ambiguous: { says: 'Several currencies use this sign.', todo: 'Set a default currency.' },
  currency_conflict: { says: 'The call names two currencies.', todo: 'Choose the parameter in the settings.' },
  status_unmapped: { says: 'The status word is not mapped.', todo: 'Map the word; its calls are replayed.' },
  time_unreadable: { says: 'The time could not be read; the time of receipt counts.', todo: '' },
  click_id_invalid: { says: 'This is no click id of ours.', todo: 'Check which parameter carries our click id.' },
  click_id_mended: { says: 'The click id was damaged on its way and could be restored.', todo: '' },
  value_too_long: { says: 'A value was too long and was cut.', todo: '' },
};

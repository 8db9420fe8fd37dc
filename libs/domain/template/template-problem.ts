/** What may be wrong with a template when it is saved, and with a value when it is rendered. */

export type TemplateProblem = {
  code:
    | 'macro_unknown'
    | 'token_unknown'
    | 'secret_unknown'
    | 'secret_unused'
    | 'signature_unused'
    | 'filter_unknown'
    | 'filter_argument'
    | 'macro_in_host'
    | 'url_unreadable'
    | 'url_scheme'
    | 'url_credentials'
    | 'url_fragment'
    | 'url_characters'
    | 'header_characters'
    | 'header_reserved'
    | 'header_repeated'
    | 'leftover'
    | 'body_not_json'
    | 'click_id_missing'
    | 'click_id_never_sent'
    | 'amount_in_whole_units'
    | 'state_unknown'
    | 'not_encrypted'
    | 'body_with_get';
  /** The piece of the template it is about. */
  text: string;
  message: string;
  suggestion: string | null;
};

export class TemplateError extends Error {
  constructor(readonly problems: readonly TemplateProblem[]) {
    super(problems.map((problem) => problem.message).join('; '));
    this.name = 'TemplateError';
  }
}

/** A template that is right but cannot be rendered with these values (a scale of a word, `..` as a
 *  path segment). */
export class RenderError extends Error {
  constructor(
    readonly code: 'not_a_number' | 'not_a_time' | 'path_segment' | 'origin_changed',
    message: string,
  ) {
    super(message);
    this.name = 'RenderError';
  }
}

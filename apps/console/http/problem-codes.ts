/** Every code by which the API refuses a request, with its status and what it means. The compiler
 *  holds each `Problem` and each operation to this list, the document writes the sentences beside
 *  the codes, and `GET /problems` answers them. A code never changes its meaning. */

type CodeEntry = { status: number; sentence: string };

export const problemCodes = {
  // What cannot be read as a request of the API.
  url_unreadable: { status: 400, sentence: 'The URL has a broken percent-encoding.' },
  malformed_json: { status: 400, sentence: 'The body is not JSON.' },
  refused: { status: 400, sentence: 'The server refused the request before it was read.' },
  http_unreadable: { status: 400, sentence: 'The request cannot be read as HTTP.' },
  no_such_route: { status: 404, sentence: 'There is nothing at this path.' },
  method_not_allowed: { status: 405, sentence: 'This path does not take this method.' },
  request_too_slow: { status: 408, sentence: 'The request did not arrive in time.' },
  too_large: { status: 413, sentence: 'The body is larger than this route takes.' },
  too_many_rows: { status: 413, sentence: 'The file has more rows than this route takes: split it.' },
  content_type_unknown: { status: 415, sentence: 'This route does not read bodies of this content type.' },
  charset_unknown: { status: 415, sentence: 'The charset of the file is not known.' },
  invalid: { status: 422, sentence: 'Some fields are wrong; `errors` names each.' },
  cursor_invalid: { status: 422, sentence: 'The cursor is none that this list answered.' },

  headers_too_large: { status: 431, sentence: 'The URL and the headers are together larger than 64 KiB.' },

  // Who calls.
  token_missing: { status: 401, sentence: 'No one is signed in, and no token was sent.' },
  token_wrong: { status: 401, sentence: 'The token is not known, has expired or was revoked.' },
  session_ended: { status: 401, sentence: 'The session has ended: sign in again.' },
  sign_in_wrong: { status: 401, sentence: 'The e-mail address or the password is wrong.' },
  role_too_low: { status: 403, sentence: 'The role of the caller does not allow this.' },
  csrf_header_missing: { status: 403, sentence: 'A change by cookie needs the header `X-Carom-CSRF: 1`.' },
  origin_foreign: { status: 403, sentence: 'The page of another site started this request.' },
  not_yours: { status: 403, sentence: 'Only the person who made it, or an admin, changes it.' },
  password_wrong: { status: 403, sentence: 'The current password is wrong.' },
  file_ended: { status: 410, sentence: 'The job has no file, or it was deleted after a day.' },
  code_ended: { status: 410, sentence: 'The link was used already or is too old.' },
  sign_in_locked: { status: 429, sentence: 'Too many wrong passwords: `detail` says when the next try is possible.' },
  sign_in_busy: { status: 503, sentence: 'Too many people sign in at this moment: try again in a few seconds.' },

  // What does not fit the state of things.
  not_found: { status: 404, sentence: 'There is no such thing.' },
  key_taken: { status: 409, sentence: 'Another entry has this key already.' },
  in_use: { status: 409, sentence: 'Other entries name it; `errors` lists them.' },
  email_taken: { status: 409, sentence: 'Another user has this e-mail address.' },
  own_user: { status: 409, sentence: 'Admins cannot take away their own access.' },
  own_token: { status: 409, sentence: 'A token cannot revoke itself.' },
  cannot_sign_in: { status: 409, sentence: 'A disabled user, or one without an e-mail address, cannot sign in.' },
  no_password: { status: 409, sentence: 'The caller has no password to change.' },
  job_open: { status: 409, sentence: 'The job is not done yet.' },
  job_ended: { status: 409, sentence: 'The job has ended already.' },
  resolved: { status: 409, sentence: 'The record was settled already.' },
  value_missing: { status: 409, sentence: 'The value of the record is only on its topic.' },
  topic_unknown: { status: 409, sentence: 'The topic of the record does not exist any more.' },
  too_many_views: { status: 409, sentence: 'The caller has as many saved views as one may have.' },
  secret_missing: { status: 409, sentence: 'CAROM_SECRET is not set.' },
  suggestion_gone: { status: 409, sentence: 'The last calls of this network do not suggest that any more.' },
  version_differs: { status: 412, sentence: 'It was changed after you read it: read it again.' },

  // What cannot be done as asked.
  version_invalid: { status: 422, sentence: 'A version is a whole number.' },
  key_fixed: { status: 422, sentence: 'A key cannot be changed.' },
  preset_unknown: { status: 422, sentence: 'There is no preset with this key.' },
  suggestion_open: { status: 422, sentence: 'The calls do not decide this setting: a person has to.' },
  preset_fields: { status: 422, sentence: 'The preset needs values that were not given.' },
  time_past: { status: 422, sentence: 'The time must be still to come.' },
  time_unreadable: { status: 422, sentence: 'A day or a time cannot be read.' },
  as_of_with_state: { status: 422, sentence: 'States and marks are found as they are now: leave out `asOf`, or them.' },
  as_of_before_horizon: { status: 422, sentence: 'Single entries of that time are not kept any more.' },
  secret_unreadable: { status: 409, sentence: 'The secrets of this destination cannot be opened; enter them again.' },
  conversion_real: { status: 422, sentence: 'A test call is for a made-up conversion.' },
  compare_by_time: { status: 422, sentence: 'A report by day or hour cannot be compared with the time before.' },
  too_many_lines: { status: 422, sentence: 'The report has too many lines: shorten the time or group by less.' },
  too_many_buckets: { status: 422, sentence: 'The time is too long for buckets of this length.' },
  event_id_invalid: { status: 422, sentence: 'The id is of no event of this stream.' },
  columns_invalid: { status: 422, sentence: 'The columns of the file are not those that are needed.' },
  csv_unreadable: { status: 422, sentence: 'The file cannot be read as CSV.' },
  rows_missing: { status: 422, sentence: 'The file has no rows below its header.' },
  report_file_unreadable: {
    status: 422,
    sentence: 'The file cannot be read safely; `errors` says what must be stated.',
  },
  rates_unreadable: { status: 422, sentence: 'The file is not one of rates as the European Central Bank writes it.' },
  upload_id_old: { status: 422, sentence: 'An `uploadId` is good for seven days.' },

  // Doing it once.
  idempotency_key_invalid: { status: 422, sentence: 'An Idempotency-Key is 1 to 255 visible ASCII characters.' },
  idempotency_key_reused: { status: 422, sentence: 'The Idempotency-Key was used for another request.' },
  idempotency_in_progress: { status: 409, sentence: 'The first request with this Idempotency-Key still runs.' },
  idempotency_outcome_unknown: { status: 409, sentence: 'The first request broke off: look whether it took effect.' },
  idempotency_keys_full: { status: 429, sentence: 'Too many Idempotency-Keys within a day.' },

  // Limits, and what is away.
  too_many_requests: { status: 429, sentence: 'Too many requests from this address within a minute.' },
  unexpected: { status: 500, sentence: 'An error in Carom; it has been logged.' },
  temporarily_unavailable: { status: 503, sentence: 'A part of the system is away: try again.' },
  too_many_streams: { status: 503, sentence: 'Too many streams of jobs are open.' },
  too_many_readers: { status: 503, sentence: 'Too many readers follow this stream.' },
  exports_full: { status: 503, sentence: 'The files of other exports take all the room.' },
  too_many_jobs: { status: 503, sentence: 'Too many jobs wait already.' },
} as const satisfies Readonly<Record<string, CodeEntry>>;

export type ProblemCode = keyof typeof problemCodes;
export type StatusOf<Code extends ProblemCode> = (typeof problemCodes)[Code]['status'];

/** What can be wrong with one field of a request: the `code` of an entry of `errors`. Codes of
 *  single fields beyond these explain themselves by their `message`. */
export const fieldCodes: Readonly<Record<string, string>> = {
  missing: 'The field is required.',
  wrong_type: 'The value is of another type than the field.',
  too_large: 'The value is larger or longer than the field takes.',
  too_small: 'The value is smaller or shorter than the field takes.',
  not_allowed: 'The value is none of those that the field takes.',
  invalid: 'The value does not have the form of the field.',
  unknown_field: 'There is no such field.',
  character_not_allowed: 'The value holds a character that no text can hold.',
  nested_too_deep: 'The value is nested too deep.',
};

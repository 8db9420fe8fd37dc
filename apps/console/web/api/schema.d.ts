/** Generated from the API’s document by `npm run docs`; not edited by hand. */

export interface paths {
  '/api/v1/me': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Says who is signed in, with which role.
     * @description Needs the role viewer.
     */
    get: operations['readMe'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Signs in by e-mail and password, or by a token: sets the session cookie.
     * @description Open to all who reach the port.
     */
    post: operations['signIn'];
    /**
     * Signs out: ends this session.
     * @description Needs the role viewer.
     */
    delete: operations['signOut'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists open sessions: the own ones, or with `of=all` (admins) those of all.
     * @description Needs the role viewer.
     */
    get: operations['listSessions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sessions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Ends a session of your own, or as admin any.
     * @description Needs the role viewer.
     */
    delete: operations['revokeSession'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/me/password': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Changes the own password, and ends all other sessions.
     * @description Needs the role viewer.
     */
    post: operations['changePassword'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/join': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sets a password by the code of an invitation or a reset, and signs in.
     * @description Open to all who reach the port.
     */
    post: operations['acceptInvitation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sign-in-links': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Answers a link that opens the page signed in as yourself. It works once, for a day.
     * @description Needs the role viewer.
     */
    post: operations['createSignInLink'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the users.
     * @description Needs the role admin.
     */
    get: operations['listUsers'];
    put?: never;
    /**
     * Adds a user, and answers the link by which the user sets a password; send it yourself.
     * @description Needs the role admin.
     */
    post: operations['createUser'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/users/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Changes a user. A disabled user loses all sessions and tokens until enabled again.
     * @description Needs the role admin.
     */
    patch: operations['updateUser'];
    trace?: never;
  };
  '/api/v1/users/{id}/reset': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Answers a link by which a user sets a new password, for one who forgot it or lost the invitation.
     * @description Needs the role admin.
     */
    post: operations['resetPassword'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the tokens of the API.
     * @description Needs the role admin.
     */
    get: operations['listTokens'];
    put?: never;
    /**
     * Creates a token; its text is in this answer and nowhere else.
     * @description Needs the role admin.
     */
    post: operations['createToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/tokens/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Revokes a token, and the sessions that it opened, at once.
     * @description Needs the role admin.
     */
    delete: operations['removeToken'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists who changed what, newest first. Editors see their own changes, admins those of all.
     * @description Needs the role editor.
     */
    get: operations['listAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/networks/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Says how a call would be read with settings of a network that are saved or not, without recording it.
     * @description Needs the role editor.
     */
    post: operations['previewReading'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/networks/{key}/statuses': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Maps one status word of a network, and replays the calls that were refused for it. With dryRun nothing is changed; it says how many calls would be replayed, and which conversions and money would move.
     * @description Needs the role editor.
     */
    post: operations['mapStatus'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/campaigns/{key}/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the tokens that the last clicks of a campaign carried, with how many values they have and the most frequent ones.
     * @description Needs the role viewer.
     */
    get: operations['listCampaignTokens'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/tests': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Tests a set-up: visits the campaign’s link and calls the network’s Postback URL, over HTTP. Both are kept out of reports.
     * @description Needs the role editor.
     */
    post: operations['startTest'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/tests/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Says how far a test has come: click, redirect, postback, conversion, delivery.
     * @description Needs the role viewer.
     */
    get: operations['readTest'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/refusals': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists every reason for which a call is refused, in order of precedence, with what to do about it.
     * @description Needs the role viewer.
     */
    get: operations['listRefusals'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/problems': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists every other code with its sentence: why a request of this API fails (`request`), what is wrong with one of its fields (`field`), and what was noticed while a call was read (`call`).
     * @description Needs the role viewer.
     */
    get: operations['listProblems'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/networks/{key}/suggestions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Says which settings of a network its last calls suggest: how it writes amounts, its currency, words to map, a parameter that may be the payout. Nothing is changed.
     * @description Needs the role viewer.
     */
    get: operations['listSuggestions'];
    put?: never;
    /**
     * Applies one suggestion to the network, and replays the calls that it helps. With dryRun nothing is changed; it says which conversions and money would move.
     * @description Needs the role editor.
     */
    post: operations['acceptSuggestion'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/networks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists networks by key.
     * @description Needs the role viewer.
     */
    get: operations['listNetworks'];
    put?: never;
    /**
     * Adds a network.
     * @description Needs the role editor.
     */
    post: operations['createNetwork'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/networks/{key}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reads one network.
     * @description Needs the role viewer.
     */
    get: operations['readNetwork'];
    /**
     * Replaces the settings of a network.
     * @description Needs the role editor.
     */
    put: operations['replaceNetwork'];
    post?: never;
    /**
     * Deletes a network that nothing uses.
     * @description Needs the role editor.
     */
    delete: operations['removeNetwork'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sources': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists sources by key.
     * @description Needs the role viewer.
     */
    get: operations['listSources'];
    put?: never;
    /**
     * Adds a source.
     * @description Needs the role editor.
     */
    post: operations['createSource'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sources/{key}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reads one source.
     * @description Needs the role viewer.
     */
    get: operations['readSource'];
    /**
     * Replaces the settings of a source.
     * @description Needs the role editor.
     */
    put: operations['replaceSource'];
    post?: never;
    /**
     * Deletes a source that nothing uses.
     * @description Needs the role editor.
     */
    delete: operations['removeSource'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/offers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists offers by key.
     * @description Needs the role viewer.
     */
    get: operations['listOffers'];
    put?: never;
    /**
     * Adds a offer.
     * @description Needs the role editor.
     */
    post: operations['createOffer'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/offers/{key}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reads one offer.
     * @description Needs the role viewer.
     */
    get: operations['readOffer'];
    /**
     * Replaces the settings of a offer.
     * @description Needs the role editor.
     */
    put: operations['replaceOffer'];
    post?: never;
    /**
     * Deletes a offer that nothing uses.
     * @description Needs the role editor.
     */
    delete: operations['removeOffer'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/campaigns': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists campaigns by key.
     * @description Needs the role viewer.
     */
    get: operations['listCampaigns'];
    put?: never;
    /**
     * Adds a campaign.
     * @description Needs the role editor.
     */
    post: operations['createCampaign'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/campaigns/{key}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reads one campaign.
     * @description Needs the role viewer.
     */
    get: operations['readCampaign'];
    /**
     * Replaces the settings of a campaign.
     * @description Needs the role editor.
     */
    put: operations['replaceCampaign'];
    post?: never;
    /**
     * Deletes a campaign that nothing uses.
     * @description Needs the role editor.
     */
    delete: operations['removeCampaign'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/networks/{key}/token/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Gives a network a new token; the old Postback URL stays good for so many hours.
     * @description Needs the role editor.
     */
    post: operations['rotateNetworkToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/catalog/republish': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Publishes the whole catalog again, for a topic that was lost.
     * @description Needs the role admin.
     */
    post: operations['republishCatalog'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/presets/networks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the presets of networks, or those whose key, name or platform hold the words of `q`.
     * @description Needs the role viewer.
     */
    get: operations['listNetworkPresets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/presets/networks/{key}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reads one preset of a network.
     * @description Needs the role viewer.
     */
    get: operations['readNetworkPreset'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/presets/sources': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the presets of sources, or those whose key or name hold the words of `q`.
     * @description Needs the role viewer.
     */
    get: operations['listSourcePresets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/presets/sources/{key}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reads one preset of a source.
     * @description Needs the role viewer.
     */
    get: operations['readSourcePreset'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/overview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Counts clicks, calls by what became of them, deliveries by their state, and money, in each minute, hour or day (UTC). Calls count when they were received, deliveries when they were made, money when its conversion was first recorded.
     * @description Needs the role viewer.
     */
    get: operations['readOverview'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/status': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Says how far each service is behind, what waits, and which destinations fail.
     * @description Needs the role viewer.
     */
    get: operations['readStatus'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/postbacks/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Streams calls as they are decided, as server-sent events named `postback`, with the filters of the list. `Last-Event-ID` (or `lastEventId`) resumes; `dropped` ends a reader that is too slow.
     * @description Needs the role viewer.
     */
    get: operations['streamPostbacks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/deliveries/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Streams deliveries as they are made and finished, as server-sent events named `delivery`, with the filters of the list. `Last-Event-ID` (or `lastEventId`) resumes; `dropped` ends a reader that is too slow.
     * @description Needs the role viewer.
     */
    get: operations['streamDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/postbacks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists inbound calls, newest first, each as it was read; the call itself is read by its id.
     * @description Needs the role viewer.
     */
    get: operations['listPostbacks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/postbacks/summary': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Counts inbound calls by what is the same of them, most first, with the newest of each as a sample; the last 24 hours unless `from` is given.
     * @description Needs the role viewer.
     */
    get: operations['summarisePostbacks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/postbacks/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reads one inbound call: as it came, how each field was read, what it became.
     * @description Needs the role viewer.
     */
    get: operations['readPostback'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/parked': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists records that were set aside, newest first; the record itself is read by its id.
     * @description Needs the role viewer.
     */
    get: operations['listParked'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/parked/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reads one record that was set aside, with its value and headers.
     * @description Needs the role viewer.
     */
    get: operations['readParked'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/parked/{id}/release': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Puts a record back on its topic, so that it is handled again; a postback as a replay.
     * @description Needs the role editor.
     */
    post: operations['releaseParked'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/parked/{id}/dismiss': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Marks a record as settled; it stays in the list of resolved records.
     * @description Needs the role editor.
     */
    post: operations['dismissParked'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/postbacks/replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Reads stored calls again with the settings of today, newest first, and puts them back on their topic. Calls without proof are left alone unless `filter.refusal` names theirs. With dryRun it says what would read differently, and which conversions and money would move. Where `next` is not null, more is left: pass it as `cursor`. With `Prefer: respond-async` it is a job, and answers 202.
     * @description Needs the role editor.
     */
    post: operations['replayPostbacks'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/clicks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists clicks, newest first.
     * @description Needs the role viewer.
     */
    get: operations['listClicks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/clicks/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reads one click with its tokens, cost, visitor and offer, and the calls and conversions that name it.
     * @description Needs the role viewer.
     */
    get: operations['readClick'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/search': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Finds any id: of a click, a transaction, the source’s own click, a conversion, a delivery, a call or an upload. Without a hit it says what was searched, and shows the refused calls that come nearest.
     * @description Needs the role viewer.
     */
    get: operations['searchIds'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/conversions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists conversions, newest first.
     * @description Needs the role viewer.
     */
    get: operations['listConversions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/conversions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reads one conversion with its postbacks, ledger entries and deliveries; with asOf as it was then.
     * @description Needs the role viewer.
     */
    get: operations['readConversion'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/conversions/upload': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes conversions from a network's report file and answers row by row. With dryRun nothing is sent; each row says how it is read and which conversion it concerns, and the end has the totals and the unused columns. A file that cannot be read safely is refused as a whole. With `Prefer: respond-async` it is a job, and answers 202.
     * @description Needs the role editor.
     */
    post: operations['uploadConversions'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/clicks/upload': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes clicks of another tracker from a CSV: click_id, clicked_at, campaign, and if they are known offer, external_id, token.<name>, cost, currency, ip, user_agent, referer, language, unique.
     * @description Needs the role editor.
     */
    post: operations['uploadClicks'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/report-files/analyse': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Says what a network's report file is: charset, delimiter, header, columns with the field each is read as, formats of amounts and dates, and what has to be stated before it can be uploaded. Nothing is written.
     * @description Needs the role editor.
     */
    post: operations['analyseReportFile'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/reports': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Adds up clicks, conversions, money and cost by day, hour, campaign, source, offer, network, event or token; the last seven days unless `from` is given. Amounts of different currencies have lines of their own, unless `currency` converts them. `conversionsAt` has the filters with which `GET /conversions` lists the conversions behind a line.
     * @description Needs the role viewer.
     */
    get: operations['readReport'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/rates': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists exchange rates against the euro, newest first.
     * @description Needs the role viewer.
     */
    get: operations['listRates'];
    put?: never;
    /**
     * Types in exchange rates; one of the same day and currency is replaced.
     * @description Needs the role editor.
     */
    post: operations['putRates'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/rates/upload': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes the file of the European Central Bank, of a day or the whole history. Lines that cannot be read are named.
     * @description Needs the role editor.
     */
    post: operations['uploadRates'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/costs/upload': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Restates costs from a CSV: day, campaign, amount, currency, and if one value is meant token.<name>. Nothing is written while a row cannot be read; with dryRun it only shows what would change.
     * @description Needs the role editor.
     */
    post: operations['uploadCosts'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists deliveries with their last attempt, newest first; all attempts are read by the id.
     * @description Needs the role viewer.
     */
    get: operations['listDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/deliveries/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reads one delivery with every attempt.
     * @description Needs the role viewer.
     */
    get: operations['readDelivery'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/deliveries/replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sends deliveries again with the current template: what was parked, what waits for its next attempt, and with `force` also what was accepted. The delivery id stays the same, so that the receiver can recognise a repetition. At most 100,000 at once; with `Prefer: respond-async` it is a job for any number, and answers 202.
     * @description Needs the role editor.
     */
    post: operations['replayDeliveries'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/destinations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists destinations that have something open or are paused: backlog, its age, and how each dispatch process sees them.
     * @description Needs the role viewer.
     */
    get: operations['listDestinations'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/destinations/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Shows what would be sent for a conversion, made up or real (`conversionId`), without sending it, and what is wrong with the template.
     * @description Needs the role editor.
     */
    post: operations['previewDestination'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/destinations/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Makes one real call to a destination for a made-up conversion and returns the answer. The call is not recorded.
     * @description Needs the role editor.
     */
    post: operations['testDestination'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/destinations/{key}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Pauses a destination; what it is owed is kept.
     * @description Needs the role editor.
     */
    post: operations['pauseDestination'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/destinations/{key}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Resumes a destination; what it is owed is sent in order.
     * @description Needs the role editor.
     */
    post: operations['resumeDestination'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/destinations/{key}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reads one destination: its settings in force (null: it was deleted), what it is owed, how each dispatch process sees it, and for each minute, hour or day its deliveries by state, the share of calls that were accepted and how long they took.
     * @description Needs the role viewer.
     */
    get: operations['readDestination'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/views': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists your own saved views and the shared ones, by name.
     * @description Needs the role viewer.
     */
    get: operations['listViews'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/views/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Saves a view under an id that you choose, or replaces it.
     * @description Needs the role viewer.
     */
    put: operations['putView'];
    post?: never;
    /**
     * Deletes a saved view.
     * @description Needs the role viewer.
     */
    delete: operations['removeView'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/jobs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists jobs, newest first.
     * @description Needs the role viewer.
     */
    get: operations['listJobs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/jobs/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reads one job with its result.
     * @description Needs the role viewer.
     */
    get: operations['readJob'];
    put?: never;
    post?: never;
    /**
     * Cancels a job: at once while it waits, else at its next step. What was done stays done.
     * @description Needs the role editor.
     */
    delete: operations['cancelJob'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/jobs/{id}/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Streams a job as server-sent events `job`, one per change, until it has ended.
     * @description Needs the role viewer.
     */
    get: operations['streamJob'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/exports': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Makes a CSV file of a whole list by a job: `query` has the filters of the list, as in its URL. When the job is done, `GET /jobs/:id/file` answers the file, for a day.
     * @description Needs the role viewer.
     */
    post: operations['createExport'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/jobs/{id}/file': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Answers the file that a job has made, to the one who started the job and to admins.
     * @description Needs the role viewer.
     */
    get: operations['readJobFile'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/openapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * This document.
     * @description Open to all who reach the port.
     */
    get: operations['readDocument'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Names this document, for people who open the root of the API.
     * @description Open to all who reach the port.
     */
    get: operations['readRoot'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    AcceptInvitationBody: {
      /**
       * @description The code of the link.
       * @example aBcD1234
       */
      code: string;
      /**
       * @description At least 12 characters.
       * @example correct horse battery
       */
      password: string;
    };
    AcceptSuggestionAnswer: {
      /**
       * @description The network, by its key.
       * @example awin
       */
      networkKey: string;
      /**
       * @description Rises by one with each change; send it as `If-Match` to change only what you read.
       * @example 3
       */
      version: number;
      /**
       * @description The settings to change, merged into those that are there.
       * @example {
       *       "amountFormat": "dot"
       *     }
       */
      change: {
        [key: string]: unknown;
      };
      /** @description What the replay of its calls did; null: none was asked for. */
      replay: components['schemas']['PostbackReplay'] | null;
    };
    AcceptSuggestionBody: {
      /**
       * @description What is wrong, as a code that does not change.
       * @example amount_format
       * @enum {string}
       */
      code: 'amount_format' | 'default_currency' | 'amount_parameter' | 'status_word' | 'require_token';
      /**
       * @description Which of several of one code: the status word, the parameter.
       * @default null
       * @example price
       */
      about?: string | null;
      /**
       * @description What the replay of its calls did; null: none was asked for.
       * @default true
       * @example true
       */
      replay?: boolean;
    };
    AcceptedJob: {
      /** @description The job that does it. */
      job: components['schemas']['Job'];
    };
    AnalyseReportFileAnswer: {
      /**
       * @description The encoding of the file.
       * @example utf-8
       * @enum {string}
       */
      charset:
        | 'utf-8'
        | 'utf-16le'
        | 'utf-16be'
        | 'windows-1250'
        | 'windows-1251'
        | 'windows-1252'
        | 'windows-1253'
        | 'windows-1254'
        | 'windows-1255'
        | 'windows-1256'
        | 'windows-1257'
        | 'windows-1258'
        | 'iso-8859-2'
        | 'iso-8859-5'
        | 'iso-8859-7'
        | 'iso-8859-15'
        | 'koi8-r'
        | 'shift_jis'
        | 'gb18030';
      /**
       * @description The character between two fields.
       * @example ;
       * @enum {string}
       */
      delimiter: ',' | ';' | '\t' | '|';
      /**
       * @description Number of the row that names the columns, from 1.
       * @example 1
       */
      headerRow: number | null;
      /** @description The columns of the file, by the field that is read from them. */
      columns: {
        /**
         * @description The name by which a mapping refers to the column.
         * @example Order ID
         */
        name: string;
        /**
         * @description The name as the file writes it.
         * @example Order ID
         */
        title: string;
        /**
         * @description The field that is read from it; null: none.
         * @example transactionId
         */
        field:
          | (
              | 'clickId'
              | 'transactionId'
              | 'amount'
              | 'currency'
              | 'status'
              | 'event'
              | 'occurredAt'
              | 'reversalOf'
              | 'saleAmount'
              | 'lineId'
            )
          | null;
        /**
         * @description The first values.
         * @example [
         *       "T-1001",
         *       "T-1002"
         *     ]
         */
        samples: string[];
      }[];
      /** @description How amounts and dates are written. */
      formats: {
        /**
         * @description The decimal separator, where the file shows it.
         * @example comma
         * @enum {string}
         */
        amount: 'dot' | 'comma' | 'any' | 'unknown' | 'contradictory';
        /**
         * @description The order of day, month and year; null: not known.
         * @example dmy
         */
        date: ('ymd' | 'dmy' | 'mdy' | 'unix') | null;
      };
      /**
       * @description The rows of the file.
       * @example 120
       */
      rows: number;
      /** @description What was noticed while it was read. */
      problems: {
        /**
         * @description Which problem.
         * @example amount_unreadable
         */
        code: string;
        /**
         * @description The column it is about; null: the whole file.
         * @example Status
         */
        column: string | null;
        /**
         * @description What is wrong, in a sentence.
         * @example there is no macro {clickid}
         */
        message: string;
      }[];
      /**
       * @description Whether the file can be uploaded as it is.
       * @example true
       */
      readable: boolean;
    };
    AuditLine: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * Format: date-time
       * @description When.
       * @example 2026-03-01T12:00:00.000Z
       */
      at: string;
      /**
       * @description the name that the user or the token has now
       * @example Ada
       */
      actor: string;
      /**
       * @description The user; null: none.
       * @example 01990000-0000-7000-8000-000000000000
       */
      userId: string | null;
      /**
       * @description The token; null: none.
       * @example 01990000-0000-7000-8000-000000000000
       */
      tokenId: string | null;
      /**
       * @description What was done.
       * @example updated
       */
      action: string;
      /**
       * @description What it is.
       * @example network
       */
      kind: string;
      /**
       * @description The thing that was changed, by its key or id.
       * @example awin
       */
      key: string;
      /** @description what differs between before and after */
      changes: {
        /**
         * @description The field, by its path.
         * @example destination.url
         */
        path: string;
        /**
         * @description The value before.
         * @example https://old.example
         */
        before: unknown;
        /**
         * @description The value afterwards.
         * @example https://new.example
         */
        after: unknown;
      }[];
      /**
       * @description How it was before.
       * @example {
       *       "status": null
       *     }
       */
      before: unknown;
      /**
       * @description How it is afterwards.
       * @example {
       *       "status": "approved"
       *     }
       */
      after: unknown;
    };
    Campaign: {
      /**
       * @description The short name that you choose; it is in links and never changes.
       * @example summer-sale
       */
      key: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name?: string;
      /**
       * @description The source, by its key.
       * @example push-ads
       */
      sourceKey: string;
      /** @description The offers that clicks are shared out to. */
      offers: {
        /**
         * @description The offer, by its key.
         * @example vpn-trial
         */
        offerKey: string;
        /**
         * @description The offer’s share of the clicks, against the weights of the others.
         * @default 1
         * @example 1
         */
        weight: number;
      }[];
      /**
       * @description How the ad network is called; null: it is not.
       * @default null
       */
      destination: {
        /**
         * @description The URL that is called, with macros in braces.
         * @example https://ads.example/postback?cid={click_id}&value={value}
         */
        url: string;
        /**
         * @description The HTTP method.
         * @default GET
         * @example GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /**
         * @description Headers by name.
         * @default {}
         * @example {
         *       "content-type": "application/json"
         *     }
         */
        headers: {
          [key: string]: string;
        };
        /**
         * @description The body; null: none.
         * @default null
         * @example {"id":"{click_id}"}
         */
        body: string | null;
        /**
         * @description Which conversions are sent.
         * @default {
         *       "statuses": [
         *         "approved"
         *       ],
         *       "events": [],
         *       "minAmount": null,
         *       "marks": []
         *     }
         */
        when: {
          /**
           * @description States that are sent.
           * @default [
           *       "approved"
           *     ]
           * @example [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /**
           * @description Events that are sent; empty: every event.
           * @default []
           * @example [
           *       "deposit"
           *     ]
           */
          events: string[];
          /**
           * @description Smaller conversions are not sent; null: all are.
           * @default null
           * @example 1
           */
          minAmount: string | null;
          /**
           * @description Marks that are sent although such conversions are kept back by default.
           * @default []
           * @example [
           *       "late"
           *     ]
           */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @description How often one conversion is sent.
         * @default state
         * @example state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /**
         * @description What the money is multiplied by before it is sent.
         * @default 1
         * @example 1
         */
        valueScale: string;
        /**
         * @description The currency that the ad network counts in; null: the conversion’s own.
         * @default null
         * @example EUR
         */
        valueCurrency: string | null;
        /**
         * @description Which share of conversions is sent; a conversion is always or never sent.
         * @default 100
         * @example 100
         */
        sharePercent: number;
        /**
         * @description Which answers mean success.
         * @default {
         *       "statuses": [
         *         "2xx"
         *       ],
         *       "bodyMatches": null,
         *       "bodyMustNotMatch": null
         *     }
         */
        successWhen: {
          /**
           * @description HTTP statuses that mean success, exact or a class.
           * @default [
           *       "2xx"
           *     ]
           * @example [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches: string | null;
          /**
           * @description A pattern (RE2) that the body must not match; null: none.
           * @default null
           * @example error
           */
          bodyMustNotMatch: string | null;
        };
        /**
         * @description Which other answers are tried again, besides 408, 425, 429 and 5xx.
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /**
           * @description HTTP statuses that are tried again, exact or a class.
           * @default []
           * @example [
           *       "401"
           *     ]
           */
          statuses: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches: string | null;
        };
        /**
         * @description How calls are signed; null: they are not.
         * @default null
         */
        signing:
          | (
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example standard-webhooks
                   * @constant
                   */
                  kind: 'standard-webhooks';
                  /**
                   * @description One secret, or during a rotation two; shown as `[redacted]`.
                   * @example [
                   *       "whsec_bG9uZy1zZWNyZXQ="
                   *     ]
                   */
                  secrets: string[];
                }
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example hmac
                   * @constant
                   */
                  kind: 'hmac';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @example hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The text that is signed, with the macros of the destination.
                   * @example {click_id}:{value}
                   */
                  template: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                }
            )
          | null;
        /**
         * @description Values of `{secret.<name>}` in a template; shown as `[redacted]`.
         * @default {}
         * @example {
         *       "bot": "a-long-secret"
         *     }
         */
        secrets: {
          [key: string]: string;
        };
        /**
         * @description Limits of calls, for all dispatch processes together.
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /**
           * @description How many calls may be open at once.
           * @default 32
           * @example 32
           */
          inFlight: number;
          /**
           * @description How many calls may begin in a second; null: no limit.
           * @default null
           * @example 50
           */
          perSecond: number | null;
        };
        /**
         * @description For a whole call, in milliseconds.
         * @default 20000
         * @example 20000
         */
        timeoutMs: number;
        /**
         * @description For each phase of a call, in milliseconds.
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /**
           * @description Until the connection is open: name, TCP and TLS.
           * @default 5000
           * @example 5000
           */
          connectMs: number;
          /**
           * @description From there to the head of the answer.
           * @default 15000
           * @example 15000
           */
          headersMs: number;
          /**
           * @description From there to the end of the answer.
           * @default 5000
           * @example 5000
           */
          bodyMs: number;
        };
        /**
         * @description Conversions that occurred earlier are not sent any more.
         * @default 90
         * @example 90
         */
        maxAgeDays: number;
        /**
         * @description Sent instead when the conversion is rejected or reversed; null: nothing is.
         * @default null
         */
        onReversal: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body: string | null;
        } | null;
        /**
         * @description Sent when the amount changes after it was sent; null: `frequency` decides.
         * @default null
         */
        onRestatement: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body: string | null;
        } | null;
        /**
         * @description For mutual TLS; null: none.
         * @default null
         */
        clientCertificate: {
          /**
           * @description The certificate as PEM.
           * @example -----BEGIN CERTIFICATE-----
           *     …
           *     -----END CERTIFICATE-----
           */
          cert: string;
          /**
           * @description The private key as PEM; shown as `[redacted]`.
           * @example -----BEGIN PRIVATE KEY-----
           *     …
           */
          key: string;
        } | null;
      } | null;
      /**
       * @description Tokens by which reports can be grouped.
       * @default []
       * @example [
       *       "zone",
       *       "creative"
       *     ]
       */
      reportTokens: string[];
      /**
       * @description A short number that Carom gives and never uses again; click ids hold it.
       * @example 12
       */
      number: number;
      /**
       * @description Rises by one with each change; send it as `If-Match` to change only what you read.
       * @example 3
       */
      version: number;
      /**
       * Format: date-time
       * @description When it was made.
       * @example 2026-03-01T12:00:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description When it was last changed.
       * @example 2026-03-01T12:00:00.000Z
       */
      changedAt: string;
      /**
       * @description The click link to paste at the source.
       * @example https://t.example/c/summer-sale?click_id={CLICKID}&zone_id={ZONE}
       */
      clickUrl: string;
      /** @description What the linter found in the saved settings; nothing here blocks a save. */
      warnings?: components['schemas']['Finding'][];
    };
    ChangePasswordBody: {
      /**
       * @description The password of today.
       * @example correct horse battery
       */
      current: string;
      /**
       * @description The new password, at least 12 characters.
       * @example a better horse battery
       */
      next: string;
    };
    ChangedCampaignInput: {
      /**
       * @description The short name that you choose; it is in links and never changes.
       * @example summer-sale
       */
      key?: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name?: string;
      /**
       * @description The source, by its key.
       * @example push-ads
       */
      sourceKey: string;
      /** @description The offers that clicks are shared out to. */
      offers: {
        /**
         * @description The offer, by its key.
         * @example vpn-trial
         */
        offerKey: string;
        /**
         * @description The offer’s share of the clicks, against the weights of the others.
         * @default 1
         * @example 1
         */
        weight?: number;
      }[];
      /**
       * @description How the ad network is called; null: it is not.
       * @default null
       */
      destination?: {
        /**
         * @description The URL that is called, with macros in braces.
         * @example https://ads.example/postback?cid={click_id}&value={value}
         */
        url: string;
        /**
         * @description The HTTP method.
         * @default GET
         * @example GET
         * @enum {string}
         */
        method?: 'GET' | 'POST' | 'PUT';
        /**
         * @description Headers by name.
         * @default {}
         * @example {
         *       "content-type": "application/json"
         *     }
         */
        headers?: {
          [key: string]: string;
        };
        /**
         * @description The body; null: none.
         * @default null
         * @example {"id":"{click_id}"}
         */
        body?: string | null;
        /**
         * @description Which conversions are sent.
         * @default {
         *       "statuses": [
         *         "approved"
         *       ],
         *       "events": [],
         *       "minAmount": null,
         *       "marks": []
         *     }
         */
        when?: {
          /**
           * @description States that are sent.
           * @default [
           *       "approved"
           *     ]
           * @example [
           *       "approved"
           *     ]
           */
          statuses?: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /**
           * @description Events that are sent; empty: every event.
           * @default []
           * @example [
           *       "deposit"
           *     ]
           */
          events?: string[];
          /**
           * @description Smaller conversions are not sent; null: all are.
           * @default null
           * @example 1
           */
          minAmount?: string | null;
          /**
           * @description Marks that are sent although such conversions are kept back by default.
           * @default []
           * @example [
           *       "late"
           *     ]
           */
          marks?: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @description How often one conversion is sent.
         * @default state
         * @example state
         * @enum {string}
         */
        frequency?: 'first' | 'state' | 'change';
        /**
         * @description What the money is multiplied by before it is sent.
         * @default 1
         * @example 1
         */
        valueScale?: string;
        /**
         * @description The currency that the ad network counts in; null: the conversion’s own.
         * @default null
         * @example EUR
         */
        valueCurrency?: string | null;
        /**
         * @description Which share of conversions is sent; a conversion is always or never sent.
         * @default 100
         * @example 100
         */
        sharePercent?: number;
        /**
         * @description Which answers mean success.
         * @default {
         *       "statuses": [
         *         "2xx"
         *       ],
         *       "bodyMatches": null,
         *       "bodyMustNotMatch": null
         *     }
         */
        successWhen?: {
          /**
           * @description HTTP statuses that mean success, exact or a class.
           * @default [
           *       "2xx"
           *     ]
           * @example [
           *       "2xx"
           *     ]
           */
          statuses?: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches?: string | null;
          /**
           * @description A pattern (RE2) that the body must not match; null: none.
           * @default null
           * @example error
           */
          bodyMustNotMatch?: string | null;
        };
        /**
         * @description Which other answers are tried again, besides 408, 425, 429 and 5xx.
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen?: {
          /**
           * @description HTTP statuses that are tried again, exact or a class.
           * @default []
           * @example [
           *       "401"
           *     ]
           */
          statuses?: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches?: string | null;
        };
        /**
         * @description How calls are signed; null: they are not.
         * @default null
         */
        signing?:
          | (
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example standard-webhooks
                   * @constant
                   */
                  kind: 'standard-webhooks';
                  /**
                   * @description One secret, or during a rotation two; shown as `[redacted]`.
                   * @example [
                   *       "whsec_bG9uZy1zZWNyZXQ="
                   *     ]
                   */
                  secrets: string[];
                }
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example hmac
                   * @constant
                   */
                  kind: 'hmac';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @example hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The text that is signed, with the macros of the destination.
                   * @example {click_id}:{value}
                   */
                  template: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                }
            )
          | null;
        /**
         * @description Values of `{secret.<name>}` in a template; shown as `[redacted]`.
         * @default {}
         * @example {
         *       "bot": "a-long-secret"
         *     }
         */
        secrets?: {
          [key: string]: string;
        };
        /**
         * @description Limits of calls, for all dispatch processes together.
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps?: {
          /**
           * @description How many calls may be open at once.
           * @default 32
           * @example 32
           */
          inFlight?: number;
          /**
           * @description How many calls may begin in a second; null: no limit.
           * @default null
           * @example 50
           */
          perSecond?: number | null;
        };
        /**
         * @description For a whole call, in milliseconds.
         * @default 20000
         * @example 20000
         */
        timeoutMs?: number;
        /**
         * @description For each phase of a call, in milliseconds.
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts?: {
          /**
           * @description Until the connection is open: name, TCP and TLS.
           * @default 5000
           * @example 5000
           */
          connectMs?: number;
          /**
           * @description From there to the head of the answer.
           * @default 15000
           * @example 15000
           */
          headersMs?: number;
          /**
           * @description From there to the end of the answer.
           * @default 5000
           * @example 5000
           */
          bodyMs?: number;
        };
        /**
         * @description Conversions that occurred earlier are not sent any more.
         * @default 90
         * @example 90
         */
        maxAgeDays?: number;
        /**
         * @description Sent instead when the conversion is rejected or reversed; null: nothing is.
         * @default null
         */
        onReversal?: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method?: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers?: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body?: string | null;
        } | null;
        /**
         * @description Sent when the amount changes after it was sent; null: `frequency` decides.
         * @default null
         */
        onRestatement?: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method?: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers?: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body?: string | null;
        } | null;
        /**
         * @description For mutual TLS; null: none.
         * @default null
         */
        clientCertificate?: {
          /**
           * @description The certificate as PEM.
           * @example -----BEGIN CERTIFICATE-----
           *     …
           *     -----END CERTIFICATE-----
           */
          cert: string;
          /**
           * @description The private key as PEM; shown as `[redacted]`.
           * @example -----BEGIN PRIVATE KEY-----
           *     …
           */
          key: string;
        } | null;
      } | null;
      /**
       * @description Tokens by which reports can be grouped.
       * @default []
       * @example [
       *       "zone",
       *       "creative"
       *     ]
       */
      reportTokens?: string[];
      /**
       * @description Rises by one with each change; send it as `If-Match` to change only what you read.
       * @example 3
       */
      version?: number;
    };
    ChangedNetworkInput: {
      /**
       * @description The short name that you choose; it is in links and never changes.
       * @example summer-sale
       */
      key?: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description The preset that the settings began with; null: none.
       * @default null
       * @example awin
       */
      preset?: string | null;
      /**
       * @description For each field the parameters it is read from, in order; without one the common names are tried.
       * @default {}
       * @example {
       *       "transactionId": [
       *         "order_id"
       *       ]
       *     }
       */
      params?: {
        [key: string]: string[];
      };
      /**
       * @description What each status word of the network means.
       * @default {}
       * @example {
       *       "ok": "approved",
       *       "trash": "rejected"
       *     }
       */
      statusMap?: {
        [key: string]: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
      };
      /**
       * @description The state of a report that names no status.
       * @default approved
       * @example approved
       * @enum {string}
       */
      defaultStatus?: 'pending' | 'approved' | 'rejected' | 'reversed';
      /**
       * @description The currency of amounts without one; null: such money is unknown.
       * @default null
       * @example USD
       */
      defaultCurrency?: string | null;
      /**
       * @description Which fields make two reports the same conversion.
       * @default transaction
       * @example transaction
       * @enum {string}
       */
      identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
      /**
       * @description What another amount for the same conversion does.
       * @default update
       * @example update
       * @enum {string}
       */
      duplicates?: 'update' | 'ignore' | 'add' | 'increment';
      /**
       * @description A prefix that marks a reversal’s transaction id and is cut off; null: none.
       * @default null
       * @example R-
       */
      reversalPrefix?: string | null;
      /**
       * @description How amounts are written; `auto` decides from the text and the currency.
       * @default auto
       * @example auto
       * @enum {string}
       */
      amountFormat?: 'auto' | 'dot' | 'comma' | 'minor';
      /**
       * @description Whether a later `pending` takes back an approval or a rejection.
       * @default false
       * @example false
       */
      reopens?: boolean;
      /**
       * @description Whether nothing changes a conversion once it is approved.
       * @default false
       * @example false
       */
      locksOnApproval?: boolean;
      /**
       * @description The network’s event words and the event names used here.
       * @default {}
       * @example {
       *       "reg": "registration"
       *     }
       */
      eventMap?: {
        [key: string]: string;
      };
      /**
       * @description Rules of single events, by event name.
       * @default {}
       */
      events?: {
        [key: string]: {
          /**
           * @description Which fields make two reports the same conversion.
           * @example transaction
           * @enum {string}
           */
          identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
          /**
           * @description What another amount for the same conversion does.
           * @example update
           * @enum {string}
           */
          duplicates?: 'update' | 'ignore' | 'add' | 'increment';
        };
      };
      /**
       * @description What a stated time is of: the report, or the sale.
       * @default event
       * @example event
       * @enum {string}
       */
      timeOf?: 'event' | 'sale';
      /**
       * @description The time zone of days, and of times that state none.
       * @default UTC
       * @example Europe/Berlin
       */
      timeZone?: string;
      /**
       * @description What the network’s calls are answered.
       * @default {
       *       "status": 200,
       *       "body": "OK"
       *     }
       */
      answer?: {
        /**
         * @description The HTTP status of the answer.
         * @default 200
         * @example 200
         */
        status?: number;
        /**
         * @description The text of the answer.
         * @default OK
         * @example OK
         */
        body?: string;
      };
      /**
       * @description What a call must show before it is believed; all that is switched on must hold.
       * @default {
       *       "requireToken": true,
       *       "cidrs": [],
       *       "secret": null,
       *       "signature": null,
       *       "hmac": null
       *     }
       */
      security?: {
        /**
         * @description Whether calls must come to the network’s own Postback URL.
         * @default true
         * @example true
         */
        requireToken?: boolean;
        /**
         * @description Addresses that calls may come from; empty: any.
         * @default []
         * @example [
         *       "203.0.113.0/24"
         *     ]
         */
        cidrs?: string[];
        /**
         * @description A parameter that must carry a secret word; null: none.
         * @default null
         */
        secret?: {
          /**
           * @description The parameter that carries it.
           * @example secret
           */
          param: string;
          /**
           * @description The secret word; shown as `[redacted]`.
           * @example a-long-secret
           */
          value: string;
        } | null;
        /**
         * @description How the network signs its calls; null: it does not.
         * @default null
         */
        signature?:
          | (
              | {
                  /**
                   * @description How the signed text is made.
                   * @example hmac
                   * @constant
                   */
                  kind: 'hmac';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @default hex
                   * @example hex
                   * @enum {string}
                   */
                  encoding?: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The parameter that carries it.
                   * @example sig
                   */
                  param?: string;
                  /**
                   * @description The header that carries it.
                   * @example x-signature
                   */
                  header?: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                  /**
                   * @description How many characters of the signature are sent; without it all.
                   * @example 32
                   */
                  truncate?: number;
                  /**
                   * @description The parameter with the time of signing, unix seconds or milliseconds.
                   * @example ts
                   */
                  timestampParam?: string;
                  /**
                   * @description The header with the time of signing, unix seconds or milliseconds.
                   * @example x-timestamp
                   */
                  timestampHeader?: string;
                  /**
                   * @description By how much the time of signing may be off.
                   * @default 300
                   * @example 300
                   */
                  toleranceSeconds?: number;
                  /**
                   * @description The text that is signed, with its parts in braces.
                   * @example {param:txid}:{secret}
                   */
                  template: string;
                }
              | {
                  /**
                   * @description How the signed text is made.
                   * @example digest
                   * @constant
                   */
                  kind: 'digest';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @default hex
                   * @example hex
                   * @enum {string}
                   */
                  encoding?: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The parameter that carries it.
                   * @example sig
                   */
                  param?: string;
                  /**
                   * @description The header that carries it.
                   * @example x-signature
                   */
                  header?: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                  /**
                   * @description How many characters of the signature are sent; without it all.
                   * @example 32
                   */
                  truncate?: number;
                  /**
                   * @description The parameter with the time of signing, unix seconds or milliseconds.
                   * @example ts
                   */
                  timestampParam?: string;
                  /**
                   * @description The header with the time of signing, unix seconds or milliseconds.
                   * @example x-timestamp
                   */
                  timestampHeader?: string;
                  /**
                   * @description By how much the time of signing may be off.
                   * @default 300
                   * @example 300
                   */
                  toleranceSeconds?: number;
                  /**
                   * @description The text that is signed, with its parts in braces.
                   * @example {param:txid}:{secret}
                   */
                  template: string;
                }
              | {
                  /**
                   * @description How the signed text is made.
                   * @example sorted-fields
                   * @constant
                   */
                  kind: 'sorted-fields';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @default hex
                   * @example hex
                   * @enum {string}
                   */
                  encoding?: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The parameter that carries it.
                   * @example sig
                   */
                  param?: string;
                  /**
                   * @description The header that carries it.
                   * @example x-signature
                   */
                  header?: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                  /**
                   * @description How many characters of the signature are sent; without it all.
                   * @example 32
                   */
                  truncate?: number;
                  /**
                   * @description The parameter with the time of signing, unix seconds or milliseconds.
                   * @example ts
                   */
                  timestampParam?: string;
                  /**
                   * @description The header with the time of signing, unix seconds or milliseconds.
                   * @example x-timestamp
                   */
                  timestampHeader?: string;
                  /**
                   * @description By how much the time of signing may be off.
                   * @default 300
                   * @example 300
                   */
                  toleranceSeconds?: number;
                  /**
                   * @description How each field enters the signed text.
                   * @example name=value
                   * @enum {string}
                   */
                  fields: 'value' | 'name=value';
                  /**
                   * @description Whether names and values are written as a form writes them before they are hashed.
                   * @default none
                   * @example none
                   * @enum {string}
                   */
                  encode?: 'none' | 'form';
                  /**
                   * @description What is between the fields of the signed text.
                   * @default
                   * @example &
                   */
                  joiner?: string;
                  /**
                   * @description Where the secret enters the signed text.
                   * @example end
                   * @enum {string}
                   */
                  secretAt: 'end' | 'after-each' | 'key';
                  /**
                   * @description Whether fields without a value are left out of the signed text.
                   * @default false
                   * @example false
                   */
                  skipEmpty?: boolean;
                }
              | {
                  /**
                   * @description How the signed text is made.
                   * @example clickbank
                   * @constant
                   */
                  kind: 'clickbank';
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                }
            )
          | null;
        /**
         * @description The older form of `signature`, an HMAC only; null: not used.
         * @default null
         */
        hmac?: {
          /**
           * @description The hash function.
           * @example sha256
           * @enum {string}
           */
          algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
          /**
           * @description How the bytes of the signature are written.
           * @example hex
           * @enum {string}
           */
          encoding: 'hex' | 'base64' | 'base64url';
          /**
           * @description The parameter that carries it.
           * @example sig
           */
          param?: string;
          /**
           * @description The header that carries it.
           * @example x-signature
           */
          header?: string;
          /**
           * @description The secret that signs; shown as `[redacted]`.
           * @example a-long-secret
           */
          secret: string;
          /**
           * @description How many characters of the signature are sent; without it all.
           * @example 32
           */
          truncate?: number;
          /**
           * @description The parameter with the time of signing, unix seconds or milliseconds.
           * @example ts
           */
          timestampParam?: string;
          /**
           * @description The header with the time of signing, unix seconds or milliseconds.
           * @example x-timestamp
           */
          timestampHeader?: string;
          /**
           * @description By how much the time of signing may be off.
           * @default 300
           * @example 300
           */
          toleranceSeconds?: number;
          /**
           * @description The text that is signed, with its parts in braces.
           * @example {param:txid}:{secret}
           */
          template: string;
        } | null;
      };
      /**
       * @description Paths of other trackers that this network may call.
       * @default []
       * @example [
       *       "tune"
       *     ]
       */
      dropIns?: ('voluum' | 'binom' | 'keitaro' | 'redtrack' | 'bemob' | 'tune')[];
      /**
       * @description How the network’s report file is read; null: what the file shows decides.
       * @default null
       */
      reportFile?: {
        /**
         * @description The encoding of the file.
         * @example utf-8
         * @enum {string}
         */
        charset?:
          | 'utf-8'
          | 'utf-16le'
          | 'utf-16be'
          | 'windows-1250'
          | 'windows-1251'
          | 'windows-1252'
          | 'windows-1253'
          | 'windows-1254'
          | 'windows-1255'
          | 'windows-1256'
          | 'windows-1257'
          | 'windows-1258'
          | 'iso-8859-2'
          | 'iso-8859-5'
          | 'iso-8859-7'
          | 'iso-8859-15'
          | 'koi8-r'
          | 'shift_jis'
          | 'gb18030';
        /**
         * @description The character between two fields.
         * @example ;
         * @enum {string}
         */
        delimiter?: ',' | ';' | '\t' | '|';
        /**
         * @description Number of the row that names the columns, from 1.
         * @example 1
         */
        headerRow?: number;
        /** @description The columns of the file, by the field that is read from them. */
        columns?: {
          /**
           * @description Columns with the click id, the first with a value counts.
           * @example [
           *       "subid"
           *     ]
           */
          clickId?: string[];
          /**
           * @description Columns with the transaction id.
           * @example [
           *       "Order ID"
           *     ]
           */
          transactionId?: string[];
          /**
           * @description Columns with the id of one line of an order.
           * @example [
           *       "Item ID"
           *     ]
           */
          lineId?: string[];
          /**
           * @description Columns with the payout.
           * @example [
           *       "Commission"
           *     ]
           */
          amount?: string[];
          /**
           * @description Columns with the currency.
           * @example [
           *       "Currency"
           *     ]
           */
          currency?: string[];
          /**
           * @description Columns with the status word.
           * @example [
           *       "Status"
           *     ]
           */
          status?: string[];
          /**
           * @description Columns with the event.
           * @example [
           *       "Action"
           *     ]
           */
          event?: string[];
          /**
           * @description Columns with the time of the conversion.
           * @example [
           *       "Date"
           *     ]
           */
          occurredAt?: string[];
          /**
           * @description Columns with the transaction id that is reversed.
           * @example [
           *       "Original order"
           *     ]
           */
          reversalOf?: string[];
          /**
           * @description Columns with the value of the sale.
           * @example [
           *       "Sale value"
           *     ]
           */
          saleAmount?: string[];
        };
        /**
         * @description How amounts of the file are written.
         * @example comma
         * @enum {string}
         */
        amountFormat?: 'dot' | 'comma' | 'minor';
        /**
         * @description Which of day and month comes first in dates.
         * @example dmy
         * @enum {string}
         */
        dateOrder?: 'ymd' | 'dmy' | 'mdy' | 'unix';
        /**
         * @description The time zone of days, and of times that state none.
         * @example Europe/Berlin
         */
        timeZone?: string;
        /** @description Status by other columns, the first rule that fits decides. */
        statusRules?: {
          /**
           * @description The column that decides.
           * @example Paid
           */
          column: string;
          /**
           * @description The text that the column must hold; without it any text.
           * @example yes
           */
          equals?: string;
          /**
           * @description The status that it means.
           * @example approved
           * @enum {string}
           */
          meaning: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
        }[];
        /**
         * @description Whether rows that are equal count each, or are refused.
         * @example separate
         * @enum {string}
         */
        equalRows?: 'separate' | 'refuse';
      } | null;
      /**
       * @description Rises by one with each change; send it as `If-Match` to change only what you read.
       * @example 3
       */
      version?: number;
    };
    ChangedOfferInput: {
      /**
       * @description The short name that you choose; it is in links and never changes.
       * @example summer-sale
       */
      key?: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name?: string;
      /**
       * @description The network, by its key.
       * @example awin
       */
      networkKey: string;
      /**
       * @description The URL that is called, with macros in braces.
       * @example https://ads.example/postback?cid={click_id}&value={value}
       */
      url: string;
      /**
       * @description What a conversion pays.
       * @default {
       *       "mode": "postback"
       *     }
       */
      payout?: {
        /**
         * @description Where the payout comes from: the report, a fixed amount, or a share of the sale.
         * @default postback
         * @example fixed
         * @enum {string}
         */
        mode?: 'postback' | 'fixed' | 'percent';
        /**
         * @description The fixed payout, for the mode `fixed`.
         * @example 12.5
         */
        amount?: string;
        /**
         * @description The currency of the fixed payout.
         * @example USD
         */
        currency?: string;
        /**
         * @description The share of the sale, for the mode `percent`.
         * @example 30
         */
        percent?: number;
      };
      /**
       * @description For how many days after the click a conversion counts in time.
       * @default 30
       * @example 30
       */
      windowDays?: number;
      /**
       * @description A conversion sooner after its click is marked `too_early`.
       * @default 0
       * @example 0
       */
      minSeconds?: number;
      /**
       * @description A limit of what counts; what is over it is kept and marked `over_cap`; null: none.
       * @default null
       */
      cap?: {
        /**
         * @description The time that the cap is for.
         * @example day
         * @enum {string}
         */
        per: 'day' | 'month' | 'total';
        /**
         * @description How many conversions count.
         * @example 100
         */
        conversions?: number;
        /**
         * @description How much payout counts.
         * @example 500
         */
        payout?: string;
        /**
         * @description The currency of the cap’s payout.
         * @example USD
         */
        currency?: string;
        /**
         * @description The time zone of days, and of times that state none.
         * @default UTC
         * @example Europe/Berlin
         */
        timeZone?: string;
      } | null;
      /**
       * @description Pending conversions approve by themselves after so many days; null: they wait.
       * @default null
       * @example 30
       */
      holdDays?: number | null;
      /**
       * @description Rises by one with each change; send it as `If-Match` to change only what you read.
       * @example 3
       */
      version?: number;
    };
    ChangedSourceInput: {
      /**
       * @description The short name that you choose; it is in links and never changes.
       * @example summer-sale
       */
      key?: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description The preset that the settings began with; null: none.
       * @default null
       * @example awin
       */
      preset?: string | null;
      /**
       * @description The parameter of the click link that carries the source’s own click id.
       * @default click_id
       * @example click_id
       */
      externalIdParam?: string;
      /**
       * @description Our name of each token and the parameter of the click link it comes in.
       * @default {}
       * @example {
       *       "zone": "zone_id"
       *     }
       */
      tokens?: {
        [key: string]: string;
      };
      /**
       * @description What a click costs.
       * @default {
       *       "model": "none",
       *       "param": null,
       *       "amount": null,
       *       "currency": "USD"
       *     }
       */
      cost?: {
        /**
         * @description What the source charges for.
         * @default none
         * @example cpc
         * @enum {string}
         */
        model?: 'none' | 'cpc' | 'cpm' | 'cpa' | 'revshare';
        /**
         * @description The parameter of the click link that carries the cost; null: none does.
         * @default null
         * @example bid
         */
        param?: string | null;
        /**
         * @description A fixed cost, where no parameter carries one; null: none.
         * @default null
         * @example 0.05
         */
        amount?: string | null;
        /**
         * @description The currency of the cost.
         * @default USD
         * @example USD
         */
        currency?: string;
      };
      /**
       * @description How the ad network is called; null: it is not.
       * @default null
       */
      destination?: {
        /**
         * @description The URL that is called, with macros in braces.
         * @example https://ads.example/postback?cid={click_id}&value={value}
         */
        url: string;
        /**
         * @description The HTTP method.
         * @default GET
         * @example GET
         * @enum {string}
         */
        method?: 'GET' | 'POST' | 'PUT';
        /**
         * @description Headers by name.
         * @default {}
         * @example {
         *       "content-type": "application/json"
         *     }
         */
        headers?: {
          [key: string]: string;
        };
        /**
         * @description The body; null: none.
         * @default null
         * @example {"id":"{click_id}"}
         */
        body?: string | null;
        /**
         * @description Which conversions are sent.
         * @default {
         *       "statuses": [
         *         "approved"
         *       ],
         *       "events": [],
         *       "minAmount": null,
         *       "marks": []
         *     }
         */
        when?: {
          /**
           * @description States that are sent.
           * @default [
           *       "approved"
           *     ]
           * @example [
           *       "approved"
           *     ]
           */
          statuses?: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /**
           * @description Events that are sent; empty: every event.
           * @default []
           * @example [
           *       "deposit"
           *     ]
           */
          events?: string[];
          /**
           * @description Smaller conversions are not sent; null: all are.
           * @default null
           * @example 1
           */
          minAmount?: string | null;
          /**
           * @description Marks that are sent although such conversions are kept back by default.
           * @default []
           * @example [
           *       "late"
           *     ]
           */
          marks?: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @description How often one conversion is sent.
         * @default state
         * @example state
         * @enum {string}
         */
        frequency?: 'first' | 'state' | 'change';
        /**
         * @description What the money is multiplied by before it is sent.
         * @default 1
         * @example 1
         */
        valueScale?: string;
        /**
         * @description The currency that the ad network counts in; null: the conversion’s own.
         * @default null
         * @example EUR
         */
        valueCurrency?: string | null;
        /**
         * @description Which share of conversions is sent; a conversion is always or never sent.
         * @default 100
         * @example 100
         */
        sharePercent?: number;
        /**
         * @description Which answers mean success.
         * @default {
         *       "statuses": [
         *         "2xx"
         *       ],
         *       "bodyMatches": null,
         *       "bodyMustNotMatch": null
         *     }
         */
        successWhen?: {
          /**
           * @description HTTP statuses that mean success, exact or a class.
           * @default [
           *       "2xx"
           *     ]
           * @example [
           *       "2xx"
           *     ]
           */
          statuses?: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches?: string | null;
          /**
           * @description A pattern (RE2) that the body must not match; null: none.
           * @default null
           * @example error
           */
          bodyMustNotMatch?: string | null;
        };
        /**
         * @description Which other answers are tried again, besides 408, 425, 429 and 5xx.
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen?: {
          /**
           * @description HTTP statuses that are tried again, exact or a class.
           * @default []
           * @example [
           *       "401"
           *     ]
           */
          statuses?: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches?: string | null;
        };
        /**
         * @description How calls are signed; null: they are not.
         * @default null
         */
        signing?:
          | (
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example standard-webhooks
                   * @constant
                   */
                  kind: 'standard-webhooks';
                  /**
                   * @description One secret, or during a rotation two; shown as `[redacted]`.
                   * @example [
                   *       "whsec_bG9uZy1zZWNyZXQ="
                   *     ]
                   */
                  secrets: string[];
                }
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example hmac
                   * @constant
                   */
                  kind: 'hmac';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @example hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The text that is signed, with the macros of the destination.
                   * @example {click_id}:{value}
                   */
                  template: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                }
            )
          | null;
        /**
         * @description Values of `{secret.<name>}` in a template; shown as `[redacted]`.
         * @default {}
         * @example {
         *       "bot": "a-long-secret"
         *     }
         */
        secrets?: {
          [key: string]: string;
        };
        /**
         * @description Limits of calls, for all dispatch processes together.
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps?: {
          /**
           * @description How many calls may be open at once.
           * @default 32
           * @example 32
           */
          inFlight?: number;
          /**
           * @description How many calls may begin in a second; null: no limit.
           * @default null
           * @example 50
           */
          perSecond?: number | null;
        };
        /**
         * @description For a whole call, in milliseconds.
         * @default 20000
         * @example 20000
         */
        timeoutMs?: number;
        /**
         * @description For each phase of a call, in milliseconds.
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts?: {
          /**
           * @description Until the connection is open: name, TCP and TLS.
           * @default 5000
           * @example 5000
           */
          connectMs?: number;
          /**
           * @description From there to the head of the answer.
           * @default 15000
           * @example 15000
           */
          headersMs?: number;
          /**
           * @description From there to the end of the answer.
           * @default 5000
           * @example 5000
           */
          bodyMs?: number;
        };
        /**
         * @description Conversions that occurred earlier are not sent any more.
         * @default 90
         * @example 90
         */
        maxAgeDays?: number;
        /**
         * @description Sent instead when the conversion is rejected or reversed; null: nothing is.
         * @default null
         */
        onReversal?: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method?: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers?: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body?: string | null;
        } | null;
        /**
         * @description Sent when the amount changes after it was sent; null: `frequency` decides.
         * @default null
         */
        onRestatement?: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method?: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers?: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body?: string | null;
        } | null;
        /**
         * @description For mutual TLS; null: none.
         * @default null
         */
        clientCertificate?: {
          /**
           * @description The certificate as PEM.
           * @example -----BEGIN CERTIFICATE-----
           *     …
           *     -----END CERTIFICATE-----
           */
          cert: string;
          /**
           * @description The private key as PEM; shown as `[redacted]`.
           * @example -----BEGIN PRIVATE KEY-----
           *     …
           */
          key: string;
        } | null;
      } | null;
      /**
       * @description Rises by one with each change; send it as `If-Match` to change only what you read.
       * @example 3
       */
      version?: number;
    };
    Click: {
      /**
       * @description The click, by its id.
       * @example 06j2w9c4kq7m1x8r5t3v0y
       */
      clickId: string;
      /**
       * Format: date-time
       * @description When the visitor clicked.
       * @example 2026-03-01T12:00:00.000Z
       */
      clickedAt: string;
      /**
       * @description The campaign, by its key.
       * @example summer-sale
       */
      campaignKey: string;
      /**
       * @description The source, by its key.
       * @example push-ads
       */
      sourceKey: string;
      /**
       * @description The offer, by its key.
       * @example vpn-trial
       */
      offerKey: string;
      /**
       * @description The network, by its key.
       * @example awin
       */
      networkKey: string;
      /**
       * @description The source’s own click id.
       * @example wXyZ-0042
       */
      externalId: string | null;
      /**
       * @description The same as it came, before macros that were not replaced were dropped.
       * @example wXyZ-0042
       */
      externalIdRaw: string | null;
      /**
       * @description Values of the click’s tokens, by name.
       * @example {
       *       "zone": "771"
       *     }
       */
      tokens: {
        [key: string]: string;
      };
      /** @description What the click cost; null: its source states no cost. */
      cost: {
        /**
         * @description What the source charges for.
         * @example cpc
         */
        model: string;
        /**
         * @description A fixed cost, where no parameter carries one; null: none.
         * @example 0.05
         */
        amount: string | null;
        /**
         * @description The currency of the cost.
         * @example USD
         */
        currency: string | null;
      } | null;
      /**
       * @description The way it came in.
       * @example redirect
       */
      channel: string;
      /**
       * @description Whether it is the visitor’s first click of the campaign within a day.
       * @example true
       */
      unique: boolean;
      /**
       * @description What was noticed about the click.
       * @example [
       *       "bot"
       *     ]
       */
      flags: string[];
      /**
       * Format: date-time
       * @description When Carom stored it.
       * @example 2026-03-01T12:00:00.000Z
       */
      recordedAt: string;
      /** @description What the browser sent; viewers see `[hidden]` unless they are allowed to see visitors. */
      visitor: {
        /**
         * @description The address of the visitor.
         * @example 198.51.100.7
         */
        ip: string | null;
        /**
         * @description The user agent of the visitor.
         * @example Mozilla/5.0
         */
        userAgent: string | null;
        /**
         * @description The page that the visitor came from.
         * @example https://news.example/
         */
        referer: string | null;
        /**
         * @description The languages of the browser.
         * @example de-DE,de;q=0.9
         */
        language: string | null;
      };
    };
    ClickHistory: {
      /**
       * @description The click, by its id.
       * @example 06j2w9c4kq7m1x8r5t3v0y
       */
      clickId: string;
      /**
       * Format: date-time
       * @description When the visitor clicked.
       * @example 2026-03-01T12:00:00.000Z
       */
      clickedAt: string;
      /**
       * @description The campaign, by its key.
       * @example summer-sale
       */
      campaignKey: string;
      /**
       * @description The source, by its key.
       * @example push-ads
       */
      sourceKey: string;
      /**
       * @description The offer, by its key.
       * @example vpn-trial
       */
      offerKey: string;
      /**
       * @description The network, by its key.
       * @example awin
       */
      networkKey: string;
      /**
       * @description The source’s own click id.
       * @example wXyZ-0042
       */
      externalId: string | null;
      /**
       * @description The same as it came, before macros that were not replaced were dropped.
       * @example wXyZ-0042
       */
      externalIdRaw: string | null;
      /**
       * @description Values of the click’s tokens, by name.
       * @example {
       *       "zone": "771"
       *     }
       */
      tokens: {
        [key: string]: string;
      };
      /** @description What the click cost; null: its source states no cost. */
      cost: {
        /**
         * @description What the source charges for.
         * @example cpc
         */
        model: string;
        /**
         * @description A fixed cost, where no parameter carries one; null: none.
         * @example 0.05
         */
        amount: string | null;
        /**
         * @description The currency of the cost.
         * @example USD
         */
        currency: string | null;
      } | null;
      /**
       * @description The way it came in.
       * @example redirect
       */
      channel: string;
      /**
       * @description Whether it is the visitor’s first click of the campaign within a day.
       * @example true
       */
      unique: boolean;
      /**
       * @description What was noticed about the click.
       * @example [
       *       "bot"
       *     ]
       */
      flags: string[];
      /**
       * Format: date-time
       * @description When Carom stored it.
       * @example 2026-03-01T12:00:00.000Z
       */
      recordedAt: string;
      /** @description What the browser sent; viewers see `[hidden]` unless they are allowed to see visitors. */
      visitor: {
        /**
         * @description The address of the visitor.
         * @example 198.51.100.7
         */
        ip: string | null;
        /**
         * @description The user agent of the visitor.
         * @example Mozilla/5.0
         */
        userAgent: string | null;
        /**
         * @description The page that the visitor came from.
         * @example https://news.example/
         */
        referer: string | null;
        /**
         * @description The languages of the browser.
         * @example de-DE,de;q=0.9
         */
        language: string | null;
      };
      /** @description Its conversions. */
      conversions: components['schemas']['Conversion'][];
      /** @description The calls, oldest first. */
      postbacks: components['schemas']['PostbackSummary'][];
      /**
       * @description Whether there is more than this answer holds.
       * @example false
       */
      truncated: boolean;
    };
    Conversion: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * @description The network, by its key.
       * @example awin
       */
      networkKey: string;
      /**
       * @description The click, by its id.
       * @example 06j2w9c4kq7m1x8r5t3v0y
       */
      clickId: string | null;
      /**
       * @description The source’s own click id.
       * @example wXyZ-0042
       */
      externalId: string | null;
      /**
       * @description The campaign, by its key.
       * @example summer-sale
       */
      campaignKey: string | null;
      /**
       * @description The source, by its key.
       * @example push-ads
       */
      sourceKey: string | null;
      /**
       * @description The offer, by its key.
       * @example vpn-trial
       */
      offerKey: string | null;
      /**
       * @description What happened, as the network names it; null: it named none.
       * @example deposit
       */
      event: string | null;
      /**
       * @description The network’s id of the transaction.
       * @example T-1001
       */
      transactionId: string | null;
      /**
       * @description What became of it.
       * @example approved
       * @enum {string}
       */
      state: 'pending' | 'approved' | 'rejected' | 'reversed';
      /**
       * @description What is special about it, beside its state.
       * @example [
       *       "late"
       *     ]
       */
      marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
      /**
       * @description The currency, an ISO 4217 code or that of a coin; null: not known.
       * @example USD
       */
      currency: string | null;
      /** @description Its money by state; null: not known. */
      money: {
        /**
         * @description Not decided yet.
         * @example 0
         */
        pending: string;
        /**
         * @description Approved.
         * @example 12.5
         */
        approved: string;
        /**
         * @description Rejected.
         * @example 0
         */
        rejected: string;
        /**
         * @description Taken back after an approval.
         * @example 0
         */
        reversed: string;
      } | null;
      /**
       * @description Where the payout comes from.
       * @example postback
       */
      payoutFrom: string | null;
      /**
       * @description How the click was found.
       * @example click
       */
      attributedBy: string | null;
      /**
       * @description When the visitor clicked; null: there is no click.
       * @example 2026-03-01T12:00:00.000Z
       */
      clickAt: string | null;
      /**
       * Format: date-time
       * @description When it happened, as the network states it; never before the click.
       * @example 2026-03-01T12:00:00.000Z
       */
      occurredAt: string;
      /**
       * Format: date-time
       * @description When Carom stored it.
       * @example 2026-03-01T12:00:00.000Z
       */
      recordedAt: string;
      /**
       * Format: date-time
       * @description When it was last changed.
       * @example 2026-03-01T12:00:00.000Z
       */
      changedAt: string;
      /**
       * @description Rises by one with each change of the conversion.
       * @example 1
       */
      revision: number;
    };
    ConversionHistory: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * @description The network, by its key.
       * @example awin
       */
      networkKey: string;
      /**
       * @description The click, by its id.
       * @example 06j2w9c4kq7m1x8r5t3v0y
       */
      clickId: string | null;
      /**
       * @description The source’s own click id.
       * @example wXyZ-0042
       */
      externalId: string | null;
      /**
       * @description The campaign, by its key.
       * @example summer-sale
       */
      campaignKey: string | null;
      /**
       * @description The source, by its key.
       * @example push-ads
       */
      sourceKey: string | null;
      /**
       * @description The offer, by its key.
       * @example vpn-trial
       */
      offerKey: string | null;
      /**
       * @description What happened, as the network names it; null: it named none.
       * @example deposit
       */
      event: string | null;
      /**
       * @description The network’s id of the transaction.
       * @example T-1001
       */
      transactionId: string | null;
      /**
       * @description What became of it.
       * @example approved
       */
      state: ('pending' | 'approved' | 'rejected' | 'reversed') | null;
      /**
       * @description What is special about it, beside its state.
       * @example [
       *       "late"
       *     ]
       */
      marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
      /**
       * @description The currency, an ISO 4217 code or that of a coin; null: not known.
       * @example USD
       */
      currency: string | null;
      /** @description Its money by state; null: not known. */
      money: {
        /**
         * @description Not decided yet.
         * @example 0
         */
        pending: string;
        /**
         * @description Approved.
         * @example 12.5
         */
        approved: string;
        /**
         * @description Rejected.
         * @example 0
         */
        rejected: string;
        /**
         * @description Taken back after an approval.
         * @example 0
         */
        reversed: string;
      } | null;
      /**
       * @description Where the payout comes from.
       * @example postback
       */
      payoutFrom: string | null;
      /**
       * @description How the click was found.
       * @example click
       */
      attributedBy: string | null;
      /**
       * @description When the visitor clicked; null: there is no click.
       * @example 2026-03-01T12:00:00.000Z
       */
      clickAt: string | null;
      /**
       * Format: date-time
       * @description When it happened, as the network states it; never before the click.
       * @example 2026-03-01T12:00:00.000Z
       */
      occurredAt: string;
      /**
       * Format: date-time
       * @description When Carom stored it.
       * @example 2026-03-01T12:00:00.000Z
       */
      recordedAt: string;
      /**
       * Format: date-time
       * @description When it was last changed.
       * @example 2026-03-01T12:00:00.000Z
       */
      changedAt: string;
      /**
       * @description Rises by one with each change of the conversion.
       * @example 1
       */
      revision: number;
      /** @description What moved its money, oldest first. */
      entries: components['schemas']['LedgerEntry'][];
      /** @description The calls, oldest first. */
      postbacks: components['schemas']['Postback'][];
      /** @description What was sent or is owed, oldest first. */
      deliveries: components['schemas']['Delivery'][];
      /**
       * @description Whether there is more than this answer holds.
       * @example false
       */
      truncated: boolean;
    };
    CreateExportBody: {
      /**
       * @description Which list.
       * @example conversions
       * @enum {string}
       */
      list: 'postbacks' | 'conversions' | 'deliveries' | 'clicks';
      /**
       * @description Its filters, as in its URL.
       * @default {}
       * @example {
       *       "state": "approved",
       *       "from": "2026-03-01"
       *     }
       */
      query?: {
        [key: string]: string;
      };
    };
    CreateTokenBody: {
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description What may be done; each role includes the one before it.
       * @example editor
       * @enum {string}
       */
      role: 'viewer' | 'editor' | 'admin';
      /**
       * @description whose token it is; it can do no more than this user
       * @default null
       * @example null
       */
      userId?: string | null;
      /**
       * @description When it ends; null: it does not.
       * @default null
       * @example null
       */
      expiresAt?: string | null;
      /**
       * @description shows a viewer the addresses and user agents of visitors
       * @default false
       * @example false
       */
      seesVisitors?: boolean;
    };
    CreateUserBody: {
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description without one the user cannot sign in, only hold tokens
       * @example ada@example.com
       */
      email?: string | null;
      /**
       * @description What may be done; each role includes the one before it.
       * @example editor
       * @enum {string}
       */
      role: 'viewer' | 'editor' | 'admin';
    };
    Delivery: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * Format: uuid
       * @description The conversion.
       * @example 01990000-0000-7000-8000-000000000000
       */
      conversionId: string;
      /**
       * @description The destination, by its owner.
       * @example source:push-ads
       */
      destinationKey: string;
      /**
       * @description The state of the conversion that is reported.
       * @example approved
       * @enum {string}
       */
      cause: 'pending' | 'approved' | 'rejected' | 'reversed';
      /**
       * @description Rises by one with each change of the conversion.
       * @example 1
       */
      revision: number;
      /**
       * @description Where the delivery is.
       * @example delivered
       * @enum {string}
       */
      state: 'waiting' | 'sending' | 'delivered' | 'parked' | 'superseded';
      /**
       * @description Why; null: there is nothing to explain.
       * @example status_503
       */
      reason: string | null;
      /**
       * Format: date-time
       * @description When it is tried next.
       * @example 2026-03-01T12:00:00.000Z
       */
      dueAt: string;
      /**
       * Format: date-time
       * @description When it was made.
       * @example 2026-03-01T12:00:00.000Z
       */
      createdAt: string;
      /**
       * @description When it ended; null: it has not.
       * @example 2026-03-01T12:00:00.000Z
       */
      finishedAt: string | null;
      /**
       * Format: date-time
       * @description When it was last changed.
       * @example 2026-03-01T12:00:00.000Z
       */
      changedAt: string;
      /**
       * @description How often it was sent again on request.
       * @example 0
       */
      replays: number;
      /**
       * @description How often it was tried.
       * @example 1
       */
      attemptCount: number;
      /** @description The last try; null: none yet. */
      lastAttempt: {
        /**
         * Format: date-time
         * @description When.
         * @example 2026-03-01T12:00:00.000Z
         */
        at: string;
        /**
         * @description The HTTP status; null: no answer.
         * @example 200
         */
        status: number | null;
        /**
         * @description How long it took, in milliseconds.
         * @example 84
         */
        ms: number;
        /**
         * @description How it ended.
         * @example accepted
         */
        outcome: string;
        /**
         * @description Why; null: there is nothing to explain.
         * @example status_503
         */
        reason: string | null;
      } | null;
      /**
       * @description The network, by its key.
       * @example awin
       */
      networkKey: string | null;
      /**
       * @description The campaign, by its key.
       * @example summer-sale
       */
      campaignKey: string | null;
      /**
       * @description The source, by its key.
       * @example push-ads
       */
      sourceKey: string | null;
      /**
       * @description The offer, by its key.
       * @example vpn-trial
       */
      offerKey: string | null;
      /**
       * @description The click, by its id.
       * @example 06j2w9c4kq7m1x8r5t3v0y
       */
      clickId: string | null;
      /**
       * @description The source’s own click id.
       * @example wXyZ-0042
       */
      externalId: string | null;
      /**
       * @description The network’s id of the transaction.
       * @example T-1001
       */
      transactionId: string | null;
      /** @description Every try, oldest first. */
      attempts: {
        /**
         * Format: date-time
         * @description When.
         * @example 2026-03-01T12:00:00.000Z
         */
        at: string;
        /**
         * @description The HTTP status; null: no answer.
         * @example 200
         */
        status: number | null;
        /**
         * @description How long it took, in milliseconds.
         * @example 84
         */
        ms: number;
        /**
         * @description How it ended.
         * @example accepted
         */
        outcome: string;
        /**
         * @description Why; null: there is nothing to explain.
         * @example status_503
         */
        reason: string | null;
        /**
         * @description The HTTP method.
         * @example GET
         */
        method: string;
        /**
         * @description The URL as it was sent, secrets hidden.
         * @example https://ads.example/postback?cid=abc&value=12.5
         */
        url: string;
        /**
         * @description The first part of the answer, or why there was none.
         * @example OK
         */
        answer: string | null;
        /**
         * @description Until the connection was open, in milliseconds; null: it was open already.
         * @example 12
         */
        connectMs: number | null;
        /**
         * @description From there to the head of the answer, in milliseconds.
         * @example 70
         */
        headersMs: number | null;
        /**
         * @description Headers as they were sent, secrets hidden.
         * @example {
         *       "user-agent": "Carom"
         *     }
         */
        requestHeaders: {
          [key: string]: string;
        } | null;
        /**
         * @description The body as it was sent, secrets hidden; null: none.
         * @example {"id":"abc"}
         */
        requestBody: string | null;
        /**
         * @description Headers of the answer.
         * @example {
         *       "content-type": "text/plain"
         *     }
         */
        answerHeaders: {
          [key: string]: string;
        } | null;
      }[];
    };
    DeliverySummary: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * Format: uuid
       * @description The conversion.
       * @example 01990000-0000-7000-8000-000000000000
       */
      conversionId: string;
      /**
       * @description The destination, by its owner.
       * @example source:push-ads
       */
      destinationKey: string;
      /**
       * @description The state of the conversion that is reported.
       * @example approved
       * @enum {string}
       */
      cause: 'pending' | 'approved' | 'rejected' | 'reversed';
      /**
       * @description Rises by one with each change of the conversion.
       * @example 1
       */
      revision: number;
      /**
       * @description Where the delivery is.
       * @example delivered
       * @enum {string}
       */
      state: 'waiting' | 'sending' | 'delivered' | 'parked' | 'superseded';
      /**
       * @description Why; null: there is nothing to explain.
       * @example status_503
       */
      reason: string | null;
      /**
       * Format: date-time
       * @description When it is tried next.
       * @example 2026-03-01T12:00:00.000Z
       */
      dueAt: string;
      /**
       * Format: date-time
       * @description When it was made.
       * @example 2026-03-01T12:00:00.000Z
       */
      createdAt: string;
      /**
       * @description When it ended; null: it has not.
       * @example 2026-03-01T12:00:00.000Z
       */
      finishedAt: string | null;
      /**
       * Format: date-time
       * @description When it was last changed.
       * @example 2026-03-01T12:00:00.000Z
       */
      changedAt: string;
      /**
       * @description How often it was sent again on request.
       * @example 0
       */
      replays: number;
      /**
       * @description How often it was tried.
       * @example 1
       */
      attemptCount: number;
      /** @description The last try; null: none yet. */
      lastAttempt: {
        /**
         * Format: date-time
         * @description When.
         * @example 2026-03-01T12:00:00.000Z
         */
        at: string;
        /**
         * @description The HTTP status; null: no answer.
         * @example 200
         */
        status: number | null;
        /**
         * @description How long it took, in milliseconds.
         * @example 84
         */
        ms: number;
        /**
         * @description How it ended.
         * @example accepted
         */
        outcome: string;
        /**
         * @description Why; null: there is nothing to explain.
         * @example status_503
         */
        reason: string | null;
      } | null;
      /**
       * @description The network, by its key.
       * @example awin
       */
      networkKey: string | null;
      /**
       * @description The campaign, by its key.
       * @example summer-sale
       */
      campaignKey: string | null;
      /**
       * @description The source, by its key.
       * @example push-ads
       */
      sourceKey: string | null;
      /**
       * @description The offer, by its key.
       * @example vpn-trial
       */
      offerKey: string | null;
      /**
       * @description The click, by its id.
       * @example 06j2w9c4kq7m1x8r5t3v0y
       */
      clickId: string | null;
      /**
       * @description The source’s own click id.
       * @example wXyZ-0042
       */
      externalId: string | null;
      /**
       * @description The network’s id of the transaction.
       * @example T-1001
       */
      transactionId: string | null;
    };
    Destination: {
      /**
       * @description The destination, by its owner.
       * @example source:push-ads
       */
      destinationKey: string;
      /**
       * @description Whether it is paused by hand.
       * @example false
       */
      paused: boolean;
      /**
       * @description Who paused it; null: it is not paused.
       * @example Ada
       */
      pausedBy: string | null;
      /**
       * @description How many wait.
       * @example 0
       */
      waiting: number;
      /**
       * @description How many are parked.
       * @example 0
       */
      parked: number;
      /**
       * @description How many are parked for each reason.
       * @example {
       *       "status_404": 2
       *     }
       */
      parkedFor: {
        [key: string]: number;
      };
      /**
       * @description Since when the oldest waits; null: nothing waits.
       * @example 2026-03-01T12:00:00.000Z
       */
      oldestAt: string | null;
      /** @description How each dispatch process sees it. */
      processes: {
        /**
         * @description Whether calls go through (`closed`), are held back (`open`) or tried out (`half-open`).
         * @example closed
         * @enum {string}
         */
        breaker: 'closed' | 'open' | 'half-open';
        /**
         * @description Since when the breaker is so; null: from the start.
         * @example 2026-03-01T12:00:00.000Z
         */
        since: string | null;
        /**
         * @description When the process calls next; null: at once.
         * @example 2026-03-01T12:00:00.000Z
         */
        probeAt: string | null;
        /**
         * @description The share of the last calls that were not accepted, 0 to 1.
         * @example 0.05
         */
        failingShare: number;
        /**
         * @description Calls that are open now.
         * @example 3
         */
        inFlight: number;
        /**
         * Format: date-time
         * @description When the process said so.
         * @example 2026-03-01T12:00:00.000Z
         */
        reportedAt: string;
      }[];
    };
    DestinationHistory: {
      /**
       * @description The destination, by its owner.
       * @example source:push-ads
       */
      destinationKey: string;
      /**
       * @description Whether it is paused by hand.
       * @example false
       */
      paused: boolean;
      /**
       * @description Who paused it; null: it is not paused.
       * @example Ada
       */
      pausedBy: string | null;
      /**
       * @description How many wait.
       * @example 0
       */
      waiting: number;
      /**
       * @description How many are parked.
       * @example 0
       */
      parked: number;
      /**
       * @description How many are parked for each reason.
       * @example {
       *       "status_404": 2
       *     }
       */
      parkedFor: {
        [key: string]: number;
      };
      /**
       * @description Since when the oldest waits; null: nothing waits.
       * @example 2026-03-01T12:00:00.000Z
       */
      oldestAt: string | null;
      /** @description How each dispatch process sees it. */
      processes: {
        /**
         * @description Whether calls go through (`closed`), are held back (`open`) or tried out (`half-open`).
         * @example closed
         * @enum {string}
         */
        breaker: 'closed' | 'open' | 'half-open';
        /**
         * @description Since when the breaker is so; null: from the start.
         * @example 2026-03-01T12:00:00.000Z
         */
        since: string | null;
        /**
         * @description When the process calls next; null: at once.
         * @example 2026-03-01T12:00:00.000Z
         */
        probeAt: string | null;
        /**
         * @description The share of the last calls that were not accepted, 0 to 1.
         * @example 0.05
         */
        failingShare: number;
        /**
         * @description Calls that are open now.
         * @example 3
         */
        inFlight: number;
        /**
         * Format: date-time
         * @description When the process said so.
         * @example 2026-03-01T12:00:00.000Z
         */
        reportedAt: string;
      }[];
      /** @description The settings in force, secrets hidden; null: the destination was deleted. */
      settings: {
        /**
         * @description The URL that is called, with macros in braces.
         * @example https://ads.example/postback?cid={click_id}&value={value}
         */
        url: string;
        /**
         * @description The HTTP method.
         * @default GET
         * @example GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /**
         * @description Headers by name.
         * @default {}
         * @example {
         *       "content-type": "application/json"
         *     }
         */
        headers: {
          [key: string]: string;
        };
        /**
         * @description The body; null: none.
         * @default null
         * @example {"id":"{click_id}"}
         */
        body: string | null;
        /**
         * @description Which conversions are sent.
         * @default {
         *       "statuses": [
         *         "approved"
         *       ],
         *       "events": [],
         *       "minAmount": null,
         *       "marks": []
         *     }
         */
        when: {
          /**
           * @description States that are sent.
           * @default [
           *       "approved"
           *     ]
           * @example [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /**
           * @description Events that are sent; empty: every event.
           * @default []
           * @example [
           *       "deposit"
           *     ]
           */
          events: string[];
          /**
           * @description Smaller conversions are not sent; null: all are.
           * @default null
           * @example 1
           */
          minAmount: string | null;
          /**
           * @description Marks that are sent although such conversions are kept back by default.
           * @default []
           * @example [
           *       "late"
           *     ]
           */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @description How often one conversion is sent.
         * @default state
         * @example state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /**
         * @description What the money is multiplied by before it is sent.
         * @default 1
         * @example 1
         */
        valueScale: string;
        /**
         * @description The currency that the ad network counts in; null: the conversion’s own.
         * @default null
         * @example EUR
         */
        valueCurrency: string | null;
        /**
         * @description Which share of conversions is sent; a conversion is always or never sent.
         * @default 100
         * @example 100
         */
        sharePercent: number;
        /**
         * @description Which answers mean success.
         * @default {
         *       "statuses": [
         *         "2xx"
         *       ],
         *       "bodyMatches": null,
         *       "bodyMustNotMatch": null
         *     }
         */
        successWhen: {
          /**
           * @description HTTP statuses that mean success, exact or a class.
           * @default [
           *       "2xx"
           *     ]
           * @example [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches: string | null;
          /**
           * @description A pattern (RE2) that the body must not match; null: none.
           * @default null
           * @example error
           */
          bodyMustNotMatch: string | null;
        };
        /**
         * @description Which other answers are tried again, besides 408, 425, 429 and 5xx.
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /**
           * @description HTTP statuses that are tried again, exact or a class.
           * @default []
           * @example [
           *       "401"
           *     ]
           */
          statuses: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches: string | null;
        };
        /**
         * @description How calls are signed; null: they are not.
         * @default null
         */
        signing:
          | (
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example standard-webhooks
                   * @constant
                   */
                  kind: 'standard-webhooks';
                  /**
                   * @description One secret, or during a rotation two; shown as `[redacted]`.
                   * @example [
                   *       "whsec_bG9uZy1zZWNyZXQ="
                   *     ]
                   */
                  secrets: string[];
                }
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example hmac
                   * @constant
                   */
                  kind: 'hmac';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @example hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The text that is signed, with the macros of the destination.
                   * @example {click_id}:{value}
                   */
                  template: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                }
            )
          | null;
        /**
         * @description Values of `{secret.<name>}` in a template; shown as `[redacted]`.
         * @default {}
         * @example {
         *       "bot": "a-long-secret"
         *     }
         */
        secrets: {
          [key: string]: string;
        };
        /**
         * @description Limits of calls, for all dispatch processes together.
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /**
           * @description How many calls may be open at once.
           * @default 32
           * @example 32
           */
          inFlight: number;
          /**
           * @description How many calls may begin in a second; null: no limit.
           * @default null
           * @example 50
           */
          perSecond: number | null;
        };
        /**
         * @description For a whole call, in milliseconds.
         * @default 20000
         * @example 20000
         */
        timeoutMs: number;
        /**
         * @description For each phase of a call, in milliseconds.
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /**
           * @description Until the connection is open: name, TCP and TLS.
           * @default 5000
           * @example 5000
           */
          connectMs: number;
          /**
           * @description From there to the head of the answer.
           * @default 15000
           * @example 15000
           */
          headersMs: number;
          /**
           * @description From there to the end of the answer.
           * @default 5000
           * @example 5000
           */
          bodyMs: number;
        };
        /**
         * @description Conversions that occurred earlier are not sent any more.
         * @default 90
         * @example 90
         */
        maxAgeDays: number;
        /**
         * @description Sent instead when the conversion is rejected or reversed; null: nothing is.
         * @default null
         */
        onReversal: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body: string | null;
        } | null;
        /**
         * @description Sent when the amount changes after it was sent; null: `frequency` decides.
         * @default null
         */
        onRestatement: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body: string | null;
        } | null;
        /**
         * @description For mutual TLS; null: none.
         * @default null
         */
        clientCertificate: {
          /**
           * @description The certificate as PEM.
           * @example -----BEGIN CERTIFICATE-----
           *     …
           *     -----END CERTIFICATE-----
           */
          cert: string;
          /**
           * @description The private key as PEM; shown as `[redacted]`.
           * @example -----BEGIN PRIVATE KEY-----
           *     …
           */
          key: string;
        } | null;
      } | null;
      /**
       * @description When the ad network last accepted a call; null: not among its last thousand deliveries.
       * @example 2026-03-01T12:00:00.000Z
       */
      lastDeliveredAt: string | null;
      /**
       * Format: date-time
       * @description The start, included.
       * @example 2026-03-01T12:00:00.000Z
       */
      from: string;
      /**
       * Format: date-time
       * @description The end, left out.
       * @example 2026-03-01T12:00:00.000Z
       */
      to: string;
      /**
       * @description The length of a bucket.
       * @example hour
       * @enum {string}
       */
      bucket: 'minute' | 'hour' | 'day';
      /** @description One for each minute, hour or day in which deliveries were made. */
      buckets: {
        /**
         * Format: date-time
         * @description When.
         * @example 2026-03-01T12:00:00.000Z
         */
        at: string;
        /** @description Deliveries by their state. */
        deliveries: {
          /**
           * @description Accepted by the ad network.
           * @example 10
           */
          delivered: number;
          /**
           * @description Owed.
           * @example 0
           */
          waiting: number;
          /**
           * @description Parked.
           * @example 0
           */
          parked: number;
          /**
           * @description Not sent, because there was nothing to say any more.
           * @example 0
           */
          superseded: number;
        };
        /** @description Calls for these deliveries; a sample of 200 deliveries where there are more. */
        attempts: {
          /**
           * @description Calls that were looked at.
           * @example 40
           */
          seen: number;
          /**
           * @description Calls that the ad network accepted.
           * @example 38
           */
          accepted: number;
          /**
           * @description The share of calls that were accepted, 0 to 1; null: there were none.
           * @example 0.95
           */
          successShare: number | null;
          /**
           * @description Half of the calls took no longer; null: there were none.
           * @example 84
           */
          p50Ms: number | null;
          /**
           * @description 95 of 100 calls took no longer; null: there were none.
           * @example 310
           */
          p95Ms: number | null;
          /**
           * @description Calls by HTTP status; `none`: no answer.
           * @example {
           *       "200": 38,
           *       "none": 2
           *     }
           */
          statuses: {
            [key: string]: number;
          };
        };
      }[];
    };
    Figures: {
      /**
       * @description The currency, an ISO 4217 code or that of a coin; null: not known.
       * @example USD
       */
      currency: string;
      /**
       * @description How many clicks.
       * @example 1200
       */
      clicks: number;
      /**
       * @description Clicks that are the visitor’s first of the campaign within a day.
       * @example 900
       */
      uniqueClicks: number;
      /** @description Its conversions. */
      conversions: {
        /**
         * @description Not decided yet.
         * @example 3
         */
        pending: number;
        /**
         * @description Approved.
         * @example 10
         */
        approved: number;
        /**
         * @description Rejected.
         * @example 1
         */
        rejected: number;
        /**
         * @description Taken back after an approval.
         * @example 0
         */
        reversed: number;
      };
      /**
       * @description Conversions whose money is not known; it is in no sum.
       * @example 0
       */
      moneyUnknown: number;
      /** @description Its money by state; null: not known. */
      money: {
        /**
         * @description Not decided yet.
         * @example 0
         */
        pending: string;
        /**
         * @description Approved.
         * @example 12.5
         */
        approved: string;
        /**
         * @description Rejected.
         * @example 0
         */
        rejected: string;
        /**
         * @description Taken back after an approval.
         * @example 0
         */
        reversed: string;
      };
      /**
       * @description What is approved.
       * @example 125
       */
      revenue: string;
      /**
       * @description What the clicks cost.
       * @example 83.8
       */
      cost: string;
      /**
       * @description Revenue less cost.
       * @example 41.2
       */
      profit: string;
      /**
       * @description Conversions per click, in percent; null: no clicks.
       * @example 2.5
       */
      cr: string | null;
      /**
       * @description Revenue per click; null: no clicks.
       * @example 0.104
       */
      epc: string | null;
      /**
       * @description Profit per cost, in percent; null: no cost.
       * @example 49.2
       */
      roi: string | null;
      /**
       * @description Approved of all that were decided, in percent; null: none was.
       * @example 80
       */
      approvalRate: string | null;
      /**
       * @description Revenue per approved conversion; null: none.
       * @example 12.5
       */
      averagePayout: string | null;
      /** @description Money for which there is no rate, in its own currency. */
      unconverted: {
        /**
         * @description The currency, an ISO 4217 code or that of a coin; null: not known.
         * @example USD
         */
        currency: string;
        /** @description Its money by state; null: not known. */
        money: {
          /**
           * @description Not decided yet.
           * @example 0
           */
          pending: string;
          /**
           * @description Approved.
           * @example 12.5
           */
          approved: string;
          /**
           * @description Rejected.
           * @example 0
           */
          rejected: string;
          /**
           * @description Taken back after an approval.
           * @example 0
           */
          reversed: string;
        };
        /**
         * @description What the clicks cost, in this currency.
         * @example 4.2
         */
        cost: string;
      }[];
    };
    Finding: {
      /**
       * @description `error` cannot be saved, `warning` can.
       * @example warning
       * @enum {string}
       */
      severity: 'error' | 'warning';
      /**
       * @description The part of the settings that it was found in.
       * @example url
       */
      where: string;
      /**
       * @description What is wrong, as a code that does not change.
       * @example missing
       */
      code: string;
      /**
       * @description The text that it is about.
       * @example {clickid}
       */
      text: string;
      /**
       * @description What is wrong, in a sentence.
       * @example there is no macro {clickid}
       */
      message: string;
      /**
       * @description What to write instead; null: Carom has no guess.
       * @example {click_id}
       */
      suggestion: string | null;
    };
    InvitedUser: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description The e-mail address to sign in with; null: cannot sign in.
       * @example ada@example.com
       */
      email: string | null;
      /**
       * @description What may be done; each role includes the one before it.
       * @example editor
       * @enum {string}
       */
      role: 'viewer' | 'editor' | 'admin';
      /**
       * @description Whether a viewer sees addresses and user agents of visitors.
       * @example false
       */
      seesVisitors: boolean;
      /**
       * Format: date-time
       * @description When it was made.
       * @example 2026-03-01T12:00:00.000Z
       */
      createdAt: string;
      /**
       * @description Since when the user may not sign in; null: may.
       * @example 2026-03-01T12:00:00.000Z
       */
      disabledAt: string | null;
      /** @description The link to set a password by; null: without an e-mail address there is none. */
      invitation: components['schemas']['OneTimeLink'] | null;
    };
    Job: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * @description What the job does.
       * @example postbacks.replay
       */
      kind: string;
      /**
       * @description Where the job is.
       * @example running
       * @enum {string}
       */
      state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
      /**
       * @description Whether it will end at its next step.
       * @example false
       */
      cancelling: boolean;
      /**
       * @description The user; null: none.
       * @example 01990000-0000-7000-8000-000000000000
       */
      userId: string | null;
      /**
       * @description The token; null: none.
       * @example 01990000-0000-7000-8000-000000000000
       */
      tokenId: string | null;
      /**
       * @description steps done: rows of a file, calls of a replay
       * @example 500
       */
      done: number;
      /**
       * @description null: not known
       * @example 10000
       */
      total: number | null;
      /**
       * @description what the same action answers at once
       * @example null
       */
      result: unknown;
      /** @description Why it failed; null: it did not. */
      problem: {
        /**
         * @description What is wrong, as a code that does not change.
         * @example missing
         */
        code: string;
        /**
         * @description What happened, in words.
         * @example there is no campaign "summer"
         */
        detail: string;
      } | null;
      /**
       * Format: date-time
       * @description When it was made.
       * @example 2026-03-01T12:00:00.000Z
       */
      createdAt: string;
      /**
       * @description When it began; null: it waits.
       * @example 2026-03-01T12:00:00.000Z
       */
      startedAt: string | null;
      /**
       * @description When it ended; null: it has not.
       * @example 2026-03-01T12:00:00.000Z
       */
      finishedAt: string | null;
    };
    LedgerEntry: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * @description The call that caused it; null: a rule of time did.
       * @example 01990000-0000-7000-8000-000000000000
       */
      postbackId: string | null;
      /**
       * @description The rule that moved the money.
       * @example approved
       */
      rule: string;
      /**
       * @description The start, included.
       * @example 2026-03-01
       */
      from: string;
      /**
       * @description The end, left out.
       * @example 2026-03-08
       */
      to: string;
      /**
       * @description The amount, a decimal text; null: not known.
       * @example 12.5
       */
      amount: string;
      /**
       * @description The currency, an ISO 4217 code or that of a coin; null: not known.
       * @example USD
       */
      currency: string | null;
      /**
       * @description What became of it.
       * @example approved
       */
      state: string | null;
      /**
       * @description What is special about it, beside its state.
       * @example [
       *       "late"
       *     ]
       */
      marks: string[];
      /**
       * Format: date-time
       * @description When it happened, as the network states it; never before the click.
       * @example 2026-03-01T12:00:00.000Z
       */
      occurredAt: string;
      /**
       * Format: date-time
       * @description When Carom stored it.
       * @example 2026-03-01T12:00:00.000Z
       */
      recordedAt: string;
      /**
       * @description Rises by one with each change of the conversion.
       * @example 1
       */
      revision: number;
    };
    ListAuditAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['AuditLine'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
    };
    ListCampaignTokensAnswer: {
      /**
       * @description The campaign, by its key.
       * @example summer-sale
       */
      campaignKey: string;
      /**
       * Format: date-time
       * @description Since when.
       * @example 2026-03-01T12:00:00.000Z
       */
      since: string;
      /**
       * @description How many clicks.
       * @example 1200
       */
      clicks: number;
      /** @description The items of this page. */
      items: components['schemas']['ListCampaignTokensAnswerItem'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: null;
    };
    ListCampaignTokensAnswerItem: {
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description Whether reports can be grouped by it.
       * @example true
       */
      reported: boolean;
      /**
       * @description How many clicks.
       * @example 1200
       */
      clicks: number;
      /**
       * @description How many different values it has.
       * @example 87
       */
      distinctValues: number;
      /** @description The most frequent values. */
      topValues: {
        /**
         * @description A value.
         * @example 771
         */
        value: string;
        /**
         * @description How many clicks.
         * @example 1200
         */
        clicks: number;
      }[];
    };
    ListCampaignsAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['Campaign'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
    };
    ListClicksAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['Click'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
      /**
       * @description About how many there are in all, by the statistics of the database; null: not asked for.
       * @example 4200
       */
      estimate: number | null;
    };
    ListConversionsAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['Conversion'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
      /**
       * @description About how many there are in all, by the statistics of the database; null: not asked for.
       * @example 4200
       */
      estimate: number | null;
    };
    ListDeliveriesAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['DeliverySummary'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
      /**
       * @description About how many there are in all, by the statistics of the database; null: not asked for.
       * @example 4200
       */
      estimate: number | null;
    };
    ListDestinationsAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['Destination'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: null;
    };
    ListJobsAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['Job'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
    };
    ListNetworkPresetsAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['NetworkPreset'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: null;
    };
    ListNetworksAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['Network'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
    };
    ListOffersAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['Offer'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
    };
    ListParkedAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['ParkedSummary'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
    };
    ListPostbacksAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['PostbackSummary'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
      /**
       * @description About how many there are in all, by the statistics of the database; null: not asked for.
       * @example 4200
       */
      estimate: number | null;
    };
    ListProblemsAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['ProblemCode'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: null;
    };
    ListRatesAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['Rate'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
    };
    ListRefusalsAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['Refusal'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: null;
    };
    ListSessionsAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['Session'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
    };
    ListSourcePresetsAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['SourcePreset'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: null;
    };
    ListSourcesAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['Source'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
    };
    ListSuggestionsAnswer: {
      /**
       * @description The network, by its key.
       * @example awin
       */
      networkKey: string;
      /**
       * Format: date-time
       * @description Since when.
       * @example 2026-03-01T12:00:00.000Z
       */
      since: string;
      /**
       * @description How many of the newest calls were looked at.
       * @example 1220
       */
      calls: number;
      /** @description The items of this page. */
      items: components['schemas']['ListSuggestionsAnswerItem'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: null;
    };
    ListSuggestionsAnswerItem: {
      /**
       * @description What is wrong, as a code that does not change.
       * @example amount_format
       * @enum {string}
       */
      code: 'amount_format' | 'default_currency' | 'amount_parameter' | 'status_word' | 'require_token';
      /**
       * @description Which of several of one code: the status word, the parameter.
       * @example price
       */
      about: string | null;
      /**
       * @description What is wrong, in a sentence.
       * @example there is no macro {clickid}
       */
      message: string;
      /**
       * @description Calls that show it.
       * @example 1203
       */
      evidence: number;
      /**
       * @description Calls that it would help.
       * @example 17
       */
      affected: number;
      /**
       * @description The newest of them.
       * @example 01990000-0000-7000-8000-000000000000
       */
      sampleId: string | null;
      /**
       * @description The settings to change, merged into those that are there. Null: a person has to decide.
       * @example {
       *       "amountFormat": "dot"
       *     }
       */
      change: {
        [key: string]: unknown;
      } | null;
      /**
       * @description Filters of the calls to replay afterwards; null: none.
       * @example {
       *       "problem": "amount_ambiguous"
       *     }
       */
      replay: {
        [key: string]: string;
      } | null;
    };
    ListTokensAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['Token'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
    };
    ListUsersAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['ListedUser'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
    };
    ListViewsAnswer: {
      /** @description The items of this page. */
      items: components['schemas']['SavedView'][];
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: null;
    };
    ListedUser: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description The e-mail address to sign in with; null: cannot sign in.
       * @example ada@example.com
       */
      email: string | null;
      /**
       * @description What may be done; each role includes the one before it.
       * @example editor
       * @enum {string}
       */
      role: 'viewer' | 'editor' | 'admin';
      /**
       * @description Whether a viewer sees addresses and user agents of visitors.
       * @example false
       */
      seesVisitors: boolean;
      /**
       * Format: date-time
       * @description When it was made.
       * @example 2026-03-01T12:00:00.000Z
       */
      createdAt: string;
      /**
       * @description Since when the user may not sign in; null: may.
       * @example 2026-03-01T12:00:00.000Z
       */
      disabledAt: string | null;
      /**
       * @description Whether the user has set a password.
       * @example true
       */
      hasPassword: boolean;
    };
    MapStatusAnswer: {
      /**
       * @description The network, by its key.
       * @example awin
       */
      networkKey: string;
      /**
       * @description Rises by one with each change; send it as `If-Match` to change only what you read.
       * @example 3
       */
      version: number;
      /**
       * @description What each status word of the network means.
       * @example {
       *       "ok": "approved",
       *       "trash": "rejected"
       *     }
       */
      statusMap: {
        [key: string]: string;
      };
      /** @description What the replay of its calls did; null: none was asked for. */
      replay: components['schemas']['PostbackReplay'] | null;
    };
    MapStatusBody: {
      /**
       * @description The status word as the network writes it.
       * @example ok
       */
      word: string;
      /**
       * @description The status that it means.
       * @example approved
       * @enum {string}
       */
      meaning: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
      /**
       * @description Whether to replay the calls that were refused for this word.
       * @default true
       * @example true
       */
      replay?: boolean;
    };
    Me: {
      /** @description The user who is signed in; null: a token that belongs to no user. */
      user: {
        /**
         * Format: uuid
         * @description Its id.
         * @example 01990000-0000-7000-8000-000000000000
         */
        id: string;
        /**
         * @description What people call it.
         * @example Summer sale
         */
        name: string;
        /**
         * @description The e-mail address to sign in with; null: cannot sign in.
         * @example ada@example.com
         */
        email: string | null;
      } | null;
      /**
       * @description What may be done; each role includes the one before it.
       * @example editor
       * @enum {string}
       */
      role: 'viewer' | 'editor' | 'admin';
      /**
       * @description How the caller is signed in.
       * @example session
       * @enum {string}
       */
      via: 'session' | 'token';
      /**
       * @description of the user and the token, as the audit shows it
       * @example Ada
       */
      name: string;
      /**
       * @description Whether a viewer sees addresses and user agents of visitors.
       * @example false
       */
      seesVisitors: boolean;
      /**
       * @description where the open internet reaches ingest
       * @example https://t.example
       */
      publicUrl: string;
      /**
       * @description The version of Carom.
       * @example 0.1.0
       */
      version: string;
    };
    Network: {
      /**
       * @description The short name that you choose; it is in links and never changes.
       * @example summer-sale
       */
      key: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description The preset that the settings began with; null: none.
       * @default null
       * @example awin
       */
      preset: string | null;
      /**
       * @description For each field the parameters it is read from, in order; without one the common names are tried.
       * @default {}
       * @example {
       *       "transactionId": [
       *         "order_id"
       *       ]
       *     }
       */
      params: {
        [key: string]: string[];
      };
      /**
       * @description What each status word of the network means.
       * @default {}
       * @example {
       *       "ok": "approved",
       *       "trash": "rejected"
       *     }
       */
      statusMap: {
        [key: string]: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
      };
      /**
       * @description The state of a report that names no status.
       * @default approved
       * @example approved
       * @enum {string}
       */
      defaultStatus: 'pending' | 'approved' | 'rejected' | 'reversed';
      /**
       * @description The currency of amounts without one; null: such money is unknown.
       * @default null
       * @example USD
       */
      defaultCurrency: string | null;
      /**
       * @description Which fields make two reports the same conversion.
       * @default transaction
       * @example transaction
       * @enum {string}
       */
      identity: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
      /**
       * @description What another amount for the same conversion does.
       * @default update
       * @example update
       * @enum {string}
       */
      duplicates: 'update' | 'ignore' | 'add' | 'increment';
      /**
       * @description A prefix that marks a reversal’s transaction id and is cut off; null: none.
       * @default null
       * @example R-
       */
      reversalPrefix: string | null;
      /**
       * @description How amounts are written; `auto` decides from the text and the currency.
       * @default auto
       * @example auto
       * @enum {string}
       */
      amountFormat: 'auto' | 'dot' | 'comma' | 'minor';
      /**
       * @description Whether a later `pending` takes back an approval or a rejection.
       * @default false
       * @example false
       */
      reopens: boolean;
      /**
       * @description Whether nothing changes a conversion once it is approved.
       * @default false
       * @example false
       */
      locksOnApproval: boolean;
      /**
       * @description The network’s event words and the event names used here.
       * @default {}
       * @example {
       *       "reg": "registration"
       *     }
       */
      eventMap: {
        [key: string]: string;
      };
      /**
       * @description Rules of single events, by event name.
       * @default {}
       */
      events: {
        [key: string]: {
          /**
           * @description Which fields make two reports the same conversion.
           * @example transaction
           * @enum {string}
           */
          identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
          /**
           * @description What another amount for the same conversion does.
           * @example update
           * @enum {string}
           */
          duplicates?: 'update' | 'ignore' | 'add' | 'increment';
        };
      };
      /**
       * @description What a stated time is of: the report, or the sale.
       * @default event
       * @example event
       * @enum {string}
       */
      timeOf: 'event' | 'sale';
      /**
       * @description The time zone of days, and of times that state none.
       * @default UTC
       * @example Europe/Berlin
       */
      timeZone: string;
      /**
       * @description What the network’s calls are answered.
       * @default {
       *       "status": 200,
       *       "body": "OK"
       *     }
       */
      answer: {
        /**
         * @description The HTTP status of the answer.
         * @default 200
         * @example 200
         */
        status: number;
        /**
         * @description The text of the answer.
         * @default OK
         * @example OK
         */
        body: string;
      };
      /**
       * @description What a call must show before it is believed; all that is switched on must hold.
       * @default {
       *       "requireToken": true,
       *       "cidrs": [],
       *       "secret": null,
       *       "signature": null,
       *       "hmac": null
       *     }
       */
      security: {
        /**
         * @description Whether calls must come to the network’s own Postback URL.
         * @default true
         * @example true
         */
        requireToken: boolean;
        /**
         * @description Addresses that calls may come from; empty: any.
         * @default []
         * @example [
         *       "203.0.113.0/24"
         *     ]
         */
        cidrs: string[];
        /**
         * @description A parameter that must carry a secret word; null: none.
         * @default null
         */
        secret: {
          /**
           * @description The parameter that carries it.
           * @example secret
           */
          param: string;
          /**
           * @description The secret word; shown as `[redacted]`.
           * @example a-long-secret
           */
          value: string;
        } | null;
        /**
         * @description How the network signs its calls; null: it does not.
         * @default null
         */
        signature:
          | (
              | {
                  /**
                   * @description How the signed text is made.
                   * @example hmac
                   * @constant
                   */
                  kind: 'hmac';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @default hex
                   * @example hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The parameter that carries it.
                   * @example sig
                   */
                  param?: string;
                  /**
                   * @description The header that carries it.
                   * @example x-signature
                   */
                  header?: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                  /**
                   * @description How many characters of the signature are sent; without it all.
                   * @example 32
                   */
                  truncate?: number;
                  /**
                   * @description The parameter with the time of signing, unix seconds or milliseconds.
                   * @example ts
                   */
                  timestampParam?: string;
                  /**
                   * @description The header with the time of signing, unix seconds or milliseconds.
                   * @example x-timestamp
                   */
                  timestampHeader?: string;
                  /**
                   * @description By how much the time of signing may be off.
                   * @default 300
                   * @example 300
                   */
                  toleranceSeconds: number;
                  /**
                   * @description The text that is signed, with its parts in braces.
                   * @example {param:txid}:{secret}
                   */
                  template: string;
                }
              | {
                  /**
                   * @description How the signed text is made.
                   * @example digest
                   * @constant
                   */
                  kind: 'digest';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @default hex
                   * @example hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The parameter that carries it.
                   * @example sig
                   */
                  param?: string;
                  /**
                   * @description The header that carries it.
                   * @example x-signature
                   */
                  header?: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                  /**
                   * @description How many characters of the signature are sent; without it all.
                   * @example 32
                   */
                  truncate?: number;
                  /**
                   * @description The parameter with the time of signing, unix seconds or milliseconds.
                   * @example ts
                   */
                  timestampParam?: string;
                  /**
                   * @description The header with the time of signing, unix seconds or milliseconds.
                   * @example x-timestamp
                   */
                  timestampHeader?: string;
                  /**
                   * @description By how much the time of signing may be off.
                   * @default 300
                   * @example 300
                   */
                  toleranceSeconds: number;
                  /**
                   * @description The text that is signed, with its parts in braces.
                   * @example {param:txid}:{secret}
                   */
                  template: string;
                }
              | {
                  /**
                   * @description How the signed text is made.
                   * @example sorted-fields
                   * @constant
                   */
                  kind: 'sorted-fields';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @default hex
                   * @example hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The parameter that carries it.
                   * @example sig
                   */
                  param?: string;
                  /**
                   * @description The header that carries it.
                   * @example x-signature
                   */
                  header?: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                  /**
                   * @description How many characters of the signature are sent; without it all.
                   * @example 32
                   */
                  truncate?: number;
                  /**
                   * @description The parameter with the time of signing, unix seconds or milliseconds.
                   * @example ts
                   */
                  timestampParam?: string;
                  /**
                   * @description The header with the time of signing, unix seconds or milliseconds.
                   * @example x-timestamp
                   */
                  timestampHeader?: string;
                  /**
                   * @description By how much the time of signing may be off.
                   * @default 300
                   * @example 300
                   */
                  toleranceSeconds: number;
                  /**
                   * @description How each field enters the signed text.
                   * @example name=value
                   * @enum {string}
                   */
                  fields: 'value' | 'name=value';
                  /**
                   * @description Whether names and values are written as a form writes them before they are hashed.
                   * @default none
                   * @example none
                   * @enum {string}
                   */
                  encode: 'none' | 'form';
                  /**
                   * @description What is between the fields of the signed text.
                   * @default
                   * @example &
                   */
                  joiner: string;
                  /**
                   * @description Where the secret enters the signed text.
                   * @example end
                   * @enum {string}
                   */
                  secretAt: 'end' | 'after-each' | 'key';
                  /**
                   * @description Whether fields without a value are left out of the signed text.
                   * @default false
                   * @example false
                   */
                  skipEmpty: boolean;
                }
              | {
                  /**
                   * @description How the signed text is made.
                   * @example clickbank
                   * @constant
                   */
                  kind: 'clickbank';
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                }
            )
          | null;
        /**
         * @description The older form of `signature`, an HMAC only; null: not used.
         * @default null
         */
        hmac: {
          /**
           * @description The hash function.
           * @example sha256
           * @enum {string}
           */
          algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
          /**
           * @description How the bytes of the signature are written.
           * @example hex
           * @enum {string}
           */
          encoding: 'hex' | 'base64' | 'base64url';
          /**
           * @description The parameter that carries it.
           * @example sig
           */
          param?: string;
          /**
           * @description The header that carries it.
           * @example x-signature
           */
          header?: string;
          /**
           * @description The secret that signs; shown as `[redacted]`.
           * @example a-long-secret
           */
          secret: string;
          /**
           * @description How many characters of the signature are sent; without it all.
           * @example 32
           */
          truncate?: number;
          /**
           * @description The parameter with the time of signing, unix seconds or milliseconds.
           * @example ts
           */
          timestampParam?: string;
          /**
           * @description The header with the time of signing, unix seconds or milliseconds.
           * @example x-timestamp
           */
          timestampHeader?: string;
          /**
           * @description By how much the time of signing may be off.
           * @default 300
           * @example 300
           */
          toleranceSeconds: number;
          /**
           * @description The text that is signed, with its parts in braces.
           * @example {param:txid}:{secret}
           */
          template: string;
        } | null;
      };
      /**
       * @description Paths of other trackers that this network may call.
       * @default []
       * @example [
       *       "tune"
       *     ]
       */
      dropIns: ('voluum' | 'binom' | 'keitaro' | 'redtrack' | 'bemob' | 'tune')[];
      /**
       * @description How the network’s report file is read; null: what the file shows decides.
       * @default null
       */
      reportFile: {
        /**
         * @description The encoding of the file.
         * @example utf-8
         * @enum {string}
         */
        charset?:
          | 'utf-8'
          | 'utf-16le'
          | 'utf-16be'
          | 'windows-1250'
          | 'windows-1251'
          | 'windows-1252'
          | 'windows-1253'
          | 'windows-1254'
          | 'windows-1255'
          | 'windows-1256'
          | 'windows-1257'
          | 'windows-1258'
          | 'iso-8859-2'
          | 'iso-8859-5'
          | 'iso-8859-7'
          | 'iso-8859-15'
          | 'koi8-r'
          | 'shift_jis'
          | 'gb18030';
        /**
         * @description The character between two fields.
         * @example ;
         * @enum {string}
         */
        delimiter?: ',' | ';' | '\t' | '|';
        /**
         * @description Number of the row that names the columns, from 1.
         * @example 1
         */
        headerRow?: number;
        /** @description The columns of the file, by the field that is read from them. */
        columns?: {
          /**
           * @description Columns with the click id, the first with a value counts.
           * @example [
           *       "subid"
           *     ]
           */
          clickId?: string[];
          /**
           * @description Columns with the transaction id.
           * @example [
           *       "Order ID"
           *     ]
           */
          transactionId?: string[];
          /**
           * @description Columns with the id of one line of an order.
           * @example [
           *       "Item ID"
           *     ]
           */
          lineId?: string[];
          /**
           * @description Columns with the payout.
           * @example [
           *       "Commission"
           *     ]
           */
          amount?: string[];
          /**
           * @description Columns with the currency.
           * @example [
           *       "Currency"
           *     ]
           */
          currency?: string[];
          /**
           * @description Columns with the status word.
           * @example [
           *       "Status"
           *     ]
           */
          status?: string[];
          /**
           * @description Columns with the event.
           * @example [
           *       "Action"
           *     ]
           */
          event?: string[];
          /**
           * @description Columns with the time of the conversion.
           * @example [
           *       "Date"
           *     ]
           */
          occurredAt?: string[];
          /**
           * @description Columns with the transaction id that is reversed.
           * @example [
           *       "Original order"
           *     ]
           */
          reversalOf?: string[];
          /**
           * @description Columns with the value of the sale.
           * @example [
           *       "Sale value"
           *     ]
           */
          saleAmount?: string[];
        };
        /**
         * @description How amounts of the file are written.
         * @example comma
         * @enum {string}
         */
        amountFormat?: 'dot' | 'comma' | 'minor';
        /**
         * @description Which of day and month comes first in dates.
         * @example dmy
         * @enum {string}
         */
        dateOrder?: 'ymd' | 'dmy' | 'mdy' | 'unix';
        /**
         * @description The time zone of days, and of times that state none.
         * @example Europe/Berlin
         */
        timeZone?: string;
        /** @description Status by other columns, the first rule that fits decides. */
        statusRules?: {
          /**
           * @description The column that decides.
           * @example Paid
           */
          column: string;
          /**
           * @description The text that the column must hold; without it any text.
           * @example yes
           */
          equals?: string;
          /**
           * @description The status that it means.
           * @example approved
           * @enum {string}
           */
          meaning: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
        }[];
        /**
         * @description Whether rows that are equal count each, or are refused.
         * @example separate
         * @enum {string}
         */
        equalRows?: 'separate' | 'refuse';
      } | null;
      /**
       * @description A short number that Carom gives and never uses again; click ids hold it.
       * @example 12
       */
      number: number;
      /**
       * @description Rises by one with each change; send it as `If-Match` to change only what you read.
       * @example 3
       */
      version: number;
      /**
       * Format: date-time
       * @description When it was made.
       * @example 2026-03-01T12:00:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description When it was last changed.
       * @example 2026-03-01T12:00:00.000Z
       */
      changedAt: string;
      /**
       * @description The current token of the network’s Postback URL; viewers see it as `[redacted]`.
       * @example vQ8xkP2mR7
       */
      token: string;
      /** @description Our name of each token and the parameter of the click link it comes in. */
      tokens: {
        /**
         * @description A token of the Postback URL; viewers see it as `[redacted]`.
         * @example vQ8xkP2mR7
         */
        token: string;
        /**
         * @description When it stops working; null: it is the current one.
         * @example 2026-03-04T10:00:00.000Z
         */
        until: string | null;
      }[];
      /**
       * @description The Postback URL to paste at the network.
       * @example https://t.example/postback/vQ8xkP2mR7?click_id={click_id}
       */
      postbackUrl: string;
      /** @description Further Postback URLs, for networks that want one for each case. */
      morePostbackUrls: {
        /**
         * @description The case that this URL is for.
         * @example For reversals.
         */
        when: string;
        /**
         * @description The Postback URL of that case.
         * @example https://t.example/postback/vQ8xkP2mR7?status=reversed
         */
        url: string;
      }[];
      /** @description What the linter found in the saved settings; nothing here blocks a save. */
      warnings?: components['schemas']['Finding'][];
    };
    NetworkPreset: {
      /**
       * @description The short name that you choose; it is in links and never changes.
       * @example summer-sale
       */
      key: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description `D`: by the network’s own documentation; `T`: second hand.
       * @example D
       * @enum {string}
       */
      confidence: 'D' | 'T';
      /**
       * @description Whether the facts come from its own documentation.
       * @example true
       */
      verified: boolean;
      /**
       * @description Pages that the facts come from.
       * @example [
       *       "https://help.example/postbacks"
       *     ]
       */
      source: string[];
      /**
       * @description What surprises a newcomer.
       * @default []
       * @example [
       *       "Reversals come with a negative amount."
       *     ]
       */
      quirks: string[];
      /**
       * @description The software that the network runs on, as the key of that preset.
       * @example everflow
       */
      platform?: string;
      /**
       * @description The parameter of its offer links that must carry our click id; null: none.
       * @example clickref
       */
      clickIdParam: string | null;
      /**
       * Format: includes
       * @description An offer URL in our macros.
       * @example https://go.example/{click_id}/offer
       */
      linkExample?: string;
      /** @description How the network calls. */
      postback: {
        /**
         * @description The HTTP method.
         * @default GET
         * @example GET
         * @enum {string}
         */
        method: 'GET' | 'POST';
        /**
         * @description The query of the Postback URL in the network’s own macros.
         * @example click_id={clickref}&amount={commission}
         */
        template: string;
        /**
         * @description Further Postback URLs, for networks that want one for each case.
         * @default []
         */
        more: {
          /**
           * @description The case that this URL is for.
           * @example For reversals.
           */
          when: string;
          /**
           * @description The query of that URL.
           * @example click_id={clickref}&status=reversed
           */
          template: string;
        }[];
      } | null;
      /** @description The settings that a network with this preset begins with. */
      settings: {
        /**
         * @description For each field the parameters it is read from, in order; without one the common names are tried.
         * @example {
         *       "transactionId": [
         *         "order_id"
         *       ]
         *     }
         */
        params?: {
          [key: string]: string[];
        };
        /**
         * @description What each status word of the network means.
         * @example {
         *       "ok": "approved",
         *       "trash": "rejected"
         *     }
         */
        statusMap?: {
          [key: string]: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
        };
        /**
         * @description The state of a report that names no status.
         * @example approved
         * @enum {string}
         */
        defaultStatus?: 'pending' | 'approved' | 'rejected' | 'reversed';
        /**
         * @description The currency of amounts without one; null: such money is unknown.
         * @example USD
         */
        defaultCurrency?: string | null;
        /**
         * @description Which fields make two reports the same conversion.
         * @example transaction
         * @enum {string}
         */
        identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
        /**
         * @description What another amount for the same conversion does.
         * @example update
         * @enum {string}
         */
        duplicates?: 'update' | 'ignore' | 'add' | 'increment';
        /**
         * @description A prefix that marks a reversal’s transaction id and is cut off; null: none.
         * @example R-
         */
        reversalPrefix?: string | null;
        /**
         * @description How amounts are written; `auto` decides from the text and the currency.
         * @example auto
         * @enum {string}
         */
        amountFormat?: 'auto' | 'dot' | 'comma' | 'minor';
        /**
         * @description Whether a later `pending` takes back an approval or a rejection.
         * @example false
         */
        reopens?: boolean;
        /**
         * @description Whether nothing changes a conversion once it is approved.
         * @example false
         */
        locksOnApproval?: boolean;
        /**
         * @description The network’s event words and the event names used here.
         * @example {
         *       "reg": "registration"
         *     }
         */
        eventMap?: {
          [key: string]: string;
        };
        /** @description Rules of single events, by event name. */
        events?: {
          [key: string]: {
            /**
             * @description Which fields make two reports the same conversion.
             * @example transaction
             * @enum {string}
             */
            identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
            /**
             * @description What another amount for the same conversion does.
             * @example update
             * @enum {string}
             */
            duplicates?: 'update' | 'ignore' | 'add' | 'increment';
          };
        };
        /**
         * @description What a stated time is of: the report, or the sale.
         * @example event
         * @enum {string}
         */
        timeOf?: 'event' | 'sale';
        /**
         * @description The time zone of days, and of times that state none.
         * @example Europe/Berlin
         */
        timeZone?: string;
        /** @description What the network’s calls are answered. */
        answer?: {
          /**
           * @description The HTTP status of the answer.
           * @default 200
           * @example 200
           */
          status: number;
          /**
           * @description The text of the answer.
           * @default OK
           * @example OK
           */
          body: string;
        };
        /** @description How the network’s report file is read; null: what the file shows decides. */
        reportFile?: {
          /**
           * @description The encoding of the file.
           * @example utf-8
           * @enum {string}
           */
          charset?:
            | 'utf-8'
            | 'utf-16le'
            | 'utf-16be'
            | 'windows-1250'
            | 'windows-1251'
            | 'windows-1252'
            | 'windows-1253'
            | 'windows-1254'
            | 'windows-1255'
            | 'windows-1256'
            | 'windows-1257'
            | 'windows-1258'
            | 'iso-8859-2'
            | 'iso-8859-5'
            | 'iso-8859-7'
            | 'iso-8859-15'
            | 'koi8-r'
            | 'shift_jis'
            | 'gb18030';
          /**
           * @description The character between two fields.
           * @example ;
           * @enum {string}
           */
          delimiter?: ',' | ';' | '\t' | '|';
          /**
           * @description Number of the row that names the columns, from 1.
           * @example 1
           */
          headerRow?: number;
          /** @description The columns of the file, by the field that is read from them. */
          columns?: {
            /**
             * @description Columns with the click id, the first with a value counts.
             * @example [
             *       "subid"
             *     ]
             */
            clickId?: string[];
            /**
             * @description Columns with the transaction id.
             * @example [
             *       "Order ID"
             *     ]
             */
            transactionId?: string[];
            /**
             * @description Columns with the id of one line of an order.
             * @example [
             *       "Item ID"
             *     ]
             */
            lineId?: string[];
            /**
             * @description Columns with the payout.
             * @example [
             *       "Commission"
             *     ]
             */
            amount?: string[];
            /**
             * @description Columns with the currency.
             * @example [
             *       "Currency"
             *     ]
             */
            currency?: string[];
            /**
             * @description Columns with the status word.
             * @example [
             *       "Status"
             *     ]
             */
            status?: string[];
            /**
             * @description Columns with the event.
             * @example [
             *       "Action"
             *     ]
             */
            event?: string[];
            /**
             * @description Columns with the time of the conversion.
             * @example [
             *       "Date"
             *     ]
             */
            occurredAt?: string[];
            /**
             * @description Columns with the transaction id that is reversed.
             * @example [
             *       "Original order"
             *     ]
             */
            reversalOf?: string[];
            /**
             * @description Columns with the value of the sale.
             * @example [
             *       "Sale value"
             *     ]
             */
            saleAmount?: string[];
          };
          /**
           * @description How amounts of the file are written.
           * @example comma
           * @enum {string}
           */
          amountFormat?: 'dot' | 'comma' | 'minor';
          /**
           * @description Which of day and month comes first in dates.
           * @example dmy
           * @enum {string}
           */
          dateOrder?: 'ymd' | 'dmy' | 'mdy' | 'unix';
          /**
           * @description The time zone of days, and of times that state none.
           * @example Europe/Berlin
           */
          timeZone?: string;
          /** @description Status by other columns, the first rule that fits decides. */
          statusRules?: {
            /**
             * @description The column that decides.
             * @example Paid
             */
            column: string;
            /**
             * @description The text that the column must hold; without it any text.
             * @example yes
             */
            equals?: string;
            /**
             * @description The status that it means.
             * @example approved
             * @enum {string}
             */
            meaning: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
          }[];
          /**
           * @description Whether rows that are equal count each, or are refused.
           * @example separate
           * @enum {string}
           */
          equalRows?: 'separate' | 'refuse';
        } | null;
      };
      /**
       * @description How the network signs its calls; null: it does not.
       * @default null
       */
      signature:
        | (
            | {
                /**
                 * @description How the signed text is made.
                 * @example hmac
                 * @constant
                 */
                kind: 'hmac';
                /**
                 * @description The hash function.
                 * @example sha256
                 * @enum {string}
                 */
                algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                /**
                 * @description How the bytes of the signature are written.
                 * @default hex
                 * @example hex
                 * @enum {string}
                 */
                encoding: 'hex' | 'base64' | 'base64url';
                /**
                 * @description The parameter that carries it.
                 * @example sig
                 */
                param?: string;
                /**
                 * @description The header that carries it.
                 * @example x-signature
                 */
                header?: string;
                /**
                 * @description How many characters of the signature are sent; without it all.
                 * @example 32
                 */
                truncate?: number;
                /**
                 * @description The parameter with the time of signing, unix seconds or milliseconds.
                 * @example ts
                 */
                timestampParam?: string;
                /**
                 * @description The header with the time of signing, unix seconds or milliseconds.
                 * @example x-timestamp
                 */
                timestampHeader?: string;
                /**
                 * @description By how much the time of signing may be off.
                 * @default 300
                 * @example 300
                 */
                toleranceSeconds: number;
                /**
                 * @description The text that is signed, with its parts in braces.
                 * @example {param:txid}:{secret}
                 */
                template: string;
              }
            | {
                /**
                 * @description How the signed text is made.
                 * @example digest
                 * @constant
                 */
                kind: 'digest';
                /**
                 * @description The hash function.
                 * @example sha256
                 * @enum {string}
                 */
                algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                /**
                 * @description How the bytes of the signature are written.
                 * @default hex
                 * @example hex
                 * @enum {string}
                 */
                encoding: 'hex' | 'base64' | 'base64url';
                /**
                 * @description The parameter that carries it.
                 * @example sig
                 */
                param?: string;
                /**
                 * @description The header that carries it.
                 * @example x-signature
                 */
                header?: string;
                /**
                 * @description How many characters of the signature are sent; without it all.
                 * @example 32
                 */
                truncate?: number;
                /**
                 * @description The parameter with the time of signing, unix seconds or milliseconds.
                 * @example ts
                 */
                timestampParam?: string;
                /**
                 * @description The header with the time of signing, unix seconds or milliseconds.
                 * @example x-timestamp
                 */
                timestampHeader?: string;
                /**
                 * @description By how much the time of signing may be off.
                 * @default 300
                 * @example 300
                 */
                toleranceSeconds: number;
                /**
                 * @description The text that is signed, with its parts in braces.
                 * @example {param:txid}:{secret}
                 */
                template: string;
              }
            | {
                /**
                 * @description How the signed text is made.
                 * @example sorted-fields
                 * @constant
                 */
                kind: 'sorted-fields';
                /**
                 * @description The hash function.
                 * @example sha256
                 * @enum {string}
                 */
                algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                /**
                 * @description How the bytes of the signature are written.
                 * @default hex
                 * @example hex
                 * @enum {string}
                 */
                encoding: 'hex' | 'base64' | 'base64url';
                /**
                 * @description The parameter that carries it.
                 * @example sig
                 */
                param?: string;
                /**
                 * @description The header that carries it.
                 * @example x-signature
                 */
                header?: string;
                /**
                 * @description How many characters of the signature are sent; without it all.
                 * @example 32
                 */
                truncate?: number;
                /**
                 * @description The parameter with the time of signing, unix seconds or milliseconds.
                 * @example ts
                 */
                timestampParam?: string;
                /**
                 * @description The header with the time of signing, unix seconds or milliseconds.
                 * @example x-timestamp
                 */
                timestampHeader?: string;
                /**
                 * @description By how much the time of signing may be off.
                 * @default 300
                 * @example 300
                 */
                toleranceSeconds: number;
                /**
                 * @description How each field enters the signed text.
                 * @example name=value
                 * @enum {string}
                 */
                fields: 'value' | 'name=value';
                /**
                 * @description Whether names and values are written as a form writes them before they are hashed.
                 * @default none
                 * @example none
                 * @enum {string}
                 */
                encode: 'none' | 'form';
                /**
                 * @description What is between the fields of the signed text.
                 * @default
                 * @example &
                 */
                joiner: string;
                /**
                 * @description Where the secret enters the signed text.
                 * @example end
                 * @enum {string}
                 */
                secretAt: 'end' | 'after-each' | 'key';
                /**
                 * @description Whether fields without a value are left out of the signed text.
                 * @default false
                 * @example false
                 */
                skipEmpty: boolean;
              }
            | {
                /**
                 * @description How the signed text is made.
                 * @example clickbank
                 * @constant
                 */
                kind: 'clickbank';
              }
          )
        | null;
      /**
       * @description Signed calls as the network’s own documentation prints them.
       * @default []
       */
      signed: {
        /**
         * @description The secret that signs; shown as `[redacted]`.
         * @example a-long-secret
         */
        secret: string;
        /**
         * Format: uri
         * @description The call, with its signature.
         * @example https://example.com/
         */
        uri: string;
        /**
         * @description Headers by name.
         * @default {}
         * @example {
         *       "content-type": "application/json"
         *     }
         */
        headers: {
          [key: string]: string;
        };
        /**
         * @description The body; null: none.
         * @default null
         * @example {"id":"{click_id}"}
         */
        body: string | null;
        /**
         * Format: uri
         * @description Pages that the facts come from.
         * @example https://example.com/
         */
        source: string;
      }[];
      /**
       * @description Calls as they are really sent, and what must be read from them.
       * @default []
       */
      examples: {
        /**
         * @description What the example shows.
         * @example A sale with its commission.
         */
        note: string;
        /**
         * @description The HTTP method.
         * @default GET
         * @example GET
         * @enum {string}
         */
        method: 'GET' | 'POST';
        /**
         * @description The query of the call.
         * @default
         * @example clickref=abc&commission=12.50
         */
        query: string;
        /**
         * @description The body; null: none.
         * @default null
         * @example {"id":"{click_id}"}
         */
        body: string | null;
        /**
         * @description The content type of the body; null: none.
         * @default null
         * @example application/json
         */
        contentType: string | null;
        /** @description What must come of it. */
        expected: {
          /**
           * @description The click, by its id.
           * @example 06j2w9c4kq7m1x8r5t3v0y
           */
          clickId: string | null;
          /**
           * @description The network’s id of the transaction.
           * @default null
           * @example T-1001
           */
          transactionId: string | null;
          /**
           * @description The amount, a decimal text; null: not known.
           * @default null
           * @example 12.5
           */
          amount: string | null;
          /**
           * @description The currency, an ISO 4217 code or that of a coin; null: not known.
           * @default null
           * @example USD
           */
          currency: string | null;
          /**
           * @description The status word that the test call carries.
           * @default null
           * @example approved
           */
          status: ('pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test') | null;
          /**
           * @description What happened, as the network names it; null: it named none.
           * @default null
           * @example deposit
           */
          event: string | null;
          /**
           * @description When it happened, as the network states it; never before the click.
           * @default null
           * @example null
           */
          occurredAt: string | null;
        };
      }[];
      /**
       * @description Report files as the network exports them, with what their rows become.
       * @default []
       */
      reports: {
        /**
         * @description What the example shows.
         * @example A sale with its commission.
         */
        note: string;
        /**
         * @description The file.
         * @example id,commission
         *     T-1,12.50
         */
        file: string;
        /** @description What must come of it. */
        expected: {
          /**
           * @description The click, by its id.
           * @default null
           * @example 06j2w9c4kq7m1x8r5t3v0y
           */
          clickId: string | null;
          /**
           * @description The network’s id of the transaction.
           * @default null
           * @example T-1001
           */
          transactionId: string | null;
          /**
           * @description The line of the order.
           * @default null
           * @example L-1
           */
          lineId: string | null;
          /**
           * @description The amount, a decimal text; null: not known.
           * @default null
           * @example 12.5
           */
          amount: string | null;
          /**
           * @description What was sold for.
           * @default null
           * @example 120
           */
          saleAmount: string | null;
          /**
           * @description The currency, an ISO 4217 code or that of a coin; null: not known.
           * @default null
           * @example USD
           */
          currency: string | null;
          /**
           * @description The status word that the test call carries.
           * @default null
           * @example approved
           */
          status: ('pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test') | null;
          /**
           * @description What happened, as the network names it; null: it named none.
           * @default null
           * @example deposit
           */
          event: string | null;
          /**
           * @description When it happened, as the network states it; never before the click.
           * @default null
           * @example null
           */
          occurredAt: string | null;
        }[];
      }[];
    };
    NewCampaignInput: {
      /**
       * @description The short name that you choose; it is in links and never changes.
       * @example summer-sale
       */
      key: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name?: string;
      /**
       * @description The source, by its key.
       * @example push-ads
       */
      sourceKey: string;
      /** @description The offers that clicks are shared out to. */
      offers: {
        /**
         * @description The offer, by its key.
         * @example vpn-trial
         */
        offerKey: string;
        /**
         * @description The offer’s share of the clicks, against the weights of the others.
         * @default 1
         * @example 1
         */
        weight?: number;
      }[];
      /**
       * @description How the ad network is called; null: it is not.
       * @default null
       */
      destination?: {
        /**
         * @description The URL that is called, with macros in braces.
         * @example https://ads.example/postback?cid={click_id}&value={value}
         */
        url: string;
        /**
         * @description The HTTP method.
         * @default GET
         * @example GET
         * @enum {string}
         */
        method?: 'GET' | 'POST' | 'PUT';
        /**
         * @description Headers by name.
         * @default {}
         * @example {
         *       "content-type": "application/json"
         *     }
         */
        headers?: {
          [key: string]: string;
        };
        /**
         * @description The body; null: none.
         * @default null
         * @example {"id":"{click_id}"}
         */
        body?: string | null;
        /**
         * @description Which conversions are sent.
         * @default {
         *       "statuses": [
         *         "approved"
         *       ],
         *       "events": [],
         *       "minAmount": null,
         *       "marks": []
         *     }
         */
        when?: {
          /**
           * @description States that are sent.
           * @default [
           *       "approved"
           *     ]
           * @example [
           *       "approved"
           *     ]
           */
          statuses?: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /**
           * @description Events that are sent; empty: every event.
           * @default []
           * @example [
           *       "deposit"
           *     ]
           */
          events?: string[];
          /**
           * @description Smaller conversions are not sent; null: all are.
           * @default null
           * @example 1
           */
          minAmount?: string | null;
          /**
           * @description Marks that are sent although such conversions are kept back by default.
           * @default []
           * @example [
           *       "late"
           *     ]
           */
          marks?: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @description How often one conversion is sent.
         * @default state
         * @example state
         * @enum {string}
         */
        frequency?: 'first' | 'state' | 'change';
        /**
         * @description What the money is multiplied by before it is sent.
         * @default 1
         * @example 1
         */
        valueScale?: string;
        /**
         * @description The currency that the ad network counts in; null: the conversion’s own.
         * @default null
         * @example EUR
         */
        valueCurrency?: string | null;
        /**
         * @description Which share of conversions is sent; a conversion is always or never sent.
         * @default 100
         * @example 100
         */
        sharePercent?: number;
        /**
         * @description Which answers mean success.
         * @default {
         *       "statuses": [
         *         "2xx"
         *       ],
         *       "bodyMatches": null,
         *       "bodyMustNotMatch": null
         *     }
         */
        successWhen?: {
          /**
           * @description HTTP statuses that mean success, exact or a class.
           * @default [
           *       "2xx"
           *     ]
           * @example [
           *       "2xx"
           *     ]
           */
          statuses?: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches?: string | null;
          /**
           * @description A pattern (RE2) that the body must not match; null: none.
           * @default null
           * @example error
           */
          bodyMustNotMatch?: string | null;
        };
        /**
         * @description Which other answers are tried again, besides 408, 425, 429 and 5xx.
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen?: {
          /**
           * @description HTTP statuses that are tried again, exact or a class.
           * @default []
           * @example [
           *       "401"
           *     ]
           */
          statuses?: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches?: string | null;
        };
        /**
         * @description How calls are signed; null: they are not.
         * @default null
         */
        signing?:
          | (
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example standard-webhooks
                   * @constant
                   */
                  kind: 'standard-webhooks';
                  /**
                   * @description One secret, or during a rotation two; shown as `[redacted]`.
                   * @example [
                   *       "whsec_bG9uZy1zZWNyZXQ="
                   *     ]
                   */
                  secrets: string[];
                }
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example hmac
                   * @constant
                   */
                  kind: 'hmac';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @example hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The text that is signed, with the macros of the destination.
                   * @example {click_id}:{value}
                   */
                  template: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                }
            )
          | null;
        /**
         * @description Values of `{secret.<name>}` in a template; shown as `[redacted]`.
         * @default {}
         * @example {
         *       "bot": "a-long-secret"
         *     }
         */
        secrets?: {
          [key: string]: string;
        };
        /**
         * @description Limits of calls, for all dispatch processes together.
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps?: {
          /**
           * @description How many calls may be open at once.
           * @default 32
           * @example 32
           */
          inFlight?: number;
          /**
           * @description How many calls may begin in a second; null: no limit.
           * @default null
           * @example 50
           */
          perSecond?: number | null;
        };
        /**
         * @description For a whole call, in milliseconds.
         * @default 20000
         * @example 20000
         */
        timeoutMs?: number;
        /**
         * @description For each phase of a call, in milliseconds.
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts?: {
          /**
           * @description Until the connection is open: name, TCP and TLS.
           * @default 5000
           * @example 5000
           */
          connectMs?: number;
          /**
           * @description From there to the head of the answer.
           * @default 15000
           * @example 15000
           */
          headersMs?: number;
          /**
           * @description From there to the end of the answer.
           * @default 5000
           * @example 5000
           */
          bodyMs?: number;
        };
        /**
         * @description Conversions that occurred earlier are not sent any more.
         * @default 90
         * @example 90
         */
        maxAgeDays?: number;
        /**
         * @description Sent instead when the conversion is rejected or reversed; null: nothing is.
         * @default null
         */
        onReversal?: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method?: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers?: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body?: string | null;
        } | null;
        /**
         * @description Sent when the amount changes after it was sent; null: `frequency` decides.
         * @default null
         */
        onRestatement?: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method?: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers?: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body?: string | null;
        } | null;
        /**
         * @description For mutual TLS; null: none.
         * @default null
         */
        clientCertificate?: {
          /**
           * @description The certificate as PEM.
           * @example -----BEGIN CERTIFICATE-----
           *     …
           *     -----END CERTIFICATE-----
           */
          cert: string;
          /**
           * @description The private key as PEM; shown as `[redacted]`.
           * @example -----BEGIN PRIVATE KEY-----
           *     …
           */
          key: string;
        } | null;
      } | null;
      /**
       * @description Tokens by which reports can be grouped.
       * @default []
       * @example [
       *       "zone",
       *       "creative"
       *     ]
       */
      reportTokens?: string[];
    };
    NewNetworkInput: {
      /**
       * @description The short name that you choose; it is in links and never changes.
       * @example summer-sale
       */
      key: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description The preset that the settings began with; null: none.
       * @default null
       * @example awin
       */
      preset?: string | null;
      /**
       * @description For each field the parameters it is read from, in order; without one the common names are tried.
       * @default {}
       * @example {
       *       "transactionId": [
       *         "order_id"
       *       ]
       *     }
       */
      params?: {
        [key: string]: string[];
      };
      /**
       * @description What each status word of the network means.
       * @default {}
       * @example {
       *       "ok": "approved",
       *       "trash": "rejected"
       *     }
       */
      statusMap?: {
        [key: string]: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
      };
      /**
       * @description The state of a report that names no status.
       * @default approved
       * @example approved
       * @enum {string}
       */
      defaultStatus?: 'pending' | 'approved' | 'rejected' | 'reversed';
      /**
       * @description The currency of amounts without one; null: such money is unknown.
       * @default null
       * @example USD
       */
      defaultCurrency?: string | null;
      /**
       * @description Which fields make two reports the same conversion.
       * @default transaction
       * @example transaction
       * @enum {string}
       */
      identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
      /**
       * @description What another amount for the same conversion does.
       * @default update
       * @example update
       * @enum {string}
       */
      duplicates?: 'update' | 'ignore' | 'add' | 'increment';
      /**
       * @description A prefix that marks a reversal’s transaction id and is cut off; null: none.
       * @default null
       * @example R-
       */
      reversalPrefix?: string | null;
      /**
       * @description How amounts are written; `auto` decides from the text and the currency.
       * @default auto
       * @example auto
       * @enum {string}
       */
      amountFormat?: 'auto' | 'dot' | 'comma' | 'minor';
      /**
       * @description Whether a later `pending` takes back an approval or a rejection.
       * @default false
       * @example false
       */
      reopens?: boolean;
      /**
       * @description Whether nothing changes a conversion once it is approved.
       * @default false
       * @example false
       */
      locksOnApproval?: boolean;
      /**
       * @description The network’s event words and the event names used here.
       * @default {}
       * @example {
       *       "reg": "registration"
       *     }
       */
      eventMap?: {
        [key: string]: string;
      };
      /**
       * @description Rules of single events, by event name.
       * @default {}
       */
      events?: {
        [key: string]: {
          /**
           * @description Which fields make two reports the same conversion.
           * @example transaction
           * @enum {string}
           */
          identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
          /**
           * @description What another amount for the same conversion does.
           * @example update
           * @enum {string}
           */
          duplicates?: 'update' | 'ignore' | 'add' | 'increment';
        };
      };
      /**
       * @description What a stated time is of: the report, or the sale.
       * @default event
       * @example event
       * @enum {string}
       */
      timeOf?: 'event' | 'sale';
      /**
       * @description The time zone of days, and of times that state none.
       * @default UTC
       * @example Europe/Berlin
       */
      timeZone?: string;
      /**
       * @description What the network’s calls are answered.
       * @default {
       *       "status": 200,
       *       "body": "OK"
       *     }
       */
      answer?: {
        /**
         * @description The HTTP status of the answer.
         * @default 200
         * @example 200
         */
        status?: number;
        /**
         * @description The text of the answer.
         * @default OK
         * @example OK
         */
        body?: string;
      };
      /**
       * @description What a call must show before it is believed; all that is switched on must hold.
       * @default {
       *       "requireToken": true,
       *       "cidrs": [],
       *       "secret": null,
       *       "signature": null,
       *       "hmac": null
       *     }
       */
      security?: {
        /**
         * @description Whether calls must come to the network’s own Postback URL.
         * @default true
         * @example true
         */
        requireToken?: boolean;
        /**
         * @description Addresses that calls may come from; empty: any.
         * @default []
         * @example [
         *       "203.0.113.0/24"
         *     ]
         */
        cidrs?: string[];
        /**
         * @description A parameter that must carry a secret word; null: none.
         * @default null
         */
        secret?: {
          /**
           * @description The parameter that carries it.
           * @example secret
           */
          param: string;
          /**
           * @description The secret word; shown as `[redacted]`.
           * @example a-long-secret
           */
          value: string;
        } | null;
        /**
         * @description How the network signs its calls; null: it does not.
         * @default null
         */
        signature?:
          | (
              | {
                  /**
                   * @description How the signed text is made.
                   * @example hmac
                   * @constant
                   */
                  kind: 'hmac';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @default hex
                   * @example hex
                   * @enum {string}
                   */
                  encoding?: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The parameter that carries it.
                   * @example sig
                   */
                  param?: string;
                  /**
                   * @description The header that carries it.
                   * @example x-signature
                   */
                  header?: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                  /**
                   * @description How many characters of the signature are sent; without it all.
                   * @example 32
                   */
                  truncate?: number;
                  /**
                   * @description The parameter with the time of signing, unix seconds or milliseconds.
                   * @example ts
                   */
                  timestampParam?: string;
                  /**
                   * @description The header with the time of signing, unix seconds or milliseconds.
                   * @example x-timestamp
                   */
                  timestampHeader?: string;
                  /**
                   * @description By how much the time of signing may be off.
                   * @default 300
                   * @example 300
                   */
                  toleranceSeconds?: number;
                  /**
                   * @description The text that is signed, with its parts in braces.
                   * @example {param:txid}:{secret}
                   */
                  template: string;
                }
              | {
                  /**
                   * @description How the signed text is made.
                   * @example digest
                   * @constant
                   */
                  kind: 'digest';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @default hex
                   * @example hex
                   * @enum {string}
                   */
                  encoding?: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The parameter that carries it.
                   * @example sig
                   */
                  param?: string;
                  /**
                   * @description The header that carries it.
                   * @example x-signature
                   */
                  header?: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                  /**
                   * @description How many characters of the signature are sent; without it all.
                   * @example 32
                   */
                  truncate?: number;
                  /**
                   * @description The parameter with the time of signing, unix seconds or milliseconds.
                   * @example ts
                   */
                  timestampParam?: string;
                  /**
                   * @description The header with the time of signing, unix seconds or milliseconds.
                   * @example x-timestamp
                   */
                  timestampHeader?: string;
                  /**
                   * @description By how much the time of signing may be off.
                   * @default 300
                   * @example 300
                   */
                  toleranceSeconds?: number;
                  /**
                   * @description The text that is signed, with its parts in braces.
                   * @example {param:txid}:{secret}
                   */
                  template: string;
                }
              | {
                  /**
                   * @description How the signed text is made.
                   * @example sorted-fields
                   * @constant
                   */
                  kind: 'sorted-fields';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @default hex
                   * @example hex
                   * @enum {string}
                   */
                  encoding?: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The parameter that carries it.
                   * @example sig
                   */
                  param?: string;
                  /**
                   * @description The header that carries it.
                   * @example x-signature
                   */
                  header?: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                  /**
                   * @description How many characters of the signature are sent; without it all.
                   * @example 32
                   */
                  truncate?: number;
                  /**
                   * @description The parameter with the time of signing, unix seconds or milliseconds.
                   * @example ts
                   */
                  timestampParam?: string;
                  /**
                   * @description The header with the time of signing, unix seconds or milliseconds.
                   * @example x-timestamp
                   */
                  timestampHeader?: string;
                  /**
                   * @description By how much the time of signing may be off.
                   * @default 300
                   * @example 300
                   */
                  toleranceSeconds?: number;
                  /**
                   * @description How each field enters the signed text.
                   * @example name=value
                   * @enum {string}
                   */
                  fields: 'value' | 'name=value';
                  /**
                   * @description Whether names and values are written as a form writes them before they are hashed.
                   * @default none
                   * @example none
                   * @enum {string}
                   */
                  encode?: 'none' | 'form';
                  /**
                   * @description What is between the fields of the signed text.
                   * @default
                   * @example &
                   */
                  joiner?: string;
                  /**
                   * @description Where the secret enters the signed text.
                   * @example end
                   * @enum {string}
                   */
                  secretAt: 'end' | 'after-each' | 'key';
                  /**
                   * @description Whether fields without a value are left out of the signed text.
                   * @default false
                   * @example false
                   */
                  skipEmpty?: boolean;
                }
              | {
                  /**
                   * @description How the signed text is made.
                   * @example clickbank
                   * @constant
                   */
                  kind: 'clickbank';
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                }
            )
          | null;
        /**
         * @description The older form of `signature`, an HMAC only; null: not used.
         * @default null
         */
        hmac?: {
          /**
           * @description The hash function.
           * @example sha256
           * @enum {string}
           */
          algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
          /**
           * @description How the bytes of the signature are written.
           * @example hex
           * @enum {string}
           */
          encoding: 'hex' | 'base64' | 'base64url';
          /**
           * @description The parameter that carries it.
           * @example sig
           */
          param?: string;
          /**
           * @description The header that carries it.
           * @example x-signature
           */
          header?: string;
          /**
           * @description The secret that signs; shown as `[redacted]`.
           * @example a-long-secret
           */
          secret: string;
          /**
           * @description How many characters of the signature are sent; without it all.
           * @example 32
           */
          truncate?: number;
          /**
           * @description The parameter with the time of signing, unix seconds or milliseconds.
           * @example ts
           */
          timestampParam?: string;
          /**
           * @description The header with the time of signing, unix seconds or milliseconds.
           * @example x-timestamp
           */
          timestampHeader?: string;
          /**
           * @description By how much the time of signing may be off.
           * @default 300
           * @example 300
           */
          toleranceSeconds?: number;
          /**
           * @description The text that is signed, with its parts in braces.
           * @example {param:txid}:{secret}
           */
          template: string;
        } | null;
      };
      /**
       * @description Paths of other trackers that this network may call.
       * @default []
       * @example [
       *       "tune"
       *     ]
       */
      dropIns?: ('voluum' | 'binom' | 'keitaro' | 'redtrack' | 'bemob' | 'tune')[];
      /**
       * @description How the network’s report file is read; null: what the file shows decides.
       * @default null
       */
      reportFile?: {
        /**
         * @description The encoding of the file.
         * @example utf-8
         * @enum {string}
         */
        charset?:
          | 'utf-8'
          | 'utf-16le'
          | 'utf-16be'
          | 'windows-1250'
          | 'windows-1251'
          | 'windows-1252'
          | 'windows-1253'
          | 'windows-1254'
          | 'windows-1255'
          | 'windows-1256'
          | 'windows-1257'
          | 'windows-1258'
          | 'iso-8859-2'
          | 'iso-8859-5'
          | 'iso-8859-7'
          | 'iso-8859-15'
          | 'koi8-r'
          | 'shift_jis'
          | 'gb18030';
        /**
         * @description The character between two fields.
         * @example ;
         * @enum {string}
         */
        delimiter?: ',' | ';' | '\t' | '|';
        /**
         * @description Number of the row that names the columns, from 1.
         * @example 1
         */
        headerRow?: number;
        /** @description The columns of the file, by the field that is read from them. */
        columns?: {
          /**
           * @description Columns with the click id, the first with a value counts.
           * @example [
           *       "subid"
           *     ]
           */
          clickId?: string[];
          /**
           * @description Columns with the transaction id.
           * @example [
           *       "Order ID"
           *     ]
           */
          transactionId?: string[];
          /**
           * @description Columns with the id of one line of an order.
           * @example [
           *       "Item ID"
           *     ]
           */
          lineId?: string[];
          /**
           * @description Columns with the payout.
           * @example [
           *       "Commission"
           *     ]
           */
          amount?: string[];
          /**
           * @description Columns with the currency.
           * @example [
           *       "Currency"
           *     ]
           */
          currency?: string[];
          /**
           * @description Columns with the status word.
           * @example [
           *       "Status"
           *     ]
           */
          status?: string[];
          /**
           * @description Columns with the event.
           * @example [
           *       "Action"
           *     ]
           */
          event?: string[];
          /**
           * @description Columns with the time of the conversion.
           * @example [
           *       "Date"
           *     ]
           */
          occurredAt?: string[];
          /**
           * @description Columns with the transaction id that is reversed.
           * @example [
           *       "Original order"
           *     ]
           */
          reversalOf?: string[];
          /**
           * @description Columns with the value of the sale.
           * @example [
           *       "Sale value"
           *     ]
           */
          saleAmount?: string[];
        };
        /**
         * @description How amounts of the file are written.
         * @example comma
         * @enum {string}
         */
        amountFormat?: 'dot' | 'comma' | 'minor';
        /**
         * @description Which of day and month comes first in dates.
         * @example dmy
         * @enum {string}
         */
        dateOrder?: 'ymd' | 'dmy' | 'mdy' | 'unix';
        /**
         * @description The time zone of days, and of times that state none.
         * @example Europe/Berlin
         */
        timeZone?: string;
        /** @description Status by other columns, the first rule that fits decides. */
        statusRules?: {
          /**
           * @description The column that decides.
           * @example Paid
           */
          column: string;
          /**
           * @description The text that the column must hold; without it any text.
           * @example yes
           */
          equals?: string;
          /**
           * @description The status that it means.
           * @example approved
           * @enum {string}
           */
          meaning: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
        }[];
        /**
         * @description Whether rows that are equal count each, or are refused.
         * @example separate
         * @enum {string}
         */
        equalRows?: 'separate' | 'refuse';
      } | null;
      /**
       * @description What the preset asks for: its `fields` by name.
       * @example {
       *       "GOAL_ID": "42"
       *     }
       */
      presetFields?: {
        [key: string]: string;
      };
    };
    NewOfferInput: {
      /**
       * @description The short name that you choose; it is in links and never changes.
       * @example summer-sale
       */
      key: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name?: string;
      /**
       * @description The network, by its key.
       * @example awin
       */
      networkKey: string;
      /**
       * @description The URL that is called, with macros in braces.
       * @example https://ads.example/postback?cid={click_id}&value={value}
       */
      url: string;
      /**
       * @description What a conversion pays.
       * @default {
       *       "mode": "postback"
       *     }
       */
      payout?: {
        /**
         * @description Where the payout comes from: the report, a fixed amount, or a share of the sale.
         * @default postback
         * @example fixed
         * @enum {string}
         */
        mode?: 'postback' | 'fixed' | 'percent';
        /**
         * @description The fixed payout, for the mode `fixed`.
         * @example 12.5
         */
        amount?: string;
        /**
         * @description The currency of the fixed payout.
         * @example USD
         */
        currency?: string;
        /**
         * @description The share of the sale, for the mode `percent`.
         * @example 30
         */
        percent?: number;
      };
      /**
       * @description For how many days after the click a conversion counts in time.
       * @default 30
       * @example 30
       */
      windowDays?: number;
      /**
       * @description A conversion sooner after its click is marked `too_early`.
       * @default 0
       * @example 0
       */
      minSeconds?: number;
      /**
       * @description A limit of what counts; what is over it is kept and marked `over_cap`; null: none.
       * @default null
       */
      cap?: {
        /**
         * @description The time that the cap is for.
         * @example day
         * @enum {string}
         */
        per: 'day' | 'month' | 'total';
        /**
         * @description How many conversions count.
         * @example 100
         */
        conversions?: number;
        /**
         * @description How much payout counts.
         * @example 500
         */
        payout?: string;
        /**
         * @description The currency of the cap’s payout.
         * @example USD
         */
        currency?: string;
        /**
         * @description The time zone of days, and of times that state none.
         * @default UTC
         * @example Europe/Berlin
         */
        timeZone?: string;
      } | null;
      /**
       * @description Pending conversions approve by themselves after so many days; null: they wait.
       * @default null
       * @example 30
       */
      holdDays?: number | null;
    };
    NewSourceInput: {
      /**
       * @description The short name that you choose; it is in links and never changes.
       * @example summer-sale
       */
      key: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description The preset that the settings began with; null: none.
       * @default null
       * @example awin
       */
      preset?: string | null;
      /**
       * @description The parameter of the click link that carries the source’s own click id.
       * @default click_id
       * @example click_id
       */
      externalIdParam?: string;
      /**
       * @description Our name of each token and the parameter of the click link it comes in.
       * @default {}
       * @example {
       *       "zone": "zone_id"
       *     }
       */
      tokens?: {
        [key: string]: string;
      };
      /**
       * @description What a click costs.
       * @default {
       *       "model": "none",
       *       "param": null,
       *       "amount": null,
       *       "currency": "USD"
       *     }
       */
      cost?: {
        /**
         * @description What the source charges for.
         * @default none
         * @example cpc
         * @enum {string}
         */
        model?: 'none' | 'cpc' | 'cpm' | 'cpa' | 'revshare';
        /**
         * @description The parameter of the click link that carries the cost; null: none does.
         * @default null
         * @example bid
         */
        param?: string | null;
        /**
         * @description A fixed cost, where no parameter carries one; null: none.
         * @default null
         * @example 0.05
         */
        amount?: string | null;
        /**
         * @description The currency of the cost.
         * @default USD
         * @example USD
         */
        currency?: string;
      };
      /**
       * @description How the ad network is called; null: it is not.
       * @default null
       */
      destination?: {
        /**
         * @description The URL that is called, with macros in braces.
         * @example https://ads.example/postback?cid={click_id}&value={value}
         */
        url: string;
        /**
         * @description The HTTP method.
         * @default GET
         * @example GET
         * @enum {string}
         */
        method?: 'GET' | 'POST' | 'PUT';
        /**
         * @description Headers by name.
         * @default {}
         * @example {
         *       "content-type": "application/json"
         *     }
         */
        headers?: {
          [key: string]: string;
        };
        /**
         * @description The body; null: none.
         * @default null
         * @example {"id":"{click_id}"}
         */
        body?: string | null;
        /**
         * @description Which conversions are sent.
         * @default {
         *       "statuses": [
         *         "approved"
         *       ],
         *       "events": [],
         *       "minAmount": null,
         *       "marks": []
         *     }
         */
        when?: {
          /**
           * @description States that are sent.
           * @default [
           *       "approved"
           *     ]
           * @example [
           *       "approved"
           *     ]
           */
          statuses?: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /**
           * @description Events that are sent; empty: every event.
           * @default []
           * @example [
           *       "deposit"
           *     ]
           */
          events?: string[];
          /**
           * @description Smaller conversions are not sent; null: all are.
           * @default null
           * @example 1
           */
          minAmount?: string | null;
          /**
           * @description Marks that are sent although such conversions are kept back by default.
           * @default []
           * @example [
           *       "late"
           *     ]
           */
          marks?: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @description How often one conversion is sent.
         * @default state
         * @example state
         * @enum {string}
         */
        frequency?: 'first' | 'state' | 'change';
        /**
         * @description What the money is multiplied by before it is sent.
         * @default 1
         * @example 1
         */
        valueScale?: string;
        /**
         * @description The currency that the ad network counts in; null: the conversion’s own.
         * @default null
         * @example EUR
         */
        valueCurrency?: string | null;
        /**
         * @description Which share of conversions is sent; a conversion is always or never sent.
         * @default 100
         * @example 100
         */
        sharePercent?: number;
        /**
         * @description Which answers mean success.
         * @default {
         *       "statuses": [
         *         "2xx"
         *       ],
         *       "bodyMatches": null,
         *       "bodyMustNotMatch": null
         *     }
         */
        successWhen?: {
          /**
           * @description HTTP statuses that mean success, exact or a class.
           * @default [
           *       "2xx"
           *     ]
           * @example [
           *       "2xx"
           *     ]
           */
          statuses?: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches?: string | null;
          /**
           * @description A pattern (RE2) that the body must not match; null: none.
           * @default null
           * @example error
           */
          bodyMustNotMatch?: string | null;
        };
        /**
         * @description Which other answers are tried again, besides 408, 425, 429 and 5xx.
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen?: {
          /**
           * @description HTTP statuses that are tried again, exact or a class.
           * @default []
           * @example [
           *       "401"
           *     ]
           */
          statuses?: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches?: string | null;
        };
        /**
         * @description How calls are signed; null: they are not.
         * @default null
         */
        signing?:
          | (
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example standard-webhooks
                   * @constant
                   */
                  kind: 'standard-webhooks';
                  /**
                   * @description One secret, or during a rotation two; shown as `[redacted]`.
                   * @example [
                   *       "whsec_bG9uZy1zZWNyZXQ="
                   *     ]
                   */
                  secrets: string[];
                }
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example hmac
                   * @constant
                   */
                  kind: 'hmac';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @example hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The text that is signed, with the macros of the destination.
                   * @example {click_id}:{value}
                   */
                  template: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                }
            )
          | null;
        /**
         * @description Values of `{secret.<name>}` in a template; shown as `[redacted]`.
         * @default {}
         * @example {
         *       "bot": "a-long-secret"
         *     }
         */
        secrets?: {
          [key: string]: string;
        };
        /**
         * @description Limits of calls, for all dispatch processes together.
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps?: {
          /**
           * @description How many calls may be open at once.
           * @default 32
           * @example 32
           */
          inFlight?: number;
          /**
           * @description How many calls may begin in a second; null: no limit.
           * @default null
           * @example 50
           */
          perSecond?: number | null;
        };
        /**
         * @description For a whole call, in milliseconds.
         * @default 20000
         * @example 20000
         */
        timeoutMs?: number;
        /**
         * @description For each phase of a call, in milliseconds.
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts?: {
          /**
           * @description Until the connection is open: name, TCP and TLS.
           * @default 5000
           * @example 5000
           */
          connectMs?: number;
          /**
           * @description From there to the head of the answer.
           * @default 15000
           * @example 15000
           */
          headersMs?: number;
          /**
           * @description From there to the end of the answer.
           * @default 5000
           * @example 5000
           */
          bodyMs?: number;
        };
        /**
         * @description Conversions that occurred earlier are not sent any more.
         * @default 90
         * @example 90
         */
        maxAgeDays?: number;
        /**
         * @description Sent instead when the conversion is rejected or reversed; null: nothing is.
         * @default null
         */
        onReversal?: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method?: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers?: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body?: string | null;
        } | null;
        /**
         * @description Sent when the amount changes after it was sent; null: `frequency` decides.
         * @default null
         */
        onRestatement?: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method?: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers?: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body?: string | null;
        } | null;
        /**
         * @description For mutual TLS; null: none.
         * @default null
         */
        clientCertificate?: {
          /**
           * @description The certificate as PEM.
           * @example -----BEGIN CERTIFICATE-----
           *     …
           *     -----END CERTIFICATE-----
           */
          cert: string;
          /**
           * @description The private key as PEM; shown as `[redacted]`.
           * @example -----BEGIN PRIVATE KEY-----
           *     …
           */
          key: string;
        } | null;
      } | null;
      /**
       * @description What the preset asks for: its `fields` by name.
       * @example {
       *       "GOAL_ID": "42"
       *     }
       */
      presetFields?: {
        [key: string]: string;
      };
    };
    NewToken: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description What may be done; each role includes the one before it.
       * @example editor
       * @enum {string}
       */
      role: 'viewer' | 'editor' | 'admin';
      /**
       * @description The user; null: none.
       * @example 01990000-0000-7000-8000-000000000000
       */
      userId: string | null;
      /**
       * @description Whether a viewer sees addresses and user agents of visitors.
       * @example false
       */
      seesVisitors: boolean;
      /**
       * Format: date-time
       * @description When it was made.
       * @example 2026-03-01T12:00:00.000Z
       */
      createdAt: string;
      /**
       * @description When it ends; null: it does not.
       * @example 2026-03-01T12:00:00.000Z
       */
      expiresAt: string | null;
      /**
       * @description When it was last used, to the minute; null: never.
       * @example 2026-03-01T12:00:00.000Z
       */
      lastUsedAt: string | null;
      /**
       * @description From which address; null: never.
       * @example 198.51.100.7
       */
      lastUsedIp: string | null;
      /**
       * @description When it was revoked; null: it is valid.
       * @example 2026-03-01T12:00:00.000Z
       */
      revokedAt: string | null;
      /**
       * @description The token itself, shown only here.
       * @example carom_aBcD1234
       */
      token: string;
    };
    Offer: {
      /**
       * @description The short name that you choose; it is in links and never changes.
       * @example summer-sale
       */
      key: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name?: string;
      /**
       * @description The network, by its key.
       * @example awin
       */
      networkKey: string;
      /**
       * @description The URL that is called, with macros in braces.
       * @example https://ads.example/postback?cid={click_id}&value={value}
       */
      url: string;
      /**
       * @description What a conversion pays.
       * @default {
       *       "mode": "postback"
       *     }
       */
      payout: {
        /**
         * @description Where the payout comes from: the report, a fixed amount, or a share of the sale.
         * @default postback
         * @example fixed
         * @enum {string}
         */
        mode: 'postback' | 'fixed' | 'percent';
        /**
         * @description The fixed payout, for the mode `fixed`.
         * @example 12.5
         */
        amount?: string;
        /**
         * @description The currency of the fixed payout.
         * @example USD
         */
        currency?: string;
        /**
         * @description The share of the sale, for the mode `percent`.
         * @example 30
         */
        percent?: number;
      };
      /**
       * @description For how many days after the click a conversion counts in time.
       * @default 30
       * @example 30
       */
      windowDays: number;
      /**
       * @description A conversion sooner after its click is marked `too_early`.
       * @default 0
       * @example 0
       */
      minSeconds: number;
      /**
       * @description A limit of what counts; what is over it is kept and marked `over_cap`; null: none.
       * @default null
       */
      cap: {
        /**
         * @description The time that the cap is for.
         * @example day
         * @enum {string}
         */
        per: 'day' | 'month' | 'total';
        /**
         * @description How many conversions count.
         * @example 100
         */
        conversions?: number;
        /**
         * @description How much payout counts.
         * @example 500
         */
        payout?: string;
        /**
         * @description The currency of the cap’s payout.
         * @example USD
         */
        currency?: string;
        /**
         * @description The time zone of days, and of times that state none.
         * @default UTC
         * @example Europe/Berlin
         */
        timeZone: string;
      } | null;
      /**
       * @description Pending conversions approve by themselves after so many days; null: they wait.
       * @default null
       * @example 30
       */
      holdDays: number | null;
      /**
       * @description A short number that Carom gives and never uses again; click ids hold it.
       * @example 12
       */
      number: number;
      /**
       * @description Rises by one with each change; send it as `If-Match` to change only what you read.
       * @example 3
       */
      version: number;
      /**
       * Format: date-time
       * @description When it was made.
       * @example 2026-03-01T12:00:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description When it was last changed.
       * @example 2026-03-01T12:00:00.000Z
       */
      changedAt: string;
    };
    OneTimeLink: {
      /**
       * @description Works once.
       * @example https://console.example/join?code=…
       */
      url: string;
      /**
       * Format: date-time
       * @description When it ends; null: it does not.
       * @example 2026-03-01T12:00:00.000Z
       */
      expiresAt: string;
    };
    ParkedRecord: {
      /**
       * @description Its id.
       * @example WyJjYXJvbS5wb3N0YmFja3MudjEiLCIwIl0
       */
      id: string;
      /**
       * @description The Kafka topic.
       * @example carom.postbacks.v1
       */
      topic: string;
      /**
       * @description The partition of the topic.
       * @example 0
       */
      partition: number;
      /**
       * @description The offset on the partition.
       * @example 1042
       */
      offset: string;
      /**
       * @description The consumer that set it aside.
       * @example attribution
       */
      consumer: string;
      /**
       * @description The key of the record; null: none.
       * @example awin/T-1001
       */
      key: string | null;
      /**
       * @description The size of the value; null: it has none here.
       * @example 512
       */
      valueBytes: number | null;
      /**
       * @description Why; null: there is nothing to explain.
       * @example status_503
       */
      reason: string;
      /**
       * @description What went wrong; null: not known.
       * @example Unexpected end of JSON input
       */
      error: string | null;
      /**
       * Format: date-time
       * @description When it was set aside.
       * @example 2026-03-01T12:00:00.000Z
       */
      parkedAt: string;
      /**
       * @description When it was settled; null: it is open.
       * @example 2026-03-01T12:00:00.000Z
       */
      resolvedAt: string | null;
      /**
       * @description How it was settled; null: it is open.
       * @example released
       */
      resolution: ('released' | 'dismissed') | null;
      /**
       * @description What was read; null: it cannot be read.
       * @example 12.5
       */
      value: string | null;
      /**
       * @description Whether the value is text or base64; null: no value.
       * @example utf8
       */
      valueEncoding: ('utf8' | 'base64') | null;
      /**
       * @description Headers by name.
       * @example {
       *       "content-type": "application/json"
       *     }
       */
      headers: {
        [key: string]: string;
      };
    };
    ParkedSummary: {
      /**
       * @description Its id.
       * @example WyJjYXJvbS5wb3N0YmFja3MudjEiLCIwIl0
       */
      id: string;
      /**
       * @description The Kafka topic.
       * @example carom.postbacks.v1
       */
      topic: string;
      /**
       * @description The partition of the topic.
       * @example 0
       */
      partition: number;
      /**
       * @description The offset on the partition.
       * @example 1042
       */
      offset: string;
      /**
       * @description The consumer that set it aside.
       * @example attribution
       */
      consumer: string;
      /**
       * @description The key of the record; null: none.
       * @example awin/T-1001
       */
      key: string | null;
      /**
       * @description The size of the value; null: it has none here.
       * @example 512
       */
      valueBytes: number | null;
      /**
       * @description Why; null: there is nothing to explain.
       * @example status_503
       */
      reason: string;
      /**
       * @description What went wrong; null: not known.
       * @example Unexpected end of JSON input
       */
      error: string | null;
      /**
       * Format: date-time
       * @description When it was set aside.
       * @example 2026-03-01T12:00:00.000Z
       */
      parkedAt: string;
      /**
       * @description When it was settled; null: it is open.
       * @example 2026-03-01T12:00:00.000Z
       */
      resolvedAt: string | null;
      /**
       * @description How it was settled; null: it is open.
       * @example released
       */
      resolution: ('released' | 'dismissed') | null;
    };
    Postback: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * Format: date-time
       * @description When the call came in.
       * @example 2026-03-01T12:00:00.000Z
       */
      receivedAt: string;
      /**
       * Format: date-time
       * @description When it was last decided.
       * @example 2026-03-01T12:00:00.000Z
       */
      decidedAt: string;
      /**
       * @description The network, by its key.
       * @example awin
       */
      networkKey: string | null;
      /**
       * @description What became of the call.
       * @example applied
       * @enum {string}
       */
      state: 'applied' | 'duplicate' | 'refused' | 'orphan' | 'parked';
      /**
       * @description Why it was refused, a code of `GET /refusals`; null: it was not.
       * @example status_unmapped
       */
      refusal: string | null;
      /**
       * @description The way it came in.
       * @example postback
       */
      channel: string;
      /**
       * @description How the network was recognised.
       * @example token
       */
      authenticatedBy: string;
      /**
       * @description What shows that the call comes from its network; null: it is not known.
       * @example token
       */
      proof: string | null;
      /**
       * @description The click, by its id.
       * @example 06j2w9c4kq7m1x8r5t3v0y
       */
      clickId: string | null;
      /**
       * @description The network’s id of the transaction.
       * @example T-1001
       */
      transactionId: string | null;
      /**
       * @description The status word as the network wrote it.
       * @example ok
       */
      statusWord: string | null;
      /** @description Each field as it was read; null: the call says nothing about it. */
      read: components['schemas']['Reading'];
      /** @description What was noticed while it was read. */
      problems: {
        /**
         * @description Which problem.
         * @example amount_unreadable
         */
        code: string;
        /**
         * @description The parameter that it is about; null: the whole call.
         * @example payout
         */
        param: string | null;
      }[];
      /**
       * @description The address that the call came from.
       * @example 203.0.113.9
       */
      remoteAddress: string | null;
      /**
       * @description The upload that the row came from, or comes from; a UUID of version 7.
       * @example 01990000-0000-7000-8000-000000000000
       */
      uploadId: string | null;
      /**
       * @description The conversion.
       * @example 01990000-0000-7000-8000-000000000000
       */
      conversionId: string | null;
      /**
       * @description The campaign, by its key.
       * @example summer-sale
       */
      campaignKey: string | null;
      /**
       * @description The source, by its key.
       * @example push-ads
       */
      sourceKey: string | null;
      /**
       * @description The offer, by its key.
       * @example vpn-trial
       */
      offerKey: string | null;
      /**
       * @description The source’s own click id.
       * @example wXyZ-0042
       */
      externalId: string | null;
      /**
       * @description Whether it is a test, which reports leave out.
       * @example false
       */
      test: boolean;
      /**
       * @description Whether destinations receive nothing of it.
       * @example false
       */
      suppressDelivery: boolean;
      /**
       * @description How often it was replayed.
       * @example 0
       */
      replayCount: number;
      /** @description The refusal in words; null: it was not refused. */
      explanation: {
        /**
         * @description What it means.
         * @example The status word is not in the map of this network.
         */
        sentence: string;
        /**
         * @description What to do.
         * @example Map the word, then replay the call.
         */
        remedy: string;
        /**
         * @description Whether a replay can change the outcome after a setting has changed.
         * @example true
         */
        replayable: boolean;
      } | null;
      /** @description The call as it came, with secrets hidden. */
      raw: {
        /**
         * @description The HTTP method.
         * @example GET
         */
        method: string;
        /**
         * @description Path and query of the call.
         * @example /postback?click_id=abc&txid=T-1001&payout=12.50
         */
        target: string;
        /**
         * @description Headers of the call, with secrets hidden.
         * @example {
         *       "user-agent": "curl/8"
         *     }
         */
        headers: {
          [key: string]: string;
        };
        /**
         * @description The body of the call; null: none.
         * @example txid=T-1001
         */
        body: string | null;
        /**
         * @description Whether the body is text or, if it is no text, base64.
         * @example utf8
         * @enum {string}
         */
        bodyEncoding: 'utf8' | 'base64';
        /**
         * @description The address that the call came from.
         * @example 203.0.113.9
         */
        remoteAddress: string | null;
      };
      /** @description Its replays, each with its time and outcome. */
      replays: ({
        /**
         * Format: date-time
         * @description When.
         * @example 2026-03-01T12:00:00.000Z
         */
        at: string;
      } & {
        [key: string]: unknown;
      })[];
    };
    PostbackReplay: {
      /**
       * @description Only says what would happen; nothing is written or sent.
       * @example true
       */
      dryRun: boolean;
      /**
       * @description How many the filter found.
       * @example 12
       */
      matched: number;
      /**
       * @description How many are put back, or would be.
       * @example 10
       */
      replayed: number;
      /** @description How many are left alone, by reason. */
      skipped: {
        /**
         * @description A replay cannot change their outcome.
         * @example 0
         */
        not_replayable: number;
        /**
         * @description Their caller gave no proof, and the filter does not name their refusal.
         * @example 0
         */
        not_named: number;
        /**
         * @description They read the same as before.
         * @example 2
         */
        unchanged: number;
      };
      /**
       * @description In how many calls each field reads differently.
       * @example {
       *       "status": 10
       *     }
       */
      changes: {
        [key: string]: number;
      };
      /**
       * @description How many are decided by the rules, and how many are refused by which code.
       * @example {
       *       "decided": 10
       *     }
       */
      becomes: {
        [key: string]: number;
      };
      /** @description Some of them. */
      sample: {
        /**
         * Format: uuid
         * @description Its id.
         * @example 01990000-0000-7000-8000-000000000000
         */
        id: string;
        /**
         * @description What became of it.
         * @example approved
         */
        state: string;
        /**
         * @description Why it was refused, a code of `GET /refusals`; null: it was not.
         * @example status_unmapped
         */
        refusal: string | null;
        /**
         * @description `decided`, or the code by which it is refused.
         * @example decided
         */
        becomes: string;
        /**
         * @description The conversion.
         * @example 01990000-0000-7000-8000-000000000000
         */
        conversionId: string | null;
        /**
         * @description The fields that read differently.
         * @example [
         *       "status"
         *     ]
         */
        changed: string[];
        /**
         * @description How it was before.
         * @example {
         *       "status": null
         *     }
         */
        before: {
          [key: string]: string | null;
        };
        /**
         * @description How it is afterwards.
         * @example {
         *       "status": "approved"
         *     }
         */
        after: {
          [key: string]: string | null;
        };
      }[];
      /** @description Of a dry run: what would change; null: it is none. */
      moves: {
        /**
         * @description How many conversions would change.
         * @example 10
         */
        conversionsChanged: number;
        /** @description How many by state. */
        states: {
          /**
           * @description By how many conversions more or less are pending.
           * @example -10
           */
          pending: number;
          /**
           * @description By how many conversions more or less are approved.
           * @example 10
           */
          approved: number;
          /**
           * @description By how many conversions more or less are rejected.
           * @example 0
           */
          rejected: number;
          /**
           * @description By how many conversions more or less are reversed.
           * @example 0
           */
          reversed: number;
        };
        /** @description Its money by state; null: not known. */
        money: {
          /**
           * @description The currency, an ISO 4217 code or that of a coin; null: not known.
           * @example USD
           */
          currency: string;
          /**
           * @description Not decided yet.
           * @example 0
           */
          pending: string;
          /**
           * @description Approved.
           * @example 12.5
           */
          approved: string;
          /**
           * @description Rejected.
           * @example 0
           */
          rejected: string;
          /**
           * @description Taken back after an approval.
           * @example 0
           */
          reversed: string;
        }[];
      } | null;
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
    };
    PostbackSummary: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * Format: date-time
       * @description When the call came in.
       * @example 2026-03-01T12:00:00.000Z
       */
      receivedAt: string;
      /**
       * Format: date-time
       * @description When it was last decided.
       * @example 2026-03-01T12:00:00.000Z
       */
      decidedAt: string;
      /**
       * @description The network, by its key.
       * @example awin
       */
      networkKey: string | null;
      /**
       * @description What became of the call.
       * @example applied
       * @enum {string}
       */
      state: 'applied' | 'duplicate' | 'refused' | 'orphan' | 'parked';
      /**
       * @description Why it was refused, a code of `GET /refusals`; null: it was not.
       * @example status_unmapped
       */
      refusal: string | null;
      /**
       * @description The way it came in.
       * @example postback
       */
      channel: string;
      /**
       * @description How the network was recognised.
       * @example token
       */
      authenticatedBy: string;
      /**
       * @description What shows that the call comes from its network; null: it is not known.
       * @example token
       */
      proof: string | null;
      /**
       * @description The click, by its id.
       * @example 06j2w9c4kq7m1x8r5t3v0y
       */
      clickId: string | null;
      /**
       * @description The network’s id of the transaction.
       * @example T-1001
       */
      transactionId: string | null;
      /**
       * @description The status word as the network wrote it.
       * @example ok
       */
      statusWord: string | null;
      /** @description Each field as it was read; null: the call says nothing about it. */
      read: components['schemas']['Reading'];
      /** @description What was noticed while it was read. */
      problems: {
        /**
         * @description Which problem.
         * @example amount_unreadable
         */
        code: string;
        /**
         * @description The parameter that it is about; null: the whole call.
         * @example payout
         */
        param: string | null;
      }[];
      /**
       * @description The address that the call came from.
       * @example 203.0.113.9
       */
      remoteAddress: string | null;
      /**
       * @description The upload that the row came from, or comes from; a UUID of version 7.
       * @example 01990000-0000-7000-8000-000000000000
       */
      uploadId: string | null;
      /**
       * @description The conversion.
       * @example 01990000-0000-7000-8000-000000000000
       */
      conversionId: string | null;
      /**
       * @description The campaign, by its key.
       * @example summer-sale
       */
      campaignKey: string | null;
      /**
       * @description The source, by its key.
       * @example push-ads
       */
      sourceKey: string | null;
      /**
       * @description The offer, by its key.
       * @example vpn-trial
       */
      offerKey: string | null;
      /**
       * @description The source’s own click id.
       * @example wXyZ-0042
       */
      externalId: string | null;
      /**
       * @description Whether it is a test, which reports leave out.
       * @example false
       */
      test: boolean;
      /**
       * @description Whether destinations receive nothing of it.
       * @example false
       */
      suppressDelivery: boolean;
      /**
       * @description How often it was replayed.
       * @example 0
       */
      replayCount: number;
    };
    PreviewDestinationAnswer: {
      /**
       * @description Whether the conversion is sent under these settings.
       * @example true
       */
      send: boolean;
      /**
       * @description Why; null: there is nothing to explain.
       * @example status_503
       */
      reason: string | null;
      /**
       * @description The method; null: nothing is sent.
       * @example GET
       */
      method: string | null;
      /**
       * @description The URL that is called; null: nothing is sent.
       * @example https://ads.example/postback?cid=abc
       */
      url: string | null;
      /**
       * @description Headers by name.
       * @example {
       *       "content-type": "application/json"
       *     }
       */
      headers: {
        [key: string]: string;
      };
      /**
       * @description The body; null: none.
       * @example {"id":"{click_id}"}
       */
      body: string | null;
      /** @description Whether Carom may call this address. */
      address: {
        /**
         * @description Whether it may be called.
         * @example true
         */
        allowed: boolean;
        /**
         * @description Why; null: there is nothing to explain.
         * @example status_503
         */
        reason: string | null;
      };
      /** @description What was noticed while it was read. */
      problems: components['schemas']['Finding'][];
    };
    PreviewDestinationBody: {
      /** @description How the ad network is called; null: it is not. */
      destination?: {
        /**
         * @description The URL that is called, with macros in braces.
         * @example https://ads.example/postback?cid={click_id}&value={value}
         */
        url: string;
        /**
         * @description The HTTP method.
         * @default GET
         * @example GET
         * @enum {string}
         */
        method?: 'GET' | 'POST' | 'PUT';
        /**
         * @description Headers by name.
         * @default {}
         * @example {
         *       "content-type": "application/json"
         *     }
         */
        headers?: {
          [key: string]: string;
        };
        /**
         * @description The body; null: none.
         * @default null
         * @example {"id":"{click_id}"}
         */
        body?: string | null;
        /**
         * @description Which conversions are sent.
         * @default {
         *       "statuses": [
         *         "approved"
         *       ],
         *       "events": [],
         *       "minAmount": null,
         *       "marks": []
         *     }
         */
        when?: {
          /**
           * @description States that are sent.
           * @default [
           *       "approved"
           *     ]
           * @example [
           *       "approved"
           *     ]
           */
          statuses?: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /**
           * @description Events that are sent; empty: every event.
           * @default []
           * @example [
           *       "deposit"
           *     ]
           */
          events?: string[];
          /**
           * @description Smaller conversions are not sent; null: all are.
           * @default null
           * @example 1
           */
          minAmount?: string | null;
          /**
           * @description Marks that are sent although such conversions are kept back by default.
           * @default []
           * @example [
           *       "late"
           *     ]
           */
          marks?: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @description How often one conversion is sent.
         * @default state
         * @example state
         * @enum {string}
         */
        frequency?: 'first' | 'state' | 'change';
        /**
         * @description What the money is multiplied by before it is sent.
         * @default 1
         * @example 1
         */
        valueScale?: string;
        /**
         * @description The currency that the ad network counts in; null: the conversion’s own.
         * @default null
         * @example EUR
         */
        valueCurrency?: string | null;
        /**
         * @description Which share of conversions is sent; a conversion is always or never sent.
         * @default 100
         * @example 100
         */
        sharePercent?: number;
        /**
         * @description Which answers mean success.
         * @default {
         *       "statuses": [
         *         "2xx"
         *       ],
         *       "bodyMatches": null,
         *       "bodyMustNotMatch": null
         *     }
         */
        successWhen?: {
          /**
           * @description HTTP statuses that mean success, exact or a class.
           * @default [
           *       "2xx"
           *     ]
           * @example [
           *       "2xx"
           *     ]
           */
          statuses?: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches?: string | null;
          /**
           * @description A pattern (RE2) that the body must not match; null: none.
           * @default null
           * @example error
           */
          bodyMustNotMatch?: string | null;
        };
        /**
         * @description Which other answers are tried again, besides 408, 425, 429 and 5xx.
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen?: {
          /**
           * @description HTTP statuses that are tried again, exact or a class.
           * @default []
           * @example [
           *       "401"
           *     ]
           */
          statuses?: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches?: string | null;
        };
        /**
         * @description How calls are signed; null: they are not.
         * @default null
         */
        signing?:
          | (
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example standard-webhooks
                   * @constant
                   */
                  kind: 'standard-webhooks';
                  /**
                   * @description One secret, or during a rotation two; shown as `[redacted]`.
                   * @example [
                   *       "whsec_bG9uZy1zZWNyZXQ="
                   *     ]
                   */
                  secrets: string[];
                }
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example hmac
                   * @constant
                   */
                  kind: 'hmac';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @example hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The text that is signed, with the macros of the destination.
                   * @example {click_id}:{value}
                   */
                  template: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                }
            )
          | null;
        /**
         * @description Values of `{secret.<name>}` in a template; shown as `[redacted]`.
         * @default {}
         * @example {
         *       "bot": "a-long-secret"
         *     }
         */
        secrets?: {
          [key: string]: string;
        };
        /**
         * @description Limits of calls, for all dispatch processes together.
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps?: {
          /**
           * @description How many calls may be open at once.
           * @default 32
           * @example 32
           */
          inFlight?: number;
          /**
           * @description How many calls may begin in a second; null: no limit.
           * @default null
           * @example 50
           */
          perSecond?: number | null;
        };
        /**
         * @description For a whole call, in milliseconds.
         * @default 20000
         * @example 20000
         */
        timeoutMs?: number;
        /**
         * @description For each phase of a call, in milliseconds.
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts?: {
          /**
           * @description Until the connection is open: name, TCP and TLS.
           * @default 5000
           * @example 5000
           */
          connectMs?: number;
          /**
           * @description From there to the head of the answer.
           * @default 15000
           * @example 15000
           */
          headersMs?: number;
          /**
           * @description From there to the end of the answer.
           * @default 5000
           * @example 5000
           */
          bodyMs?: number;
        };
        /**
         * @description Conversions that occurred earlier are not sent any more.
         * @default 90
         * @example 90
         */
        maxAgeDays?: number;
        /**
         * @description Sent instead when the conversion is rejected or reversed; null: nothing is.
         * @default null
         */
        onReversal?: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method?: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers?: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body?: string | null;
        } | null;
        /**
         * @description Sent when the amount changes after it was sent; null: `frequency` decides.
         * @default null
         */
        onRestatement?: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method?: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers?: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body?: string | null;
        } | null;
        /**
         * @description For mutual TLS; null: none.
         * @default null
         */
        clientCertificate?: {
          /**
           * @description The certificate as PEM.
           * @example -----BEGIN CERTIFICATE-----
           *     …
           *     -----END CERTIFICATE-----
           */
          cert: string;
          /**
           * @description The private key as PEM; shown as `[redacted]`.
           * @example -----BEGIN PRIVATE KEY-----
           *     …
           */
          key: string;
        } | null;
      };
      /**
       * @description The destination, by its owner.
       * @example source:push-ads
       */
      destinationKey?: string;
      /**
       * @description The source, by its key.
       * @example push-ads
       */
      sourceKey?: string;
      /**
       * Format: uuid
       * @description The conversion.
       * @example 01990000-0000-7000-8000-000000000000
       */
      conversionId?: string;
      /**
       * @description The click of a made-up conversion.
       * @default {}
       */
      click?: {
        /**
         * @description The source’s own click id.
         * @default null
         * @example wXyZ-0042
         */
        externalId?: string | null;
        /**
         * @description Values of the click’s tokens, by name.
         * @default {}
         * @example {
         *       "zone": "771"
         *     }
         */
        tokens?: {
          [key: string]: string;
        };
        /**
         * @description When.
         * @default null
         * @example null
         */
        at?: string | null;
        /**
         * @description The address of the visitor.
         * @default null
         * @example 198.51.100.7
         */
        ip?: string | null;
        /**
         * @description The user agent of the visitor.
         * @default null
         * @example Mozilla/5.0
         */
        userAgent?: string | null;
      };
      /**
       * @description A made-up conversion.
       * @default {}
       */
      conversion?: {
        /**
         * @description The network’s id of the transaction.
         * @default null
         * @example T-1001
         */
        transactionId?: string | null;
        /**
         * @description The amount, a decimal text; null: not known.
         * @default null
         * @example 12.5
         */
        amount?: string | null;
        /**
         * @description The currency, an ISO 4217 code or that of a coin; null: not known.
         * @default null
         * @example USD
         */
        currency?: string | null;
        /**
         * @description What became of it.
         * @default approved
         * @example approved
         * @enum {string}
         */
        state?: 'pending' | 'approved' | 'rejected' | 'reversed';
        /**
         * @description What happened, as the network names it; null: it named none.
         * @default null
         * @example deposit
         */
        event?: string | null;
        /**
         * @description When it happened, as the network states it; never before the click.
         * @default null
         * @example null
         */
        occurredAt?: string | null;
      };
    };
    PreviewReadingAnswer: {
      /** @description Each field as it was read; null: the call says nothing about it. */
      read: {
        [key: string]: {
          /**
           * @description What was read; null: it cannot be read.
           * @example 12.5
           */
          value: string | null;
          /**
           * @description The parameter that carries it.
           * @example sig
           */
          param: string;
          /**
           * @description The text as it came.
           * @example 12.50
           */
          raw: string;
        } | null;
      };
      /** @description What was noticed while it was read. */
      problems: {
        /**
         * @description Which problem.
         * @example amount_unreadable
         */
        code: string;
        /**
         * @description The parameter that it is about; null: the whole call.
         * @example payout
         */
        param: string | null;
      }[];
      /**
       * @description Why it was refused, a code of `GET /refusals`; null: it was not.
       * @example status_unmapped
       */
      refusal: string | null;
      /**
       * @description What it means.
       * @example The status word is not in the map of this network.
       */
      sentence: string | null;
      /**
       * @description What to do.
       * @example Map the word, then replay the call.
       */
      remedy: string | null;
      /**
       * @description Whether it is a test, which reports leave out.
       * @example false
       */
      test: boolean;
      /**
       * @description Whether destinations receive nothing of it.
       * @example false
       */
      suppressDelivery: boolean;
      /**
       * @description Whether the reading refuses the call, or the rules decide.
       * @example decided
       * @enum {string}
       */
      wouldBecome: 'refused' | 'decided';
    };
    PreviewReadingBody: {
      /**
       * @description The key of a saved network, or settings that are not saved.
       * @example awin
       */
      network:
        | string
        | {
            [key: string]: unknown;
          };
      /** @description A call as a network would make it. */
      call: {
        /**
         * @description The HTTP method.
         * @default GET
         * @example GET
         * @enum {string}
         */
        method?: 'GET' | 'POST';
        /**
         * @description Path and query of the call.
         * @example /postback?click_id=abc&txid=T-1001&payout=12.50
         */
        target: string;
        /**
         * @description Headers of the call.
         * @default {}
         * @example {
         *       "user-agent": "curl/8"
         *     }
         */
        headers?: {
          [key: string]: string;
        };
        /**
         * @description The body of the call; null: none.
         * @default null
         * @example null
         */
        body?: string | null;
      };
    };
    Problem: {
      /**
       * @description urn:carom:problem:<code>
       * @example urn:carom:problem:invalid
       */
      type: string;
      /**
       * @description The kind of failure.
       * @example The request is not valid
       */
      title: string;
      /**
       * @description The HTTP status.
       * @example 422
       */
      status: number;
      /**
       * @description stable; a program may act on it
       * @example invalid
       */
      code: string;
      /**
       * @description what happened and what to do next
       * @example body: name is required
       */
      detail: string;
      /** @description one per field that is wrong */
      errors?: {
        /**
         * @description The field, by its path.
         * @example destination.url
         */
        path: string;
        /**
         * @description The same in words.
         * @example is required
         */
        message: string;
        /**
         * @description What is wrong with it.
         * @example missing
         */
        code: string;
      }[];
    };
    ProblemCode: {
      /**
       * @description The code.
       * @example invalid
       */
      code: string;
      /**
       * @description What the code is about: a request of this API, one of its fields, or a call of a network.
       * @example request
       * @enum {string}
       */
      scope: 'request' | 'field' | 'call';
      /**
       * @description The HTTP status of a request; null: the code goes with no status.
       * @example 422
       */
      status: number | null;
      /**
       * @description What it means.
       * @example The status word is not in the map of this network.
       */
      sentence: string;
    };
    PutRatesBody: {
      /** @description The rates. */
      rates: {
        /**
         * Format: date
         * @description The day.
         * @example 2026-03-01
         */
        day: string;
        /**
         * @description The currency, an ISO 4217 code or that of a coin; null: not known.
         * @example USD
         */
        currency: string;
        /**
         * @description How much of the currency a euro is.
         * @example 1.0842
         */
        perEuro: string;
      }[];
    };
    PutViewBody: {
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description The path of the page.
       * @example /log
       */
      page: string;
      /**
       * @description the search part of the page’s address, without "?"
       * @example state=refused
       */
      query: string;
      /**
       * @description whether all see it; only its owner and admins change it
       * @default false
       * @example false
       */
      shared?: boolean;
    };
    Rate: {
      /**
       * Format: date
       * @description The day.
       * @example 2026-03-01
       */
      day: string;
      /**
       * @description The currency, an ISO 4217 code or that of a coin; null: not known.
       * @example USD
       */
      currency: string;
      /**
       * @description How much of the currency a euro is.
       * @example 1.0842
       */
      perEuro: string;
      /**
       * @description `ecb`, or who typed it in.
       * @example ecb
       */
      origin: string;
      /**
       * Format: date-time
       * @description When Carom stored it.
       * @example 2026-03-01T12:00:00.000Z
       */
      recordedAt: string;
    };
    ReadDocumentAnswer: {
      /**
       * @description Where the document is.
       * @example /api/v1/openapi.json
       */
      openapi: string;
    } & {
      [key: string]: unknown;
    };
    ReadOverviewAnswer: {
      /**
       * Format: date-time
       * @description The start, included.
       * @example 2026-03-01T12:00:00.000Z
       */
      from: string;
      /**
       * Format: date-time
       * @description The end, left out.
       * @example 2026-03-01T12:00:00.000Z
       */
      to: string;
      /**
       * @description The length of a bucket.
       * @example hour
       * @enum {string}
       */
      bucket: 'minute' | 'hour' | 'day';
      /** @description One for each minute, hour or day. */
      buckets: {
        /**
         * Format: date-time
         * @description When.
         * @example 2026-03-01T12:00:00.000Z
         */
        at: string;
        /**
         * @description How many clicks.
         * @example 1200
         */
        clicks: number;
        /**
         * @description How many conversions were first recorded.
         * @example 8
         */
        conversions: number;
        /** @description Calls by what became of them. */
        postbacks: {
          /**
           * @description Applied.
           * @example 10
           */
          applied: number;
          /**
           * @description Said nothing new.
           * @example 1
           */
          duplicate: number;
          /**
           * @description Refused.
           * @example 2
           */
          refused: number;
          /**
           * @description Wait for their click.
           * @example 0
           */
          orphan: number;
          /**
           * @description Set aside.
           * @example 0
           */
          parked: number;
        };
        /**
         * @description Refused calls by their reason.
         * @example {
         *       "status_unmapped": 2
         *     }
         */
        refusals: {
          [key: string]: number;
        };
        /** @description Deliveries by their state. */
        deliveries: {
          /**
           * @description Accepted by the ad network.
           * @example 10
           */
          delivered: number;
          /**
           * @description Owed.
           * @example 0
           */
          waiting: number;
          /**
           * @description Parked.
           * @example 0
           */
          parked: number;
          /**
           * @description Not sent, because there was nothing to say any more.
           * @example 0
           */
          superseded: number;
        };
        /** @description Money by currency. */
        money: {
          /**
           * @description The currency, an ISO 4217 code or that of a coin; null: not known.
           * @example USD
           */
          currency: string;
          /**
           * @description Approved.
           * @example 12.5
           */
          approved: string;
          /**
           * @description Not decided yet.
           * @example 0
           */
          pending: string;
          /**
           * @description Cost of the clicks.
           * @example 4.2
           */
          cost: string;
        }[];
      }[];
      /**
       * @description By how much the figures are behind; null: not known.
       * @example 0
       */
      behindSeconds: number | null;
    };
    ReadReportAnswer: {
      /**
       * Format: date-time
       * @description The start, included.
       * @example 2026-03-01T12:00:00.000Z
       */
      from: string;
      /**
       * Format: date-time
       * @description The end, left out.
       * @example 2026-03-01T12:00:00.000Z
       */
      to: string;
      /**
       * @description The time zone of days, and of times that state none.
       * @example Europe/Berlin
       */
      timeZone: string;
      /**
       * @description The books as they were at this moment.
       * @example 2026-03-01T12:00:00Z
       */
      asOf: string | null;
      /**
       * @description The columns of the lines, in order.
       * @example [
       *       "campaign",
       *       "token.zone"
       *     ]
       */
      groupBy: string[];
      /** @description The items of this page. */
      items: components['schemas']['ReportLine'][];
      /** @description Sums of the rows by status and currency. */
      totals: components['schemas']['Figures'][];
      /** @description The lines that are not among the items, summed; null: there are none. */
      rest: {
        /**
         * @description How many lines.
         * @example 12
         */
        lines: number;
        /** @description Their sums by currency. */
        figures: components['schemas']['Figures'][];
      } | null;
      /**
       * @description Pass it as `cursor` for the next page; null: this is the last.
       * @example null
       */
      next: string | null;
      /**
       * @description By how much the figures are behind; null: not known.
       * @example 0
       */
      behindSeconds: number | null;
    };
    ReadRootAnswer: {
      /**
       * @description Where the document is.
       * @example /api/v1/openapi.json
       */
      openapi: string;
    };
    ReadStatusAnswer: {
      /** @description How far each service is behind its topic. */
      consumers: {
        /**
         * @description The consumer group.
         * @example carom.attribution.carom.postbacks.v1
         */
        group: string;
        /**
         * @description The Kafka topic.
         * @example carom.postbacks.v1
         */
        topic: string;
        /**
         * @description Records that wait; null: not known.
         * @example 0
         */
        lag: number | null;
        /**
         * @description The age of the oldest record that waits; null: not known, or more than a day.
         * @example 0
         */
        secondsBehind: number | null;
      }[];
      /**
       * @description Whether Kafka answers.
       * @example connected
       * @enum {string}
       */
      kafka: 'connected' | 'away';
      /** @description Changes of the catalog that services may not know yet. */
      relay: {
        /**
         * @description Since when no change gets through; null: all is well.
         * @example 2026-03-01T12:00:00.000Z
         */
        failingSince: string | null;
      };
      /** @description Postbacks that wait on the disks of ingest; null: this console was not given their addresses. */
      spool: {
        /**
         * @description Ingest processes that were asked.
         * @example 1
         */
        processes: number;
        /**
         * @description How many of them answered.
         * @example 1
         */
        answering: number;
        /**
         * @description Records that wait.
         * @example 0
         */
        records: number;
        /**
         * @description Their size.
         * @example 0
         */
        bytes: number;
        /**
         * @description The age of the oldest; 0: the spools are empty.
         * @example 0
         */
        oldestSeconds: number;
      } | null;
      /** @description Calls that wait for their click. */
      orphans: {
        /**
         * @description How many.
         * @example 12
         */
        count: number;
        /**
         * @description Since when the oldest waits; null: nothing waits.
         * @example 2026-03-01T12:00:00.000Z
         */
        oldestAt: string | null;
      };
      /** @description Records that were set aside. */
      parked: {
        /**
         * @description How many.
         * @example 12
         */
        count: number;
      };
      /** @description Records that a service never read, found within a week: Kafka deleted them first, or the topic was made again. */
      missed: {
        /**
         * @description The consumer group.
         * @example carom.attribution.carom.postbacks.v1
         */
        group: string;
        /**
         * @description The Kafka topic.
         * @example carom.postbacks.v1
         */
        topic: string;
        /**
         * @description Why they were not read; the operator’s page on alerts explains each.
         * @example deleted
         * @enum {string}
         */
        reason: 'deleted' | 'beyond_end' | 'no_position';
        /**
         * @description In how many partitions of the topic.
         * @example 1
         */
        partitions: number;
        /**
         * @description How many; null: not known.
         * @example 12
         */
        records: number | null;
        /**
         * Format: date-time
         * @description When it was last found.
         * @example 2026-03-01T12:00:00.000Z
         */
        foundAt: string;
      }[];
      /** @description Destinations in operation. */
      destinations: {
        /**
         * @description How many destinations fail.
         * @example 0
         */
        failing: number;
        /**
         * @description How many destinations are paused.
         * @example 0
         */
        paused: number;
        /**
         * @description How many deliveries wait.
         * @example 0
         */
        backlog: number;
        /**
         * @description Since when the oldest waits; null: nothing waits.
         * @example 2026-03-01T12:00:00.000Z
         */
        oldestAt: string | null;
      };
    };
    ReadTestAnswer: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * @description The campaign, by its key.
       * @example summer-sale
       */
      campaignKey: string;
      /**
       * @description Whether nothing more will happen.
       * @example true
       */
      settled: boolean;
      /** @description How far it has come, in order. */
      steps: {
        /**
         * @description Which step.
         * @example click
         * @enum {string}
         */
        step: 'click' | 'redirect' | 'postback' | 'conversion' | 'delivery';
        /**
         * @description `skipped`: there is a reason why it does not happen.
         * @example done
         * @enum {string}
         */
        state: 'done' | 'waiting' | 'failed' | 'skipped';
        /**
         * @description When.
         * @example 2026-03-01T12:00:00.000Z
         */
        at: string | null;
        /**
         * @description What is known of the step.
         * @example {
         *       "status": 302
         *     }
         */
        detail: {
          [key: string]: unknown;
        };
      }[];
    };
    Reading: {
      /** @description The click id that the call states. */
      clickId: {
        /**
         * @description What was read; null: it cannot be read.
         * @example 12.5
         */
        value: string | null;
        /**
         * @description The parameter that it was read from.
         * @example click_id
         */
        param: string;
        /**
         * @description The text as it came.
         * @example 12.50
         */
        raw: string;
      } | null;
      /** @description The transaction id that the call states. */
      transactionId: {
        /**
         * @description What was read; null: it cannot be read.
         * @example 12.5
         */
        value: string | null;
        /**
         * @description The parameter that it was read from.
         * @example txid
         */
        param: string;
        /**
         * @description The text as it came.
         * @example 12.50
         */
        raw: string;
      } | null;
      /** @description The payout that the call states. */
      amount: {
        /**
         * @description What was read; null: it cannot be read.
         * @example 12.5
         */
        value: string | null;
        /**
         * @description The parameter that it was read from.
         * @example payout
         */
        param: string;
        /**
         * @description The text as it came.
         * @example 12.50
         */
        raw: string;
      } | null;
      /** @description The currency that the call states. */
      currency: {
        /**
         * @description What was read; null: it cannot be read.
         * @example 12.5
         */
        value: string | null;
        /**
         * @description The parameter that it was read from.
         * @example currency
         */
        param: string;
        /**
         * @description The text as it came.
         * @example 12.50
         */
        raw: string;
      } | null;
      /** @description The status that the call states. */
      status: {
        /**
         * @description What was read; null: it cannot be read.
         * @example 12.5
         */
        value: string | null;
        /**
         * @description The parameter that it was read from.
         * @example status
         */
        param: string;
        /**
         * @description The text as it came.
         * @example 12.50
         */
        raw: string;
      } | null;
      /** @description The event that the call states. */
      event: {
        /**
         * @description What was read; null: it cannot be read.
         * @example 12.5
         */
        value: string | null;
        /**
         * @description The parameter that it was read from.
         * @example goal
         */
        param: string;
        /**
         * @description The text as it came.
         * @example 12.50
         */
        raw: string;
      } | null;
      /** @description The time that the call states. */
      occurredAt: {
        /**
         * @description What was read; null: it cannot be read.
         * @example 12.5
         */
        value: string | null;
        /**
         * @description The parameter that it was read from.
         * @example time
         */
        param: string;
        /**
         * @description The text as it came.
         * @example 12.50
         */
        raw: string;
      } | null;
      /** @description The transaction that the call reverses. */
      reversalOf: {
        /**
         * @description What was read; null: it cannot be read.
         * @example 12.5
         */
        value: string | null;
        /**
         * @description The parameter that it was read from.
         * @example original_id
         */
        param: string;
        /**
         * @description The text as it came.
         * @example 12.50
         */
        raw: string;
      } | null;
      /** @description The value of the sale that the call states. */
      saleAmount: {
        /**
         * @description What was read; null: it cannot be read.
         * @example 12.5
         */
        value: string | null;
        /**
         * @description The parameter that it was read from.
         * @example sale
         */
        param: string;
        /**
         * @description The text as it came.
         * @example 12.50
         */
        raw: string;
      } | null;
      /**
       * @description The line of the order that the call is about.
       * @default null
       */
      lineId: {
        /**
         * @description What was read; null: it cannot be read.
         * @example 12.5
         */
        value: string | null;
        /**
         * @description The parameter that it was read from.
         * @example item
         */
        param: string;
        /**
         * @description The text as it came.
         * @example 12.50
         */
        raw: string;
      } | null;
    };
    Refusal: {
      /**
       * @description The refusal.
       * @example status_unmapped
       */
      code: string;
      /**
       * @description When it is decided: by size, by caller, by form, or later.
       * @example later
       * @enum {string}
       */
      stage: 'size' | 'caller' | 'form' | 'later';
      /**
       * @description What it means.
       * @example The status word is not in the map of this network.
       */
      sentence: string;
      /**
       * @description What to do.
       * @example Map the word, then replay the call.
       */
      remedy: string;
      /**
       * @description Whether a replay can change the outcome after a setting has changed.
       * @example true
       */
      replayable: boolean;
    };
    ReplayDeliveriesAnswer: {
      /**
       * @description Only says what would happen; nothing is written or sent.
       * @example true
       */
      dryRun: boolean;
      /**
       * @description How many the filter found.
       * @example 12
       */
      matched: number;
      /**
       * @description How many are put back, or would be.
       * @example 10
       */
      replayed: number;
      /**
       * @description Left alone: the destination has accepted them.
       * @example 2
       */
      delivered: number;
      /**
       * @description Left alone: a later state was sent or made them needless.
       * @example 0
       */
      overtaken: number;
      /**
       * @description Left alone: they are about to be sent.
       * @example 0
       */
      open: number;
      /**
       * @description Ids of the first of them.
       * @example [
       *       "01990000-0000-7000-8000-000000000000"
       *     ]
       */
      sample: string[];
    };
    ReplayDeliveriesBody: {
      /** @description Which ones; at least one field. */
      filter: {
        /**
         * @description Deliveries by id.
         * @example [
         *       "01990000-0000-7000-8000-000000000000"
         *     ]
         */
        ids?: string[];
        /**
         * @description Conversions by id.
         * @example [
         *       "01990000-0000-7000-8000-000000000000"
         *     ]
         */
        conversionIds?: string[];
        /**
         * @description States of the delivery.
         * @example [
         *       "parked"
         *     ]
         */
        states?: ('waiting' | 'sending' | 'delivered' | 'parked' | 'superseded')[];
        /**
         * @description Its id.
         * @example 01990000-0000-7000-8000-000000000000
         */
        id?: string;
        /**
         * @description The conversion.
         * @example 01990000-0000-7000-8000-000000000000
         */
        conversionId?: string;
        /**
         * @description The destination, by its owner.
         * @example source:push-ads
         */
        destinationKey?: string;
        /**
         * @description The network, by its key.
         * @example awin
         */
        networkKey?: string;
        /**
         * @description The campaign, by its key.
         * @example summer-sale
         */
        campaignKey?: string;
        /**
         * @description The source, by its key.
         * @example push-ads
         */
        sourceKey?: string;
        /**
         * @description The offer, by its key.
         * @example vpn-trial
         */
        offerKey?: string;
        /**
         * @description The click, by its id.
         * @example 06j2w9c4kq7m1x8r5t3v0y
         */
        clickId?: string;
        /**
         * @description The network’s id of the transaction.
         * @example T-1001
         */
        transactionId?: string;
        /**
         * @description The source’s own click id.
         * @example wXyZ-0042
         */
        externalId?: string;
        /**
         * @description Where the delivery is.
         * @example parked,superseded
         */
        state?: string;
        /**
         * @description The state of the conversion that is reported.
         * @example approved
         */
        cause?: string;
        /**
         * @description Why; null: there is nothing to explain.
         * @example status_503
         */
        reason?: string;
        /**
         * @description The HTTP status of the last try.
         * @example 503
         */
        status?: string;
        /**
         * @description Only those that were tried so often or more.
         * @example 3
         */
        minAttempts?: number;
        /**
         * @description The start, included.
         * @example 2026-03-01
         */
        from?: string;
        /**
         * @description The end, left out.
         * @example 2026-03-08
         */
        to?: string;
      };
      /**
       * @description Sends also what the destination has accepted.
       * @default false
       * @example false
       */
      force?: boolean;
      /**
       * @description Only says what would happen; nothing is written or sent.
       * @default false
       * @example true
       */
      dryRun?: boolean;
    };
    ReplayPostbacksBody: {
      /** @description Which ones; at least one field. */
      filter: {
        /**
         * @description Its id.
         * @example 01990000-0000-7000-8000-000000000000
         */
        id?: string;
        /**
         * @description The click, by its id.
         * @example 06j2w9c4kq7m1x8r5t3v0y
         */
        clickId?: string;
        /**
         * @description The network’s id of the transaction.
         * @example T-1001
         */
        transactionId?: string;
        /**
         * @description The conversion.
         * @example 01990000-0000-7000-8000-000000000000
         */
        conversionId?: string;
        /**
         * @description The source’s own click id.
         * @example wXyZ-0042
         */
        externalId?: string;
        /**
         * @description The network, by its key.
         * @example awin
         */
        networkKey?: string;
        /**
         * @description The campaign, by its key.
         * @example summer-sale
         */
        campaignKey?: string;
        /**
         * @description The source, by its key.
         * @example push-ads
         */
        sourceKey?: string;
        /**
         * @description The offer, by its key.
         * @example vpn-trial
         */
        offerKey?: string;
        /**
         * @description What became of the call.
         * @example refused
         */
        state?: string;
        /**
         * @description Why it was refused, a code of `GET /refusals`; null: it was not.
         * @example status_unmapped
         */
        refusal?: string;
        /**
         * @description The way it came in.
         * @example postback
         */
        channel?: string;
        /**
         * @description How the network was recognised.
         * @example token
         */
        authenticatedBy?: string;
        /**
         * @description The status word as the network wrote it.
         * @example ok
         */
        statusWord?: string;
        /**
         * @description A problem that was noticed while the call was read.
         * @example amount_unreadable
         */
        problem?: string;
        /**
         * @description The upload that the row came from, or comes from; a UUID of version 7.
         * @example 01990000-0000-7000-8000-000000000000
         */
        uploadId?: string;
        /**
         * @description The address that the call came from.
         * @example 203.0.113.9
         */
        remoteAddress?: string;
        /**
         * @description Whether it is a test, which reports leave out.
         * @example true
         * @enum {string}
         */
        test?: 'true' | 'false';
        /**
         * @description A part of the URL of the call.
         * @example txid=T-10
         */
        text?: string;
        /**
         * @description The start, included.
         * @example 2026-03-01
         */
        from?: string;
        /**
         * @description The end, left out.
         * @example 2026-03-08
         */
        to?: string;
      };
      /**
       * @description The network to read the calls as, where theirs is unknown.
       * @example awin
       */
      asNetwork?: string;
      /**
       * @description Also applied calls that read the same as before.
       * @default false
       * @example false
       */
      everything?: boolean;
      /**
       * @description Only says what would happen; nothing is written or sent.
       * @default false
       * @example true
       */
      dryRun?: boolean;
      /**
       * @description How many items at most.
       * @default 10000
       * @example 50
       */
      limit?: number;
      /**
       * @description The `next` of the page before.
       * @example WyJhd2luIl0
       */
      cursor?: string;
    };
    ReportLine: {
      /**
       * @description The currency, an ISO 4217 code or that of a coin; null: not known.
       * @example USD
       */
      currency: string;
      /**
       * @description How many clicks.
       * @example 1200
       */
      clicks: number;
      /**
       * @description Clicks that are the visitor’s first of the campaign within a day.
       * @example 900
       */
      uniqueClicks: number;
      /** @description Its conversions. */
      conversions: {
        /**
         * @description Not decided yet.
         * @example 3
         */
        pending: number;
        /**
         * @description Approved.
         * @example 10
         */
        approved: number;
        /**
         * @description Rejected.
         * @example 1
         */
        rejected: number;
        /**
         * @description Taken back after an approval.
         * @example 0
         */
        reversed: number;
      };
      /**
       * @description Conversions whose money is not known; it is in no sum.
       * @example 0
       */
      moneyUnknown: number;
      /** @description Its money by state; null: not known. */
      money: {
        /**
         * @description Not decided yet.
         * @example 0
         */
        pending: string;
        /**
         * @description Approved.
         * @example 12.5
         */
        approved: string;
        /**
         * @description Rejected.
         * @example 0
         */
        rejected: string;
        /**
         * @description Taken back after an approval.
         * @example 0
         */
        reversed: string;
      };
      /**
       * @description What is approved.
       * @example 125
       */
      revenue: string;
      /**
       * @description What the clicks cost.
       * @example 83.8
       */
      cost: string;
      /**
       * @description Revenue less cost.
       * @example 41.2
       */
      profit: string;
      /**
       * @description Conversions per click, in percent; null: no clicks.
       * @example 2.5
       */
      cr: string | null;
      /**
       * @description Revenue per click; null: no clicks.
       * @example 0.104
       */
      epc: string | null;
      /**
       * @description Profit per cost, in percent; null: no cost.
       * @example 49.2
       */
      roi: string | null;
      /**
       * @description Approved of all that were decided, in percent; null: none was.
       * @example 80
       */
      approvalRate: string | null;
      /**
       * @description Revenue per approved conversion; null: none.
       * @example 12.5
       */
      averagePayout: string | null;
      /** @description Money for which there is no rate, in its own currency. */
      unconverted: {
        /**
         * @description The currency, an ISO 4217 code or that of a coin; null: not known.
         * @example USD
         */
        currency: string;
        /** @description Its money by state; null: not known. */
        money: {
          /**
           * @description Not decided yet.
           * @example 0
           */
          pending: string;
          /**
           * @description Approved.
           * @example 12.5
           */
          approved: string;
          /**
           * @description Rejected.
           * @example 0
           */
          rejected: string;
          /**
           * @description Taken back after an approval.
           * @example 0
           */
          reversed: string;
        };
        /**
         * @description What the clicks cost, in this currency.
         * @example 4.2
         */
        cost: string;
      }[];
      /**
       * @description The values of the line, in the order of `groupBy`; null: none.
       * @example [
       *       "summer-sale",
       *       "771"
       *     ]
       */
      key: (string | null)[];
      /**
       * @description The filters with which `GET /conversions` lists the conversions behind the line.
       * @example {
       *       "campaignKey": "summer-sale"
       *     }
       */
      conversionsAt: {
        [key: string]: string;
      };
      /** @description The figures of the same time before; null: not asked for, or none. */
      previous: components['schemas']['Figures'] | null;
      /** @description Figures that are made of the conversions themselves; null: not asked for. */
      details: {
        /**
         * @description Clicks with at least one conversion.
         * @example 9
         */
        convertedClicks: number;
        /**
         * @description The median time from click to conversion; null: none.
         * @example 420
         */
        medianSecondsToConvert: number | null;
        /**
         * @description Deliveries that were owed.
         * @example 10
         */
        owed: number;
        /**
         * @description How many were delivered.
         * @example 10
         */
        delivered: number;
        /** @description Calls of the network, the day or the hour; null: other groups have none. */
        calls: {
          /**
           * @description How many calls came in.
           * @example 14
           */
          received: number;
          /**
           * @description Refused.
           * @example 2
           */
          refused: number;
          /**
           * @description How many wait.
           * @example 0
           */
          waiting: number;
        } | null;
      } | null;
    };
    RepublishCatalogAnswer: {
      /**
       * @description How many entries will be published.
       * @example 42
       */
      entries: number;
    };
    RotateNetworkTokenBody: {
      /**
       * @description For how many hours the old token keeps working.
       * @default 72
       * @example 72
       */
      overlapHours?: number;
    };
    SavedView: {
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description The path of the page.
       * @example /log
       */
      page: string;
      /**
       * @description the search part of the page’s address, without "?"
       * @example state=refused
       */
      query: string;
      /**
       * @description Whether all see it.
       * @example false
       */
      shared: boolean;
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * @description Whether it is yours.
       * @example true
       */
      isOwn: boolean;
      /**
       * Format: date-time
       * @description When it was last changed.
       * @example 2026-03-01T12:00:00.000Z
       */
      changedAt: string;
    };
    SearchIdsAnswer: {
      /**
       * @description Any id.
       * @example T-1001
       */
      q: string;
      /** @description The items of this page. */
      items: {
        /**
         * @description What was found.
         * @example postback
         * @enum {string}
         */
        kind: 'click' | 'conversion' | 'delivery' | 'postback' | 'upload';
        /**
         * @description Its id.
         * @example 01990000-0000-7000-8000-000000000000
         */
        id: string;
        /**
         * @description What it is, in short.
         * @example awin T-1001 applied
         */
        title: string;
        /**
         * Format: date-time
         * @description When.
         * @example 2026-03-01T12:00:00.000Z
         */
        at: string;
      }[];
      /** @description What was searched. */
      searched: {
        /**
         * @description Which ids.
         * @example transaction
         * @enum {string}
         */
        what: 'click' | 'transaction' | 'external' | 'conversion' | 'delivery' | 'postback' | 'upload' | 'refused';
        /**
         * @description Since when; null: all that is kept.
         * @example 2026-03-01T12:00:00.000Z
         */
        since: string | null;
      }[];
      /** @description Where nothing was found: refused calls that come nearest. */
      nearest: {
        /**
         * @description What it is.
         * @example postback
         * @enum {string}
         */
        kind: 'click' | 'conversion' | 'delivery' | 'postback' | 'upload';
        /**
         * @description Its id.
         * @example 01990000-0000-7000-8000-000000000000
         */
        id: string;
        /**
         * @description What it is, in short.
         * @example awin T-1001 applied
         */
        title: string;
        /**
         * Format: date-time
         * @description When.
         * @example 2026-03-01T12:00:00.000Z
         */
        at: string;
      }[];
    };
    Session: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * @description The user; null: none.
       * @example 01990000-0000-7000-8000-000000000000
       */
      userId: string | null;
      /**
       * @description The name of the user; null: none.
       * @example Ada
       */
      userName: string | null;
      /**
       * @description The token; null: none.
       * @example 01990000-0000-7000-8000-000000000000
       */
      tokenId: string | null;
      /**
       * @description The name of the token; null: none.
       * @example reporting script
       */
      tokenName: string | null;
      /**
       * Format: date-time
       * @description When it was made.
       * @example 2026-03-01T12:00:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description When it was last used.
       * @example 2026-03-01T12:00:00.000Z
       */
      seenAt: string;
      /**
       * Format: date-time
       * @description When it ends; null: it does not.
       * @example 2026-03-01T12:00:00.000Z
       */
      expiresAt: string;
      /**
       * @description The address that signed in; null: not known.
       * @example 198.51.100.7
       */
      address: string | null;
      /**
       * @description The user agent that signed in; null: none was sent.
       * @example Mozilla/5.0
       */
      browser: string | null;
      /**
       * @description Whether it is the session of this request.
       * @example true
       */
      isCurrent: boolean;
    };
    SignInBody:
      | {
          /**
           * @description The e-mail address to sign in with; null: cannot sign in.
           * @example ada@example.com
           */
          email: string;
          /**
           * @description At least 12 characters.
           * @example correct horse battery
           */
          password: string;
        }
      | {
          /**
           * @description A token of the API.
           * @example carom_aBcD1234
           */
          token: string;
        };
    Source: {
      /**
       * @description The short name that you choose; it is in links and never changes.
       * @example summer-sale
       */
      key: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description The preset that the settings began with; null: none.
       * @default null
       * @example awin
       */
      preset: string | null;
      /**
       * @description The parameter of the click link that carries the source’s own click id.
       * @default click_id
       * @example click_id
       */
      externalIdParam: string;
      /**
       * @description Our name of each token and the parameter of the click link it comes in.
       * @default {}
       * @example {
       *       "zone": "zone_id"
       *     }
       */
      tokens: {
        [key: string]: string;
      };
      /**
       * @description What a click costs.
       * @default {
       *       "model": "none",
       *       "param": null,
       *       "amount": null,
       *       "currency": "USD"
       *     }
       */
      cost: {
        /**
         * @description What the source charges for.
         * @default none
         * @example cpc
         * @enum {string}
         */
        model: 'none' | 'cpc' | 'cpm' | 'cpa' | 'revshare';
        /**
         * @description The parameter of the click link that carries the cost; null: none does.
         * @default null
         * @example bid
         */
        param: string | null;
        /**
         * @description A fixed cost, where no parameter carries one; null: none.
         * @default null
         * @example 0.05
         */
        amount: string | null;
        /**
         * @description The currency of the cost.
         * @default USD
         * @example USD
         */
        currency: string;
      };
      /**
       * @description How the ad network is called; null: it is not.
       * @default null
       */
      destination: {
        /**
         * @description The URL that is called, with macros in braces.
         * @example https://ads.example/postback?cid={click_id}&value={value}
         */
        url: string;
        /**
         * @description The HTTP method.
         * @default GET
         * @example GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /**
         * @description Headers by name.
         * @default {}
         * @example {
         *       "content-type": "application/json"
         *     }
         */
        headers: {
          [key: string]: string;
        };
        /**
         * @description The body; null: none.
         * @default null
         * @example {"id":"{click_id}"}
         */
        body: string | null;
        /**
         * @description Which conversions are sent.
         * @default {
         *       "statuses": [
         *         "approved"
         *       ],
         *       "events": [],
         *       "minAmount": null,
         *       "marks": []
         *     }
         */
        when: {
          /**
           * @description States that are sent.
           * @default [
           *       "approved"
           *     ]
           * @example [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /**
           * @description Events that are sent; empty: every event.
           * @default []
           * @example [
           *       "deposit"
           *     ]
           */
          events: string[];
          /**
           * @description Smaller conversions are not sent; null: all are.
           * @default null
           * @example 1
           */
          minAmount: string | null;
          /**
           * @description Marks that are sent although such conversions are kept back by default.
           * @default []
           * @example [
           *       "late"
           *     ]
           */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @description How often one conversion is sent.
         * @default state
         * @example state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /**
         * @description What the money is multiplied by before it is sent.
         * @default 1
         * @example 1
         */
        valueScale: string;
        /**
         * @description The currency that the ad network counts in; null: the conversion’s own.
         * @default null
         * @example EUR
         */
        valueCurrency: string | null;
        /**
         * @description Which share of conversions is sent; a conversion is always or never sent.
         * @default 100
         * @example 100
         */
        sharePercent: number;
        /**
         * @description Which answers mean success.
         * @default {
         *       "statuses": [
         *         "2xx"
         *       ],
         *       "bodyMatches": null,
         *       "bodyMustNotMatch": null
         *     }
         */
        successWhen: {
          /**
           * @description HTTP statuses that mean success, exact or a class.
           * @default [
           *       "2xx"
           *     ]
           * @example [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches: string | null;
          /**
           * @description A pattern (RE2) that the body must not match; null: none.
           * @default null
           * @example error
           */
          bodyMustNotMatch: string | null;
        };
        /**
         * @description Which other answers are tried again, besides 408, 425, 429 and 5xx.
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /**
           * @description HTTP statuses that are tried again, exact or a class.
           * @default []
           * @example [
           *       "401"
           *     ]
           */
          statuses: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches: string | null;
        };
        /**
         * @description How calls are signed; null: they are not.
         * @default null
         */
        signing:
          | (
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example standard-webhooks
                   * @constant
                   */
                  kind: 'standard-webhooks';
                  /**
                   * @description One secret, or during a rotation two; shown as `[redacted]`.
                   * @example [
                   *       "whsec_bG9uZy1zZWNyZXQ="
                   *     ]
                   */
                  secrets: string[];
                }
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example hmac
                   * @constant
                   */
                  kind: 'hmac';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @example hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The text that is signed, with the macros of the destination.
                   * @example {click_id}:{value}
                   */
                  template: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                }
            )
          | null;
        /**
         * @description Values of `{secret.<name>}` in a template; shown as `[redacted]`.
         * @default {}
         * @example {
         *       "bot": "a-long-secret"
         *     }
         */
        secrets: {
          [key: string]: string;
        };
        /**
         * @description Limits of calls, for all dispatch processes together.
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /**
           * @description How many calls may be open at once.
           * @default 32
           * @example 32
           */
          inFlight: number;
          /**
           * @description How many calls may begin in a second; null: no limit.
           * @default null
           * @example 50
           */
          perSecond: number | null;
        };
        /**
         * @description For a whole call, in milliseconds.
         * @default 20000
         * @example 20000
         */
        timeoutMs: number;
        /**
         * @description For each phase of a call, in milliseconds.
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /**
           * @description Until the connection is open: name, TCP and TLS.
           * @default 5000
           * @example 5000
           */
          connectMs: number;
          /**
           * @description From there to the head of the answer.
           * @default 15000
           * @example 15000
           */
          headersMs: number;
          /**
           * @description From there to the end of the answer.
           * @default 5000
           * @example 5000
           */
          bodyMs: number;
        };
        /**
         * @description Conversions that occurred earlier are not sent any more.
         * @default 90
         * @example 90
         */
        maxAgeDays: number;
        /**
         * @description Sent instead when the conversion is rejected or reversed; null: nothing is.
         * @default null
         */
        onReversal: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body: string | null;
        } | null;
        /**
         * @description Sent when the amount changes after it was sent; null: `frequency` decides.
         * @default null
         */
        onRestatement: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body: string | null;
        } | null;
        /**
         * @description For mutual TLS; null: none.
         * @default null
         */
        clientCertificate: {
          /**
           * @description The certificate as PEM.
           * @example -----BEGIN CERTIFICATE-----
           *     …
           *     -----END CERTIFICATE-----
           */
          cert: string;
          /**
           * @description The private key as PEM; shown as `[redacted]`.
           * @example -----BEGIN PRIVATE KEY-----
           *     …
           */
          key: string;
        } | null;
      } | null;
      /**
       * @description A short number that Carom gives and never uses again; click ids hold it.
       * @example 12
       */
      number: number;
      /**
       * @description Rises by one with each change; send it as `If-Match` to change only what you read.
       * @example 3
       */
      version: number;
      /**
       * Format: date-time
       * @description When it was made.
       * @example 2026-03-01T12:00:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description When it was last changed.
       * @example 2026-03-01T12:00:00.000Z
       */
      changedAt: string;
      /** @description What the linter found in the saved settings; nothing here blocks a save. */
      warnings?: components['schemas']['Finding'][];
    };
    SourcePreset: {
      /**
       * @description The short name that you choose; it is in links and never changes.
       * @example summer-sale
       */
      key: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description `D`: by the network’s own documentation; `T`: second hand.
       * @example D
       * @enum {string}
       */
      confidence: 'D' | 'T';
      /**
       * @description Whether the facts come from its own documentation.
       * @example true
       */
      verified: boolean;
      /**
       * @description Pages that the facts come from.
       * @example [
       *       "https://help.example/postbacks"
       *     ]
       */
      source: string[];
      /**
       * @description What surprises a newcomer.
       * @default []
       * @example [
       *       "Reversals come with a negative amount."
       *     ]
       */
      quirks: string[];
      /**
       * @description The parameter of the click link that carries the source’s own click id.
       * @example click_id
       */
      externalIdParam: string;
      /**
       * @description The source’s macro for its click id; null: it appends the parameter by itself.
       * @example {CLICKID}
       */
      externalIdMacro: string | null;
      /**
       * @description Our name of each token and the parameter of the click link it comes in.
       * @default {}
       */
      tokens: {
        [key: string]: {
          /**
           * @description The parameter that carries it.
           * @example sig
           */
          param: string;
          /**
           * @description The source’s macro; null: it appends the parameter by itself.
           * @example {ZONE}
           */
          macro: string | null;
        };
      };
      /**
       * @description What a click costs.
       * @default null
       */
      cost: {
        /**
         * @description What the source charges for.
         * @example cpc
         * @enum {string}
         */
        model: 'none' | 'cpc' | 'cpm' | 'cpa' | 'revshare';
        /**
         * @description The parameter of the click link that carries the cost; null: none does.
         * @example bid
         */
        param: string;
        /**
         * @description The source’s macro; null: it appends the parameter by itself.
         * @example {ZONE}
         */
        macro: string;
        /**
         * @description The currency of the cost.
         * @example USD
         */
        currency: string;
      } | null;
      /**
       * @description What you must give, written `<<NAME>>` in the destination.
       * @default []
       */
      fields: {
        /**
         * @description The name between the brackets.
         * @example GOAL_ID
         */
        name: string;
        /**
         * @description What to enter there.
         * @example Number of the goal.
         */
        label: string;
        /**
         * @description A value of the right form.
         * @example 42
         */
        example: string;
        /**
         * @description What the value must look like.
         * @example [0-9]+
         */
        pattern?: string;
      }[];
      /** @description How the ad network is called; null: it is not. */
      destination: {
        /**
         * @description The URL that is called, with macros in braces.
         * @example https://ads.example/postback?cid={click_id}&value={value}
         */
        url?: string;
        /**
         * @description The HTTP method.
         * @example GET
         * @enum {string}
         */
        method?: 'GET' | 'POST' | 'PUT';
        /**
         * @description Headers by name.
         * @example {
         *       "content-type": "application/json"
         *     }
         */
        headers?: {
          [key: string]: string;
        };
        /**
         * @description The body; null: none.
         * @example {"id":"{click_id}"}
         */
        body?: string | null;
        /** @description Which conversions are sent. */
        when?: {
          /**
           * @description States that are sent.
           * @default [
           *       "approved"
           *     ]
           * @example [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /**
           * @description Events that are sent; empty: every event.
           * @default []
           * @example [
           *       "deposit"
           *     ]
           */
          events: string[];
          /**
           * @description Smaller conversions are not sent; null: all are.
           * @default null
           * @example 1
           */
          minAmount: string | null;
          /**
           * @description Marks that are sent although such conversions are kept back by default.
           * @default []
           * @example [
           *       "late"
           *     ]
           */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @description How often one conversion is sent.
         * @example state
         * @enum {string}
         */
        frequency?: 'first' | 'state' | 'change';
        /**
         * @description What the money is multiplied by before it is sent.
         * @example 1
         */
        valueScale?: string;
        /**
         * @description The currency that the ad network counts in; null: the conversion’s own.
         * @example EUR
         */
        valueCurrency?: string | null;
        /** @description Which answers mean success. */
        successWhen?: {
          /**
           * @description HTTP statuses that mean success, exact or a class.
           * @default [
           *       "2xx"
           *     ]
           * @example [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches: string | null;
          /**
           * @description A pattern (RE2) that the body must not match; null: none.
           * @default null
           * @example error
           */
          bodyMustNotMatch: string | null;
        };
        /** @description Which other answers are tried again, besides 408, 425, 429 and 5xx. */
        retryWhen?: {
          /**
           * @description HTTP statuses that are tried again, exact or a class.
           * @default []
           * @example [
           *       "401"
           *     ]
           */
          statuses: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches: string | null;
        };
        /**
         * @description Values of `{secret.<name>}` in a template; shown as `[redacted]`.
         * @example {
         *       "bot": "a-long-secret"
         *     }
         */
        secrets?: {
          [key: string]: string;
        };
        /** @description Limits of calls, for all dispatch processes together. */
        caps?: {
          /**
           * @description How many calls may be open at once.
           * @default 32
           * @example 32
           */
          inFlight: number;
          /**
           * @description How many calls may begin in a second; null: no limit.
           * @default null
           * @example 50
           */
          perSecond: number | null;
        };
        /**
         * @description For a whole call, in milliseconds.
         * @example 20000
         */
        timeoutMs?: number;
        /** @description For each phase of a call, in milliseconds. */
        timeouts?: {
          /**
           * @description Until the connection is open: name, TCP and TLS.
           * @default 5000
           * @example 5000
           */
          connectMs: number;
          /**
           * @description From there to the head of the answer.
           * @default 15000
           * @example 15000
           */
          headersMs: number;
          /**
           * @description From there to the end of the answer.
           * @default 5000
           * @example 5000
           */
          bodyMs: number;
        };
        /**
         * @description Conversions that occurred earlier are not sent any more.
         * @example 90
         */
        maxAgeDays?: number;
        /** @description Sent instead when the conversion is rejected or reversed; null: nothing is. */
        onReversal?: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body: string | null;
        } | null;
        /** @description Sent when the amount changes after it was sent; null: `frequency` decides. */
        onRestatement?: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body: string | null;
        } | null;
      };
      /** @description Calls as they are really sent, and what must be read from them. */
      examples: {
        /**
         * @description What the example shows.
         * @example A sale with its commission.
         */
        note: string;
        /**
         * @description Values of the fields that the example uses.
         * @default {}
         * @example {
         *       "GOAL_ID": "42"
         *     }
         */
        fields: {
          [key: string]: string;
        };
        /** @description The click of a made-up conversion. */
        click: {
          /**
           * @description The source’s own click id.
           * @example wXyZ-0042
           */
          externalId: string | null;
          /**
           * @description Values of the click’s tokens, by name.
           * @default {}
           * @example {
           *       "zone": "771"
           *     }
           */
          tokens: {
            [key: string]: string;
          };
          /**
           * Format: date-time
           * @description When.
           * @default 2026-01-02T03:04:05Z
           * @example 2026-01-02T03:04:05Z
           */
          at: string;
          /**
           * @description What the browser sent; viewers see `[hidden]` unless they are allowed to see visitors.
           * @default null
           */
          visitor: {
            /**
             * @description The address of the visitor.
             * @example 198.51.100.7
             */
            ip: string | null;
            /**
             * @description The user agent of the visitor.
             * @example Mozilla/5.0
             */
            userAgent: string | null;
          } | null;
        };
        /** @description A made-up conversion. */
        conversion: {
          /**
           * @description The network’s id of the transaction.
           * @default null
           * @example T-1001
           */
          transactionId: string | null;
          /**
           * @description The amount, a decimal text; null: not known.
           * @default null
           * @example 12.5
           */
          amount: string | null;
          /**
           * @description The currency, an ISO 4217 code or that of a coin; null: not known.
           * @default null
           * @example USD
           */
          currency: string | null;
          /**
           * @description What became of it.
           * @default approved
           * @example approved
           * @enum {string}
           */
          state: 'pending' | 'approved' | 'rejected' | 'reversed';
          /**
           * @description The value before, where the example is of a changed amount.
           * @default null
           * @example 10
           */
          previousValue: string | null;
          /**
           * @description What happened, as the network names it; null: it named none.
           * @default null
           * @example deposit
           */
          event: string | null;
          /**
           * Format: date-time
           * @description When it happened, as the network states it; never before the click.
           * @default 2026-01-02T04:05:06Z
           * @example 2026-01-02T04:05:06Z
           */
          occurredAt: string;
        };
        /** @description What must come of it. */
        expected: {
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /**
           * Format: uri
           * @description The URL that is called, with macros in braces.
           * @example https://example.com/
           */
          url: string;
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body: string | null;
        };
      }[];
      /**
       * @description Answers as the source gives them, for those whose status says too little.
       * @default []
       */
      answers: {
        /**
         * @description The HTTP status of the answer.
         * @default 200
         * @example 200
         */
        status: number;
        /**
         * @description The body; null: none.
         * @example {"id":"{click_id}"}
         */
        body: string;
        /**
         * @description Whether this answer means that the conversion was taken.
         * @example true
         */
        delivered: boolean;
        /**
         * @description Whether the call is made again after this answer.
         * @default false
         * @example false
         */
        retried: boolean;
      }[];
    };
    StartTestAnswer: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * @description The campaign, by its key.
       * @example summer-sale
       */
      campaignKey: string;
      /**
       * @description Whether nothing more will happen.
       * @example true
       */
      settled: boolean;
      /** @description How far it has come, in order. */
      steps: {
        /**
         * @description Which step.
         * @example click
         * @enum {string}
         */
        step: 'click' | 'redirect' | 'postback' | 'conversion' | 'delivery';
        /**
         * @description `skipped`: there is a reason why it does not happen.
         * @example done
         * @enum {string}
         */
        state: 'done' | 'waiting' | 'failed' | 'skipped';
        /**
         * @description When.
         * @example 2026-03-01T12:00:00.000Z
         */
        at: string | null;
        /**
         * @description What is known of the step.
         * @example {
         *       "status": 302
         *     }
         */
        detail: {
          [key: string]: unknown;
        };
      }[];
    };
    StartTestBody: {
      /**
       * @description The campaign, by its key.
       * @example summer-sale
       */
      campaignKey: string;
      /**
       * @description The status word that the test call carries.
       * @default approved
       * @example approved
       */
      status?: string;
      /**
       * @description The amount, a decimal text; null: not known.
       * @default 1.00
       * @example 12.5
       */
      amount?: string;
      /**
       * @description The currency, an ISO 4217 code or that of a coin; null: not known.
       * @example USD
       */
      currency?: string;
      /**
       * @description What happened, as the network names it; null: it named none.
       * @example deposit
       */
      event?: string;
    };
    SummarisePostbacksAnswer: {
      /**
       * Format: date-time
       * @description The start, included.
       * @example 2026-03-01T12:00:00.000Z
       */
      from: string;
      /**
       * @description The end, left out; null: now.
       * @example 2026-03-08T00:00:00.000Z
       */
      to: string | null;
      /**
       * @description What the calls of a line have in common, in order.
       * @example [
       *       "networkKey",
       *       "statusWord"
       *     ]
       */
      groupBy: ('networkKey' | 'state' | 'refusal' | 'statusWord' | 'problem')[];
      /** @description The items of this page. */
      items: {
        /**
         * @description The values of the line, in the order of `groupBy`; null: none.
         * @example [
         *       "awin",
         *       "ok"
         *     ]
         */
        key: (string | null)[];
        /**
         * @description How many.
         * @example 12
         */
        count: number;
        /**
         * Format: date-time
         * @description When the newest of them came in.
         * @example 2026-03-01T12:00:00.000Z
         */
        lastAt: string;
        /**
         * Format: uuid
         * @description The newest of them.
         * @example 01990000-0000-7000-8000-000000000000
         */
        sampleId: string;
      }[];
      /**
       * @description Whether there is more than this answer holds.
       * @example false
       */
      truncated: boolean;
    };
    TestDestinationAnswer: {
      /**
       * @description Whether the conversion is sent under these settings.
       * @example true
       */
      send: boolean;
      /**
       * @description Why; null: there is nothing to explain.
       * @example status_503
       */
      reason: string | null;
      /** @description The call that was made; null: none was. */
      attempt: {
        /**
         * Format: date-time
         * @description When.
         * @example 2026-03-01T12:00:00.000Z
         */
        at: string;
        /**
         * @description How long it took, in milliseconds.
         * @example 84
         */
        ms: number;
        /**
         * @description The HTTP status; null: no answer.
         * @example 200
         */
        status: number | null;
        /**
         * @description How it ended.
         * @example accepted
         */
        outcome: string;
        /**
         * @description Why; null: there is nothing to explain.
         * @example status_503
         */
        reason: string | null;
        /**
         * @description The first part of the answer, or why there was none.
         * @example OK
         */
        answer: string | null;
      } | null;
    };
    TestDestinationBody: {
      /** @description How the ad network is called; null: it is not. */
      destination?: {
        /**
         * @description The URL that is called, with macros in braces.
         * @example https://ads.example/postback?cid={click_id}&value={value}
         */
        url: string;
        /**
         * @description The HTTP method.
         * @default GET
         * @example GET
         * @enum {string}
         */
        method?: 'GET' | 'POST' | 'PUT';
        /**
         * @description Headers by name.
         * @default {}
         * @example {
         *       "content-type": "application/json"
         *     }
         */
        headers?: {
          [key: string]: string;
        };
        /**
         * @description The body; null: none.
         * @default null
         * @example {"id":"{click_id}"}
         */
        body?: string | null;
        /**
         * @description Which conversions are sent.
         * @default {
         *       "statuses": [
         *         "approved"
         *       ],
         *       "events": [],
         *       "minAmount": null,
         *       "marks": []
         *     }
         */
        when?: {
          /**
           * @description States that are sent.
           * @default [
           *       "approved"
           *     ]
           * @example [
           *       "approved"
           *     ]
           */
          statuses?: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /**
           * @description Events that are sent; empty: every event.
           * @default []
           * @example [
           *       "deposit"
           *     ]
           */
          events?: string[];
          /**
           * @description Smaller conversions are not sent; null: all are.
           * @default null
           * @example 1
           */
          minAmount?: string | null;
          /**
           * @description Marks that are sent although such conversions are kept back by default.
           * @default []
           * @example [
           *       "late"
           *     ]
           */
          marks?: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @description How often one conversion is sent.
         * @default state
         * @example state
         * @enum {string}
         */
        frequency?: 'first' | 'state' | 'change';
        /**
         * @description What the money is multiplied by before it is sent.
         * @default 1
         * @example 1
         */
        valueScale?: string;
        /**
         * @description The currency that the ad network counts in; null: the conversion’s own.
         * @default null
         * @example EUR
         */
        valueCurrency?: string | null;
        /**
         * @description Which share of conversions is sent; a conversion is always or never sent.
         * @default 100
         * @example 100
         */
        sharePercent?: number;
        /**
         * @description Which answers mean success.
         * @default {
         *       "statuses": [
         *         "2xx"
         *       ],
         *       "bodyMatches": null,
         *       "bodyMustNotMatch": null
         *     }
         */
        successWhen?: {
          /**
           * @description HTTP statuses that mean success, exact or a class.
           * @default [
           *       "2xx"
           *     ]
           * @example [
           *       "2xx"
           *     ]
           */
          statuses?: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches?: string | null;
          /**
           * @description A pattern (RE2) that the body must not match; null: none.
           * @default null
           * @example error
           */
          bodyMustNotMatch?: string | null;
        };
        /**
         * @description Which other answers are tried again, besides 408, 425, 429 and 5xx.
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen?: {
          /**
           * @description HTTP statuses that are tried again, exact or a class.
           * @default []
           * @example [
           *       "401"
           *     ]
           */
          statuses?: string[];
          /**
           * @description A pattern (RE2) that the body must match; null: any body.
           * @default null
           * @example ^OK
           */
          bodyMatches?: string | null;
        };
        /**
         * @description How calls are signed; null: they are not.
         * @default null
         */
        signing?:
          | (
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example standard-webhooks
                   * @constant
                   */
                  kind: 'standard-webhooks';
                  /**
                   * @description One secret, or during a rotation two; shown as `[redacted]`.
                   * @example [
                   *       "whsec_bG9uZy1zZWNyZXQ="
                   *     ]
                   */
                  secrets: string[];
                }
              | {
                  /**
                   * @description How calls to the destination are signed.
                   * @example hmac
                   * @constant
                   */
                  kind: 'hmac';
                  /**
                   * @description The hash function.
                   * @example sha256
                   * @enum {string}
                   */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @description How the bytes of the signature are written.
                   * @example hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  /**
                   * @description The text that is signed, with the macros of the destination.
                   * @example {click_id}:{value}
                   */
                  template: string;
                  /**
                   * @description The secret that signs; shown as `[redacted]`.
                   * @example a-long-secret
                   */
                  secret: string;
                }
            )
          | null;
        /**
         * @description Values of `{secret.<name>}` in a template; shown as `[redacted]`.
         * @default {}
         * @example {
         *       "bot": "a-long-secret"
         *     }
         */
        secrets?: {
          [key: string]: string;
        };
        /**
         * @description Limits of calls, for all dispatch processes together.
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps?: {
          /**
           * @description How many calls may be open at once.
           * @default 32
           * @example 32
           */
          inFlight?: number;
          /**
           * @description How many calls may begin in a second; null: no limit.
           * @default null
           * @example 50
           */
          perSecond?: number | null;
        };
        /**
         * @description For a whole call, in milliseconds.
         * @default 20000
         * @example 20000
         */
        timeoutMs?: number;
        /**
         * @description For each phase of a call, in milliseconds.
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts?: {
          /**
           * @description Until the connection is open: name, TCP and TLS.
           * @default 5000
           * @example 5000
           */
          connectMs?: number;
          /**
           * @description From there to the head of the answer.
           * @default 15000
           * @example 15000
           */
          headersMs?: number;
          /**
           * @description From there to the end of the answer.
           * @default 5000
           * @example 5000
           */
          bodyMs?: number;
        };
        /**
         * @description Conversions that occurred earlier are not sent any more.
         * @default 90
         * @example 90
         */
        maxAgeDays?: number;
        /**
         * @description Sent instead when the conversion is rejected or reversed; null: nothing is.
         * @default null
         */
        onReversal?: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method?: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers?: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body?: string | null;
        } | null;
        /**
         * @description Sent when the amount changes after it was sent; null: `frequency` decides.
         * @default null
         */
        onRestatement?: {
          /**
           * @description The URL that is called, with macros in braces.
           * @example https://ads.example/postback?cid={click_id}&value={value}
           */
          url: string;
          /**
           * @description The HTTP method.
           * @default GET
           * @example GET
           * @enum {string}
           */
          method?: 'GET' | 'POST' | 'PUT';
          /**
           * @description Headers by name.
           * @default {}
           * @example {
           *       "content-type": "application/json"
           *     }
           */
          headers?: {
            [key: string]: string;
          };
          /**
           * @description The body; null: none.
           * @default null
           * @example {"id":"{click_id}"}
           */
          body?: string | null;
        } | null;
        /**
         * @description For mutual TLS; null: none.
         * @default null
         */
        clientCertificate?: {
          /**
           * @description The certificate as PEM.
           * @example -----BEGIN CERTIFICATE-----
           *     …
           *     -----END CERTIFICATE-----
           */
          cert: string;
          /**
           * @description The private key as PEM; shown as `[redacted]`.
           * @example -----BEGIN PRIVATE KEY-----
           *     …
           */
          key: string;
        } | null;
      };
      /**
       * @description The destination, by its owner.
       * @example source:push-ads
       */
      destinationKey?: string;
      /**
       * @description The source, by its key.
       * @example push-ads
       */
      sourceKey?: string;
      /**
       * Format: uuid
       * @description The conversion.
       * @example 01990000-0000-7000-8000-000000000000
       */
      conversionId?: string;
      /**
       * @description The click of a made-up conversion.
       * @default {}
       */
      click?: {
        /**
         * @description The source’s own click id.
         * @default null
         * @example wXyZ-0042
         */
        externalId?: string | null;
        /**
         * @description Values of the click’s tokens, by name.
         * @default {}
         * @example {
         *       "zone": "771"
         *     }
         */
        tokens?: {
          [key: string]: string;
        };
        /**
         * @description When.
         * @default null
         * @example null
         */
        at?: string | null;
        /**
         * @description The address of the visitor.
         * @default null
         * @example 198.51.100.7
         */
        ip?: string | null;
        /**
         * @description The user agent of the visitor.
         * @default null
         * @example Mozilla/5.0
         */
        userAgent?: string | null;
      };
      /**
       * @description A made-up conversion.
       * @default {}
       */
      conversion?: {
        /**
         * @description The network’s id of the transaction.
         * @default null
         * @example T-1001
         */
        transactionId?: string | null;
        /**
         * @description The amount, a decimal text; null: not known.
         * @default null
         * @example 12.5
         */
        amount?: string | null;
        /**
         * @description The currency, an ISO 4217 code or that of a coin; null: not known.
         * @default null
         * @example USD
         */
        currency?: string | null;
        /**
         * @description What became of it.
         * @default approved
         * @example approved
         * @enum {string}
         */
        state?: 'pending' | 'approved' | 'rejected' | 'reversed';
        /**
         * @description What happened, as the network names it; null: it named none.
         * @default null
         * @example deposit
         */
        event?: string | null;
        /**
         * @description When it happened, as the network states it; never before the click.
         * @default null
         * @example null
         */
        occurredAt?: string | null;
      };
    };
    Token: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description What may be done; each role includes the one before it.
       * @example editor
       * @enum {string}
       */
      role: 'viewer' | 'editor' | 'admin';
      /**
       * @description The user; null: none.
       * @example 01990000-0000-7000-8000-000000000000
       */
      userId: string | null;
      /**
       * @description Whether a viewer sees addresses and user agents of visitors.
       * @example false
       */
      seesVisitors: boolean;
      /**
       * Format: date-time
       * @description When it was made.
       * @example 2026-03-01T12:00:00.000Z
       */
      createdAt: string;
      /**
       * @description When it ends; null: it does not.
       * @example 2026-03-01T12:00:00.000Z
       */
      expiresAt: string | null;
      /**
       * @description When it was last used, to the minute; null: never.
       * @example 2026-03-01T12:00:00.000Z
       */
      lastUsedAt: string | null;
      /**
       * @description From which address; null: never.
       * @example 198.51.100.7
       */
      lastUsedIp: string | null;
      /**
       * @description When it was revoked; null: it is valid.
       * @example 2026-03-01T12:00:00.000Z
       */
      revokedAt: string | null;
    };
    UpdateUserBody: {
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name?: string;
      /**
       * Format: email
       * @description The e-mail address to sign in with; null: cannot sign in.
       * @example ada@example.com
       */
      email?: string;
      /**
       * @description What may be done; each role includes the one before it.
       * @example editor
       * @enum {string}
       */
      role?: 'viewer' | 'editor' | 'admin';
      /**
       * @description Whether the user may not sign in.
       * @example false
       */
      disabled?: boolean;
      /**
       * @description Whether a viewer sees addresses and user agents of visitors.
       * @example false
       */
      seesVisitors?: boolean;
    };
    UploadCostsAnswer: {
      /**
       * Format: uuid
       * @description The upload that the row came from, or comes from; a UUID of version 7.
       * @example 01990000-0000-7000-8000-000000000000
       */
      uploadId: string;
      /**
       * @description Only says what would happen; nothing is written or sent.
       * @example true
       */
      dryRun: boolean;
      /**
       * @description The rows of the file.
       * @example 120
       */
      rows: number;
      /** @description What was noticed while it was read. */
      problems: {
        /**
         * @description Number of the row, from 1 below the header.
         * @example 3
         */
        row: number;
        /**
         * @description Which problem.
         * @example amount_unreadable
         */
        code: string;
        /**
         * @description What happened, in words.
         * @example there is no campaign "summer"
         */
        detail: string;
      }[];
      /** @description In how many calls each field reads differently. */
      changes: {
        /**
         * @description The day.
         * @example 2026-03-01
         */
        day: string;
        /**
         * @description The campaign, by its key.
         * @example summer-sale
         */
        campaignKey: string;
        /**
         * @description The value of a token that the cost is for; empty: the whole campaign.
         * @example {
         *       "zone": "771"
         *     }
         */
        tokens: {
          [key: string]: string;
        };
        /**
         * @description The currency, an ISO 4217 code or that of a coin; null: not known.
         * @example USD
         */
        currency: string;
        /**
         * @description The cost that the file states.
         * @example 120
         */
        stated: string;
        /**
         * @description The cost before.
         * @example 118.2
         */
        stood: string;
        /**
         * @description The difference.
         * @example 1.8
         */
        change: string;
      }[];
    };
    UploadRatesAnswer: {
      /**
       * @description Only says what would happen; nothing is written or sent.
       * @example true
       */
      dryRun: boolean;
      /**
       * @description How many rates the file has.
       * @example 31
       */
      rates: number;
      /**
       * @description The start, included.
       * @example 2026-03-01
       */
      from: string | null;
      /**
       * @description The end, left out.
       * @example 2026-03-08
       */
      to: string | null;
      /** @description What was noticed while it was read. */
      problems: {
        /**
         * @description Number of the line in the file.
         * @example 3
         */
        line: number;
        /**
         * @description Which problem.
         * @example amount_unreadable
         */
        code: string;
        /**
         * @description The text that it is about.
         * @example {clickid}
         */
        text: string;
      }[];
    };
    UploadResult: {
      /**
       * Format: uuid
       * @description The upload that the row came from, or comes from; a UUID of version 7.
       * @example 01990000-0000-7000-8000-000000000000
       */
      uploadId: string;
      /**
       * @description Only says what would happen; nothing is written or sent.
       * @example true
       */
      dryRun: boolean;
      /** @description The rows of the file. */
      rows: ({
        /**
         * @description Number of the row, from 1 below the header.
         * @example 3
         */
        row: number;
        /**
         * @description What became of the row.
         * @example accepted
         * @enum {string}
         */
        outcome: 'accepted' | 'refused' | 'failed' | 'skipped';
      } & {
        [key: string]: unknown;
      })[];
      /** @description How many rows, by what became of them. */
      counts: {
        /**
         * @description The rows of the file.
         * @example 120
         */
        rows: number;
        /**
         * @description Taken.
         * @example 118
         */
        accepted: number;
        /**
         * @description Refused.
         * @example 2
         */
        refused: number;
        /**
         * @description Not sent, because a part of the system was away; send the file again.
         * @example 0
         */
        failed: number;
        /**
         * @description Totals lines, repeated headers and empty lines.
         * @example 1
         */
        skipped: number;
      };
      /**
       * @description Whether the whole file was read.
       * @example true
       */
      complete: boolean;
      /** @description Why it failed; null: it did not. */
      problem?: {
        /**
         * @description What is wrong, as a code that does not change.
         * @example missing
         */
        code: string;
        /**
         * @description What happened, in words.
         * @example there is no campaign "summer"
         */
        detail: string;
      };
      /** @description Sums of the rows by status and currency. */
      totals?: {
        /**
         * @description The status word; null: the rows name none.
         * @example approved
         */
        status: string | null;
        /**
         * @description The currency, an ISO 4217 code or that of a coin; null: not known.
         * @example USD
         */
        currency: string | null;
        /**
         * @description The rows of the file.
         * @example 120
         */
        rows: number;
        /**
         * @description The sum of the amounts that could be read.
         * @example 1250
         */
        amount: string;
        /**
         * @description Rows whose amount could not be read.
         * @example 0
         */
        unknown: number;
      }[];
      /**
       * @description Columns that no field is read from.
       * @example [
       *       "Remark"
       *     ]
       */
      unusedColumns?: string[];
      /** @description What was noticed about the whole file. */
      fileProblems?: {
        /**
         * @description What is wrong, as a code that does not change.
         * @example missing
         */
        code: string;
        /**
         * @description The column it is about; null: the whole file.
         * @example Status
         */
        column: string | null;
        /**
         * @description What is wrong, in a sentence.
         * @example there is no macro {clickid}
         */
        message: string;
      }[];
    };
    User: {
      /**
       * Format: uuid
       * @description Its id.
       * @example 01990000-0000-7000-8000-000000000000
       */
      id: string;
      /**
       * @description What people call it.
       * @example Summer sale
       */
      name: string;
      /**
       * @description The e-mail address to sign in with; null: cannot sign in.
       * @example ada@example.com
       */
      email: string | null;
      /**
       * @description What may be done; each role includes the one before it.
       * @example editor
       * @enum {string}
       */
      role: 'viewer' | 'editor' | 'admin';
      /**
       * @description Whether a viewer sees addresses and user agents of visitors.
       * @example false
       */
      seesVisitors: boolean;
      /**
       * Format: date-time
       * @description When it was made.
       * @example 2026-03-01T12:00:00.000Z
       */
      createdAt: string;
      /**
       * @description Since when the user may not sign in; null: may.
       * @example 2026-03-01T12:00:00.000Z
       */
      disabledAt: string | null;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  readMe: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Me'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  signIn: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SignInBody'];
      };
    };
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `sign_in_wrong`: The e-mail address or the password is wrong.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `origin_foreign`: The page of another site started this request. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `too_many_requests`: Too many requests from this address within a minute.
       *     - `sign_in_locked`: Too many wrong passwords: `detail` says when the next try is possible.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `temporarily_unavailable`: A part of the system is away: try again.
       *     - `sign_in_busy`: Too many people sign in at this moment: try again in a few seconds.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  signOut: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSessions: {
    parameters: {
      query?: {
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next` of the page before. */
        cursor?: string;
        /** @description Whose sessions. */
        of?: 'me' | 'all';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListSessionsAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  revokeSession: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Its id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changePassword: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangePasswordBody'];
      };
    };
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       *     - `password_wrong`: The current password is wrong.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `no_password`: The caller has no password to change.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `temporarily_unavailable`: A part of the system is away: try again.
       *     - `sign_in_busy`: Too many people sign in at this moment: try again in a few seconds.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  acceptInvitation: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AcceptInvitationBody'];
      };
    };
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `origin_foreign`: The page of another site started this request. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `code_ended`: The link was used already or is too old. */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `temporarily_unavailable`: A part of the system is away: try again.
       *     - `sign_in_busy`: Too many people sign in at this moment: try again in a few seconds.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createSignInLink: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OneTimeLink'];
        };
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listUsers: {
    parameters: {
      query?: {
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListUsersAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createUser: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateUserBody'];
      };
    };
    responses: {
      /** @description The answer. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InvitedUser'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `email_taken`: Another user has this e-mail address.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updateUser: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Its id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['UpdateUserBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['User'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `email_taken`: Another user has this e-mail address.
       *     - `own_user`: Admins cannot take away their own access.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resetPassword: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Its id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OneTimeLink'];
        };
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `cannot_sign_in`: A disabled user, or one without an e-mail address, cannot sign in.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listTokens: {
    parameters: {
      query?: {
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListTokensAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createToken: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateTokenBody'];
      };
    };
    responses: {
      /** @description The answer. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NewToken'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `time_past`: The time must be still to come.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeToken: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Its id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `own_token`: A token cannot revoke itself.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAudit: {
    parameters: {
      query?: {
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next` of the page before. */
        cursor?: string;
        /** @description What it is. */
        kind?: string;
        /** @description The short name that you choose; it is in links and never changes. */
        key?: string;
        /** @description What was done. */
        action?: string;
        /** @description Who did it, by the name of today. */
        actor?: string;
        /** @description The start, included. */
        from?: string;
        /** @description The end, left out. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListAuditAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  previewReading: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PreviewReadingBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PreviewReadingAnswer'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  mapStatus: {
    parameters: {
      query?: {
        /** @description keeps and sends nothing; says what the replay would do */
        dryRun?: 'true' | 'false';
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['MapStatusBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MapStatusAnswer'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listCampaignTokens: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListCampaignTokensAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  startTest: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['StartTestBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StartTestAnswer'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `secret_missing`: CAROM_SECRET is not set.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readTest: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Its id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReadTestAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRefusals: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListRefusalsAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listProblems: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListProblemsAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSuggestions: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListSuggestionsAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  acceptSuggestion: {
    parameters: {
      query?: {
        /** @description keeps and sends nothing; says what the replay would do */
        dryRun?: 'true' | 'false';
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AcceptSuggestionBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AcceptSuggestionAnswer'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `suggestion_gone`: The last calls of this network do not suggest that any more.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `suggestion_open`: The calls do not decide this setting: a person has to.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listNetworks: {
    parameters: {
      query?: {
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListNetworksAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createNetwork: {
    parameters: {
      query?: {
        /** @description checks and answers as for a change, and keeps nothing */
        dryRun?: 'true' | 'false';
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewNetworkInput'];
      };
    };
    responses: {
      /** @description Of a dry run: nothing was kept. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Network'];
        };
      };
      /** @description The answer. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Network'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `key_taken`: Another entry has this key already.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `preset_unknown`: There is no preset with this key.
       *     - `preset_fields`: The preset needs values that were not given.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readNetwork: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Network'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replaceNetwork: {
    parameters: {
      query?: {
        /** @description checks and answers as for a change, and keeps nothing */
        dryRun?: 'true' | 'false';
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
        /** @description The version you read: a change that came in between is not overwritten. */
        'If-Match'?: string;
      };
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangedNetworkInput'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Network'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `version_differs`: It was changed after you read it: read it again. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `version_invalid`: A version is a whole number.
       *     - `key_fixed`: A key cannot be changed.
       *     - `preset_unknown`: There is no preset with this key.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeNetwork: {
    parameters: {
      query?: {
        /** @description checks and answers as for a change, and keeps nothing */
        dryRun?: 'true' | 'false';
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
        /** @description The version you read: a change that came in between is not overwritten. */
        'If-Match'?: string;
      };
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `in_use`: Other entries name it; `errors` lists them.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `version_differs`: It was changed after you read it: read it again. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `version_invalid`: A version is a whole number.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSources: {
    parameters: {
      query?: {
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListSourcesAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createSource: {
    parameters: {
      query?: {
        /** @description checks and answers as for a change, and keeps nothing */
        dryRun?: 'true' | 'false';
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewSourceInput'];
      };
    };
    responses: {
      /** @description Of a dry run: nothing was kept. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Source'];
        };
      };
      /** @description The answer. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Source'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `key_taken`: Another entry has this key already.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `preset_unknown`: There is no preset with this key.
       *     - `preset_fields`: The preset needs values that were not given.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readSource: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Source'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replaceSource: {
    parameters: {
      query?: {
        /** @description checks and answers as for a change, and keeps nothing */
        dryRun?: 'true' | 'false';
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
        /** @description The version you read: a change that came in between is not overwritten. */
        'If-Match'?: string;
      };
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangedSourceInput'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Source'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `version_differs`: It was changed after you read it: read it again. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `version_invalid`: A version is a whole number.
       *     - `key_fixed`: A key cannot be changed.
       *     - `preset_unknown`: There is no preset with this key.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeSource: {
    parameters: {
      query?: {
        /** @description checks and answers as for a change, and keeps nothing */
        dryRun?: 'true' | 'false';
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
        /** @description The version you read: a change that came in between is not overwritten. */
        'If-Match'?: string;
      };
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `in_use`: Other entries name it; `errors` lists them.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `version_differs`: It was changed after you read it: read it again. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `version_invalid`: A version is a whole number.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listOffers: {
    parameters: {
      query?: {
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListOffersAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createOffer: {
    parameters: {
      query?: {
        /** @description checks and answers as for a change, and keeps nothing */
        dryRun?: 'true' | 'false';
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewOfferInput'];
      };
    };
    responses: {
      /** @description Of a dry run: nothing was kept. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Offer'];
        };
      };
      /** @description The answer. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Offer'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `key_taken`: Another entry has this key already.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `preset_unknown`: There is no preset with this key.
       *     - `preset_fields`: The preset needs values that were not given.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readOffer: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Offer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replaceOffer: {
    parameters: {
      query?: {
        /** @description checks and answers as for a change, and keeps nothing */
        dryRun?: 'true' | 'false';
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
        /** @description The version you read: a change that came in between is not overwritten. */
        'If-Match'?: string;
      };
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangedOfferInput'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Offer'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `version_differs`: It was changed after you read it: read it again. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `version_invalid`: A version is a whole number.
       *     - `key_fixed`: A key cannot be changed.
       *     - `preset_unknown`: There is no preset with this key.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeOffer: {
    parameters: {
      query?: {
        /** @description checks and answers as for a change, and keeps nothing */
        dryRun?: 'true' | 'false';
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
        /** @description The version you read: a change that came in between is not overwritten. */
        'If-Match'?: string;
      };
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `in_use`: Other entries name it; `errors` lists them.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `version_differs`: It was changed after you read it: read it again. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `version_invalid`: A version is a whole number.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listCampaigns: {
    parameters: {
      query?: {
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListCampaignsAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createCampaign: {
    parameters: {
      query?: {
        /** @description checks and answers as for a change, and keeps nothing */
        dryRun?: 'true' | 'false';
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewCampaignInput'];
      };
    };
    responses: {
      /** @description Of a dry run: nothing was kept. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      /** @description The answer. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `key_taken`: Another entry has this key already.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `preset_unknown`: There is no preset with this key.
       *     - `preset_fields`: The preset needs values that were not given.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readCampaign: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replaceCampaign: {
    parameters: {
      query?: {
        /** @description checks and answers as for a change, and keeps nothing */
        dryRun?: 'true' | 'false';
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
        /** @description The version you read: a change that came in between is not overwritten. */
        'If-Match'?: string;
      };
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangedCampaignInput'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `version_differs`: It was changed after you read it: read it again. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `version_invalid`: A version is a whole number.
       *     - `key_fixed`: A key cannot be changed.
       *     - `preset_unknown`: There is no preset with this key.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeCampaign: {
    parameters: {
      query?: {
        /** @description checks and answers as for a change, and keeps nothing */
        dryRun?: 'true' | 'false';
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
        /** @description The version you read: a change that came in between is not overwritten. */
        'If-Match'?: string;
      };
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `in_use`: Other entries name it; `errors` lists them.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `version_differs`: It was changed after you read it: read it again. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `version_invalid`: A version is a whole number.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rotateNetworkToken: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RotateNetworkTokenBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Network'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  republishCatalog: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RepublishCatalogAnswer'];
        };
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listNetworkPresets: {
    parameters: {
      query?: {
        /** @description Words of the key, the name or the platform. */
        q?: string;
        /** @description `D`: by the network’s own documentation; `T`: second hand. */
        confidence?: string;
        /** @description The software that the network runs on, as the key of that preset. */
        platform?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListNetworkPresetsAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readNetworkPreset: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NetworkPreset'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSourcePresets: {
    parameters: {
      query?: {
        /** @description Words of the key or the name. */
        q?: string;
        /** @description `D`: by the network’s own documentation; `T`: second hand. */
        confidence?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListSourcePresetsAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readSourcePreset: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The short name that you choose; it is in links and never changes. */
        key: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SourcePreset'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readOverview: {
    parameters: {
      query?: {
        /** @description The start, included. */
        from?: string;
        /** @description The end, left out. */
        to?: string;
        /** @description The length of a bucket. */
        bucket?: 'minute' | 'hour' | 'day';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReadOverviewAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `too_many_buckets`: The time is too long for buckets of this length.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readStatus: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReadStatusAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  streamPostbacks: {
    parameters: {
      query?: {
        /** @description Its id. */
        id?: string;
        /** @description The click, by its id. */
        clickId?: string;
        /** @description The network’s id of the transaction. */
        transactionId?: string;
        /** @description The conversion. */
        conversionId?: string;
        /** @description The source’s own click id. */
        externalId?: string;
        /** @description The network, by its key. */
        networkKey?: string;
        /** @description The campaign, by its key. */
        campaignKey?: string;
        /** @description The source, by its key. */
        sourceKey?: string;
        /** @description The offer, by its key. */
        offerKey?: string;
        /** @description What became of the call. */
        state?: string;
        /** @description Why it was refused, a code of `GET /refusals`; null: it was not. */
        refusal?: string;
        /** @description The way it came in. */
        channel?: string;
        /** @description How the network was recognised. */
        authenticatedBy?: string;
        /** @description The status word as the network wrote it. */
        statusWord?: string;
        /** @description A problem that was noticed while the call was read. */
        problem?: string;
        /** @description The upload that the row came from, or comes from; a UUID of version 7. */
        uploadId?: string;
        /** @description The address that the call came from. */
        remoteAddress?: string;
        /** @description Whether it is a test, which reports leave out. */
        test?: 'true' | 'false';
        /** @description The start, included. */
        from?: string;
        /** @description The end, left out. */
        to?: string;
        /** @description The id of the last event that you have; the stream continues after it. */
        lastEventId?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `event_id_invalid`: The id is of no event of this stream.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `temporarily_unavailable`: A part of the system is away: try again.
       *     - `too_many_readers`: Too many readers follow this stream.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  streamDeliveries: {
    parameters: {
      query?: {
        /** @description Its id. */
        id?: string;
        /** @description The conversion. */
        conversionId?: string;
        /** @description The destination, by its owner. */
        destinationKey?: string;
        /** @description The network, by its key. */
        networkKey?: string;
        /** @description The campaign, by its key. */
        campaignKey?: string;
        /** @description The source, by its key. */
        sourceKey?: string;
        /** @description The offer, by its key. */
        offerKey?: string;
        /** @description The click, by its id. */
        clickId?: string;
        /** @description The network’s id of the transaction. */
        transactionId?: string;
        /** @description The source’s own click id. */
        externalId?: string;
        /** @description Where the delivery is. */
        state?: string;
        /** @description The state of the conversion that is reported. */
        cause?: string;
        /** @description Why; null: there is nothing to explain. */
        reason?: string;
        /** @description The HTTP status of the last try. */
        status?: string;
        /** @description Only those that were tried so often or more. */
        minAttempts?: number;
        /** @description The start, included. */
        from?: string;
        /** @description The end, left out. */
        to?: string;
        /** @description The id of the last event that you have; the stream continues after it. */
        lastEventId?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `event_id_invalid`: The id is of no event of this stream.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `temporarily_unavailable`: A part of the system is away: try again.
       *     - `too_many_readers`: Too many readers follow this stream.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPostbacks: {
    parameters: {
      query?: {
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next` of the page before. */
        cursor?: string;
        /** @description Whether to say about how many there are in all. */
        estimate?: 'true' | 'false';
        /** @description Its id. */
        id?: string;
        /** @description The click, by its id. */
        clickId?: string;
        /** @description The network’s id of the transaction. */
        transactionId?: string;
        /** @description The conversion. */
        conversionId?: string;
        /** @description The source’s own click id. */
        externalId?: string;
        /** @description The network, by its key. */
        networkKey?: string;
        /** @description The campaign, by its key. */
        campaignKey?: string;
        /** @description The source, by its key. */
        sourceKey?: string;
        /** @description The offer, by its key. */
        offerKey?: string;
        /** @description What became of the call. */
        state?: string;
        /** @description Why it was refused, a code of `GET /refusals`; null: it was not. */
        refusal?: string;
        /** @description The way it came in. */
        channel?: string;
        /** @description How the network was recognised. */
        authenticatedBy?: string;
        /** @description The status word as the network wrote it. */
        statusWord?: string;
        /** @description A problem that was noticed while the call was read. */
        problem?: string;
        /** @description The upload that the row came from, or comes from; a UUID of version 7. */
        uploadId?: string;
        /** @description The address that the call came from. */
        remoteAddress?: string;
        /** @description Whether it is a test, which reports leave out. */
        test?: 'true' | 'false';
        /** @description A part of the URL of the call. */
        text?: string;
        /** @description The start, included. */
        from?: string;
        /** @description The end, left out. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListPostbacksAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  summarisePostbacks: {
    parameters: {
      query?: {
        /** @description What the calls of a line have in common, in order. */
        groupBy?: string;
        /** @description How many items at most. */
        limit?: number;
        /** @description Its id. */
        id?: string;
        /** @description The click, by its id. */
        clickId?: string;
        /** @description The network’s id of the transaction. */
        transactionId?: string;
        /** @description The conversion. */
        conversionId?: string;
        /** @description The source’s own click id. */
        externalId?: string;
        /** @description The network, by its key. */
        networkKey?: string;
        /** @description The campaign, by its key. */
        campaignKey?: string;
        /** @description The source, by its key. */
        sourceKey?: string;
        /** @description The offer, by its key. */
        offerKey?: string;
        /** @description What became of the call. */
        state?: string;
        /** @description Why it was refused, a code of `GET /refusals`; null: it was not. */
        refusal?: string;
        /** @description The way it came in. */
        channel?: string;
        /** @description How the network was recognised. */
        authenticatedBy?: string;
        /** @description The status word as the network wrote it. */
        statusWord?: string;
        /** @description A problem that was noticed while the call was read. */
        problem?: string;
        /** @description The upload that the row came from, or comes from; a UUID of version 7. */
        uploadId?: string;
        /** @description The address that the call came from. */
        remoteAddress?: string;
        /** @description Whether it is a test, which reports leave out. */
        test?: 'true' | 'false';
        /** @description A part of the URL of the call. */
        text?: string;
        /** @description The start, included. */
        from?: string;
        /** @description The end, left out. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SummarisePostbacksAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readPostback: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Its id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Postback'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listParked: {
    parameters: {
      query?: {
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next` of the page before. */
        cursor?: string;
        /** @description The Kafka topic. */
        topic?: string;
        /** @description Why; null: there is nothing to explain. */
        reason?: string;
        /** @description The consumer that set it aside. */
        consumer?: string;
        /** @description Whether it is settled. */
        resolved?: 'true' | 'false';
        /** @description The start, included. */
        from?: string;
        /** @description The end, left out. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListParkedAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readParked: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Its id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ParkedRecord'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  releaseParked: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Its id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ParkedRecord'];
        };
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `resolved`: The record was settled already.
       *     - `value_missing`: The value of the record is only on its topic.
       *     - `topic_unknown`: The topic of the record does not exist any more.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  dismissParked: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Its id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ParkedRecord'];
        };
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `resolved`: The record was settled already.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replayPostbacks: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
        /** @description `respond-async`: answers 202 with a job at once. */
        Prefer?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ReplayPostbacksBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PostbackReplay'];
        };
      };
      /** @description The job that does it. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AcceptedJob'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `temporarily_unavailable`: A part of the system is away: try again.
       *     - `too_many_jobs`: Too many jobs wait already.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listClicks: {
    parameters: {
      query?: {
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next` of the page before. */
        cursor?: string;
        /** @description Whether to say about how many there are in all. */
        estimate?: 'true' | 'false';
        /** @description The click, by its id. */
        clickId?: string;
        /** @description The source’s own click id. */
        externalId?: string;
        /** @description The campaign, by its key. */
        campaignKey?: string;
        /** @description The source, by its key. */
        sourceKey?: string;
        /** @description The offer, by its key. */
        offerKey?: string;
        /** @description The network, by its key. */
        networkKey?: string;
        /** @description The way it came in. */
        channel?: string;
        /** @description A flag of the click, such as `bot`. */
        flag?: string;
        /** @description Whether it is the visitor’s first click of the campaign within a day. */
        unique?: 'true' | 'false';
        /** @description Tokens of the click, `name:value`, comma separated. */
        token?: string;
        /** @description The start, included. */
        from?: string;
        /** @description The end, left out. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListClicksAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readClick: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Our click id, in any case, or that of another tracker. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ClickHistory'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  searchIds: {
    parameters: {
      query: {
        /** @description Any id. */
        q: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SearchIdsAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listConversions: {
    parameters: {
      query?: {
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next` of the page before. */
        cursor?: string;
        /** @description Whether to say about how many there are in all. */
        estimate?: 'true' | 'false';
        /** @description Its id. */
        id?: string;
        /** @description The click, by its id. */
        clickId?: string;
        /** @description The source’s own click id. */
        externalId?: string;
        /** @description The network’s id of the transaction. */
        transactionId?: string;
        /** @description The network, by its key. */
        networkKey?: string;
        /** @description The campaign, by its key. */
        campaignKey?: string;
        /** @description The source, by its key. */
        sourceKey?: string;
        /** @description The offer, by its key. */
        offerKey?: string;
        /** @description What happened, as the network names it; null: it named none. */
        event?: string;
        /** @description What became of it. */
        state?: string;
        /** @description A mark beside the state. */
        mark?: string;
        /** @description `true`: only those that reports count, without tests. */
        counted?: 'true' | 'false';
        /** @description Tokens of the click, `name:value`, comma separated. */
        token?: string;
        /** @description Which time of a conversion `from` and `to` are of. */
        timeBy?: 'recorded' | 'clicked' | 'occurred';
        /** @description The books as they were at this moment. */
        asOf?: string;
        /** @description The start, included. */
        from?: string;
        /** @description The end, left out. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListConversionsAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       *     - `as_of_with_state`: States and marks are found as they are now: leave out `asOf`, or them.
       *     - `as_of_before_horizon`: Single entries of that time are not kept any more.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readConversion: {
    parameters: {
      query?: {
        /** @description The books as they were at this moment. */
        asOf?: string;
      };
      header?: never;
      path: {
        /** @description Its id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ConversionHistory'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `as_of_before_horizon`: Single entries of that time are not kept any more.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  uploadConversions: {
    parameters: {
      query?: {
        /** @description The network, by its key. */
        networkKey?: string;
        /** @description Only says what would happen; nothing is written or sent. */
        dryRun?: 'true' | 'false';
        /** @description Whether destinations receive what the rows change. */
        dispatch?: 'true' | 'false';
        /** @description The upload that the row came from, or comes from; a UUID of version 7. */
        uploadId?: string;
        /** @description How the file is read, as JSON; without it the network’s `reportFile`. */
        mapping?: string;
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
        /** @description `respond-async`: answers 202 with a job at once. */
        Prefer?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'text/csv': string;
        'application/octet-stream': string;
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UploadResult'];
        };
      };
      /** @description The job that does it. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AcceptedJob'];
        };
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `too_large`: The body is larger than this route takes.
       *     - `too_many_rows`: The file has more rows than this route takes: split it.
       */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `content_type_unknown`: This route does not read bodies of this content type.
       *     - `charset_unknown`: The charset of the file is not known.
       */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `csv_unreadable`: The file cannot be read as CSV.
       *     - `rows_missing`: The file has no rows below its header.
       *     - `report_file_unreadable`: The file cannot be read safely; `errors` says what must be stated.
       *     - `upload_id_old`: An `uploadId` is good for seven days.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `temporarily_unavailable`: A part of the system is away: try again.
       *     - `too_many_jobs`: Too many jobs wait already.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  uploadClicks: {
    parameters: {
      query?: {
        /** @description Only says what would happen; nothing is written or sent. */
        dryRun?: 'true' | 'false';
        /** @description The upload that the row came from, or comes from; a UUID of version 7. */
        uploadId?: string;
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'text/csv': string;
        'application/octet-stream': string;
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UploadResult'];
        };
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `too_large`: The body is larger than this route takes.
       *     - `too_many_rows`: The file has more rows than this route takes: split it.
       */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `columns_invalid`: The columns of the file are not those that are needed.
       *     - `csv_unreadable`: The file cannot be read as CSV.
       *     - `rows_missing`: The file has no rows below its header.
       *     - `upload_id_old`: An `uploadId` is good for seven days.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  analyseReportFile: {
    parameters: {
      query?: {
        /** @description The network, by its key. */
        networkKey?: string;
        /** @description How the file is read, as JSON; without it the network’s `reportFile`. */
        mapping?: string;
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'text/csv': string;
        'application/octet-stream': string;
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AnalyseReportFileAnswer'];
        };
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `content_type_unknown`: This route does not read bodies of this content type.
       *     - `charset_unknown`: The charset of the file is not known.
       */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `csv_unreadable`: The file cannot be read as CSV.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readReport: {
    parameters: {
      query?: {
        /** @description The columns that lines are made of, in order. */
        groupBy?: string;
        /** @description The start, included. */
        from?: string;
        /** @description The end, left out. */
        to?: string;
        /** @description The time zone of days, and of times that state none. */
        timeZone?: string;
        /** @description The currency, an ISO 4217 code or that of a coin; null: not known. */
        currency?: string;
        /** @description The books as they were at this moment. */
        asOf?: string;
        /** @description Which time of a conversion `from` and `to` are of. */
        timeBy?: 'recorded' | 'clicked' | 'occurred';
        /** @description A figure, or `key`; `-` in front for the largest first. */
        sort?: string;
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next` of the page before. */
        cursor?: string;
        /** @description `previous`: beside each line its figures of the same time before. */
        compare?: 'previous';
        /** @description Adds figures that are made of the conversions themselves, which takes longer. */
        details?: 'true' | 'false';
        /** @description The campaign, by its key. */
        campaignKey?: string;
        /** @description The source, by its key. */
        sourceKey?: string;
        /** @description The offer, by its key. */
        offerKey?: string;
        /** @description The network, by its key. */
        networkKey?: string;
        /** @description What happened, as the network names it; null: it named none. */
        event?: string;
        /** @description Tokens of the click, `name:value`, comma separated. */
        token?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReadReportAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       *     - `compare_by_time`: A report by day or hour cannot be compared with the time before.
       *     - `time_unreadable`: A day or a time cannot be read.
       *     - `too_many_lines`: The report has too many lines: shorten the time or group by less.
       *     - `as_of_before_horizon`: Single entries of that time are not kept any more.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRates: {
    parameters: {
      query?: {
        /** @description The first day. */
        from?: string;
        /** @description The last day, included. */
        to?: string;
        /** @description The currency, an ISO 4217 code or that of a coin; null: not known. */
        currency?: string;
        /** @description `ecb`, or who typed it in. */
        origin?: string;
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListRatesAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putRates: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PutRatesBody'];
      };
    };
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  uploadRates: {
    parameters: {
      query?: {
        /** @description Only says what would happen; nothing is written or sent. */
        dryRun?: 'true' | 'false';
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'text/csv': string;
        'application/octet-stream': string;
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UploadRatesAnswer'];
        };
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `rates_unreadable`: The file is not one of rates as the European Central Bank writes it.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  uploadCosts: {
    parameters: {
      query?: {
        /** @description Only says what would happen; nothing is written or sent. */
        dryRun?: 'true' | 'false';
        /** @description The upload that the row came from, or comes from; a UUID of version 7. */
        uploadId?: string;
      };
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'text/csv': string;
        'application/octet-stream': string;
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UploadCostsAnswer'];
        };
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `too_large`: The body is larger than this route takes.
       *     - `too_many_rows`: The file has more rows than this route takes: split it.
       */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `columns_invalid`: The columns of the file are not those that are needed.
       *     - `csv_unreadable`: The file cannot be read as CSV.
       *     - `upload_id_old`: An `uploadId` is good for seven days.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listDeliveries: {
    parameters: {
      query?: {
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next` of the page before. */
        cursor?: string;
        /** @description Whether to say about how many there are in all. */
        estimate?: 'true' | 'false';
        /** @description Its id. */
        id?: string;
        /** @description The conversion. */
        conversionId?: string;
        /** @description The destination, by its owner. */
        destinationKey?: string;
        /** @description The network, by its key. */
        networkKey?: string;
        /** @description The campaign, by its key. */
        campaignKey?: string;
        /** @description The source, by its key. */
        sourceKey?: string;
        /** @description The offer, by its key. */
        offerKey?: string;
        /** @description The click, by its id. */
        clickId?: string;
        /** @description The network’s id of the transaction. */
        transactionId?: string;
        /** @description The source’s own click id. */
        externalId?: string;
        /** @description Where the delivery is. */
        state?: string;
        /** @description The state of the conversion that is reported. */
        cause?: string;
        /** @description Why; null: there is nothing to explain. */
        reason?: string;
        /** @description The HTTP status of the last try. */
        status?: string;
        /** @description Only those that were tried so often or more. */
        minAttempts?: number;
        /** @description The start, included. */
        from?: string;
        /** @description The end, left out. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListDeliveriesAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Its id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Delivery'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replayDeliveries: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
        /** @description `respond-async`: answers 202 with a job at once. */
        Prefer?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ReplayDeliveriesBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReplayDeliveriesAnswer'];
        };
      };
      /** @description The job that does it. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AcceptedJob'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `temporarily_unavailable`: A part of the system is away: try again.
       *     - `too_many_jobs`: Too many jobs wait already.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listDestinations: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListDestinationsAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  previewDestination: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PreviewDestinationBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PreviewDestinationAnswer'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  testDestination: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['TestDestinationBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TestDestinationAnswer'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `secret_unreadable`: The secrets of this destination cannot be opened; enter them again.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       *     - `conversion_real`: A test call is for a made-up conversion.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  pauseDestination: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description The destination, by its owner. */
        key: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resumeDestination: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description The destination, by its owner. */
        key: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readDestination: {
    parameters: {
      query?: {
        /** @description The start, included. */
        from?: string;
        /** @description The end, left out. */
        to?: string;
        /** @description The length of a bucket. */
        bucket?: 'minute' | 'hour' | 'day';
      };
      header?: never;
      path: {
        /** @description The destination, by its owner. */
        key: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DestinationHistory'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `too_many_buckets`: The time is too long for buckets of this length.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listViews: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListViewsAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putView: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description chosen by the caller */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PutViewBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SavedView'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       *     - `not_yours`: Only the person who made it, or an admin, changes it.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `too_many_views`: The caller has as many saved views as one may have.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeView: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description chosen by the caller */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       *     - `not_yours`: Only the person who made it, or an admin, changes it.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listJobs: {
    parameters: {
      query?: {
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next` of the page before. */
        cursor?: string;
        /** @description What it is. */
        kind?: string;
        /** @description Where the job is. */
        state?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListJobsAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `cursor_invalid`: The cursor is none that this list answered.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `headers_too_large`: The URL and the headers are together larger than 64 KiB. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readJob: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Its id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Job'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelJob: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Its id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Job'];
        };
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       *     - `not_yours`: Only the person who made it, or an admin, changes it.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       *     - `job_ended`: The job has ended already.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  streamJob: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Its id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `role_too_low`: The role of the caller does not allow this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `temporarily_unavailable`: A part of the system is away: try again.
       *     - `too_many_streams`: Too many streams of jobs are open.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createExport: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateExportBody'];
      };
    };
    responses: {
      /** @description The answer. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AcceptedJob'];
        };
      };
      /**
       * @description - `url_unreadable`: The URL has a broken percent-encoding.
       *     - `malformed_json`: The body is not JSON.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `csrf_header_missing`: A change by cookie needs the header `X-Carom-CSRF: 1`.
       *     - `origin_foreign`: The page of another site started this request.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_in_progress`: The first request with this Idempotency-Key still runs.
       *     - `idempotency_outcome_unknown`: The first request broke off: look whether it took effect.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_large`: The body is larger than this route takes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `content_type_unknown`: This route does not read bodies of this content type. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `invalid`: Some fields are wrong; `errors` names each.
       *     - `idempotency_key_invalid`: An Idempotency-Key is 1 to 255 visible ASCII characters.
       *     - `idempotency_key_reused`: The Idempotency-Key was used for another request.
       */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `idempotency_keys_full`: Too many Idempotency-Keys within a day.
       *     - `too_many_requests`: Too many requests from this address within a minute.
       */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `temporarily_unavailable`: A part of the system is away: try again.
       *     - `too_many_jobs`: Too many jobs wait already.
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readJobFile: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Its id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv': string;
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `token_missing`: No one is signed in, and no token was sent.
       *     - `token_wrong`: The token is not known, has expired or was revoked.
       *     - `session_ended`: The session has ended: sign in again.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description - `role_too_low`: The role of the caller does not allow this.
       *     - `not_yours`: Only the person who made it, or an admin, changes it.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `not_found`: There is no such thing. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `job_open`: The job is not done yet. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `file_ended`: The job has no file, or it was deleted after a day. */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `invalid`: Some fields are wrong; `errors` names each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readDocument: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReadDocumentAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readRoot: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReadRootAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `url_unreadable`: The URL has a broken percent-encoding. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `too_many_requests`: Too many requests from this address within a minute. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `unexpected`: An error in Carom; it has been logged. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description - `temporarily_unavailable`: A part of the system is away: try again. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}

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
    post: operations['signInSession'];
    /**
     * Signs out: ends this session.
     * @description Needs the role viewer.
     */
    delete: operations['signOutSession'];
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
    post: operations['changePasswordMe'];
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
    post: operations['join'];
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
    post: operations['resetUser'];
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
    get: operations['refusals'];
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
    post: operations['previewNetworks'];
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
     * Maps one status word of a network, and replays the calls that were refused for it.
     * @description Needs the role editor.
     */
    post: operations['mapStatusNetwork'];
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
    get: operations['tokensCampaign'];
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
    post: operations['startTestTests'];
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
    get: operations['readTestTest'];
    put?: never;
    post?: never;
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
    post: operations['rotateNetwork'];
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
     * Lists the presets of networks.
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
     * Lists the presets of sources.
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
    get: operations['overview'];
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
    get: operations['status'];
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
    get: operations['postbacks'];
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
    get: operations['deliveries'];
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
    get: operations['summaryPostbacks'];
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
    get: operations['search'];
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
    post: operations['analyseReportFiles'];
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
    get: operations['reportReports'];
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
     * Sends deliveries again with the current template: what was parked, what waits for its next attempt, and with `force` also what was accepted. The delivery id stays the same, so that the receiver can recognise a repetition.
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
    post: operations['previewDestinations'];
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
    post: operations['testDestinations'];
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
    delete: operations['removeJob'];
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
    get: operations['readOpenapiJson'];
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
    get: operations['rootApi'];
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
    AcceptedJob: {
      job: components['schemas']['Job'];
    };
    AnalyseReportFilesAnswer: {
      /** @enum {string} */
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
      /** @enum {string} */
      delimiter: ',' | ';' | '\t' | '|';
      headerRow: number | null;
      columns: {
        name: string;
        title: string;
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
        samples: string[];
      }[];
      formats: {
        /** @enum {string} */
        amount: 'dot' | 'comma' | 'any' | 'unknown' | 'contradictory';
        date: ('ymd' | 'dmy' | 'mdy' | 'unix') | null;
      };
      rows: number;
      problems: {
        code: string;
        column: string | null;
        message: string;
      }[];
      readable: boolean;
    };
    AuditLine: {
      /** Format: uuid */
      id: string;
      /** Format: date-time */
      at: string;
      /** @description the name that the user or the token has now */
      actor: string;
      userId: string | null;
      tokenId: string | null;
      action: string;
      kind: string;
      key: string;
      /** @description what differs between before and after */
      changes: {
        path: string;
        before: unknown;
        after: unknown;
      }[];
      before: unknown;
      after: unknown;
    };
    ChangePasswordMeBody: {
      current: string;
      next: string;
    };
    CreateCampaignAnswer: {
      key: string;
      name?: string;
      sourceKey: string;
      offers: {
        offerKey: string;
        /** @default 1 */
        weight: number;
      }[];
      /** @default null */
      destination: {
        url: string;
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /** @default {} */
        headers: {
          [key: string]: string;
        };
        /** @default null */
        body: string | null;
        /**
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
           * @default [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /** @default [] */
          events: string[];
          /** @default null */
          minAmount: string | null;
          /** @default [] */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @default state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /** @default 1 */
        valueScale: string;
        /** @default null */
        valueCurrency: string | null;
        /** @default 100 */
        sharePercent: number;
        /**
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
           * @default [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
          /** @default null */
          bodyMustNotMatch: string | null;
        };
        /**
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /** @default [] */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
        };
        /** @default null */
        signing:
          | (
              | {
                  /** @constant */
                  kind: 'standard-webhooks';
                  secrets: string[];
                }
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /** @enum {string} */
                  encoding: 'hex' | 'base64' | 'base64url';
                  template: string;
                  secret: string;
                }
            )
          | null;
        /** @default {} */
        secrets: {
          [key: string]: string;
        };
        /**
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /** @default 32 */
          inFlight: number;
          /** @default null */
          perSecond: number | null;
        };
        /** @default 20000 */
        timeoutMs: number;
        /**
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /** @default 5000 */
          connectMs: number;
          /** @default 15000 */
          headersMs: number;
          /** @default 5000 */
          bodyMs: number;
        };
        /** @default 90 */
        maxAgeDays: number;
        /** @default null */
        onReversal: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        onRestatement: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        clientCertificate: {
          cert: string;
          key: string;
        } | null;
      } | null;
      /** @default [] */
      reportTokens: string[];
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
      clickUrl: string;
      warnings?: {
        /** @enum {string} */
        severity: 'error' | 'warning';
        where: string;
        code: string;
        text: string;
        message: string;
        suggestion: string | null;
      }[];
    };
    CreateCampaignBody: {
      key: string;
      name?: string;
      sourceKey: string;
      offers: {
        offerKey: string;
        /** @default 1 */
        weight: number;
      }[];
      /** @default null */
      destination: {
        url: string;
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /** @default {} */
        headers: {
          [key: string]: string;
        };
        /** @default null */
        body: string | null;
        /**
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
           * @default [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /** @default [] */
          events: string[];
          /** @default null */
          minAmount: string | null;
          /** @default [] */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @default state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /** @default 1 */
        valueScale: string;
        /** @default null */
        valueCurrency: string | null;
        /** @default 100 */
        sharePercent: number;
        /**
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
           * @default [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
          /** @default null */
          bodyMustNotMatch: string | null;
        };
        /**
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /** @default [] */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
        };
        /** @default null */
        signing:
          | (
              | {
                  /** @constant */
                  kind: 'standard-webhooks';
                  secrets: string[];
                }
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /** @enum {string} */
                  encoding: 'hex' | 'base64' | 'base64url';
                  template: string;
                  secret: string;
                }
            )
          | null;
        /** @default {} */
        secrets: {
          [key: string]: string;
        };
        /**
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /** @default 32 */
          inFlight: number;
          /** @default null */
          perSecond: number | null;
        };
        /** @default 20000 */
        timeoutMs: number;
        /**
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /** @default 5000 */
          connectMs: number;
          /** @default 15000 */
          headersMs: number;
          /** @default 5000 */
          bodyMs: number;
        };
        /** @default 90 */
        maxAgeDays: number;
        /** @default null */
        onReversal: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        onRestatement: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        clientCertificate: {
          cert: string;
          key: string;
        } | null;
      } | null;
      /** @default [] */
      reportTokens: string[];
    };
    CreateNetworkAnswer: {
      key: string;
      name: string;
      /** @default null */
      preset: string | null;
      /** @default {} */
      params: {
        [key: string]: string[];
      };
      /** @default {} */
      statusMap: {
        [key: string]: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
      };
      /**
       * @default approved
       * @enum {string}
       */
      defaultStatus: 'pending' | 'approved' | 'rejected' | 'reversed';
      /** @default null */
      defaultCurrency: string | null;
      /**
       * @default transaction
       * @enum {string}
       */
      identity: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
      /**
       * @default update
       * @enum {string}
       */
      duplicates: 'update' | 'ignore' | 'add' | 'increment';
      /** @default null */
      reversalPrefix: string | null;
      /**
       * @default auto
       * @enum {string}
       */
      amountFormat: 'auto' | 'dot' | 'comma' | 'minor';
      /** @default false */
      reopens: boolean;
      /** @default false */
      locksOnApproval: boolean;
      /** @default {} */
      eventMap: {
        [key: string]: string;
      };
      /** @default {} */
      events: {
        [key: string]: {
          /** @enum {string} */
          identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
          /** @enum {string} */
          duplicates?: 'update' | 'ignore' | 'add' | 'increment';
        };
      };
      /**
       * @default event
       * @enum {string}
       */
      timeOf: 'event' | 'sale';
      /** @default UTC */
      timeZone: string;
      /**
       * @default {
       *       "status": 200,
       *       "body": "OK"
       *     }
       */
      answer: {
        /** @default 200 */
        status: number;
        /** @default OK */
        body: string;
      };
      /**
       * @default {
       *       "requireToken": true,
       *       "cidrs": [],
       *       "secret": null,
       *       "signature": null,
       *       "hmac": null
       *     }
       */
      security: {
        /** @default true */
        requireToken: boolean;
        /** @default [] */
        cidrs: string[];
        /** @default null */
        secret: {
          param: string;
          value: string;
        } | null;
        /** @default null */
        signature:
          | (
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  template: string;
                }
              | {
                  /** @constant */
                  kind: 'digest';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  template: string;
                }
              | {
                  /** @constant */
                  kind: 'sorted-fields';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  /** @enum {string} */
                  fields: 'value' | 'name=value';
                  /** @default  */
                  joiner: string;
                  /** @enum {string} */
                  secretAt: 'end' | 'after-each';
                  /** @default false */
                  skipEmpty: boolean;
                }
            )
          | null;
        /** @default null */
        hmac: {
          /** @enum {string} */
          algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
          /** @enum {string} */
          encoding: 'hex' | 'base64' | 'base64url';
          param?: string;
          header?: string;
          secret: string;
          truncate?: number;
          timestampParam?: string;
          timestampHeader?: string;
          /** @default 300 */
          toleranceSeconds: number;
          template: string;
        } | null;
      };
      /** @default [] */
      dropIns: ('voluum' | 'binom' | 'keitaro' | 'redtrack' | 'bemob' | 'tune')[];
      /** @default null */
      reportFile: {
        /** @enum {string} */
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
        /** @enum {string} */
        delimiter?: ',' | ';' | '\t' | '|';
        headerRow?: number;
        columns?: {
          clickId?: string[];
          transactionId?: string[];
          lineId?: string[];
          amount?: string[];
          currency?: string[];
          status?: string[];
          event?: string[];
          occurredAt?: string[];
          reversalOf?: string[];
          saleAmount?: string[];
        };
        /** @enum {string} */
        amountFormat?: 'dot' | 'comma' | 'minor';
        /** @enum {string} */
        dateOrder?: 'ymd' | 'dmy' | 'mdy' | 'unix';
        timeZone?: string;
        statusRules?: {
          column: string;
          equals?: string;
          /** @enum {string} */
          meaning: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
        }[];
        /** @enum {string} */
        equalRows?: 'separate' | 'refuse';
      } | null;
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
      token: string;
      tokens: {
        token: string;
        until: string | null;
      }[];
      postbackUrl: string;
      morePostbackUrls: {
        when: string;
        url: string;
      }[];
      warnings?: {
        /** @enum {string} */
        severity: 'error' | 'warning';
        where: string;
        code: string;
        text: string;
        message: string;
        suggestion: string | null;
      }[];
    };
    CreateNetworkBody: {
      key: string;
      name: string;
      /** @default null */
      preset: string | null;
      /** @default {} */
      params: {
        [key: string]: string[];
      };
      /** @default {} */
      statusMap: {
        [key: string]: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
      };
      /**
       * @default approved
       * @enum {string}
       */
      defaultStatus: 'pending' | 'approved' | 'rejected' | 'reversed';
      /** @default null */
      defaultCurrency: string | null;
      /**
       * @default transaction
       * @enum {string}
       */
      identity: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
      /**
       * @default update
       * @enum {string}
       */
      duplicates: 'update' | 'ignore' | 'add' | 'increment';
      /** @default null */
      reversalPrefix: string | null;
      /**
       * @default auto
       * @enum {string}
       */
      amountFormat: 'auto' | 'dot' | 'comma' | 'minor';
      /** @default false */
      reopens: boolean;
      /** @default false */
      locksOnApproval: boolean;
      /** @default {} */
      eventMap: {
        [key: string]: string;
      };
      /** @default {} */
      events: {
        [key: string]: {
          /** @enum {string} */
          identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
          /** @enum {string} */
          duplicates?: 'update' | 'ignore' | 'add' | 'increment';
        };
      };
      /**
       * @default event
       * @enum {string}
       */
      timeOf: 'event' | 'sale';
      /** @default UTC */
      timeZone: string;
      /**
       * @default {
       *       "status": 200,
       *       "body": "OK"
       *     }
       */
      answer: {
        /** @default 200 */
        status: number;
        /** @default OK */
        body: string;
      };
      /**
       * @default {
       *       "requireToken": true,
       *       "cidrs": [],
       *       "secret": null,
       *       "signature": null,
       *       "hmac": null
       *     }
       */
      security: {
        /** @default true */
        requireToken: boolean;
        /** @default [] */
        cidrs: string[];
        /** @default null */
        secret: {
          param: string;
          value: string;
        } | null;
        /** @default null */
        signature:
          | (
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  template: string;
                }
              | {
                  /** @constant */
                  kind: 'digest';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  template: string;
                }
              | {
                  /** @constant */
                  kind: 'sorted-fields';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  /** @enum {string} */
                  fields: 'value' | 'name=value';
                  /** @default  */
                  joiner: string;
                  /** @enum {string} */
                  secretAt: 'end' | 'after-each';
                  /** @default false */
                  skipEmpty: boolean;
                }
            )
          | null;
        /** @default null */
        hmac: {
          /** @enum {string} */
          algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
          /** @enum {string} */
          encoding: 'hex' | 'base64' | 'base64url';
          param?: string;
          header?: string;
          secret: string;
          truncate?: number;
          timestampParam?: string;
          timestampHeader?: string;
          /** @default 300 */
          toleranceSeconds: number;
          template: string;
        } | null;
      };
      /** @default [] */
      dropIns: ('voluum' | 'binom' | 'keitaro' | 'redtrack' | 'bemob' | 'tune')[];
      /** @default null */
      reportFile: {
        /** @enum {string} */
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
        /** @enum {string} */
        delimiter?: ',' | ';' | '\t' | '|';
        headerRow?: number;
        columns?: {
          clickId?: string[];
          transactionId?: string[];
          lineId?: string[];
          amount?: string[];
          currency?: string[];
          status?: string[];
          event?: string[];
          occurredAt?: string[];
          reversalOf?: string[];
          saleAmount?: string[];
        };
        /** @enum {string} */
        amountFormat?: 'dot' | 'comma' | 'minor';
        /** @enum {string} */
        dateOrder?: 'ymd' | 'dmy' | 'mdy' | 'unix';
        timeZone?: string;
        statusRules?: {
          column: string;
          equals?: string;
          /** @enum {string} */
          meaning: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
        }[];
        /** @enum {string} */
        equalRows?: 'separate' | 'refuse';
      } | null;
    };
    CreateOfferAnswer: {
      key: string;
      name?: string;
      networkKey: string;
      url: string;
      /**
       * @default {
       *       "mode": "postback"
       *     }
       */
      payout: {
        /**
         * @default postback
         * @enum {string}
         */
        mode: 'postback' | 'fixed' | 'percent';
        amount?: string;
        currency?: string;
        percent?: number;
      };
      /** @default 30 */
      windowDays: number;
      /** @default 0 */
      minSeconds: number;
      /** @default null */
      cap: {
        /** @enum {string} */
        per: 'day' | 'month' | 'total';
        conversions?: number;
        payout?: string;
        currency?: string;
        /** @default UTC */
        timeZone: string;
      } | null;
      /** @default null */
      holdDays: number | null;
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
    };
    CreateOfferBody: {
      key: string;
      name?: string;
      networkKey: string;
      url: string;
      /**
       * @default {
       *       "mode": "postback"
       *     }
       */
      payout: {
        /**
         * @default postback
         * @enum {string}
         */
        mode: 'postback' | 'fixed' | 'percent';
        amount?: string;
        currency?: string;
        percent?: number;
      };
      /** @default 30 */
      windowDays: number;
      /** @default 0 */
      minSeconds: number;
      /** @default null */
      cap: {
        /** @enum {string} */
        per: 'day' | 'month' | 'total';
        conversions?: number;
        payout?: string;
        currency?: string;
        /** @default UTC */
        timeZone: string;
      } | null;
      /** @default null */
      holdDays: number | null;
    };
    CreateSourceAnswer: {
      key: string;
      name: string;
      /** @default null */
      preset: string | null;
      /** @default click_id */
      externalIdParam: string;
      /** @default {} */
      tokens: {
        [key: string]: string;
      };
      /**
       * @default {
       *       "model": "none",
       *       "param": null,
       *       "amount": null,
       *       "currency": "USD"
       *     }
       */
      cost: {
        /**
         * @default none
         * @enum {string}
         */
        model: 'none' | 'cpc' | 'cpm' | 'cpa' | 'revshare';
        /** @default null */
        param: string | null;
        /** @default null */
        amount: string | null;
        /** @default USD */
        currency: string;
      };
      /** @default null */
      destination: {
        url: string;
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /** @default {} */
        headers: {
          [key: string]: string;
        };
        /** @default null */
        body: string | null;
        /**
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
           * @default [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /** @default [] */
          events: string[];
          /** @default null */
          minAmount: string | null;
          /** @default [] */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @default state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /** @default 1 */
        valueScale: string;
        /** @default null */
        valueCurrency: string | null;
        /** @default 100 */
        sharePercent: number;
        /**
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
           * @default [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
          /** @default null */
          bodyMustNotMatch: string | null;
        };
        /**
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /** @default [] */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
        };
        /** @default null */
        signing:
          | (
              | {
                  /** @constant */
                  kind: 'standard-webhooks';
                  secrets: string[];
                }
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /** @enum {string} */
                  encoding: 'hex' | 'base64' | 'base64url';
                  template: string;
                  secret: string;
                }
            )
          | null;
        /** @default {} */
        secrets: {
          [key: string]: string;
        };
        /**
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /** @default 32 */
          inFlight: number;
          /** @default null */
          perSecond: number | null;
        };
        /** @default 20000 */
        timeoutMs: number;
        /**
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /** @default 5000 */
          connectMs: number;
          /** @default 15000 */
          headersMs: number;
          /** @default 5000 */
          bodyMs: number;
        };
        /** @default 90 */
        maxAgeDays: number;
        /** @default null */
        onReversal: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        onRestatement: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        clientCertificate: {
          cert: string;
          key: string;
        } | null;
      } | null;
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
      warnings?: {
        /** @enum {string} */
        severity: 'error' | 'warning';
        where: string;
        code: string;
        text: string;
        message: string;
        suggestion: string | null;
      }[];
    };
    CreateSourceBody: {
      key: string;
      name: string;
      /** @default null */
      preset: string | null;
      /** @default click_id */
      externalIdParam: string;
      /** @default {} */
      tokens: {
        [key: string]: string;
      };
      /**
       * @default {
       *       "model": "none",
       *       "param": null,
       *       "amount": null,
       *       "currency": "USD"
       *     }
       */
      cost: {
        /**
         * @default none
         * @enum {string}
         */
        model: 'none' | 'cpc' | 'cpm' | 'cpa' | 'revshare';
        /** @default null */
        param: string | null;
        /** @default null */
        amount: string | null;
        /** @default USD */
        currency: string;
      };
      /** @default null */
      destination: {
        url: string;
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /** @default {} */
        headers: {
          [key: string]: string;
        };
        /** @default null */
        body: string | null;
        /**
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
           * @default [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /** @default [] */
          events: string[];
          /** @default null */
          minAmount: string | null;
          /** @default [] */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @default state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /** @default 1 */
        valueScale: string;
        /** @default null */
        valueCurrency: string | null;
        /** @default 100 */
        sharePercent: number;
        /**
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
           * @default [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
          /** @default null */
          bodyMustNotMatch: string | null;
        };
        /**
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /** @default [] */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
        };
        /** @default null */
        signing:
          | (
              | {
                  /** @constant */
                  kind: 'standard-webhooks';
                  secrets: string[];
                }
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /** @enum {string} */
                  encoding: 'hex' | 'base64' | 'base64url';
                  template: string;
                  secret: string;
                }
            )
          | null;
        /** @default {} */
        secrets: {
          [key: string]: string;
        };
        /**
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /** @default 32 */
          inFlight: number;
          /** @default null */
          perSecond: number | null;
        };
        /** @default 20000 */
        timeoutMs: number;
        /**
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /** @default 5000 */
          connectMs: number;
          /** @default 15000 */
          headersMs: number;
          /** @default 5000 */
          bodyMs: number;
        };
        /** @default 90 */
        maxAgeDays: number;
        /** @default null */
        onReversal: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        onRestatement: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        clientCertificate: {
          cert: string;
          key: string;
        } | null;
      } | null;
    };
    CreateTokenBody: {
      name: string;
      /** @enum {string} */
      role: 'viewer' | 'editor' | 'admin';
      /**
       * @description whose token it is; it can do no more than this user
       * @default null
       */
      userId: string | null;
      /** @default null */
      expiresAt: string | null;
      /**
       * @description shows a viewer the addresses and user agents of visitors
       * @default false
       */
      seesVisitors: boolean;
    };
    CreateUserBody: {
      name: string;
      /** @description without one the user cannot sign in, only hold tokens */
      email?: string | null;
      /** @enum {string} */
      role: 'viewer' | 'editor' | 'admin';
    };
    DismissParkedAnswer: {
      id: string;
      topic: string;
      partition: number;
      offset: string;
      consumer: string;
      key: string | null;
      valueBytes: number | null;
      reason: string;
      error: string | null;
      /** Format: date-time */
      parkedAt: string;
      resolvedAt: string | null;
      resolution: ('released' | 'dismissed') | null;
      value: string | null;
      valueEncoding: ('utf8' | 'base64') | null;
      headers: {
        [key: string]: string;
      };
    };
    InvitedUser: {
      /** Format: uuid */
      id: string;
      name: string;
      email: string | null;
      /** @enum {string} */
      role: 'viewer' | 'editor' | 'admin';
      seesVisitors: boolean;
      /** Format: date-time */
      createdAt: string;
      disabledAt: string | null;
      invitation: components['schemas']['OneTimeLink'] | null;
    };
    Job: {
      /** Format: uuid */
      id: string;
      kind: string;
      /** @enum {string} */
      state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
      cancelling: boolean;
      userId: string | null;
      tokenId: string | null;
      /** @description steps done: rows of a file, calls of a replay */
      done: number;
      /** @description null: not known */
      total: number | null;
      /** @description what the same action answers at once */
      result: unknown;
      problem: {
        code: string;
        detail: string;
      } | null;
      /** Format: date-time */
      createdAt: string;
      startedAt: string | null;
      finishedAt: string | null;
    };
    JoinBody: {
      code: string;
      password: string;
    };
    ListAuditAnswer: {
      items: components['schemas']['AuditLine'][];
      next: string | null;
    };
    ListCampaignsAnswer: {
      items: components['schemas']['ListCampaignsAnswerItem'][];
      next: string | null;
    };
    ListCampaignsAnswerItem: {
      key: string;
      name?: string;
      sourceKey: string;
      offers: {
        offerKey: string;
        /** @default 1 */
        weight: number;
      }[];
      /** @default null */
      destination: {
        url: string;
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /** @default {} */
        headers: {
          [key: string]: string;
        };
        /** @default null */
        body: string | null;
        /**
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
           * @default [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /** @default [] */
          events: string[];
          /** @default null */
          minAmount: string | null;
          /** @default [] */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @default state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /** @default 1 */
        valueScale: string;
        /** @default null */
        valueCurrency: string | null;
        /** @default 100 */
        sharePercent: number;
        /**
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
           * @default [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
          /** @default null */
          bodyMustNotMatch: string | null;
        };
        /**
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /** @default [] */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
        };
        /** @default null */
        signing:
          | (
              | {
                  /** @constant */
                  kind: 'standard-webhooks';
                  secrets: string[];
                }
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /** @enum {string} */
                  encoding: 'hex' | 'base64' | 'base64url';
                  template: string;
                  secret: string;
                }
            )
          | null;
        /** @default {} */
        secrets: {
          [key: string]: string;
        };
        /**
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /** @default 32 */
          inFlight: number;
          /** @default null */
          perSecond: number | null;
        };
        /** @default 20000 */
        timeoutMs: number;
        /**
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /** @default 5000 */
          connectMs: number;
          /** @default 15000 */
          headersMs: number;
          /** @default 5000 */
          bodyMs: number;
        };
        /** @default 90 */
        maxAgeDays: number;
        /** @default null */
        onReversal: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        onRestatement: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        clientCertificate: {
          cert: string;
          key: string;
        } | null;
      } | null;
      /** @default [] */
      reportTokens: string[];
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
      clickUrl: string;
      warnings?: {
        /** @enum {string} */
        severity: 'error' | 'warning';
        where: string;
        code: string;
        text: string;
        message: string;
        suggestion: string | null;
      }[];
    };
    ListClicksAnswer: {
      items: components['schemas']['ListClicksAnswerItem'][];
      next: string | null;
      estimate: number | null;
    };
    ListClicksAnswerItem: {
      clickId: string;
      /** Format: date-time */
      clickedAt: string;
      campaignKey: string;
      sourceKey: string;
      offerKey: string;
      networkKey: string;
      externalId: string | null;
      externalIdRaw: string | null;
      tokens: {
        [key: string]: string;
      };
      cost: {
        model: string;
        amount: string | null;
        currency: string | null;
      } | null;
      channel: string;
      unique: boolean;
      flags: string[];
      /** Format: date-time */
      recordedAt: string;
      visitor: {
        ip: string | null;
        userAgent: string | null;
        referer: string | null;
        language: string | null;
      };
    };
    ListConversionsAnswer: {
      items: components['schemas']['ListConversionsAnswerItem'][];
      next: string | null;
      estimate: number | null;
    };
    ListConversionsAnswerItem: {
      /** Format: uuid */
      id: string;
      networkKey: string;
      clickId: string | null;
      externalId: string | null;
      campaignKey: string | null;
      sourceKey: string | null;
      offerKey: string | null;
      event: string | null;
      transactionId: string | null;
      /** @enum {string} */
      state: 'pending' | 'approved' | 'rejected' | 'reversed';
      marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
      currency: string | null;
      money: {
        pending: string;
        approved: string;
        rejected: string;
        reversed: string;
      } | null;
      payoutFrom: string | null;
      attributedBy: string | null;
      clickAt: string | null;
      /** Format: date-time */
      occurredAt: string;
      /** Format: date-time */
      recordedAt: string;
      /** Format: date-time */
      changedAt: string;
      revision: number;
    };
    ListDeliveriesAnswer: {
      items: components['schemas']['ListDeliveriesAnswerItem'][];
      next: string | null;
      estimate: number | null;
    };
    ListDeliveriesAnswerItem: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      conversionId: string;
      destinationKey: string;
      /** @enum {string} */
      cause: 'pending' | 'approved' | 'rejected' | 'reversed';
      revision: number;
      /** @enum {string} */
      state: 'waiting' | 'sending' | 'delivered' | 'parked' | 'superseded';
      reason: string | null;
      /** Format: date-time */
      dueAt: string;
      /** Format: date-time */
      createdAt: string;
      finishedAt: string | null;
      /** Format: date-time */
      changedAt: string;
      replays: number;
      attemptCount: number;
      lastAttempt: {
        /** Format: date-time */
        at: string;
        status: number | null;
        ms: number;
        outcome: string;
        reason: string | null;
      } | null;
      networkKey: string | null;
      campaignKey: string | null;
      sourceKey: string | null;
      offerKey: string | null;
      clickId: string | null;
      externalId: string | null;
      transactionId: string | null;
    };
    ListDestinationsAnswer: {
      items: components['schemas']['ListDestinationsAnswerItem'][];
      next: null;
    };
    ListDestinationsAnswerItem: {
      destinationKey: string;
      paused: boolean;
      pausedBy: string | null;
      waiting: number;
      parked: number;
      parkedFor: {
        [key: string]: number;
      };
      oldestAt: string | null;
      processes: {
        /** @enum {string} */
        breaker: 'closed' | 'open' | 'half-open';
        since: string | null;
        probeAt: string | null;
        failingShare: number;
        inFlight: number;
        /** Format: date-time */
        reportedAt: string;
      }[];
    };
    ListJobsAnswer: {
      items: components['schemas']['Job'][];
      next: string | null;
    };
    ListNetworkPresetsAnswer: {
      items: components['schemas']['ListNetworkPresetsAnswerItem'][];
      next: null;
    };
    ListNetworkPresetsAnswerItem: {
      key: string;
      name: string;
      /** @enum {string} */
      confidence: 'D' | 'T';
      verified: boolean;
      source: string[];
      /** @default [] */
      quirks: string[];
      platform?: string;
      clickIdParam: string | null;
      /** Format: includes */
      linkExample?: string;
      postback: {
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST';
        template: string;
        /** @default [] */
        more: {
          when: string;
          template: string;
        }[];
      };
      settings: {
        params?: {
          [key: string]: string[];
        };
        statusMap?: {
          [key: string]: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
        };
        /** @enum {string} */
        defaultStatus?: 'pending' | 'approved' | 'rejected' | 'reversed';
        defaultCurrency?: string | null;
        /** @enum {string} */
        identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
        /** @enum {string} */
        duplicates?: 'update' | 'ignore' | 'add' | 'increment';
        reversalPrefix?: string | null;
        /** @enum {string} */
        amountFormat?: 'auto' | 'dot' | 'comma' | 'minor';
        reopens?: boolean;
        locksOnApproval?: boolean;
        eventMap?: {
          [key: string]: string;
        };
        events?: {
          [key: string]: {
            /** @enum {string} */
            identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
            /** @enum {string} */
            duplicates?: 'update' | 'ignore' | 'add' | 'increment';
          };
        };
        /** @enum {string} */
        timeOf?: 'event' | 'sale';
        timeZone?: string;
        answer?: {
          /** @default 200 */
          status: number;
          /** @default OK */
          body: string;
        };
        reportFile?: {
          /** @enum {string} */
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
          /** @enum {string} */
          delimiter?: ',' | ';' | '\t' | '|';
          headerRow?: number;
          columns?: {
            clickId?: string[];
            transactionId?: string[];
            lineId?: string[];
            amount?: string[];
            currency?: string[];
            status?: string[];
            event?: string[];
            occurredAt?: string[];
            reversalOf?: string[];
            saleAmount?: string[];
          };
          /** @enum {string} */
          amountFormat?: 'dot' | 'comma' | 'minor';
          /** @enum {string} */
          dateOrder?: 'ymd' | 'dmy' | 'mdy' | 'unix';
          timeZone?: string;
          statusRules?: {
            column: string;
            equals?: string;
            /** @enum {string} */
            meaning: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
          }[];
          /** @enum {string} */
          equalRows?: 'separate' | 'refuse';
        } | null;
      };
      examples: {
        note: string;
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST';
        /** @default  */
        query: string;
        /** @default null */
        body: string | null;
        /** @default null */
        contentType: string | null;
        expected: {
          clickId: string | null;
          /** @default null */
          transactionId: string | null;
          /** @default null */
          amount: string | null;
          /** @default null */
          currency: string | null;
          /** @default null */
          status: ('pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test') | null;
          /** @default null */
          event: string | null;
          /** @default null */
          occurredAt: string | null;
        };
      }[];
    };
    ListNetworksAnswer: {
      items: components['schemas']['ListNetworksAnswerItem'][];
      next: string | null;
    };
    ListNetworksAnswerItem: {
      key: string;
      name: string;
      /** @default null */
      preset: string | null;
      /** @default {} */
      params: {
        [key: string]: string[];
      };
      /** @default {} */
      statusMap: {
        [key: string]: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
      };
      /**
       * @default approved
       * @enum {string}
       */
      defaultStatus: 'pending' | 'approved' | 'rejected' | 'reversed';
      /** @default null */
      defaultCurrency: string | null;
      /**
       * @default transaction
       * @enum {string}
       */
      identity: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
      /**
       * @default update
       * @enum {string}
       */
      duplicates: 'update' | 'ignore' | 'add' | 'increment';
      /** @default null */
      reversalPrefix: string | null;
      /**
       * @default auto
       * @enum {string}
       */
      amountFormat: 'auto' | 'dot' | 'comma' | 'minor';
      /** @default false */
      reopens: boolean;
      /** @default false */
      locksOnApproval: boolean;
      /** @default {} */
      eventMap: {
        [key: string]: string;
      };
      /** @default {} */
      events: {
        [key: string]: {
          /** @enum {string} */
          identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
          /** @enum {string} */
          duplicates?: 'update' | 'ignore' | 'add' | 'increment';
        };
      };
      /**
       * @default event
       * @enum {string}
       */
      timeOf: 'event' | 'sale';
      /** @default UTC */
      timeZone: string;
      /**
       * @default {
       *       "status": 200,
       *       "body": "OK"
       *     }
       */
      answer: {
        /** @default 200 */
        status: number;
        /** @default OK */
        body: string;
      };
      /**
       * @default {
       *       "requireToken": true,
       *       "cidrs": [],
       *       "secret": null,
       *       "signature": null,
       *       "hmac": null
       *     }
       */
      security: {
        /** @default true */
        requireToken: boolean;
        /** @default [] */
        cidrs: string[];
        /** @default null */
        secret: {
          param: string;
          value: string;
        } | null;
        /** @default null */
        signature:
          | (
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  template: string;
                }
              | {
                  /** @constant */
                  kind: 'digest';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  template: string;
                }
              | {
                  /** @constant */
                  kind: 'sorted-fields';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  /** @enum {string} */
                  fields: 'value' | 'name=value';
                  /** @default  */
                  joiner: string;
                  /** @enum {string} */
                  secretAt: 'end' | 'after-each';
                  /** @default false */
                  skipEmpty: boolean;
                }
            )
          | null;
        /** @default null */
        hmac: {
          /** @enum {string} */
          algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
          /** @enum {string} */
          encoding: 'hex' | 'base64' | 'base64url';
          param?: string;
          header?: string;
          secret: string;
          truncate?: number;
          timestampParam?: string;
          timestampHeader?: string;
          /** @default 300 */
          toleranceSeconds: number;
          template: string;
        } | null;
      };
      /** @default [] */
      dropIns: ('voluum' | 'binom' | 'keitaro' | 'redtrack' | 'bemob' | 'tune')[];
      /** @default null */
      reportFile: {
        /** @enum {string} */
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
        /** @enum {string} */
        delimiter?: ',' | ';' | '\t' | '|';
        headerRow?: number;
        columns?: {
          clickId?: string[];
          transactionId?: string[];
          lineId?: string[];
          amount?: string[];
          currency?: string[];
          status?: string[];
          event?: string[];
          occurredAt?: string[];
          reversalOf?: string[];
          saleAmount?: string[];
        };
        /** @enum {string} */
        amountFormat?: 'dot' | 'comma' | 'minor';
        /** @enum {string} */
        dateOrder?: 'ymd' | 'dmy' | 'mdy' | 'unix';
        timeZone?: string;
        statusRules?: {
          column: string;
          equals?: string;
          /** @enum {string} */
          meaning: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
        }[];
        /** @enum {string} */
        equalRows?: 'separate' | 'refuse';
      } | null;
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
      token: string;
      tokens: {
        token: string;
        until: string | null;
      }[];
      postbackUrl: string;
      morePostbackUrls: {
        when: string;
        url: string;
      }[];
      warnings?: {
        /** @enum {string} */
        severity: 'error' | 'warning';
        where: string;
        code: string;
        text: string;
        message: string;
        suggestion: string | null;
      }[];
    };
    ListOffersAnswer: {
      items: components['schemas']['ListOffersAnswerItem'][];
      next: string | null;
    };
    ListOffersAnswerItem: {
      key: string;
      name?: string;
      networkKey: string;
      url: string;
      /**
       * @default {
       *       "mode": "postback"
       *     }
       */
      payout: {
        /**
         * @default postback
         * @enum {string}
         */
        mode: 'postback' | 'fixed' | 'percent';
        amount?: string;
        currency?: string;
        percent?: number;
      };
      /** @default 30 */
      windowDays: number;
      /** @default 0 */
      minSeconds: number;
      /** @default null */
      cap: {
        /** @enum {string} */
        per: 'day' | 'month' | 'total';
        conversions?: number;
        payout?: string;
        currency?: string;
        /** @default UTC */
        timeZone: string;
      } | null;
      /** @default null */
      holdDays: number | null;
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
    };
    ListParkedAnswer: {
      items: components['schemas']['ListParkedAnswerItem'][];
      next: string | null;
    };
    ListParkedAnswerItem: {
      id: string;
      topic: string;
      partition: number;
      offset: string;
      consumer: string;
      key: string | null;
      valueBytes: number | null;
      reason: string;
      error: string | null;
      /** Format: date-time */
      parkedAt: string;
      resolvedAt: string | null;
      resolution: ('released' | 'dismissed') | null;
    };
    ListPostbacksAnswer: {
      items: components['schemas']['ListPostbacksAnswerItem'][];
      next: string | null;
      estimate: number | null;
    };
    ListPostbacksAnswerItem: {
      /** Format: uuid */
      id: string;
      /** Format: date-time */
      receivedAt: string;
      /** Format: date-time */
      decidedAt: string;
      networkKey: string | null;
      /** @enum {string} */
      state: 'applied' | 'duplicate' | 'refused' | 'orphan' | 'parked';
      refusal: string | null;
      channel: string;
      authenticatedBy: string;
      proof: string | null;
      clickId: string | null;
      transactionId: string | null;
      statusWord: string | null;
      read: {
        clickId: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        transactionId: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        amount: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        currency: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        status: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        event: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        occurredAt: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        reversalOf: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        saleAmount: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        /** @default null */
        lineId: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
      };
      problems: {
        code: string;
        param: string | null;
      }[];
      remoteAddress: string | null;
      uploadId: string | null;
      conversionId: string | null;
      campaignKey: string | null;
      sourceKey: string | null;
      offerKey: string | null;
      externalId: string | null;
      test: boolean;
      suppressDelivery: boolean;
      replayCount: number;
    };
    ListRatesAnswer: {
      items: components['schemas']['ListRatesAnswerItem'][];
      next: null;
    };
    ListRatesAnswerItem: {
      /** Format: date */
      day: string;
      currency: string;
      perEuro: string;
      origin: string;
    };
    ListSessionsAnswer: {
      items: components['schemas']['Session'][];
      next: string | null;
    };
    ListSourcePresetsAnswer: {
      items: components['schemas']['ListSourcePresetsAnswerItem'][];
      next: null;
    };
    ListSourcePresetsAnswerItem: {
      key: string;
      name: string;
      /** @enum {string} */
      confidence: 'D' | 'T';
      verified: boolean;
      source: string[];
      /** @default [] */
      quirks: string[];
      externalIdParam: string;
      externalIdMacro: string | null;
      /** @default {} */
      tokens: {
        [key: string]: {
          param: string;
          macro: string | null;
        };
      };
      /** @default null */
      cost: {
        /** @enum {string} */
        model: 'none' | 'cpc' | 'cpm' | 'cpa' | 'revshare';
        param: string;
        macro: string;
        currency: string;
      } | null;
      /** @default [] */
      fields: {
        name: string;
        label: string;
        example: string;
        pattern?: string;
      }[];
      destination: {
        url?: string;
        /** @enum {string} */
        method?: 'GET' | 'POST' | 'PUT';
        headers?: {
          [key: string]: string;
        };
        body?: string | null;
        when?: {
          /**
           * @default [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /** @default [] */
          events: string[];
          /** @default null */
          minAmount: string | null;
          /** @default [] */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /** @enum {string} */
        frequency?: 'first' | 'state' | 'change';
        valueScale?: string;
        valueCurrency?: string | null;
        successWhen?: {
          /**
           * @default [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
          /** @default null */
          bodyMustNotMatch: string | null;
        };
        retryWhen?: {
          /** @default [] */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
        };
        secrets?: {
          [key: string]: string;
        };
        caps?: {
          /** @default 32 */
          inFlight: number;
          /** @default null */
          perSecond: number | null;
        };
        timeoutMs?: number;
        timeouts?: {
          /** @default 5000 */
          connectMs: number;
          /** @default 15000 */
          headersMs: number;
          /** @default 5000 */
          bodyMs: number;
        };
        maxAgeDays?: number;
        onReversal?: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        onRestatement?: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
      };
      examples: {
        note: string;
        /** @default {} */
        fields: {
          [key: string]: string;
        };
        click: {
          externalId: string | null;
          /** @default {} */
          tokens: {
            [key: string]: string;
          };
          /**
           * Format: date-time
           * @default 2026-01-02T03:04:05Z
           */
          at: string;
          /** @default null */
          visitor: {
            ip: string | null;
            userAgent: string | null;
          } | null;
        };
        conversion: {
          /** @default null */
          transactionId: string | null;
          /** @default null */
          amount: string | null;
          /** @default null */
          currency: string | null;
          /**
           * @default approved
           * @enum {string}
           */
          state: 'pending' | 'approved' | 'rejected' | 'reversed';
          /** @default null */
          previousValue: string | null;
          /** @default null */
          event: string | null;
          /**
           * Format: date-time
           * @default 2026-01-02T04:05:06Z
           */
          occurredAt: string;
        };
        expected: {
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** Format: uri */
          url: string;
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        };
      }[];
      /** @default [] */
      answers: {
        /** @default 200 */
        status: number;
        body: string;
        delivered: boolean;
        /** @default false */
        retried: boolean;
      }[];
    };
    ListSourcesAnswer: {
      items: components['schemas']['ListSourcesAnswerItem'][];
      next: string | null;
    };
    ListSourcesAnswerItem: {
      key: string;
      name: string;
      /** @default null */
      preset: string | null;
      /** @default click_id */
      externalIdParam: string;
      /** @default {} */
      tokens: {
        [key: string]: string;
      };
      /**
       * @default {
       *       "model": "none",
       *       "param": null,
       *       "amount": null,
       *       "currency": "USD"
       *     }
       */
      cost: {
        /**
         * @default none
         * @enum {string}
         */
        model: 'none' | 'cpc' | 'cpm' | 'cpa' | 'revshare';
        /** @default null */
        param: string | null;
        /** @default null */
        amount: string | null;
        /** @default USD */
        currency: string;
      };
      /** @default null */
      destination: {
        url: string;
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /** @default {} */
        headers: {
          [key: string]: string;
        };
        /** @default null */
        body: string | null;
        /**
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
           * @default [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /** @default [] */
          events: string[];
          /** @default null */
          minAmount: string | null;
          /** @default [] */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @default state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /** @default 1 */
        valueScale: string;
        /** @default null */
        valueCurrency: string | null;
        /** @default 100 */
        sharePercent: number;
        /**
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
           * @default [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
          /** @default null */
          bodyMustNotMatch: string | null;
        };
        /**
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /** @default [] */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
        };
        /** @default null */
        signing:
          | (
              | {
                  /** @constant */
                  kind: 'standard-webhooks';
                  secrets: string[];
                }
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /** @enum {string} */
                  encoding: 'hex' | 'base64' | 'base64url';
                  template: string;
                  secret: string;
                }
            )
          | null;
        /** @default {} */
        secrets: {
          [key: string]: string;
        };
        /**
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /** @default 32 */
          inFlight: number;
          /** @default null */
          perSecond: number | null;
        };
        /** @default 20000 */
        timeoutMs: number;
        /**
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /** @default 5000 */
          connectMs: number;
          /** @default 15000 */
          headersMs: number;
          /** @default 5000 */
          bodyMs: number;
        };
        /** @default 90 */
        maxAgeDays: number;
        /** @default null */
        onReversal: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        onRestatement: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        clientCertificate: {
          cert: string;
          key: string;
        } | null;
      } | null;
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
      warnings?: {
        /** @enum {string} */
        severity: 'error' | 'warning';
        where: string;
        code: string;
        text: string;
        message: string;
        suggestion: string | null;
      }[];
    };
    ListTokensAnswer: {
      items: components['schemas']['Token'][];
      next: string | null;
    };
    ListUsersAnswer: {
      items: components['schemas']['ListedUser'][];
      next: string | null;
    };
    ListViewsAnswer: {
      items: components['schemas']['SavedView'][];
      next: null;
    };
    ListedUser: {
      /** Format: uuid */
      id: string;
      name: string;
      email: string | null;
      /** @enum {string} */
      role: 'viewer' | 'editor' | 'admin';
      seesVisitors: boolean;
      /** Format: date-time */
      createdAt: string;
      disabledAt: string | null;
      hasPassword: boolean;
    };
    MapStatusNetworkAnswer: {
      networkKey: string;
      version: number;
      statusMap: {
        [key: string]: string;
      };
      replay: {
        dryRun: boolean;
        matched: number;
        replayed: number;
        skipped: {
          not_replayable: number;
          not_named: number;
          unchanged: number;
        };
        changes: {
          [key: string]: number;
        };
        becomes: {
          [key: string]: number;
        };
        sample: {
          /** Format: uuid */
          id: string;
          state: string;
          refusal: string | null;
          becomes: string;
          conversionId: string | null;
          changed: string[];
          before: {
            [key: string]: string | null;
          };
          after: {
            [key: string]: string | null;
          };
        }[];
        moves: {
          conversionsChanged: number;
          states: {
            pending: number;
            approved: number;
            rejected: number;
            reversed: number;
          };
          money: {
            currency: string;
            pending: string;
            approved: string;
            rejected: string;
            reversed: string;
          }[];
        } | null;
        next: string | null;
      } | null;
    };
    MapStatusNetworkBody: {
      word: string;
      /** @enum {string} */
      meaning: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
      /** @default true */
      replay: boolean;
    };
    Me: {
      user: {
        /** Format: uuid */
        id: string;
        name: string;
        email: string | null;
      } | null;
      /** @enum {string} */
      role: 'viewer' | 'editor' | 'admin';
      /** @enum {string} */
      via: 'session' | 'token';
      /** @description of the user and the token, as the audit shows it */
      name: string;
      seesVisitors: boolean;
      /** @description where the open internet reaches ingest */
      publicUrl: string;
      version: string;
    };
    NewToken: {
      /** Format: uuid */
      id: string;
      name: string;
      /** @enum {string} */
      role: 'viewer' | 'editor' | 'admin';
      userId: string | null;
      seesVisitors: boolean;
      /** Format: date-time */
      createdAt: string;
      expiresAt: string | null;
      lastUsedAt: string | null;
      lastUsedIp: string | null;
      revokedAt: string | null;
      token: string;
    };
    OneTimeLink: {
      url: string;
      /** Format: date-time */
      expiresAt: string;
    };
    OverviewAnswer: {
      /** Format: date-time */
      from: string;
      /** Format: date-time */
      to: string;
      /** @enum {string} */
      bucket: 'minute' | 'hour' | 'day';
      buckets: {
        /** Format: date-time */
        at: string;
        clicks: number;
        conversions: number;
        postbacks: {
          applied: number;
          duplicate: number;
          refused: number;
          orphan: number;
          parked: number;
        };
        refusals: {
          [key: string]: number;
        };
        deliveries: {
          delivered: number;
          waiting: number;
          parked: number;
          superseded: number;
        };
        money: {
          currency: string;
          approved: string;
          pending: string;
          cost: string;
        }[];
      }[];
      behindSeconds: number | null;
    };
    PreviewDestinationsAnswer: {
      send: boolean;
      reason: string | null;
      method: string | null;
      url: string | null;
      headers: {
        [key: string]: string;
      };
      body: string | null;
      address: {
        allowed: boolean;
        reason: string | null;
      };
      problems: {
        /** @enum {string} */
        severity: 'error' | 'warning';
        where: string;
        code: string;
        text: string;
        message: string;
        suggestion: string | null;
      }[];
    };
    PreviewDestinationsBody: {
      destination?: {
        url: string;
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /** @default {} */
        headers: {
          [key: string]: string;
        };
        /** @default null */
        body: string | null;
        /**
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
           * @default [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /** @default [] */
          events: string[];
          /** @default null */
          minAmount: string | null;
          /** @default [] */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @default state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /** @default 1 */
        valueScale: string;
        /** @default null */
        valueCurrency: string | null;
        /** @default 100 */
        sharePercent: number;
        /**
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
           * @default [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
          /** @default null */
          bodyMustNotMatch: string | null;
        };
        /**
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /** @default [] */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
        };
        /** @default null */
        signing:
          | (
              | {
                  /** @constant */
                  kind: 'standard-webhooks';
                  secrets: string[];
                }
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /** @enum {string} */
                  encoding: 'hex' | 'base64' | 'base64url';
                  template: string;
                  secret: string;
                }
            )
          | null;
        /** @default {} */
        secrets: {
          [key: string]: string;
        };
        /**
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /** @default 32 */
          inFlight: number;
          /** @default null */
          perSecond: number | null;
        };
        /** @default 20000 */
        timeoutMs: number;
        /**
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /** @default 5000 */
          connectMs: number;
          /** @default 15000 */
          headersMs: number;
          /** @default 5000 */
          bodyMs: number;
        };
        /** @default 90 */
        maxAgeDays: number;
        /** @default null */
        onReversal: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        onRestatement: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        clientCertificate: {
          cert: string;
          key: string;
        } | null;
      };
      destinationKey?: string;
      sourceKey?: string;
      /** Format: uuid */
      conversionId?: string;
      /** @default {} */
      click: {
        /** @default null */
        externalId: string | null;
        /** @default {} */
        tokens: {
          [key: string]: string;
        };
        /** @default null */
        at: string | null;
        /** @default null */
        ip: string | null;
        /** @default null */
        userAgent: string | null;
      };
      /** @default {} */
      conversion: {
        /** @default null */
        transactionId: string | null;
        /** @default null */
        amount: string | null;
        /** @default null */
        currency: string | null;
        /**
         * @default approved
         * @enum {string}
         */
        state: 'pending' | 'approved' | 'rejected' | 'reversed';
        /** @default null */
        event: string | null;
        /** @default null */
        occurredAt: string | null;
      };
    };
    PreviewNetworksAnswer: {
      read: {
        [key: string]: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
      };
      problems: {
        code: string;
        param: string | null;
      }[];
      refusal: string | null;
      sentence: string | null;
      remedy: string | null;
      test: boolean;
      suppressDelivery: boolean;
      /** @enum {string} */
      wouldBecome: 'refused' | 'decided';
    };
    PreviewNetworksBody: {
      network:
        | string
        | {
            [key: string]: unknown;
          };
      call: {
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST';
        target: string;
        /** @default {} */
        headers: {
          [key: string]: string;
        };
        /** @default null */
        body: string | null;
      };
    };
    Problem: {
      /** @description urn:carom:problem:<code> */
      type: string;
      title: string;
      status: number;
      /** @description stable; a program may act on it */
      code: string;
      /** @description what happened and what to do next */
      detail: string;
      /** @description one per field that is wrong */
      errors?: {
        path: string;
        message: string;
        code: string;
      }[];
    };
    PutRatesBody: {
      rates: {
        /** Format: date */
        day: string;
        currency: string;
        perEuro: string;
      }[];
    };
    PutViewBody: {
      name: string;
      page: string;
      /** @description the search part of the page’s address, without "?" */
      query: string;
      /**
       * @description whether all see it; only its owner and admins change it
       * @default false
       */
      shared: boolean;
    };
    ReadCampaignAnswer: {
      key: string;
      name?: string;
      sourceKey: string;
      offers: {
        offerKey: string;
        /** @default 1 */
        weight: number;
      }[];
      /** @default null */
      destination: {
        url: string;
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /** @default {} */
        headers: {
          [key: string]: string;
        };
        /** @default null */
        body: string | null;
        /**
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
           * @default [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /** @default [] */
          events: string[];
          /** @default null */
          minAmount: string | null;
          /** @default [] */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @default state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /** @default 1 */
        valueScale: string;
        /** @default null */
        valueCurrency: string | null;
        /** @default 100 */
        sharePercent: number;
        /**
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
           * @default [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
          /** @default null */
          bodyMustNotMatch: string | null;
        };
        /**
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /** @default [] */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
        };
        /** @default null */
        signing:
          | (
              | {
                  /** @constant */
                  kind: 'standard-webhooks';
                  secrets: string[];
                }
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /** @enum {string} */
                  encoding: 'hex' | 'base64' | 'base64url';
                  template: string;
                  secret: string;
                }
            )
          | null;
        /** @default {} */
        secrets: {
          [key: string]: string;
        };
        /**
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /** @default 32 */
          inFlight: number;
          /** @default null */
          perSecond: number | null;
        };
        /** @default 20000 */
        timeoutMs: number;
        /**
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /** @default 5000 */
          connectMs: number;
          /** @default 15000 */
          headersMs: number;
          /** @default 5000 */
          bodyMs: number;
        };
        /** @default 90 */
        maxAgeDays: number;
        /** @default null */
        onReversal: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        onRestatement: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        clientCertificate: {
          cert: string;
          key: string;
        } | null;
      } | null;
      /** @default [] */
      reportTokens: string[];
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
      clickUrl: string;
      warnings?: {
        /** @enum {string} */
        severity: 'error' | 'warning';
        where: string;
        code: string;
        text: string;
        message: string;
        suggestion: string | null;
      }[];
    };
    ReadClickAnswer: {
      clickId: string;
      /** Format: date-time */
      clickedAt: string;
      campaignKey: string;
      sourceKey: string;
      offerKey: string;
      networkKey: string;
      externalId: string | null;
      externalIdRaw: string | null;
      tokens: {
        [key: string]: string;
      };
      cost: {
        model: string;
        amount: string | null;
        currency: string | null;
      } | null;
      channel: string;
      unique: boolean;
      flags: string[];
      /** Format: date-time */
      recordedAt: string;
      visitor: {
        ip: string | null;
        userAgent: string | null;
        referer: string | null;
        language: string | null;
      };
      conversions: {
        /** Format: uuid */
        id: string;
        networkKey: string;
        clickId: string | null;
        externalId: string | null;
        campaignKey: string | null;
        sourceKey: string | null;
        offerKey: string | null;
        event: string | null;
        transactionId: string | null;
        /** @enum {string} */
        state: 'pending' | 'approved' | 'rejected' | 'reversed';
        marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        currency: string | null;
        money: {
          pending: string;
          approved: string;
          rejected: string;
          reversed: string;
        } | null;
        payoutFrom: string | null;
        attributedBy: string | null;
        clickAt: string | null;
        /** Format: date-time */
        occurredAt: string;
        /** Format: date-time */
        recordedAt: string;
        /** Format: date-time */
        changedAt: string;
        revision: number;
      }[];
      postbacks: {
        /** Format: uuid */
        id: string;
        /** Format: date-time */
        receivedAt: string;
        /** Format: date-time */
        decidedAt: string;
        networkKey: string | null;
        /** @enum {string} */
        state: 'applied' | 'duplicate' | 'refused' | 'orphan' | 'parked';
        refusal: string | null;
        channel: string;
        authenticatedBy: string;
        proof: string | null;
        clickId: string | null;
        transactionId: string | null;
        statusWord: string | null;
        read: {
          clickId: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          transactionId: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          amount: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          currency: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          status: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          event: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          occurredAt: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          reversalOf: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          saleAmount: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          /** @default null */
          lineId: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
        };
        problems: {
          code: string;
          param: string | null;
        }[];
        remoteAddress: string | null;
        uploadId: string | null;
        conversionId: string | null;
        campaignKey: string | null;
        sourceKey: string | null;
        offerKey: string | null;
        externalId: string | null;
        test: boolean;
        suppressDelivery: boolean;
        replayCount: number;
      }[];
      truncated: boolean;
    };
    ReadConversionAnswer: {
      /** Format: uuid */
      id: string;
      networkKey: string;
      clickId: string | null;
      externalId: string | null;
      campaignKey: string | null;
      sourceKey: string | null;
      offerKey: string | null;
      event: string | null;
      transactionId: string | null;
      state: ('pending' | 'approved' | 'rejected' | 'reversed') | null;
      marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
      currency: string | null;
      money: {
        pending: string;
        approved: string;
        rejected: string;
        reversed: string;
      } | null;
      payoutFrom: string | null;
      attributedBy: string | null;
      clickAt: string | null;
      /** Format: date-time */
      occurredAt: string;
      /** Format: date-time */
      recordedAt: string;
      /** Format: date-time */
      changedAt: string;
      revision: number;
      entries: {
        /** Format: uuid */
        id: string;
        postbackId: string | null;
        rule: string;
        from: string;
        to: string;
        amount: string;
        currency: string | null;
        state: string | null;
        marks: string[];
        /** Format: date-time */
        occurredAt: string;
        /** Format: date-time */
        recordedAt: string;
        revision: number;
      }[];
      postbacks: {
        /** Format: uuid */
        id: string;
        /** Format: date-time */
        receivedAt: string;
        /** Format: date-time */
        decidedAt: string;
        networkKey: string | null;
        /** @enum {string} */
        state: 'applied' | 'duplicate' | 'refused' | 'orphan' | 'parked';
        refusal: string | null;
        channel: string;
        authenticatedBy: string;
        proof: string | null;
        clickId: string | null;
        transactionId: string | null;
        statusWord: string | null;
        read: {
          clickId: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          transactionId: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          amount: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          currency: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          status: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          event: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          occurredAt: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          reversalOf: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          saleAmount: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
          /** @default null */
          lineId: {
            value: string | null;
            param: string;
            raw: string;
          } | null;
        };
        problems: {
          code: string;
          param: string | null;
        }[];
        remoteAddress: string | null;
        uploadId: string | null;
        conversionId: string | null;
        campaignKey: string | null;
        sourceKey: string | null;
        offerKey: string | null;
        externalId: string | null;
        test: boolean;
        suppressDelivery: boolean;
        replayCount: number;
        explanation: {
          sentence: string;
          remedy: string;
          replayable: boolean;
        } | null;
        raw: {
          method: string;
          target: string;
          headers: {
            [key: string]: string;
          };
          body: string | null;
          /** @enum {string} */
          bodyEncoding: 'utf8' | 'base64';
          remoteAddress: string | null;
        };
        replays: unknown[];
      }[];
      deliveries: {
        /** Format: uuid */
        id: string;
        /** Format: uuid */
        conversionId: string;
        destinationKey: string;
        /** @enum {string} */
        cause: 'pending' | 'approved' | 'rejected' | 'reversed';
        revision: number;
        /** @enum {string} */
        state: 'waiting' | 'sending' | 'delivered' | 'parked' | 'superseded';
        reason: string | null;
        /** Format: date-time */
        dueAt: string;
        /** Format: date-time */
        createdAt: string;
        finishedAt: string | null;
        /** Format: date-time */
        changedAt: string;
        replays: number;
        attemptCount: number;
        lastAttempt: {
          /** Format: date-time */
          at: string;
          status: number | null;
          ms: number;
          outcome: string;
          reason: string | null;
        } | null;
        networkKey: string | null;
        campaignKey: string | null;
        sourceKey: string | null;
        offerKey: string | null;
        clickId: string | null;
        externalId: string | null;
        transactionId: string | null;
        attempts: {
          /** Format: date-time */
          at: string;
          status: number | null;
          ms: number;
          outcome: string;
          reason: string | null;
          method: string;
          url: string;
          answer: string | null;
          connectMs: number | null;
          headersMs: number | null;
          requestHeaders: {
            [key: string]: string;
          } | null;
          requestBody: string | null;
          answerHeaders: {
            [key: string]: string;
          } | null;
        }[];
      }[];
      truncated: boolean;
    };
    ReadDeliveryAnswer: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      conversionId: string;
      destinationKey: string;
      /** @enum {string} */
      cause: 'pending' | 'approved' | 'rejected' | 'reversed';
      revision: number;
      /** @enum {string} */
      state: 'waiting' | 'sending' | 'delivered' | 'parked' | 'superseded';
      reason: string | null;
      /** Format: date-time */
      dueAt: string;
      /** Format: date-time */
      createdAt: string;
      finishedAt: string | null;
      /** Format: date-time */
      changedAt: string;
      replays: number;
      attemptCount: number;
      lastAttempt: {
        /** Format: date-time */
        at: string;
        status: number | null;
        ms: number;
        outcome: string;
        reason: string | null;
      } | null;
      networkKey: string | null;
      campaignKey: string | null;
      sourceKey: string | null;
      offerKey: string | null;
      clickId: string | null;
      externalId: string | null;
      transactionId: string | null;
      attempts: {
        /** Format: date-time */
        at: string;
        status: number | null;
        ms: number;
        outcome: string;
        reason: string | null;
        method: string;
        url: string;
        answer: string | null;
        connectMs: number | null;
        headersMs: number | null;
        requestHeaders: {
          [key: string]: string;
        } | null;
        requestBody: string | null;
        answerHeaders: {
          [key: string]: string;
        } | null;
      }[];
    };
    ReadNetworkAnswer: {
      key: string;
      name: string;
      /** @default null */
      preset: string | null;
      /** @default {} */
      params: {
        [key: string]: string[];
      };
      /** @default {} */
      statusMap: {
        [key: string]: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
      };
      /**
       * @default approved
       * @enum {string}
       */
      defaultStatus: 'pending' | 'approved' | 'rejected' | 'reversed';
      /** @default null */
      defaultCurrency: string | null;
      /**
       * @default transaction
       * @enum {string}
       */
      identity: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
      /**
       * @default update
       * @enum {string}
       */
      duplicates: 'update' | 'ignore' | 'add' | 'increment';
      /** @default null */
      reversalPrefix: string | null;
      /**
       * @default auto
       * @enum {string}
       */
      amountFormat: 'auto' | 'dot' | 'comma' | 'minor';
      /** @default false */
      reopens: boolean;
      /** @default false */
      locksOnApproval: boolean;
      /** @default {} */
      eventMap: {
        [key: string]: string;
      };
      /** @default {} */
      events: {
        [key: string]: {
          /** @enum {string} */
          identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
          /** @enum {string} */
          duplicates?: 'update' | 'ignore' | 'add' | 'increment';
        };
      };
      /**
       * @default event
       * @enum {string}
       */
      timeOf: 'event' | 'sale';
      /** @default UTC */
      timeZone: string;
      /**
       * @default {
       *       "status": 200,
       *       "body": "OK"
       *     }
       */
      answer: {
        /** @default 200 */
        status: number;
        /** @default OK */
        body: string;
      };
      /**
       * @default {
       *       "requireToken": true,
       *       "cidrs": [],
       *       "secret": null,
       *       "signature": null,
       *       "hmac": null
       *     }
       */
      security: {
        /** @default true */
        requireToken: boolean;
        /** @default [] */
        cidrs: string[];
        /** @default null */
        secret: {
          param: string;
          value: string;
        } | null;
        /** @default null */
        signature:
          | (
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  template: string;
                }
              | {
                  /** @constant */
                  kind: 'digest';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  template: string;
                }
              | {
                  /** @constant */
                  kind: 'sorted-fields';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  /** @enum {string} */
                  fields: 'value' | 'name=value';
                  /** @default  */
                  joiner: string;
                  /** @enum {string} */
                  secretAt: 'end' | 'after-each';
                  /** @default false */
                  skipEmpty: boolean;
                }
            )
          | null;
        /** @default null */
        hmac: {
          /** @enum {string} */
          algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
          /** @enum {string} */
          encoding: 'hex' | 'base64' | 'base64url';
          param?: string;
          header?: string;
          secret: string;
          truncate?: number;
          timestampParam?: string;
          timestampHeader?: string;
          /** @default 300 */
          toleranceSeconds: number;
          template: string;
        } | null;
      };
      /** @default [] */
      dropIns: ('voluum' | 'binom' | 'keitaro' | 'redtrack' | 'bemob' | 'tune')[];
      /** @default null */
      reportFile: {
        /** @enum {string} */
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
        /** @enum {string} */
        delimiter?: ',' | ';' | '\t' | '|';
        headerRow?: number;
        columns?: {
          clickId?: string[];
          transactionId?: string[];
          lineId?: string[];
          amount?: string[];
          currency?: string[];
          status?: string[];
          event?: string[];
          occurredAt?: string[];
          reversalOf?: string[];
          saleAmount?: string[];
        };
        /** @enum {string} */
        amountFormat?: 'dot' | 'comma' | 'minor';
        /** @enum {string} */
        dateOrder?: 'ymd' | 'dmy' | 'mdy' | 'unix';
        timeZone?: string;
        statusRules?: {
          column: string;
          equals?: string;
          /** @enum {string} */
          meaning: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
        }[];
        /** @enum {string} */
        equalRows?: 'separate' | 'refuse';
      } | null;
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
      token: string;
      tokens: {
        token: string;
        until: string | null;
      }[];
      postbackUrl: string;
      morePostbackUrls: {
        when: string;
        url: string;
      }[];
      warnings?: {
        /** @enum {string} */
        severity: 'error' | 'warning';
        where: string;
        code: string;
        text: string;
        message: string;
        suggestion: string | null;
      }[];
    };
    ReadNetworkPresetAnswer: {
      key: string;
      name: string;
      /** @enum {string} */
      confidence: 'D' | 'T';
      verified: boolean;
      source: string[];
      /** @default [] */
      quirks: string[];
      platform?: string;
      clickIdParam: string | null;
      /** Format: includes */
      linkExample?: string;
      postback: {
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST';
        template: string;
        /** @default [] */
        more: {
          when: string;
          template: string;
        }[];
      };
      settings: {
        params?: {
          [key: string]: string[];
        };
        statusMap?: {
          [key: string]: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
        };
        /** @enum {string} */
        defaultStatus?: 'pending' | 'approved' | 'rejected' | 'reversed';
        defaultCurrency?: string | null;
        /** @enum {string} */
        identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
        /** @enum {string} */
        duplicates?: 'update' | 'ignore' | 'add' | 'increment';
        reversalPrefix?: string | null;
        /** @enum {string} */
        amountFormat?: 'auto' | 'dot' | 'comma' | 'minor';
        reopens?: boolean;
        locksOnApproval?: boolean;
        eventMap?: {
          [key: string]: string;
        };
        events?: {
          [key: string]: {
            /** @enum {string} */
            identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
            /** @enum {string} */
            duplicates?: 'update' | 'ignore' | 'add' | 'increment';
          };
        };
        /** @enum {string} */
        timeOf?: 'event' | 'sale';
        timeZone?: string;
        answer?: {
          /** @default 200 */
          status: number;
          /** @default OK */
          body: string;
        };
        reportFile?: {
          /** @enum {string} */
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
          /** @enum {string} */
          delimiter?: ',' | ';' | '\t' | '|';
          headerRow?: number;
          columns?: {
            clickId?: string[];
            transactionId?: string[];
            lineId?: string[];
            amount?: string[];
            currency?: string[];
            status?: string[];
            event?: string[];
            occurredAt?: string[];
            reversalOf?: string[];
            saleAmount?: string[];
          };
          /** @enum {string} */
          amountFormat?: 'dot' | 'comma' | 'minor';
          /** @enum {string} */
          dateOrder?: 'ymd' | 'dmy' | 'mdy' | 'unix';
          timeZone?: string;
          statusRules?: {
            column: string;
            equals?: string;
            /** @enum {string} */
            meaning: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
          }[];
          /** @enum {string} */
          equalRows?: 'separate' | 'refuse';
        } | null;
      };
      examples: {
        note: string;
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST';
        /** @default  */
        query: string;
        /** @default null */
        body: string | null;
        /** @default null */
        contentType: string | null;
        expected: {
          clickId: string | null;
          /** @default null */
          transactionId: string | null;
          /** @default null */
          amount: string | null;
          /** @default null */
          currency: string | null;
          /** @default null */
          status: ('pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test') | null;
          /** @default null */
          event: string | null;
          /** @default null */
          occurredAt: string | null;
        };
      }[];
    };
    ReadOfferAnswer: {
      key: string;
      name?: string;
      networkKey: string;
      url: string;
      /**
       * @default {
       *       "mode": "postback"
       *     }
       */
      payout: {
        /**
         * @default postback
         * @enum {string}
         */
        mode: 'postback' | 'fixed' | 'percent';
        amount?: string;
        currency?: string;
        percent?: number;
      };
      /** @default 30 */
      windowDays: number;
      /** @default 0 */
      minSeconds: number;
      /** @default null */
      cap: {
        /** @enum {string} */
        per: 'day' | 'month' | 'total';
        conversions?: number;
        payout?: string;
        currency?: string;
        /** @default UTC */
        timeZone: string;
      } | null;
      /** @default null */
      holdDays: number | null;
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
    };
    ReadParkedAnswer: {
      id: string;
      topic: string;
      partition: number;
      offset: string;
      consumer: string;
      key: string | null;
      valueBytes: number | null;
      reason: string;
      error: string | null;
      /** Format: date-time */
      parkedAt: string;
      resolvedAt: string | null;
      resolution: ('released' | 'dismissed') | null;
      value: string | null;
      valueEncoding: ('utf8' | 'base64') | null;
      headers: {
        [key: string]: string;
      };
    };
    ReadPostbackAnswer: {
      /** Format: uuid */
      id: string;
      /** Format: date-time */
      receivedAt: string;
      /** Format: date-time */
      decidedAt: string;
      networkKey: string | null;
      /** @enum {string} */
      state: 'applied' | 'duplicate' | 'refused' | 'orphan' | 'parked';
      refusal: string | null;
      channel: string;
      authenticatedBy: string;
      proof: string | null;
      clickId: string | null;
      transactionId: string | null;
      statusWord: string | null;
      read: {
        clickId: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        transactionId: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        amount: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        currency: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        status: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        event: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        occurredAt: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        reversalOf: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        saleAmount: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
        /** @default null */
        lineId: {
          value: string | null;
          param: string;
          raw: string;
        } | null;
      };
      problems: {
        code: string;
        param: string | null;
      }[];
      remoteAddress: string | null;
      uploadId: string | null;
      conversionId: string | null;
      campaignKey: string | null;
      sourceKey: string | null;
      offerKey: string | null;
      externalId: string | null;
      test: boolean;
      suppressDelivery: boolean;
      replayCount: number;
      explanation: {
        sentence: string;
        remedy: string;
        replayable: boolean;
      } | null;
      raw: {
        method: string;
        target: string;
        headers: {
          [key: string]: string;
        };
        body: string | null;
        /** @enum {string} */
        bodyEncoding: 'utf8' | 'base64';
        remoteAddress: string | null;
      };
      replays: unknown[];
    };
    ReadSourceAnswer: {
      key: string;
      name: string;
      /** @default null */
      preset: string | null;
      /** @default click_id */
      externalIdParam: string;
      /** @default {} */
      tokens: {
        [key: string]: string;
      };
      /**
       * @default {
       *       "model": "none",
       *       "param": null,
       *       "amount": null,
       *       "currency": "USD"
       *     }
       */
      cost: {
        /**
         * @default none
         * @enum {string}
         */
        model: 'none' | 'cpc' | 'cpm' | 'cpa' | 'revshare';
        /** @default null */
        param: string | null;
        /** @default null */
        amount: string | null;
        /** @default USD */
        currency: string;
      };
      /** @default null */
      destination: {
        url: string;
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /** @default {} */
        headers: {
          [key: string]: string;
        };
        /** @default null */
        body: string | null;
        /**
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
           * @default [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /** @default [] */
          events: string[];
          /** @default null */
          minAmount: string | null;
          /** @default [] */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @default state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /** @default 1 */
        valueScale: string;
        /** @default null */
        valueCurrency: string | null;
        /** @default 100 */
        sharePercent: number;
        /**
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
           * @default [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
          /** @default null */
          bodyMustNotMatch: string | null;
        };
        /**
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /** @default [] */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
        };
        /** @default null */
        signing:
          | (
              | {
                  /** @constant */
                  kind: 'standard-webhooks';
                  secrets: string[];
                }
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /** @enum {string} */
                  encoding: 'hex' | 'base64' | 'base64url';
                  template: string;
                  secret: string;
                }
            )
          | null;
        /** @default {} */
        secrets: {
          [key: string]: string;
        };
        /**
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /** @default 32 */
          inFlight: number;
          /** @default null */
          perSecond: number | null;
        };
        /** @default 20000 */
        timeoutMs: number;
        /**
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /** @default 5000 */
          connectMs: number;
          /** @default 15000 */
          headersMs: number;
          /** @default 5000 */
          bodyMs: number;
        };
        /** @default 90 */
        maxAgeDays: number;
        /** @default null */
        onReversal: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        onRestatement: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        clientCertificate: {
          cert: string;
          key: string;
        } | null;
      } | null;
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
      warnings?: {
        /** @enum {string} */
        severity: 'error' | 'warning';
        where: string;
        code: string;
        text: string;
        message: string;
        suggestion: string | null;
      }[];
    };
    ReadSourcePresetAnswer: {
      key: string;
      name: string;
      /** @enum {string} */
      confidence: 'D' | 'T';
      verified: boolean;
      source: string[];
      /** @default [] */
      quirks: string[];
      externalIdParam: string;
      externalIdMacro: string | null;
      /** @default {} */
      tokens: {
        [key: string]: {
          param: string;
          macro: string | null;
        };
      };
      /** @default null */
      cost: {
        /** @enum {string} */
        model: 'none' | 'cpc' | 'cpm' | 'cpa' | 'revshare';
        param: string;
        macro: string;
        currency: string;
      } | null;
      /** @default [] */
      fields: {
        name: string;
        label: string;
        example: string;
        pattern?: string;
      }[];
      destination: {
        url?: string;
        /** @enum {string} */
        method?: 'GET' | 'POST' | 'PUT';
        headers?: {
          [key: string]: string;
        };
        body?: string | null;
        when?: {
          /**
           * @default [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /** @default [] */
          events: string[];
          /** @default null */
          minAmount: string | null;
          /** @default [] */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /** @enum {string} */
        frequency?: 'first' | 'state' | 'change';
        valueScale?: string;
        valueCurrency?: string | null;
        successWhen?: {
          /**
           * @default [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
          /** @default null */
          bodyMustNotMatch: string | null;
        };
        retryWhen?: {
          /** @default [] */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
        };
        secrets?: {
          [key: string]: string;
        };
        caps?: {
          /** @default 32 */
          inFlight: number;
          /** @default null */
          perSecond: number | null;
        };
        timeoutMs?: number;
        timeouts?: {
          /** @default 5000 */
          connectMs: number;
          /** @default 15000 */
          headersMs: number;
          /** @default 5000 */
          bodyMs: number;
        };
        maxAgeDays?: number;
        onReversal?: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        onRestatement?: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
      };
      examples: {
        note: string;
        /** @default {} */
        fields: {
          [key: string]: string;
        };
        click: {
          externalId: string | null;
          /** @default {} */
          tokens: {
            [key: string]: string;
          };
          /**
           * Format: date-time
           * @default 2026-01-02T03:04:05Z
           */
          at: string;
          /** @default null */
          visitor: {
            ip: string | null;
            userAgent: string | null;
          } | null;
        };
        conversion: {
          /** @default null */
          transactionId: string | null;
          /** @default null */
          amount: string | null;
          /** @default null */
          currency: string | null;
          /**
           * @default approved
           * @enum {string}
           */
          state: 'pending' | 'approved' | 'rejected' | 'reversed';
          /** @default null */
          previousValue: string | null;
          /** @default null */
          event: string | null;
          /**
           * Format: date-time
           * @default 2026-01-02T04:05:06Z
           */
          occurredAt: string;
        };
        expected: {
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** Format: uri */
          url: string;
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        };
      }[];
      /** @default [] */
      answers: {
        /** @default 200 */
        status: number;
        body: string;
        delivered: boolean;
        /** @default false */
        retried: boolean;
      }[];
    };
    ReadTestTestAnswer: {
      /** Format: uuid */
      id: string;
      campaignKey: string;
      settled: boolean;
      steps: {
        /** @enum {string} */
        step: 'click' | 'redirect' | 'postback' | 'conversion' | 'delivery';
        /** @enum {string} */
        state: 'done' | 'waiting' | 'failed' | 'skipped';
        at: string | null;
        detail: {
          [key: string]: unknown;
        };
      }[];
    };
    RefusalsAnswer: {
      items: components['schemas']['RefusalsAnswerItem'][];
      next: null;
    };
    RefusalsAnswerItem: {
      code: string;
      stage: string;
      sentence: string;
      remedy: string;
      replayable: boolean;
    };
    ReleaseParkedAnswer: {
      id: string;
      topic: string;
      partition: number;
      offset: string;
      consumer: string;
      key: string | null;
      valueBytes: number | null;
      reason: string;
      error: string | null;
      /** Format: date-time */
      parkedAt: string;
      resolvedAt: string | null;
      resolution: ('released' | 'dismissed') | null;
      value: string | null;
      valueEncoding: ('utf8' | 'base64') | null;
      headers: {
        [key: string]: string;
      };
    };
    ReplaceCampaignAnswer: {
      key: string;
      name?: string;
      sourceKey: string;
      offers: {
        offerKey: string;
        /** @default 1 */
        weight: number;
      }[];
      /** @default null */
      destination: {
        url: string;
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /** @default {} */
        headers: {
          [key: string]: string;
        };
        /** @default null */
        body: string | null;
        /**
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
           * @default [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /** @default [] */
          events: string[];
          /** @default null */
          minAmount: string | null;
          /** @default [] */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @default state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /** @default 1 */
        valueScale: string;
        /** @default null */
        valueCurrency: string | null;
        /** @default 100 */
        sharePercent: number;
        /**
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
           * @default [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
          /** @default null */
          bodyMustNotMatch: string | null;
        };
        /**
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /** @default [] */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
        };
        /** @default null */
        signing:
          | (
              | {
                  /** @constant */
                  kind: 'standard-webhooks';
                  secrets: string[];
                }
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /** @enum {string} */
                  encoding: 'hex' | 'base64' | 'base64url';
                  template: string;
                  secret: string;
                }
            )
          | null;
        /** @default {} */
        secrets: {
          [key: string]: string;
        };
        /**
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /** @default 32 */
          inFlight: number;
          /** @default null */
          perSecond: number | null;
        };
        /** @default 20000 */
        timeoutMs: number;
        /**
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /** @default 5000 */
          connectMs: number;
          /** @default 15000 */
          headersMs: number;
          /** @default 5000 */
          bodyMs: number;
        };
        /** @default 90 */
        maxAgeDays: number;
        /** @default null */
        onReversal: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        onRestatement: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        clientCertificate: {
          cert: string;
          key: string;
        } | null;
      } | null;
      /** @default [] */
      reportTokens: string[];
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
      clickUrl: string;
      warnings?: {
        /** @enum {string} */
        severity: 'error' | 'warning';
        where: string;
        code: string;
        text: string;
        message: string;
        suggestion: string | null;
      }[];
    };
    ReplaceCampaignBody: {
      key: string;
      name?: string;
      sourceKey: string;
      offers: {
        offerKey: string;
        /** @default 1 */
        weight: number;
      }[];
      /** @default null */
      destination: {
        url: string;
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /** @default {} */
        headers: {
          [key: string]: string;
        };
        /** @default null */
        body: string | null;
        /**
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
           * @default [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /** @default [] */
          events: string[];
          /** @default null */
          minAmount: string | null;
          /** @default [] */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @default state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /** @default 1 */
        valueScale: string;
        /** @default null */
        valueCurrency: string | null;
        /** @default 100 */
        sharePercent: number;
        /**
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
           * @default [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
          /** @default null */
          bodyMustNotMatch: string | null;
        };
        /**
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /** @default [] */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
        };
        /** @default null */
        signing:
          | (
              | {
                  /** @constant */
                  kind: 'standard-webhooks';
                  secrets: string[];
                }
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /** @enum {string} */
                  encoding: 'hex' | 'base64' | 'base64url';
                  template: string;
                  secret: string;
                }
            )
          | null;
        /** @default {} */
        secrets: {
          [key: string]: string;
        };
        /**
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /** @default 32 */
          inFlight: number;
          /** @default null */
          perSecond: number | null;
        };
        /** @default 20000 */
        timeoutMs: number;
        /**
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /** @default 5000 */
          connectMs: number;
          /** @default 15000 */
          headersMs: number;
          /** @default 5000 */
          bodyMs: number;
        };
        /** @default 90 */
        maxAgeDays: number;
        /** @default null */
        onReversal: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        onRestatement: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        clientCertificate: {
          cert: string;
          key: string;
        } | null;
      } | null;
      /** @default [] */
      reportTokens: string[];
    };
    ReplaceNetworkAnswer: {
      key: string;
      name: string;
      /** @default null */
      preset: string | null;
      /** @default {} */
      params: {
        [key: string]: string[];
      };
      /** @default {} */
      statusMap: {
        [key: string]: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
      };
      /**
       * @default approved
       * @enum {string}
       */
      defaultStatus: 'pending' | 'approved' | 'rejected' | 'reversed';
      /** @default null */
      defaultCurrency: string | null;
      /**
       * @default transaction
       * @enum {string}
       */
      identity: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
      /**
       * @default update
       * @enum {string}
       */
      duplicates: 'update' | 'ignore' | 'add' | 'increment';
      /** @default null */
      reversalPrefix: string | null;
      /**
       * @default auto
       * @enum {string}
       */
      amountFormat: 'auto' | 'dot' | 'comma' | 'minor';
      /** @default false */
      reopens: boolean;
      /** @default false */
      locksOnApproval: boolean;
      /** @default {} */
      eventMap: {
        [key: string]: string;
      };
      /** @default {} */
      events: {
        [key: string]: {
          /** @enum {string} */
          identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
          /** @enum {string} */
          duplicates?: 'update' | 'ignore' | 'add' | 'increment';
        };
      };
      /**
       * @default event
       * @enum {string}
       */
      timeOf: 'event' | 'sale';
      /** @default UTC */
      timeZone: string;
      /**
       * @default {
       *       "status": 200,
       *       "body": "OK"
       *     }
       */
      answer: {
        /** @default 200 */
        status: number;
        /** @default OK */
        body: string;
      };
      /**
       * @default {
       *       "requireToken": true,
       *       "cidrs": [],
       *       "secret": null,
       *       "signature": null,
       *       "hmac": null
       *     }
       */
      security: {
        /** @default true */
        requireToken: boolean;
        /** @default [] */
        cidrs: string[];
        /** @default null */
        secret: {
          param: string;
          value: string;
        } | null;
        /** @default null */
        signature:
          | (
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  template: string;
                }
              | {
                  /** @constant */
                  kind: 'digest';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  template: string;
                }
              | {
                  /** @constant */
                  kind: 'sorted-fields';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  /** @enum {string} */
                  fields: 'value' | 'name=value';
                  /** @default  */
                  joiner: string;
                  /** @enum {string} */
                  secretAt: 'end' | 'after-each';
                  /** @default false */
                  skipEmpty: boolean;
                }
            )
          | null;
        /** @default null */
        hmac: {
          /** @enum {string} */
          algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
          /** @enum {string} */
          encoding: 'hex' | 'base64' | 'base64url';
          param?: string;
          header?: string;
          secret: string;
          truncate?: number;
          timestampParam?: string;
          timestampHeader?: string;
          /** @default 300 */
          toleranceSeconds: number;
          template: string;
        } | null;
      };
      /** @default [] */
      dropIns: ('voluum' | 'binom' | 'keitaro' | 'redtrack' | 'bemob' | 'tune')[];
      /** @default null */
      reportFile: {
        /** @enum {string} */
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
        /** @enum {string} */
        delimiter?: ',' | ';' | '\t' | '|';
        headerRow?: number;
        columns?: {
          clickId?: string[];
          transactionId?: string[];
          lineId?: string[];
          amount?: string[];
          currency?: string[];
          status?: string[];
          event?: string[];
          occurredAt?: string[];
          reversalOf?: string[];
          saleAmount?: string[];
        };
        /** @enum {string} */
        amountFormat?: 'dot' | 'comma' | 'minor';
        /** @enum {string} */
        dateOrder?: 'ymd' | 'dmy' | 'mdy' | 'unix';
        timeZone?: string;
        statusRules?: {
          column: string;
          equals?: string;
          /** @enum {string} */
          meaning: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
        }[];
        /** @enum {string} */
        equalRows?: 'separate' | 'refuse';
      } | null;
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
      token: string;
      tokens: {
        token: string;
        until: string | null;
      }[];
      postbackUrl: string;
      morePostbackUrls: {
        when: string;
        url: string;
      }[];
      warnings?: {
        /** @enum {string} */
        severity: 'error' | 'warning';
        where: string;
        code: string;
        text: string;
        message: string;
        suggestion: string | null;
      }[];
    };
    ReplaceNetworkBody: {
      key: string;
      name: string;
      /** @default null */
      preset: string | null;
      /** @default {} */
      params: {
        [key: string]: string[];
      };
      /** @default {} */
      statusMap: {
        [key: string]: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
      };
      /**
       * @default approved
       * @enum {string}
       */
      defaultStatus: 'pending' | 'approved' | 'rejected' | 'reversed';
      /** @default null */
      defaultCurrency: string | null;
      /**
       * @default transaction
       * @enum {string}
       */
      identity: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
      /**
       * @default update
       * @enum {string}
       */
      duplicates: 'update' | 'ignore' | 'add' | 'increment';
      /** @default null */
      reversalPrefix: string | null;
      /**
       * @default auto
       * @enum {string}
       */
      amountFormat: 'auto' | 'dot' | 'comma' | 'minor';
      /** @default false */
      reopens: boolean;
      /** @default false */
      locksOnApproval: boolean;
      /** @default {} */
      eventMap: {
        [key: string]: string;
      };
      /** @default {} */
      events: {
        [key: string]: {
          /** @enum {string} */
          identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
          /** @enum {string} */
          duplicates?: 'update' | 'ignore' | 'add' | 'increment';
        };
      };
      /**
       * @default event
       * @enum {string}
       */
      timeOf: 'event' | 'sale';
      /** @default UTC */
      timeZone: string;
      /**
       * @default {
       *       "status": 200,
       *       "body": "OK"
       *     }
       */
      answer: {
        /** @default 200 */
        status: number;
        /** @default OK */
        body: string;
      };
      /**
       * @default {
       *       "requireToken": true,
       *       "cidrs": [],
       *       "secret": null,
       *       "signature": null,
       *       "hmac": null
       *     }
       */
      security: {
        /** @default true */
        requireToken: boolean;
        /** @default [] */
        cidrs: string[];
        /** @default null */
        secret: {
          param: string;
          value: string;
        } | null;
        /** @default null */
        signature:
          | (
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  template: string;
                }
              | {
                  /** @constant */
                  kind: 'digest';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  template: string;
                }
              | {
                  /** @constant */
                  kind: 'sorted-fields';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  /** @enum {string} */
                  fields: 'value' | 'name=value';
                  /** @default  */
                  joiner: string;
                  /** @enum {string} */
                  secretAt: 'end' | 'after-each';
                  /** @default false */
                  skipEmpty: boolean;
                }
            )
          | null;
        /** @default null */
        hmac: {
          /** @enum {string} */
          algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
          /** @enum {string} */
          encoding: 'hex' | 'base64' | 'base64url';
          param?: string;
          header?: string;
          secret: string;
          truncate?: number;
          timestampParam?: string;
          timestampHeader?: string;
          /** @default 300 */
          toleranceSeconds: number;
          template: string;
        } | null;
      };
      /** @default [] */
      dropIns: ('voluum' | 'binom' | 'keitaro' | 'redtrack' | 'bemob' | 'tune')[];
      /** @default null */
      reportFile: {
        /** @enum {string} */
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
        /** @enum {string} */
        delimiter?: ',' | ';' | '\t' | '|';
        headerRow?: number;
        columns?: {
          clickId?: string[];
          transactionId?: string[];
          lineId?: string[];
          amount?: string[];
          currency?: string[];
          status?: string[];
          event?: string[];
          occurredAt?: string[];
          reversalOf?: string[];
          saleAmount?: string[];
        };
        /** @enum {string} */
        amountFormat?: 'dot' | 'comma' | 'minor';
        /** @enum {string} */
        dateOrder?: 'ymd' | 'dmy' | 'mdy' | 'unix';
        timeZone?: string;
        statusRules?: {
          column: string;
          equals?: string;
          /** @enum {string} */
          meaning: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
        }[];
        /** @enum {string} */
        equalRows?: 'separate' | 'refuse';
      } | null;
    };
    ReplaceOfferAnswer: {
      key: string;
      name?: string;
      networkKey: string;
      url: string;
      /**
       * @default {
       *       "mode": "postback"
       *     }
       */
      payout: {
        /**
         * @default postback
         * @enum {string}
         */
        mode: 'postback' | 'fixed' | 'percent';
        amount?: string;
        currency?: string;
        percent?: number;
      };
      /** @default 30 */
      windowDays: number;
      /** @default 0 */
      minSeconds: number;
      /** @default null */
      cap: {
        /** @enum {string} */
        per: 'day' | 'month' | 'total';
        conversions?: number;
        payout?: string;
        currency?: string;
        /** @default UTC */
        timeZone: string;
      } | null;
      /** @default null */
      holdDays: number | null;
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
    };
    ReplaceOfferBody: {
      key: string;
      name?: string;
      networkKey: string;
      url: string;
      /**
       * @default {
       *       "mode": "postback"
       *     }
       */
      payout: {
        /**
         * @default postback
         * @enum {string}
         */
        mode: 'postback' | 'fixed' | 'percent';
        amount?: string;
        currency?: string;
        percent?: number;
      };
      /** @default 30 */
      windowDays: number;
      /** @default 0 */
      minSeconds: number;
      /** @default null */
      cap: {
        /** @enum {string} */
        per: 'day' | 'month' | 'total';
        conversions?: number;
        payout?: string;
        currency?: string;
        /** @default UTC */
        timeZone: string;
      } | null;
      /** @default null */
      holdDays: number | null;
    };
    ReplaceSourceAnswer: {
      key: string;
      name: string;
      /** @default null */
      preset: string | null;
      /** @default click_id */
      externalIdParam: string;
      /** @default {} */
      tokens: {
        [key: string]: string;
      };
      /**
       * @default {
       *       "model": "none",
       *       "param": null,
       *       "amount": null,
       *       "currency": "USD"
       *     }
       */
      cost: {
        /**
         * @default none
         * @enum {string}
         */
        model: 'none' | 'cpc' | 'cpm' | 'cpa' | 'revshare';
        /** @default null */
        param: string | null;
        /** @default null */
        amount: string | null;
        /** @default USD */
        currency: string;
      };
      /** @default null */
      destination: {
        url: string;
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /** @default {} */
        headers: {
          [key: string]: string;
        };
        /** @default null */
        body: string | null;
        /**
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
           * @default [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /** @default [] */
          events: string[];
          /** @default null */
          minAmount: string | null;
          /** @default [] */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @default state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /** @default 1 */
        valueScale: string;
        /** @default null */
        valueCurrency: string | null;
        /** @default 100 */
        sharePercent: number;
        /**
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
           * @default [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
          /** @default null */
          bodyMustNotMatch: string | null;
        };
        /**
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /** @default [] */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
        };
        /** @default null */
        signing:
          | (
              | {
                  /** @constant */
                  kind: 'standard-webhooks';
                  secrets: string[];
                }
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /** @enum {string} */
                  encoding: 'hex' | 'base64' | 'base64url';
                  template: string;
                  secret: string;
                }
            )
          | null;
        /** @default {} */
        secrets: {
          [key: string]: string;
        };
        /**
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /** @default 32 */
          inFlight: number;
          /** @default null */
          perSecond: number | null;
        };
        /** @default 20000 */
        timeoutMs: number;
        /**
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /** @default 5000 */
          connectMs: number;
          /** @default 15000 */
          headersMs: number;
          /** @default 5000 */
          bodyMs: number;
        };
        /** @default 90 */
        maxAgeDays: number;
        /** @default null */
        onReversal: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        onRestatement: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        clientCertificate: {
          cert: string;
          key: string;
        } | null;
      } | null;
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
      warnings?: {
        /** @enum {string} */
        severity: 'error' | 'warning';
        where: string;
        code: string;
        text: string;
        message: string;
        suggestion: string | null;
      }[];
    };
    ReplaceSourceBody: {
      key: string;
      name: string;
      /** @default null */
      preset: string | null;
      /** @default click_id */
      externalIdParam: string;
      /** @default {} */
      tokens: {
        [key: string]: string;
      };
      /**
       * @default {
       *       "model": "none",
       *       "param": null,
       *       "amount": null,
       *       "currency": "USD"
       *     }
       */
      cost: {
        /**
         * @default none
         * @enum {string}
         */
        model: 'none' | 'cpc' | 'cpm' | 'cpa' | 'revshare';
        /** @default null */
        param: string | null;
        /** @default null */
        amount: string | null;
        /** @default USD */
        currency: string;
      };
      /** @default null */
      destination: {
        url: string;
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /** @default {} */
        headers: {
          [key: string]: string;
        };
        /** @default null */
        body: string | null;
        /**
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
           * @default [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /** @default [] */
          events: string[];
          /** @default null */
          minAmount: string | null;
          /** @default [] */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @default state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /** @default 1 */
        valueScale: string;
        /** @default null */
        valueCurrency: string | null;
        /** @default 100 */
        sharePercent: number;
        /**
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
           * @default [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
          /** @default null */
          bodyMustNotMatch: string | null;
        };
        /**
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /** @default [] */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
        };
        /** @default null */
        signing:
          | (
              | {
                  /** @constant */
                  kind: 'standard-webhooks';
                  secrets: string[];
                }
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /** @enum {string} */
                  encoding: 'hex' | 'base64' | 'base64url';
                  template: string;
                  secret: string;
                }
            )
          | null;
        /** @default {} */
        secrets: {
          [key: string]: string;
        };
        /**
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /** @default 32 */
          inFlight: number;
          /** @default null */
          perSecond: number | null;
        };
        /** @default 20000 */
        timeoutMs: number;
        /**
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /** @default 5000 */
          connectMs: number;
          /** @default 15000 */
          headersMs: number;
          /** @default 5000 */
          bodyMs: number;
        };
        /** @default 90 */
        maxAgeDays: number;
        /** @default null */
        onReversal: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        onRestatement: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        clientCertificate: {
          cert: string;
          key: string;
        } | null;
      } | null;
    };
    ReplayDeliveriesAnswer: {
      dryRun: boolean;
      matched: number;
      replayed: number;
      delivered: number;
      overtaken: number;
      open: number;
      sample: string[];
    };
    ReplayDeliveriesBody: {
      filter: {
        ids?: string[];
        conversionIds?: string[];
        destinationKey?: string;
        states?: ('waiting' | 'sending' | 'delivered' | 'parked' | 'superseded')[];
        reason?: string;
        /** @enum {string} */
        cause?: 'pending' | 'approved' | 'rejected' | 'reversed';
        from?: string;
        to?: string;
      };
      /** @default false */
      force: boolean;
      /** @default false */
      dryRun: boolean;
    };
    ReplayPostbacksAnswer: {
      dryRun: boolean;
      matched: number;
      replayed: number;
      skipped: {
        not_replayable: number;
        not_named: number;
        unchanged: number;
      };
      changes: {
        [key: string]: number;
      };
      becomes: {
        [key: string]: number;
      };
      sample: {
        /** Format: uuid */
        id: string;
        state: string;
        refusal: string | null;
        becomes: string;
        conversionId: string | null;
        changed: string[];
        before: {
          [key: string]: string | null;
        };
        after: {
          [key: string]: string | null;
        };
      }[];
      moves: {
        conversionsChanged: number;
        states: {
          pending: number;
          approved: number;
          rejected: number;
          reversed: number;
        };
        money: {
          currency: string;
          pending: string;
          approved: string;
          rejected: string;
          reversed: string;
        }[];
      } | null;
      next: string | null;
    };
    ReplayPostbacksBody: {
      filter: {
        id?: string;
        clickId?: string;
        transactionId?: string;
        conversionId?: string;
        externalId?: string;
        networkKey?: string;
        campaignKey?: string;
        sourceKey?: string;
        offerKey?: string;
        state?: string;
        refusal?: string;
        channel?: string;
        authenticatedBy?: string;
        statusWord?: string;
        problem?: string;
        uploadId?: string;
        remoteAddress?: string;
        /** @enum {string} */
        test?: 'true' | 'false';
        text?: string;
        from?: string;
        to?: string;
      };
      asNetwork?: string;
      /** @default false */
      everything: boolean;
      /** @default false */
      dryRun: boolean;
      /** @default 10000 */
      limit: number;
      cursor?: string;
    };
    ReportReportsAnswer: {
      /** Format: date-time */
      from: string;
      /** Format: date-time */
      to: string;
      timeZone: string;
      asOf: string | null;
      groupBy: string[];
      items: components['schemas']['ReportReportsAnswerItem'][];
      totals: {
        currency: string;
        clicks: number;
        uniqueClicks: number;
        conversions: {
          pending: number;
          approved: number;
          rejected: number;
          reversed: number;
        };
        moneyUnknown: number;
        money: {
          pending: string;
          approved: string;
          rejected: string;
          reversed: string;
        };
        revenue: string;
        cost: string;
        profit: string;
        cr: string | null;
        epc: string | null;
        roi: string | null;
        approvalRate: string | null;
        averagePayout: string | null;
        unconverted: {
          currency: string;
          money: {
            pending: string;
            approved: string;
            rejected: string;
            reversed: string;
          };
          cost: string;
        }[];
      }[];
      rest: {
        lines: number;
        figures: {
          currency: string;
          clicks: number;
          uniqueClicks: number;
          conversions: {
            pending: number;
            approved: number;
            rejected: number;
            reversed: number;
          };
          moneyUnknown: number;
          money: {
            pending: string;
            approved: string;
            rejected: string;
            reversed: string;
          };
          revenue: string;
          cost: string;
          profit: string;
          cr: string | null;
          epc: string | null;
          roi: string | null;
          approvalRate: string | null;
          averagePayout: string | null;
          unconverted: {
            currency: string;
            money: {
              pending: string;
              approved: string;
              rejected: string;
              reversed: string;
            };
            cost: string;
          }[];
        }[];
      } | null;
      next: string | null;
      behindSeconds: number | null;
    };
    ReportReportsAnswerItem: {
      currency: string;
      clicks: number;
      uniqueClicks: number;
      conversions: {
        pending: number;
        approved: number;
        rejected: number;
        reversed: number;
      };
      moneyUnknown: number;
      money: {
        pending: string;
        approved: string;
        rejected: string;
        reversed: string;
      };
      revenue: string;
      cost: string;
      profit: string;
      cr: string | null;
      epc: string | null;
      roi: string | null;
      approvalRate: string | null;
      averagePayout: string | null;
      unconverted: {
        currency: string;
        money: {
          pending: string;
          approved: string;
          rejected: string;
          reversed: string;
        };
        cost: string;
      }[];
      key: (string | null)[];
      conversionsAt: {
        [key: string]: string;
      };
      previous: {
        currency: string;
        clicks: number;
        uniqueClicks: number;
        conversions: {
          pending: number;
          approved: number;
          rejected: number;
          reversed: number;
        };
        moneyUnknown: number;
        money: {
          pending: string;
          approved: string;
          rejected: string;
          reversed: string;
        };
        revenue: string;
        cost: string;
        profit: string;
        cr: string | null;
        epc: string | null;
        roi: string | null;
        approvalRate: string | null;
        averagePayout: string | null;
        unconverted: {
          currency: string;
          money: {
            pending: string;
            approved: string;
            rejected: string;
            reversed: string;
          };
          cost: string;
        }[];
      } | null;
      details: {
        convertedClicks: number;
        medianSecondsToConvert: number | null;
        owed: number;
        delivered: number;
        calls: {
          received: number;
          refused: number;
          waiting: number;
        } | null;
      } | null;
    };
    RepublishCatalogAnswer: {
      entries: number;
    };
    RootApiAnswer: {
      openapi: string;
    };
    RotateNetworkAnswer: {
      key: string;
      name: string;
      /** @default null */
      preset: string | null;
      /** @default {} */
      params: {
        [key: string]: string[];
      };
      /** @default {} */
      statusMap: {
        [key: string]: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
      };
      /**
       * @default approved
       * @enum {string}
       */
      defaultStatus: 'pending' | 'approved' | 'rejected' | 'reversed';
      /** @default null */
      defaultCurrency: string | null;
      /**
       * @default transaction
       * @enum {string}
       */
      identity: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
      /**
       * @default update
       * @enum {string}
       */
      duplicates: 'update' | 'ignore' | 'add' | 'increment';
      /** @default null */
      reversalPrefix: string | null;
      /**
       * @default auto
       * @enum {string}
       */
      amountFormat: 'auto' | 'dot' | 'comma' | 'minor';
      /** @default false */
      reopens: boolean;
      /** @default false */
      locksOnApproval: boolean;
      /** @default {} */
      eventMap: {
        [key: string]: string;
      };
      /** @default {} */
      events: {
        [key: string]: {
          /** @enum {string} */
          identity?: 'transaction' | 'transaction+event' | 'click+transaction' | 'click+event' | 'click';
          /** @enum {string} */
          duplicates?: 'update' | 'ignore' | 'add' | 'increment';
        };
      };
      /**
       * @default event
       * @enum {string}
       */
      timeOf: 'event' | 'sale';
      /** @default UTC */
      timeZone: string;
      /**
       * @default {
       *       "status": 200,
       *       "body": "OK"
       *     }
       */
      answer: {
        /** @default 200 */
        status: number;
        /** @default OK */
        body: string;
      };
      /**
       * @default {
       *       "requireToken": true,
       *       "cidrs": [],
       *       "secret": null,
       *       "signature": null,
       *       "hmac": null
       *     }
       */
      security: {
        /** @default true */
        requireToken: boolean;
        /** @default [] */
        cidrs: string[];
        /** @default null */
        secret: {
          param: string;
          value: string;
        } | null;
        /** @default null */
        signature:
          | (
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  template: string;
                }
              | {
                  /** @constant */
                  kind: 'digest';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  template: string;
                }
              | {
                  /** @constant */
                  kind: 'sorted-fields';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /**
                   * @default hex
                   * @enum {string}
                   */
                  encoding: 'hex' | 'base64' | 'base64url';
                  param?: string;
                  header?: string;
                  secret: string;
                  truncate?: number;
                  timestampParam?: string;
                  timestampHeader?: string;
                  /** @default 300 */
                  toleranceSeconds: number;
                  /** @enum {string} */
                  fields: 'value' | 'name=value';
                  /** @default  */
                  joiner: string;
                  /** @enum {string} */
                  secretAt: 'end' | 'after-each';
                  /** @default false */
                  skipEmpty: boolean;
                }
            )
          | null;
        /** @default null */
        hmac: {
          /** @enum {string} */
          algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
          /** @enum {string} */
          encoding: 'hex' | 'base64' | 'base64url';
          param?: string;
          header?: string;
          secret: string;
          truncate?: number;
          timestampParam?: string;
          timestampHeader?: string;
          /** @default 300 */
          toleranceSeconds: number;
          template: string;
        } | null;
      };
      /** @default [] */
      dropIns: ('voluum' | 'binom' | 'keitaro' | 'redtrack' | 'bemob' | 'tune')[];
      /** @default null */
      reportFile: {
        /** @enum {string} */
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
        /** @enum {string} */
        delimiter?: ',' | ';' | '\t' | '|';
        headerRow?: number;
        columns?: {
          clickId?: string[];
          transactionId?: string[];
          lineId?: string[];
          amount?: string[];
          currency?: string[];
          status?: string[];
          event?: string[];
          occurredAt?: string[];
          reversalOf?: string[];
          saleAmount?: string[];
        };
        /** @enum {string} */
        amountFormat?: 'dot' | 'comma' | 'minor';
        /** @enum {string} */
        dateOrder?: 'ymd' | 'dmy' | 'mdy' | 'unix';
        timeZone?: string;
        statusRules?: {
          column: string;
          equals?: string;
          /** @enum {string} */
          meaning: 'pending' | 'approved' | 'rejected' | 'reversed' | 'ignored' | 'test';
        }[];
        /** @enum {string} */
        equalRows?: 'separate' | 'refuse';
      } | null;
      number: number;
      version: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      changedAt: string;
      token: string;
      tokens: {
        token: string;
        until: string | null;
      }[];
      postbackUrl: string;
      morePostbackUrls: {
        when: string;
        url: string;
      }[];
      warnings?: {
        /** @enum {string} */
        severity: 'error' | 'warning';
        where: string;
        code: string;
        text: string;
        message: string;
        suggestion: string | null;
      }[];
    };
    RotateNetworkBody: {
      /** @default 72 */
      overlapHours: number;
    };
    SavedView: {
      name: string;
      page: string;
      /** @description the search part of the page’s address, without "?" */
      query: string;
      shared: boolean;
      /** Format: uuid */
      id: string;
      isOwn: boolean;
      /** Format: date-time */
      changedAt: string;
    };
    SearchAnswer: {
      q: string;
      items: {
        /** @enum {string} */
        kind: 'click' | 'conversion' | 'delivery' | 'postback' | 'upload';
        id: string;
        title: string;
        /** Format: date-time */
        at: string;
      }[];
      searched: {
        /** @enum {string} */
        what: 'click' | 'transaction' | 'external' | 'conversion' | 'delivery' | 'postback' | 'upload' | 'refused';
        since: string | null;
      }[];
      nearest: {
        /** @enum {string} */
        kind: 'click' | 'conversion' | 'delivery' | 'postback' | 'upload';
        id: string;
        title: string;
        /** Format: date-time */
        at: string;
      }[];
    };
    Session: {
      /** Format: uuid */
      id: string;
      userId: string | null;
      userName: string | null;
      tokenId: string | null;
      tokenName: string | null;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      seenAt: string;
      /** Format: date-time */
      expiresAt: string;
      address: string | null;
      browser: string | null;
      isCurrent: boolean;
    };
    SignInSessionBody:
      | {
          email: string;
          password: string;
        }
      | {
          token: string;
        };
    StartTestTestsAnswer: {
      /** Format: uuid */
      id: string;
      campaignKey: string;
      settled: boolean;
      steps: {
        /** @enum {string} */
        step: 'click' | 'redirect' | 'postback' | 'conversion' | 'delivery';
        /** @enum {string} */
        state: 'done' | 'waiting' | 'failed' | 'skipped';
        at: string | null;
        detail: {
          [key: string]: unknown;
        };
      }[];
    };
    StartTestTestsBody: {
      campaignKey: string;
      /** @default approved */
      status: string;
      /** @default 1.00 */
      amount: string;
      currency?: string;
      event?: string;
    };
    StatusAnswer: {
      consumers: {
        group: string;
        topic: string;
        lag: number | null;
        secondsBehind: number | null;
      }[];
      /** @enum {string} */
      kafka: 'connected' | 'away';
      relay: {
        failingSince: string | null;
      };
      orphans: {
        count: number;
        oldestAt: string | null;
      };
      parked: {
        count: number;
      };
      destinations: {
        failing: number;
        paused: number;
        backlog: number;
        oldestAt: string | null;
      };
    };
    SummaryPostbacksAnswer: {
      /** Format: date-time */
      from: string;
      to: string | null;
      groupBy: ('networkKey' | 'state' | 'refusal' | 'statusWord' | 'problem')[];
      items: {
        key: (string | null)[];
        count: number;
        /** Format: date-time */
        lastAt: string;
        /** Format: uuid */
        sampleId: string;
      }[];
      truncated: boolean;
    };
    TestDestinationsAnswer: {
      send: boolean;
      reason: string | null;
      attempt: {
        /** Format: date-time */
        at: string;
        ms: number;
        status: number | null;
        outcome: string;
        reason: string | null;
        answer: string | null;
      } | null;
    };
    TestDestinationsBody: {
      destination?: {
        url: string;
        /**
         * @default GET
         * @enum {string}
         */
        method: 'GET' | 'POST' | 'PUT';
        /** @default {} */
        headers: {
          [key: string]: string;
        };
        /** @default null */
        body: string | null;
        /**
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
           * @default [
           *       "approved"
           *     ]
           */
          statuses: ('pending' | 'approved' | 'rejected' | 'reversed')[];
          /** @default [] */
          events: string[];
          /** @default null */
          minAmount: string | null;
          /** @default [] */
          marks: ('late' | 'too_early' | 'over_cap' | 'held' | 'test' | 'money_unknown' | 'rate_unknown')[];
        };
        /**
         * @default state
         * @enum {string}
         */
        frequency: 'first' | 'state' | 'change';
        /** @default 1 */
        valueScale: string;
        /** @default null */
        valueCurrency: string | null;
        /** @default 100 */
        sharePercent: number;
        /**
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
           * @default [
           *       "2xx"
           *     ]
           */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
          /** @default null */
          bodyMustNotMatch: string | null;
        };
        /**
         * @default {
         *       "statuses": [],
         *       "bodyMatches": null
         *     }
         */
        retryWhen: {
          /** @default [] */
          statuses: string[];
          /** @default null */
          bodyMatches: string | null;
        };
        /** @default null */
        signing:
          | (
              | {
                  /** @constant */
                  kind: 'standard-webhooks';
                  secrets: string[];
                }
              | {
                  /** @constant */
                  kind: 'hmac';
                  /** @enum {string} */
                  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
                  /** @enum {string} */
                  encoding: 'hex' | 'base64' | 'base64url';
                  template: string;
                  secret: string;
                }
            )
          | null;
        /** @default {} */
        secrets: {
          [key: string]: string;
        };
        /**
         * @default {
         *       "inFlight": 32,
         *       "perSecond": null
         *     }
         */
        caps: {
          /** @default 32 */
          inFlight: number;
          /** @default null */
          perSecond: number | null;
        };
        /** @default 20000 */
        timeoutMs: number;
        /**
         * @default {
         *       "connectMs": 5000,
         *       "headersMs": 15000,
         *       "bodyMs": 5000
         *     }
         */
        timeouts: {
          /** @default 5000 */
          connectMs: number;
          /** @default 15000 */
          headersMs: number;
          /** @default 5000 */
          bodyMs: number;
        };
        /** @default 90 */
        maxAgeDays: number;
        /** @default null */
        onReversal: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        onRestatement: {
          url: string;
          /**
           * @default GET
           * @enum {string}
           */
          method: 'GET' | 'POST' | 'PUT';
          /** @default {} */
          headers: {
            [key: string]: string;
          };
          /** @default null */
          body: string | null;
        } | null;
        /** @default null */
        clientCertificate: {
          cert: string;
          key: string;
        } | null;
      };
      destinationKey?: string;
      sourceKey?: string;
      /** Format: uuid */
      conversionId?: string;
      /** @default {} */
      click: {
        /** @default null */
        externalId: string | null;
        /** @default {} */
        tokens: {
          [key: string]: string;
        };
        /** @default null */
        at: string | null;
        /** @default null */
        ip: string | null;
        /** @default null */
        userAgent: string | null;
      };
      /** @default {} */
      conversion: {
        /** @default null */
        transactionId: string | null;
        /** @default null */
        amount: string | null;
        /** @default null */
        currency: string | null;
        /**
         * @default approved
         * @enum {string}
         */
        state: 'pending' | 'approved' | 'rejected' | 'reversed';
        /** @default null */
        event: string | null;
        /** @default null */
        occurredAt: string | null;
      };
    };
    Token: {
      /** Format: uuid */
      id: string;
      name: string;
      /** @enum {string} */
      role: 'viewer' | 'editor' | 'admin';
      userId: string | null;
      seesVisitors: boolean;
      /** Format: date-time */
      createdAt: string;
      expiresAt: string | null;
      lastUsedAt: string | null;
      lastUsedIp: string | null;
      revokedAt: string | null;
    };
    TokensCampaignAnswer: {
      campaignKey: string;
      /** Format: date-time */
      since: string;
      clicks: number;
      items: components['schemas']['TokensCampaignAnswerItem'][];
      next: null;
    };
    TokensCampaignAnswerItem: {
      name: string;
      reported: boolean;
      clicks: number;
      distinctValues: number;
      topValues: {
        value: string;
        clicks: number;
      }[];
    };
    UpdateUserBody: {
      name?: string;
      /** Format: email */
      email?: string;
      /** @enum {string} */
      role?: 'viewer' | 'editor' | 'admin';
      disabled?: boolean;
      seesVisitors?: boolean;
    };
    UploadClicksAnswer: {
      /** Format: uuid */
      uploadId: string;
      dryRun: boolean;
      rows: ({
        row: number;
        /** @enum {string} */
        outcome: 'accepted' | 'refused' | 'failed' | 'skipped';
      } & {
        [key: string]: unknown;
      })[];
      counts: {
        rows: number;
        accepted: number;
        refused: number;
        failed: number;
        skipped: number;
      };
      complete: boolean;
      problem?: {
        code: string;
        detail: string;
      };
      totals?: {
        status: string | null;
        currency: string | null;
        rows: number;
        amount: string;
        unknown: number;
      }[];
      unusedColumns?: string[];
      fileProblems?: {
        code: string;
        column: string | null;
        message: string;
      }[];
    };
    UploadConversionsAnswer: {
      /** Format: uuid */
      uploadId: string;
      dryRun: boolean;
      rows: ({
        row: number;
        /** @enum {string} */
        outcome: 'accepted' | 'refused' | 'failed' | 'skipped';
      } & {
        [key: string]: unknown;
      })[];
      counts: {
        rows: number;
        accepted: number;
        refused: number;
        failed: number;
        skipped: number;
      };
      complete: boolean;
      problem?: {
        code: string;
        detail: string;
      };
      totals?: {
        status: string | null;
        currency: string | null;
        rows: number;
        amount: string;
        unknown: number;
      }[];
      unusedColumns?: string[];
      fileProblems?: {
        code: string;
        column: string | null;
        message: string;
      }[];
    };
    UploadCostsAnswer: {
      /** Format: uuid */
      uploadId: string;
      dryRun: boolean;
      rows: number;
      problems: {
        row: number;
        code: string;
        detail: string;
      }[];
      changes: {
        day: string;
        campaignKey: string;
        tokens: {
          [key: string]: string;
        };
        currency: string;
        stated: string;
        stood: string;
        change: string;
      }[];
    };
    UploadRatesAnswer: {
      dryRun: boolean;
      rates: number;
      from: string | null;
      to: string | null;
      problems: {
        line: number;
        code: string;
        text: string;
      }[];
    };
    User: {
      /** Format: uuid */
      id: string;
      name: string;
      email: string | null;
      /** @enum {string} */
      role: 'viewer' | 'editor' | 'admin';
      seesVisitors: boolean;
      /** Format: date-time */
      createdAt: string;
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  signInSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SignInSessionBody'];
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
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `sign_in_wrong`, `token_wrong` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests`, `sign_in_locked` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable`, `sign_in_busy` */
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
  signOutSession: {
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        limit?: number;
        cursor?: string;
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  changePasswordMe: {
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
        'application/json': components['schemas']['ChangePasswordMeBody'];
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
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign`, `password_wrong` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown`, `no_password` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable`, `sign_in_busy` */
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
  join: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['JoinBody'];
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
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `code_ended` */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable`, `sign_in_busy` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        limit?: number;
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown`, `email_taken` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown`, `email_taken`, `own_user` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  resetUser: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown`, `cannot_sign_in` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        limit?: number;
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused`, `time_past` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        limit?: number;
        cursor?: string;
        kind?: string;
        key?: string;
        action?: string;
        /** @description the id of a user or a token, or its name */
        actor?: string;
        from?: string;
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  refusals: {
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
          'application/json': components['schemas']['RefusalsAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  previewNetworks: {
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
        'application/json': components['schemas']['PreviewNetworksBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PreviewNetworksAnswer'];
        };
      };
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  mapStatusNetwork: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
        key: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['MapStatusNetworkBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MapStatusNetworkAnswer'];
        };
      };
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  tokensCampaign: {
    parameters: {
      query?: never;
      header?: never;
      path: {
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
          'application/json': components['schemas']['TokensCampaignAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  startTestTests: {
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
        'application/json': components['schemas']['StartTestTestsBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StartTestTestsAnswer'];
        };
      };
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  readTestTest: {
    parameters: {
      query?: never;
      header?: never;
      path: {
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
          'application/json': components['schemas']['ReadTestTestAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        limit?: number;
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        'application/json': components['schemas']['CreateNetworkBody'];
      };
    };
    responses: {
      /** @description Of a dry run: nothing was kept. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreateNetworkAnswer'];
        };
      };
      /** @description The answer. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreateNetworkAnswer'];
        };
      };
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown`, `key_taken` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused`, `preset_unknown`, `preset_fields` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
          'application/json': components['schemas']['ReadNetworkAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        key: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ReplaceNetworkBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReplaceNetworkAnswer'];
        };
      };
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_differs` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused`, `version_invalid`, `key_fixed` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown`, `in_use` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_differs` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        limit?: number;
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        'application/json': components['schemas']['CreateSourceBody'];
      };
    };
    responses: {
      /** @description Of a dry run: nothing was kept. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreateSourceAnswer'];
        };
      };
      /** @description The answer. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreateSourceAnswer'];
        };
      };
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown`, `key_taken` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused`, `preset_unknown`, `preset_fields` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
          'application/json': components['schemas']['ReadSourceAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        key: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ReplaceSourceBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReplaceSourceAnswer'];
        };
      };
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_differs` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused`, `version_invalid`, `key_fixed` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown`, `in_use` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_differs` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        limit?: number;
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        'application/json': components['schemas']['CreateOfferBody'];
      };
    };
    responses: {
      /** @description Of a dry run: nothing was kept. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreateOfferAnswer'];
        };
      };
      /** @description The answer. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreateOfferAnswer'];
        };
      };
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown`, `key_taken` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused`, `preset_unknown`, `preset_fields` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
          'application/json': components['schemas']['ReadOfferAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        key: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ReplaceOfferBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReplaceOfferAnswer'];
        };
      };
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_differs` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused`, `version_invalid`, `key_fixed` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown`, `in_use` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_differs` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        limit?: number;
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        'application/json': components['schemas']['CreateCampaignBody'];
      };
    };
    responses: {
      /** @description Of a dry run: nothing was kept. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreateCampaignAnswer'];
        };
      };
      /** @description The answer. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreateCampaignAnswer'];
        };
      };
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown`, `key_taken` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused`, `preset_unknown`, `preset_fields` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
          'application/json': components['schemas']['ReadCampaignAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        key: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ReplaceCampaignBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReplaceCampaignAnswer'];
        };
      };
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_differs` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused`, `version_invalid`, `key_fixed` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown`, `in_use` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `version_differs` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  rotateNetwork: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
        key: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RotateNetworkBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RotateNetworkAnswer'];
        };
      };
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
          'application/json': components['schemas']['ReadNetworkPresetAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
          'application/json': components['schemas']['ReadSourcePresetAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  overview: {
    parameters: {
      query?: {
        from?: string;
        to?: string;
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
          'application/json': components['schemas']['OverviewAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  status: {
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
          'application/json': components['schemas']['StatusAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  postbacks: {
    parameters: {
      query?: {
        id?: string;
        clickId?: string;
        transactionId?: string;
        conversionId?: string;
        externalId?: string;
        networkKey?: string;
        campaignKey?: string;
        sourceKey?: string;
        offerKey?: string;
        state?: string;
        refusal?: string;
        channel?: string;
        authenticatedBy?: string;
        statusWord?: string;
        problem?: string;
        uploadId?: string;
        remoteAddress?: string;
        test?: 'true' | 'false';
        from?: string;
        to?: string;
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
        content?: never;
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  deliveries: {
    parameters: {
      query?: {
        id?: string;
        conversionId?: string;
        destinationKey?: string;
        networkKey?: string;
        campaignKey?: string;
        sourceKey?: string;
        offerKey?: string;
        clickId?: string;
        transactionId?: string;
        externalId?: string;
        state?: string;
        cause?: string;
        reason?: string;
        status?: string;
        minAttempts?: number;
        from?: string;
        to?: string;
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
        content?: never;
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        limit?: number;
        cursor?: string;
        estimate?: 'true' | 'false';
        id?: string;
        clickId?: string;
        transactionId?: string;
        conversionId?: string;
        externalId?: string;
        networkKey?: string;
        campaignKey?: string;
        sourceKey?: string;
        offerKey?: string;
        state?: string;
        refusal?: string;
        channel?: string;
        authenticatedBy?: string;
        statusWord?: string;
        problem?: string;
        uploadId?: string;
        remoteAddress?: string;
        test?: 'true' | 'false';
        text?: string;
        from?: string;
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  summaryPostbacks: {
    parameters: {
      query?: {
        groupBy?: string;
        limit?: number;
        id?: string;
        clickId?: string;
        transactionId?: string;
        conversionId?: string;
        externalId?: string;
        networkKey?: string;
        campaignKey?: string;
        sourceKey?: string;
        offerKey?: string;
        state?: string;
        refusal?: string;
        channel?: string;
        authenticatedBy?: string;
        statusWord?: string;
        problem?: string;
        uploadId?: string;
        remoteAddress?: string;
        test?: 'true' | 'false';
        text?: string;
        from?: string;
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
          'application/json': components['schemas']['SummaryPostbacksAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
          'application/json': components['schemas']['ReadPostbackAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        limit?: number;
        cursor?: string;
        topic?: string;
        reason?: string;
        consumer?: string;
        resolved?: 'true' | 'false';
        from?: string;
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
          'application/json': components['schemas']['ReadParkedAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
          'application/json': components['schemas']['ReleaseParkedAnswer'];
        };
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
          'application/json': components['schemas']['DismissParkedAnswer'];
        };
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
          'application/json': components['schemas']['ReplayPostbacksAnswer'];
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
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        limit?: number;
        cursor?: string;
        estimate?: 'true' | 'false';
        clickId?: string;
        externalId?: string;
        campaignKey?: string;
        sourceKey?: string;
        offerKey?: string;
        networkKey?: string;
        channel?: string;
        flag?: string;
        unique?: 'true' | 'false';
        token?: string;
        from?: string;
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
          'application/json': components['schemas']['ReadClickAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  search: {
    parameters: {
      query: {
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
          'application/json': components['schemas']['SearchAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        limit?: number;
        cursor?: string;
        estimate?: 'true' | 'false';
        id?: string;
        clickId?: string;
        externalId?: string;
        transactionId?: string;
        networkKey?: string;
        campaignKey?: string;
        sourceKey?: string;
        offerKey?: string;
        event?: string;
        state?: string;
        mark?: string;
        counted?: 'true' | 'false';
        token?: string;
        timeBy?: 'recorded' | 'clicked' | 'occurred';
        asOf?: string;
        from?: string;
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        asOf?: string;
      };
      header?: never;
      path: {
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
          'application/json': components['schemas']['ReadConversionAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        networkKey?: string;
        dryRun?: 'true' | 'false';
        dispatch?: 'true' | 'false';
        uploadId?: string;
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
          'application/json': components['schemas']['UploadConversionsAnswer'];
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        dryRun?: 'true' | 'false';
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
          'application/json': components['schemas']['UploadClicksAnswer'];
        };
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  analyseReportFiles: {
    parameters: {
      query?: {
        networkKey?: string;
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
          'application/json': components['schemas']['AnalyseReportFilesAnswer'];
        };
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  reportReports: {
    parameters: {
      query?: {
        groupBy?: string;
        from?: string;
        to?: string;
        timeZone?: string;
        currency?: string;
        asOf?: string;
        timeBy?: 'recorded' | 'clicked' | 'occurred';
        sort?: string;
        limit?: number;
        cursor?: string;
        compare?: 'previous';
        details?: 'true' | 'false';
        campaignKey?: string;
        sourceKey?: string;
        offerKey?: string;
        networkKey?: string;
        event?: string;
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
          'application/json': components['schemas']['ReportReportsAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        from?: string;
        to?: string;
        currency?: string;
        limit?: number;
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        dryRun?: 'true' | 'false';
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        limit?: number;
        cursor?: string;
        estimate?: 'true' | 'false';
        id?: string;
        conversionId?: string;
        destinationKey?: string;
        networkKey?: string;
        campaignKey?: string;
        sourceKey?: string;
        offerKey?: string;
        clickId?: string;
        transactionId?: string;
        externalId?: string;
        state?: string;
        cause?: string;
        reason?: string;
        status?: string;
        minAttempts?: number;
        from?: string;
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
          'application/json': components['schemas']['ReadDeliveryAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  previewDestinations: {
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
        'application/json': components['schemas']['PreviewDestinationsBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PreviewDestinationsAnswer'];
        };
      };
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  testDestinations: {
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
        'application/json': components['schemas']['TestDestinationsBody'];
      };
    };
    responses: {
      /** @description The answer. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TestDestinationsAnswer'];
        };
      };
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable`, `malformed_json` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `content_type_unknown` */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
        limit?: number;
        cursor?: string;
        kind?: string;
        state?: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  removeJob: {
    parameters: {
      query?: never;
      header?: {
        /** @description A repetition with the same key is answered as the first time, not done again. */
        'Idempotency-Key'?: string;
      };
      path: {
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low`, `csrf_header_missing`, `origin_foreign`, `not_yours` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency_in_progress`, `idempotency_outcome_unknown`, `job_ended` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid`, `idempotency_key_invalid`, `idempotency_key_reused` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `token_missing`, `token_wrong`, `session_ended` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `role_too_low` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `invalid` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable`, `too_many_streams` */
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
  readOpenapiJson: {
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
        content?: never;
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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
  rootApi: {
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
          'application/json': components['schemas']['RootApiAnswer'];
        };
      };
      /** @description Nothing has changed since `If-None-Match`. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `url_unreadable` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `too_many_requests` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unexpected` */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `temporarily_unavailable` */
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

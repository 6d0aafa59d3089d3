// The words by which the tests find things on pages, as a reader would. They are here and nowhere else: when a page
// changes its words, this is the only file to change.

/** The member whom the tests walk in as: somebody with weight at the end of the demo's records. */
export const MEMBER = process.env.ROCHDALE_TEST_MEMBER ?? 'member-205';

export const words = {
  /** Where a visitor picks a member. */
  findMember: (page) => page.getByRole('main').getByRole('searchbox', { name: 'Find a member' }),
  find: (page) => page.getByRole('main').getByRole('button', { name: 'Find' }),
  beMember: (page, name) => page.getByRole('main').getByRole('button', { name: begins(name) }),
  /** In the head of every page: who the visitor is. */
  whoIAm: (page, name) => page.getByRole('banner').getByRole('link', { name: begins(name) }),

  press: (page, name) => page.getByRole('main').getByRole('button', { name, exact: typeof name === 'string' }),
  /** Signing in, and a member's ways in. */
  ways: {
    signIn: 'Sign in',
    signOut: 'Sign out',
    comeIn: /^Come in as /,
    newPassword: 'New password',
    again: 'The same once more',
    setIt: 'Set it',
    programCode: 'Code that your program shows now',
    code: 'Code',
    makeCodes: 'Make ten new codes',
    useCode: 'Use the code',
    sendLink: 'Send the link',
    sendMeLink: 'Send me a link',
    addIt: 'Add the address',
    comeInByMail: /^Come in as /,
    seen: 'I have seen it',
    everywhere: 'Sign out everywhere else',
  },
  /** Asking to join, resting, and the link that lets in. */
  askToJoin: (page) => page.getByRole('banner').getByRole('link', { name: 'Ask to join' }),
  yourName: (page) => page.getByRole('textbox', { name: 'Your name' }),
  doorOf: (page, title) => page.getByRole('radio', { name: begins(title) }),
  ask: (page) => page.getByRole('main').getByRole('button', { name: 'Ask to join' }),
  openTheLink: (page) => page.getByRole('main').getByRole('link', { name: 'Open it' }),
  standsAsRequest: /Those who may admit members say yes or no\./,
  afterJoining: /\/me\?done=joined/,
  afterGoingOn: /done=goes-on/,
  rest: (page) => page.getByRole('main').getByRole('button', { name: 'Let it rest' }),
  goOn: (page) => page.getByRole('main').getByRole('button', { name: 'Let it go on' }),

  /** A member's own ballots, on a decision's page. */
  ballot: (page) => page.getByRole('region', { name: 'My ballots' }),
  forShare: (page) => words.ballot(page).getByRole('textbox', { name: 'Share of my weight for, in percent' }),
  scores: (page) => words.ballot(page).getByRole('textbox', { name: /^Score for / }),
  /** Whom a field scores, from the field's own name. */
  scored: async (field) => /^Score for (.*), 0 to 10$/.exec(await field.getAttribute('aria-label'))[1],
  preview: (page) => words.ballot(page).getByRole('button', { name: 'Preview' }),
  cast: (page) => words.ballot(page).getByRole('button', { name: 'Cast' }),
  /** The addresses that say what has just been done. */
  afterFind: /\/walk-in\?query=/,
  afterWalkIn: /[?&]done=walk-in/,
  afterPreview: /\/preview(#|$)/,
  afterCast: /[?&]done=ballot/,
  afterUpdate: /[?&]done=update/,

  /** Rows of the table of a decision's standings, and of the table of the changes that a move would make. */
  standing: (page, name) => row(page.getByRole('region', { name: 'How it stands' }), name),
  previewed: (page, name) => row(page.getByRole('region', { name: /^What would change/ }), name),
  votesIn: { standing: 0, now: 0, would: 1 },
  /** On My page: the shares of ballots that stand. */
  shares: (page) => page.getByRole('main').getByRole('textbox', { name: /^Share on / }),
  lookAgain: 'Please look at this again',

  /** A member's acts about candidates. */
  devicesLink: (page) => page.getByRole('main').getByRole('link', { name: 'Devices that sign for me' }),
  letSign: (page) => page.getByRole('main').getByRole('button', { name: 'Let this browser sign for me' }),
  stand: (page) => page.getByRole('main').getByRole('button', { name: /^Stand for / }),
  fold: (page, name) => page.getByRole('main').locator('summary').filter({ hasText: name }),
  giveAttention: 'Give attention',
  attention: (page) => page.getByRole('group', { name: /^My attention/ }).getByRole('textbox'),
  giveIt: (page) => page.getByRole('main').getByRole('button', { name: 'Give this attention' }),
  withdrawName: (page) => page.getByRole('main').getByRole('button', { name: 'Withdraw my name' }),
  text: (page) => page.getByRole('textbox', { name: 'The text' }),
  propose: (page) => page.getByRole('main').getByRole('button', { name: 'Propose it' }),
  withdrawText: (page, name) => page.getByRole('main').getByRole('button', { name: `Withdraw ${name}` }),
  /** Money of pools, and requests for it. */
  askForMoney: 'Ask for money',
  moneyLine: (page) => page.getByRole('textbox', { name: /in one line/ }),
  moneyGoal: (page) => page.getByRole('textbox', { name: /^How much it needs/ }),
  moneyAmount: (page) => page.getByRole('textbox', { name: /^How much \(/ }),
  askIt: (page) => page.getByRole('main').getByRole('button', { name: 'Ask', exact: true }),
  takeBackAsked: (page, line) => page.getByRole('main').getByRole('button', { name: `Take it back ${line}` }),
  pledgeTo: (page, line) => page.getByRole('main').locator('summary').filter({ hasText: `to ${line}` }),
  pledgeAmount: (page) => page.getByRole('textbox', { name: /^How much in all/ }),
  pledgeIt: (page) => page.getByRole('main').getByRole('button', { name: 'Pledge', exact: true }),
  takePledgeBack: (page) => page.getByRole('main').getByRole('button', { name: 'Take my pledge back' }),
  supportFor: (page, line) => page.getByRole('listitem').filter({ hasText: line }).locator('summary').last(),
  itsShare: (page) => page.getByRole('textbox', { name: 'Share' }),
  castIt: (page) => page.getByRole('main').getByRole('button', { name: 'Cast' }),
  ownMoney: (page) => page.getByText(/: you place no weight on it/),
  poolThatPays: (page) => page.getByRole('main').getByRole('link', { name: 'The pool that pays' }),
  afterStep: (step) => new RegExp(`[?&]done=${step}`),

  /** Recording what was given. */
  recordLink: (page) => page.getByRole('main').getByRole('link', { name: 'Record what was given' }),
  giver: (page) => page.getByRole('textbox', { name: 'The member', exact: true }),
  whatItIs: (page) => page.getByRole('combobox', { name: 'What it is' }).first(),
  howMuch: (page) => page.getByRole('textbox', { name: 'How much' }),
  seeAhead: (page) => page.getByRole('button', { name: 'See what it does' }),
  recordIt: (page) => page.getByRole('button', { name: 'Record it' }),
  table: (page) => page.getByRole('textbox', { name: 'The table' }),
  tableFile: (page) => page.getByLabel('Or a file', { exact: true }),
  lookAtIt: (page) => page.getByRole('button', { name: 'Look at it' }),
  readSo: (page) => page.getByRole('button', { name: 'Read it so' }),
  tokensLink: (page) => page.getByRole('main').getByRole('link', { name: 'Tokens for programs' }),
  tokenName: (page) => page.getByRole('textbox', { name: 'Its name' }),
  makeToken: (page) => page.getByRole('button', { name: 'Make it' }),
  theToken: (page) => page.getByLabel('The token', { exact: true }),
  endToken: (page, name) => page.getByRole('button', { name: new RegExp(`^End it ?: ${name}$`) }),
  recordAll: (page) => page.getByRole('button', { name: 'Record all of it' }),

  /** The acts of holders of offices. */
  useIt: (page, action) => page.getByRole('region', { name: 'What I may do' }).getByRole('link', { name: action }),
  amount: (page) => page.getByLabel('The amount'),
  accountFrom: (page) => page.getByLabel('The account that it comes from'),
  accountTo: (page) => page.getByLabel('The account that it goes to'),
  narration: (page) => page.getByLabel('What it was for'),
  bookIt: (page) => page.getByRole('button', { name: 'Book it' }),
  newName: (page) => page.getByLabel('The name'),
  admitThem: (page) => page.getByRole('button', { name: 'Admit', exact: true }),
  putOn: (page) => page.getByLabel('Put them on the list'),
  changeList: (page) => page.getByRole('button', { name: 'Do it', exact: true }),
  itemId: (page) => page.getByLabel('Its id'),
  itemTitle: (page) => page.getByLabel('Its title'),
  wish: (page) => page.getByLabel('Your wish in one line'),
  asksFor: (page) => page.getByLabel('Hours', { exact: true }),
  addItem: (page) => page.getByRole('main').getByRole('button', { name: 'Add an item' }),
  openIt: (page) => page.getByRole('button', { name: 'Open it' }),

  /** Credit, and options against it. */
  toItsBallot: (page) => page.getByRole('main').getByRole('link', { name: 'Cast', exact: true }),
  putUpAnOption: (page) => words.fold(page, 'Put up an option'),
  optionLine: (page) => page.getByLabel('The option in one line, of 1 to 100 letters'),
  optionReasons: (page) => page.getByLabel('What else there is to say; may be empty'),
  doesWith: (page, project) => page.getByLabel(`${project}:`),
  addsToPool: (page) => page.getByLabel(/^Add common money/),
  howItIsShared: (page) => page.getByRole('main').getByText(/how it is shared out/).getByRole('link'),
  putItUp: (page) => page.getByRole('button', { name: 'Put it up', exact: true }),
  creditOf: (page, year) => page.getByRole('region', { name: 'My credit' }).getByRole('link', { name: new RegExp(`^1 January ${year}`) }),
  myCredit: /^My credit: /,

  /** The first run, and invitations. */
  startFrom: (page, template) => page.getByRole('main').locator(`input[name=template][value="${template}"]`),
  toQuestions: (page) => page.getByRole('button', { name: 'Go on to the five questions' }),
  coopName: (page) => page.getByLabel('What is it called?'),
  coopCurrency: (page) => page.getByLabel('In which currency does it keep its book?'),
  coopZone: (page) => page.getByLabel('In which time zone do its days begin?'),
  toRules: (page) => page.getByRole('button', { name: 'See the rules' }),
  constitutionText: (page) => page.getByLabel('The constitution, as text'),
  didYouMean: /Did you mean `settles-in`/,
  founder: (page) => page.getByLabel('Your name, as members will see it'),
  foundIt: (page) => page.getByRole('button', { name: 'Found it' }),
  nothingFounded: /Nothing was founded/,
  afterFounding: /[?&]done=founded/,
  newMembers: (page) => page.getByLabel('Names, a line each'),
  inviteThem: (page) => page.getByRole('button', { name: 'Admit and invite them' }),
  links: (page) => page.getByRole('region', { name: 'Send these links now' }).getByRole('textbox'),
  comeIn: (page, name) => page.getByRole('button', { name: `Come in as ${name}` }),
  signOut: (page) => page.getByRole('banner').getByRole('button', { name: 'Sign out' }),
  passkeyName: (page) => page.getByLabel('Its name'),
  addPasskey: (page) => page.getByRole('button', { name: 'Add a passkey' }),
  signInByPasskey: (page) => page.getByRole('button', { name: 'Sign in with a passkey' }),
  ownWay: (page, name) => page.getByRole('main').locator('strong', { hasText: name }),
  removeWay: (page, name) => page.getByRole('button', { name: /^Remove/ }).filter({ hasText: name }),
  linkAccount: (page, title) => page.getByRole('button', { name: `Link an account at ${title}` }),
  goOnTo: (page, title) => page.getByRole('link', { name: `Go on to ${title}` }),
  goOn: (page) => page.getByRole('button', { name: 'Go on' }),
  signInWith: (page, title) => page.getByRole('link', { name: `Sign in with ${title}` }),
  /** A sentence that a script shows in its place. */
  said: (page, text) => page.getByText(text).filter({ visible: true }),

  /** The editor of rules, and its findings. */
  rulesText: (page) => page.getByRole('textbox', { name: 'The text', exact: true }),
  verdict: (page) => page.locator('#verdict'),
  oneMistake: 'One mistake.',
  itChecks: 'It checks.',
  wouldOpen: (name) => `The office of ${name} would open`,
  proposeRules: (page) => page.getByRole('main').getByRole('button', { name: 'Propose', exact: true }),
  tryOnThePast: (page) => page.getByRole('main').getByRole('button', { name: 'Try on the past' }),
  tried: /^With it in force from /,
  attentionForRules: (page) => page.getByRole('textbox', { name: 'My attention for it, %' }).first(),
  giveItToRules: (page) => page.getByRole('main').getByRole('button', { name: /^(Give attention|Change it) to / }).first(),
  /** How much of a member's weight can go on a decision. */
  canGoHere: (page) => words.ballot(page).getByText(/^Place a share/),
  scoreFor: (page, name) => words.ballot(page).getByRole('textbox', { name: `Score for ${name}, 0 to 10` }),
  openDecision: (page, name) => page.getByRole('main').getByRole('link', { name, exact: true }),

  rulesSayNo: 'The rules say no',
  nothingWasLost: /Nothing was changed/,
  whatToDoFirst: /What to do first/,
  nothingChangedYet: /Nothing has changed yet/,

  /** The buttons that only the demo has. */
  runUpdate: (page) => page.getByRole('button', { name: 'Run the next update now' }).first(),
  demonstration: /demonstration ballots|ballots on this page are made up|ballots are made up/,

  memberLinks: (page) => page.getByRole('main').locator('a[href^="/members/"]'),
};

/** Matches a text that begins with a name, whatever comes after it. */
function begins(name) {
  return new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`);
}

function row(region, name) {
  return region.getByRole('row').filter({ has: region.page().getByRole('rowheader', { name: begins(name) }) });
}

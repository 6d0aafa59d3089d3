// The words by which the tests find what a reader would look for. They stand here and nowhere else: when a page says
// something differently, this is the only file to change.

/** The member whom the tests walk in as: somebody with weight at the end of the demo. */
export const MEMBER = process.env.ROCHDALE_TEST_MEMBER ?? 'member-225';

export const words = {
  /** On the page where a visitor picks a member. */
  chooseMember: (page) => page.getByRole('combobox', { name: /member/i }),
  walkIn: (page) => page.getByRole('button', { name: /walk in/i }),

  /** The form with a member's own ballots, on a decision's page. */
  ballot: (page) => page.locator('form').filter({ has: page.getByRole('button', { name: /^place/i }) }).first(),
  forShare: (page) => words.ballot(page).getByLabel(/share.*for|^for\b/i).first(),
  score: (page) => words.ballot(page).getByLabel(/score/i).first(),
  preview: (page) => words.ballot(page).getByRole('button', { name: /preview/i }),
  place: (page) => words.ballot(page).getByRole('button', { name: /^place/i }),
  /** What a preview says before anything has happened. */
  wouldChange: /would/i,
  placed: /placed|stands|counted/i,

  /** What the demo alone offers. */
  runUpdate: (page) => page.getByRole('button', { name: /run the next update now/i }).first(),
  demonstration: /demonstration/i,

  /** Where a decision's page says who has how many votes. */
  standings: (page) => page.getByRole('main'),
  memberLinks: (page) => page.getByRole('main').locator('a[href^="/members/"]'),
};

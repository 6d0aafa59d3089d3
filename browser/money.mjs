// Pools and requests for their money, under edition 4: a member asks, pledges, votes and takes back by links and buttons alone, and both
// pages are looked at on phones and on a desk.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { openPage, startChromium } from './house/browser.mjs';
import { startCoop } from './house/co_op.mjs';
import * as looks from './house/looks.mjs';
import { words } from './words.mjs';

const MEMBER = 'member-001';
const MEMBERS = [1, 2, 3].map((number) => `member-00${number}`);
const SCREENS = [
  { viewport: { width: 320, height: 640 }, colorScheme: 'light' },
  { viewport: { width: 360, height: 780 }, colorScheme: 'dark' },
  { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
];
const DESK = SCREENS[2];
const DAY_MS = 86_400_000;
const ROOF = 'Mend the roof';
const LAMP = 'A lamp over the gate';
const CLAUSES = `pool "commons" { fed-by "20% of dues"; every "year" }
commitment "sharing" every="year" of="commons" { may-add "5 USD"; freeze "0%" }
commitment "grants" of="commons" { spending-limit "25%"; least-conviction "10%"; conviction-half-life "365 days" }`;

let browser;
let coop;

before(
  async () => {
    browser = await startChromium();
    coop = await startCoop({
      template: 'club',
      name: 'Our club',
      edition: 4,
      clauses: CLAUSES,
      records: { 'members-csv': register() },
      acts: acts(),
      until: day(10),
    });
  },
  { timeout: 120_000 },
);

after(async () => {
  await browser?.close();
  await coop?.stop();
});

/** Returns the day this many days from now, as ISO 8601. */
function day(ahead) {
  return new Date(Date.now() + ahead * DAY_MS).toISOString().slice(0, 10);
}

function register() {
  const rows = MEMBERS.map((name, index) => `${name},person,2025-01-0${index + 1},m${index}@example.org`);
  return `name,kind,joined,email\n${rows.join('\n')}\n`;
}

/** Everybody has paid dues and has money held; one asks for a roof and for a lamp. */
function acts() {
  const money = (cents) => ({ amount: cents, currency: 'USD' });
  const paid = MEMBERS.flatMap((member, index) => [
    { act: 'record_support', member, kind: 'dues', amount: money(5000), given_at: day(0), source: `dues:${index}` },
    { act: 'hold_money', member, amount: money(4000), at: `${day(0)}T00:00:00Z`, source: `held:${index}`, account: 'assets:bank' },
  ]);
  const asker = MEMBERS[1];
  return [
    ...paid,
    { act: 'ask_pool', member: asker, decision: 'commons', text: ROOF, goal: money(6000) },
    { act: 'request_money', member: asker, decision: 'grants', text: LAMP, amount: money(100) },
  ];
}

async function press(page, button) {
  await Promise.all([page.waitForEvent('load'), button.press('Enter')]);
}

async function visitAs(name, settings, steps) {
  const { page, context, troubles } = await openPage(browser, coop.address, settings);
  try {
    if (name) {
      await page.goto('/walk-in');
      await press(page, words.beMember(page, name));
    }
    await steps(page);
    assert.deepEqual(troubles, []);
  } finally {
    await context.close();
  }
}

/** Asks for money with what the page's form is filled with, and takes it back again. */
async function asksAndTakesBack(page, line, amount) {
  await words.fold(page, words.askForMoney).press('Enter');
  await words.moneyLine(page).fill(line);
  await amount.fill('12');
  await press(page, words.askIt(page));
  await page.getByRole('link', { name: line }).waitFor();
  assert.equal(await words.ownMoney(page).count(), 1, 'nobody places weight on what pays them');
  assert.deepEqual(await looks.inOrder(page), []);
  await press(page, words.takeBackAsked(page, line));
  assert.equal(await page.getByRole('main').getByRole('link', { name: line }).count(), 0);
}

/** Places a share of weight on what asks. */
async function votes(page, line) {
  await words.supportFor(page, line).press('Enter');
  await words.itsShare(page).fill('25');
  await press(page, words.castIt(page));
  await words.supportFor(page, line).filter({ hasText: '25' }).waitFor();
}

describe('pools and requests for money', { concurrency: 1 }, () => {
  test('a member asks a pool, pledges, votes and takes back', { timeout: 90_000 }, async () => {
    await visitAs(MEMBER, DESK, async (page) => {
      await page.goto('/decisions/grants');
      await press(page, words.poolThatPays(page));
      assert.equal(new URL(page.url()).pathname, '/decisions/commons');
      await words.pledgeTo(page, ROOF).press('Enter');
      await words.pledgeAmount(page).fill('16');
      await press(page, words.pledgeIt(page));
      await words.pledgeTo(page, ROOF).filter({ hasText: '16.00 USD' }).waitFor();
      await votes(page, ROOF);
      await words.pledgeTo(page, ROOF).press('Enter');
      await press(page, words.takePledgeBack(page));
      assert.equal(await words.pledgeTo(page, ROOF).filter({ hasText: '16.00 USD' }).count(), 0);
      await asksAndTakesBack(page, 'Buy a van', words.moneyGoal(page));
    });
  });

  test('a member asks for money of a pool, votes and takes back', { timeout: 90_000 }, async () => {
    await visitAs(MEMBER, DESK, async (page) => {
      await page.goto('/decisions/grants');
      await votes(page, LAMP);
      await asksAndTakesBack(page, 'A band on Saturdays', words.moneyAmount(page));
    });
  });

  test('a member puts up how the pool is shared out', { timeout: 90_000 }, async () => {
    await visitAs(MEMBER, DESK, async (page) => {
      await page.goto('/decisions/commons');
      await press(page, words.howItIsShared(page));
      assert.equal(new URL(page.url()).pathname, '/decisions/sharing');
      await words.putUpAnOption(page).press('Enter');
      await words.optionLine(page).fill('The roof first');
      await words.optionReasons(page).fill('It leaks.');
      await words.doesWith(page, ROOF).selectOption({ index: 1 });
      await words.addsToPool(page).fill('5');
      assert.deepEqual(await looks.inOrder(page), []);
      await press(page, words.putItUp(page));
      const option = page.getByRole('main').getByRole('link', { name: 'The roof first' });
      await press(page, option.first());
      await page.getByText(/fund [0-9a-f]{12} Mend the roof/).waitFor();
    });
  });

  test('the pages are in order on phones and on a desk, for a member and a visitor', { timeout: 180_000 }, async () => {
    for (const settings of SCREENS) {
      for (const reader of [MEMBER, undefined]) {
        await visitAs(reader, settings, async (page) => {
          for (const path of ['/decisions/commons', '/decisions/grants', '/decisions/sharing']) {
            const answer = await page.goto(path);
            assert.equal(answer.status(), 200, path);
            assert.deepEqual(await looks.inOrder(page), []);
          }
        });
      }
    }
  });
});

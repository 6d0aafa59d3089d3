// Holders of offices use their powers from a page: a treasurer books an expense, a second one is beyond the limit and
// is refused with the way out; a chair admits somebody, which takes effect later, and puts an idea on the list. With scripts and without, on a phone and a desk.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { openPage, startChromium } from './house/browser.mjs';
import { startCoop } from './house/co_op.mjs';
import * as looks from './house/looks.mjs';
import { words } from './words.mjs';

const HOLDER = 'member-001';
const PHONE = { viewport: { width: 360, height: 780 }, colorScheme: 'dark' };
const DESK = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' };
const DAY_MS = 86_400_000;

let browser;
let coop;

before(
  async () => {
    browser = await startChromium();
    coop = await startCoop({ template: 'club', name: 'Our club', records: { 'members-csv': register() }, acts: acts(), until: day(90) });
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

const MEMBERS = [1, 2, 3].map((number) => `member-00${number}`);

function register() {
  const rows = MEMBERS.map((name, index) => `${name},person,2025-01-0${index + 1},m${index}@example.org`);
  return `name,kind,joined,email\n${rows.join('\n')}\n`;
}

/** Everybody has paid dues, and wants the same member in both offices. */
function acts() {
  const dues = MEMBERS.map((member, index) => ({
    act: 'record_support',
    member,
    kind: 'dues',
    amount: { amount: 5000, currency: 'USD' },
    given_at: day(0),
    source: `test:${index}`,
  }));
  const offices = ['treasurer', 'chair'].flatMap((decision) => [
    { act: 'stand', member: HOLDER, decision },
    ...MEMBERS.map((member) => ({ act: 'cast_ballot', member, decision, share_ppm: 300_000, scores: { [HOLDER]: 1_000_000 }, against: false })),
  ]);
  return [...dues, ...offices];
}

async function press(page, button) {
  await Promise.all([page.waitForEvent('load'), button.press('Enter')]);
}

async function visitAs(name, settings, steps) {
  const { page, context, troubles } = await openPage(browser, coop.address, settings);
  try {
    await page.goto('/walk-in');
    await press(page, words.beMember(page, name));
    await steps(page);
    assert.deepEqual(troubles.filter((trouble) => !/409/.test(trouble)), []);
  } finally {
    await context.close();
  }
}

async function expense(page, amount) {
  await words.amount(page).fill(amount);
  await words.accountFrom(page).fill('assets:bank');
  await words.accountTo(page).fill('expenses:hall');
  await words.narration(page).fill('the hall in June');
  await press(page, words.bookIt(page));
}

describe('what holders of offices do', { concurrency: 1 }, () => {
  test('without scripts, the treasurer books an expense, and no second one beyond the limit', { timeout: 60_000 }, async () => {
    await visitAs(HOLDER, { ...PHONE, javaScriptEnabled: false }, async (page) => {
      await page.goto('/me');
      await page.getByText('200.00 of 200.00 USD of this month are left').waitFor();
      await press(page, words.useIt(page, 'Book an expense'));
      await expense(page, '150');
      assert.match(page.url(), words.afterStep('booked'));
      await page.getByText('50.00 of 200.00 USD of this month are left').waitFor();

      await expense(page, '50.01');
      await page.getByText(words.rulesSayNo).waitFor();
      await page.getByText(/150\.00 USD of this month are spent, and this is 50\.01 USD/).waitFor();
      await page.getByText(/^50\.00 USD are left of this month/).waitFor();
      assert.equal(await words.amount(page).inputValue(), '50.01', 'what was typed is still there');
      assert.equal(await words.narration(page).inputValue(), 'the hall in June');
      await words.amount(page).fill('50');
      await press(page, words.bookIt(page));
      assert.match(page.url(), words.afterStep('booked'));

      // The log is published with the next update.
      await page.goto('/log');
      assert.equal(await page.getByText('by the holder of Treasurer').count(), 0);
      await page.goto('/decisions/treasurer');
      await page.getByText('Of the 200.00 USD of this month 200.00 USD are spent.').waitFor();
    });
  });

  test('every form is in order on a phone and on a desk', { timeout: 120_000 }, async () => {
    for (const settings of [PHONE, DESK, { ...PHONE, colorScheme: 'light' }, { ...DESK, colorScheme: 'dark' }]) {
      await visitAs(HOLDER, settings, async (page) => {
        for (const path of ['/me', '/powers/spend', '/powers/admit', '/powers/keep-list', '/powers/close-issue']) {
          const answer = await page.goto(path);
          assert.equal(answer.status(), 200, path);
          assert.deepEqual(await looks.inOrder(page), []);
        }
        await page.goto('/powers/spend');
        await expense(page, '1000');
        await page.getByText(words.rulesSayNo).waitFor();
        assert.deepEqual(await looks.inOrder(page), []);
      });
    }
  });

  test('the chair admits a member and opens an idea, which others support', { timeout: 60_000 }, async () => {
    await visitAs(HOLDER, DESK, async (page) => {
      await page.goto('/powers/admit');
      await words.newName(page).fill('Ω <b>Ltd</b>');
      await press(page, words.admitThem(page));
      assert.match(page.url(), words.afterStep('waits'));
      await page.goto('/powers/close-issue');
      await words.itemId(page).fill('trip-1');
      await words.itemTitle(page).fill('A trip <b>to the sea</b>');
      await press(page, words.openIt(page));
      assert.match(page.url(), words.afterStep('item-opened'));
      await page.goto('/issues');
      await page.getByText('A trip <b>to the sea</b>').first().waitFor();
    });
  });

  test('others are told who has the power, and get no form', { timeout: 60_000 }, async () => {
    await visitAs('member-002', PHONE, async (page) => {
      await page.goto('/powers/spend');
      await page.getByText('You hold no office or seat with this power.').waitFor();
      await page.getByRole('main').getByRole('link', { name: 'Treasurer' }).waitFor();
      assert.equal(await page.getByRole('main').locator('form').count(), 0);
      assert.deepEqual(await looks.inOrder(page), []);
    });
  });
});

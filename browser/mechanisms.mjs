// Decisions with a deadline, hours that are handed out, and files for patrons, under edition 4: their pages on phones and on a desk, and
// a member who asks for hours.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { openPage, startChromium } from './house/browser.mjs';
import { startCoop } from './house/co_op.mjs';
import * as looks from './house/looks.mjs';
import { words } from './words.mjs';

const MEMBER = 'member-001';
const MEMBERS = [1, 2, 3].map((number) => `member-00${number}`);
const PHONE = { viewport: { width: 360, height: 780 }, colorScheme: 'dark' };
const NARROW = { viewport: { width: 320, height: 640 }, colorScheme: 'light' };
const DESK = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' };
const DAY_MS = 86_400_000;
const CLAUSES = `commitment "budget" deadline="2099-12-31" { default "carry the last budget over"; conviction-half-life "7 days" }
ranking "help" { brought-by "members" at-most=3; supply "8 hours per month"; order "conviction" }
release "binaries" { patrons-until "400 USD per month" }`;

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
      until: day(40),
      files: [['binaries', '1.0', 'tool.zip', 'a tool']],
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

/** Everybody has paid dues; two ask for hours, and support each other's request. */
function acts() {
  const dues = MEMBERS.map((member, index) => ({
    act: 'record_support',
    member,
    kind: 'dues',
    amount: { amount: 5000, currency: 'USD' },
    given_at: day(0),
    source: `test:${index}`,
  }));
  const asks = [5, 4].map((hours, index) => ({
    act: 'bring_item',
    member: MEMBERS[index],
    decision: 'help',
    item: `request-${index}`,
    title: `Help of ${hours} hours`,
    amount: { amount: hours * 3600, unit: 'second' },
  }));
  const backs = [0, 1].map((index) => ({
    act: 'cast_ballot',
    member: MEMBERS[1 - index],
    decision: 'help',
    item: `request-${index}`,
    share_ppm: 100_000,
    scores: null,
    against: false,
  }));
  return [...dues, ...asks, ...backs];
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

describe('decisions with a deadline, hours and files', { concurrency: 1 }, () => {
  test('hours were served in order, and another request says when it would be', { timeout: 60_000 }, async () => {
    await visitAs(MEMBER, DESK, async (page) => {
      await page.goto('/decisions/help/served');
      await page.getByText('Help of 5 hours').waitFor();
      await page.goto('/decisions/help/add');
      await words.wish(page).fill('A word about the roof');
      await words.asksFor(page).fill('2');
      await press(page, words.addItem(page));
      await page.goto('/decisions/help');
      await page.getByText(/^2 hours: /).waitFor();
    });
  });

  test('every page is in order on phones and on a desk, for a member and a visitor', { timeout: 300_000 }, async () => {
    for (const settings of [NARROW, PHONE, DESK]) {
      for (const reader of [MEMBER, undefined]) {
        await visitAs(reader, settings, async (page) => {
          for (const path of ['/decisions/budget', '/decisions/help', '/decisions/help/served', '/releases']) {
            const answer = await page.goto(path);
            assert.equal(answer.status(), 200, path);
            assert.deepEqual(await looks.inOrder(page), []);
          }
        });
      }
    }
  });
});

// A member lets a browser sign, acts by a form, lets a second browser in from the first, and is told what no browser signs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { openPage, startChromium } from './house/browser.mjs';
import { startCoop } from './house/co_op.mjs';
import * as looks from './house/looks.mjs';
import { words } from './words.mjs';

const DESK = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' };
const NARROW = { viewport: { width: 320, height: 640 }, colorScheme: 'dark' };

let browser;
let coop;

before(
  async () => {
    browser = await startChromium();
    coop = await startCoop({ template: 'club', name: 'Our club', edition: 5, records: { 'members-csv': 'name,kind,joined\nmember-001,person,2025-01-01\nmember-002,person,2025-01-01\n' } });
  },
  { timeout: 180_000 },
);

after(async () => {
  await browser?.close();
  await coop?.stop();
});

async function press(page, button) {
  await Promise.all([page.waitForEvent('load'), button.press('Enter')]);
}

async function cameAs(name, settings) {
  const opened = await openPage(browser, coop.address, settings);
  await opened.page.goto('/walk-in');
  await press(opened.page, words.beMember(opened.page, name));
  return opened;
}

/** The turns of the devices that the page lists, the newest first. */
const turns = (page) => page.locator('[data-turn]').evaluateAll((all) => all.map((one) => Number(one.dataset.turn)));

describe('devices', () => {
  test('a browser signs, and lets another one in', { timeout: 120_000 }, async () => {
    const first = await cameAs('member-001', DESK);
    const second = await cameAs('member-001', NARROW);
    try {
      const { page } = first;
      await page.goto('/me');
      await press(page, words.devicesLink(page));
      await words.letSign(page).waitFor();
      await words.letSign(page).press('Enter');
      await page.getByText('This browser', { exact: true }).waitFor();
      await page.getByText(/^Signs since/).waitFor();
      await page.goto('/decisions/chair');
      assert.ok((await page.getByText('This browser signs it.').count()) > 0, 'the form says it before the press');
      await words.stand(page).press('Enter');
      await page.getByText(/Your name is up/).waitFor();
      await page.goto('/me/devices');
      assert.deepEqual(await turns(page), [1], 'the act was signed');

      await second.page.goto('/me/devices');
      await words.letSign(second.page).press('Enter');
      await second.page.getByText(/^Waits until/).waitFor();
      await page.goto('/me/devices');
      await page.getByRole('button', { name: 'Confirm it from this browser' }).press('Enter');
      await page.getByText('an older device of theirs').waitFor();
      assert.deepEqual(await turns(page), [0, 2]);
      await second.page.goto('/me/devices');
      assert.equal(await second.page.getByText(/^Signs since/).count(), 2);

      await page.getByRole('button', { name: 'Take signed acts only' }).press('Enter');
      await page.getByText(/with the signature of one of your devices only/).waitFor();
      for (const { page: each } of [first, second]) {
        await each.goto('/me/devices');
        assert.deepEqual(await looks.inOrder(each), []);
      }
      assert.deepEqual(first.troubles, []);
    } finally {
      await first.context.close();
      await second.context.close();
    }
  });

  test('without a script the page says what a form is', { timeout: 60_000 }, async () => {
    const { page, context } = await cameAs('member-002', { ...NARROW, javaScriptEnabled: false });
    try {
      await page.goto('/me/devices');
      await page.getByText(/Signing takes a script/).waitFor();
      assert.equal(await words.letSign(page).isVisible(), false);
      await page.goto('/decisions/chair');
      await page.getByText(/is the server’s word: no device signs it/).waitFor();
      await press(page, words.stand(page));
      await page.getByText(/Your name is up/).waitFor();
    } finally {
      await context.close();
    }
  });
});

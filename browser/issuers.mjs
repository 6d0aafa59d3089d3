// A member links an account at an issuer, signs out, and comes back in by it; with scripts and without, where one button more is pressed.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { openPage, startChromium } from './house/browser.mjs';
import { startCoop } from './house/co_op.mjs';
import { startIssuer } from './house/issuer.mjs';
import * as looks from './house/looks.mjs';
import { words } from './words.mjs';

let issuer;
let folder;
let coop;
let browser;

before(
  async () => {
    issuer = await startIssuer('248289761001');
    folder = await mkdtemp(join(tmpdir(), 'rochdale-issuers-'));
    const list = join(folder, 'issuers.json');
    await writeFile(list, JSON.stringify(issuer.list));
    const door = ['--issuers', list, '--issuers-reach', 'loopback'];
    coop = await startCoop({ template: 'club', name: 'Our club', door });
    browser = await startChromium();
  },
  { timeout: 120_000 },
);
after(async () => {
  await browser?.close();
  await coop?.stop();
  issuer?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** Axe needs scripts; the same pages are looked at with them. */
async function look(page, { javaScriptEnabled }) {
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const findings = [
      ...(await looks.sidewaysScroll(page)), ...(await looks.smallTargets(page)), ...(await looks.headings(page)),
      ...(javaScriptEnabled ? await looks.accessibility(page) : []),
    ];
    assert.deepEqual(findings, [], `${page.url()} ${width}`);
  }
}

const SCREENS = [
  { name: 'with scripts', colorScheme: 'light', javaScriptEnabled: true },
  { name: 'without scripts', colorScheme: 'dark', javaScriptEnabled: false },
];

describe('accounts at issuers', () => {
  for (const { name, ...settings } of SCREENS) {
    test(`are linked and signed in by, ${name}`, { timeout: 120_000 }, async () => {
      const local = coop.address.replace('127.0.0.1', 'localhost');
      const member = `member ${name}`;
      const { page, context } = await openPage(browser, local, settings);
      const refused = [];
      page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
      const press = async (button) => Promise.all([page.waitForEvent('load'), button.click()]);
      // Without scripts somebody who comes back presses once more.
      const comeBack = async (address) => {
        if (!settings.javaScriptEnabled) {
          await page.waitForURL('**/back?*');
          await look(page, settings);
          await press(words.goOn(page));
        }
        await page.waitForURL(address);
      };
      const link = (await coop.invite(member)).replace('127.0.0.1', 'localhost');
      await page.goto(link);
      await press(words.press(page, words.ways.comeIn));
      await page.goto('/me/ways');
      await look(page, settings);
      await press(words.linkAccount(page, 'The club'));
      await look(page, settings);
      await press(words.goOnTo(page, 'The club'));
      await comeBack('**/me/ways?done=*');
      await words.ownWay(page, 'Account at http://127.0.0.1').waitFor();
      await press(words.signOut(page));
      await page.goto('/sign-in');
      await look(page, settings);
      await press(words.signInWith(page, 'The club'));
      await comeBack('**/me?done=*');
      await words.whoIAm(page, member).waitFor();
      assert.deepEqual(refused, []);
      // The account is free again for the next one.
      await page.goto('/me/ways/password');
      await page.locator('#password').fill('toads cross the lane at dusk');
      await page.locator('#again').fill('toads cross the lane at dusk');
      await press(words.press(page, words.ways.setIt));
      await press(words.removeWay(page, 'Account at'));
      assert.match(page.url(), /done=way-removed/);
      await context.close();
    });
  }
});

// Recording from a page: one gift with its effect said before, a pasted table, a file of other columns that is mapped by hand, and the
// reports of all of them. Without scripts, on a phone; and every state of the pages in every size and colour.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { openPage, startChromium } from './house/browser.mjs';
import { startCoop } from './house/co_op.mjs';
import * as looks from './house/looks.mjs';
import { target } from './house/server.mjs';
import { words } from './words.mjs';

const NARROW = { viewport: { width: 320, height: 700 }, colorScheme: 'light' };
const PHONE = { viewport: { width: 360, height: 780 }, colorScheme: 'dark' };
const DESK = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' };
const NIGHT = { ...DESK, colorScheme: 'dark' };
const TABLE = 'member,kind,amount,unit,given_at\nmember-001,dues,12.50,USD,2026-01-05\nmember-002,hours,1.25,hours,2026-01-06\n';
const WRONG = 'member,kind,amount,unit,given_at\nmember-001,dues,x,USD,2026-01-05\nmember-001,gold,5,USD,2026-01-05\n';
const TILL = 'when,who,spent\n2026-01-07,member-001,5\n';

let browser;
let coop;

before(
  async () => {
    browser = await startChromium();
    const register = 'name,kind,joined,email\nmember-001,person,2025-01-01,one@example.org\nmember-002,person,2025-01-02,two@example.org\n';
    coop = await startCoop({ template: 'club', name: 'Our club', records: { 'members-csv': register } });
  },
  { timeout: 120_000 },
);

after(async () => {
  await browser?.close();
  await coop?.stop();
});

async function press(page, button) {
  await Promise.all([page.waitForEvent('load'), button.press('Enter')]);
}

async function look(page, name, settings) {
  await page.screenshot({ path: join(target, 'screenshots', `record-${name}-${settings.viewport.width}-${settings.colorScheme}.png`), fullPage: true });
  for (const check of [looks.sidewaysScroll, looks.smallTargets, looks.headings, looks.accessibility]) {
    assert.deepEqual(await check(page), [], name);
  }
}

async function visit(settings, steps) {
  const { page, context, troubles } = await openPage(browser, coop.address, settings);
  try {
    await page.goto('/walk-in');
    await press(page, words.beMember(page, 'member-001'));
    await steps(page);
    assert.deepEqual(troubles.filter((trouble) => !/422/.test(trouble)), []);
  } finally {
    await context.close();
  }
}

async function give(page, member, amount) {
  await words.giver(page).fill(member);
  await words.whatItIs(page).selectOption({ label: 'dues, in USD' });
  await words.howMuch(page).fill(amount);
}

describe('tokens', { concurrency: 1 }, () => {
  test('without scripts, a token is made, shown once, and ended', { timeout: 120_000 }, async () => {
    const register = 'name,kind,joined,email\nmember-001,person,2025-01-01,one@example.org\n';
    const closed = await startCoop({ template: 'club', name: 'Our club', records: { 'members-csv': register }, door: [] });
    try {
      for (const settings of [NARROW, PHONE, DESK, NIGHT]) {
        const { page, context, troubles } = await openPage(browser, closed.address, { ...settings, javaScriptEnabled: settings !== PHONE });
        await page.goto(await closed.invite('member-001'));
        await press(page, words.comeIn(page, 'member-001'));
        await page.goto('/me');
        await press(page, words.tokensLink(page));
        await words.tokenName(page).fill('my dashboard');
        await press(page, words.makeToken(page));
        await page.getByText('say what the token is for').waitFor();
        assert.equal(await words.tokenName(page).inputValue(), 'my dashboard', 'what was typed is still there');
        await page.getByRole('checkbox', { name: 'read what you may read' }).press('Space');
        await press(page, words.makeToken(page));
        assert.match(await words.theToken(page).innerText(), /^rochdale_[0-9a-f]{64}$/);
        if (settings !== PHONE) await look(page, 'token', settings);
        await page.goto('/tokens');
        assert.equal(await words.theToken(page).count(), 0, 'it is shown once');
        await page.getByText('Never used').waitFor();
        await press(page, words.endToken(page, 'my dashboard'));
        assert.match(page.url(), words.afterStep('token-ended'));
        assert.deepEqual(troubles.filter((trouble) => !/422/.test(trouble)), []);
        await context.close();
      }
    } finally {
      await closed.stop();
    }
  });
});

describe('recording what was given', { concurrency: 1 }, () => {
  test('without scripts, one gift is shown ahead, then recorded', { timeout: 60_000 }, async () => {
    await visit({ ...PHONE, javaScriptEnabled: false }, async (page) => {
      await page.goto('/me');
      await press(page, words.recordLink(page));
      await give(page, 'member-00', '30');
      await press(page, words.seeAhead(page));
      await page.getByText('nobody in the register is called member-00').waitFor();
      await page.getByRole('radio', { name: /^member-002/ }).press('Space');
      await press(page, words.seeAhead(page));
      await page.getByText(/^member-002 would have .* of all say at the update of/).waitFor();
      assert.equal(await words.howMuch(page).inputValue(), '30', 'what was typed is still there');
      await words.giver(page).fill('member-002');
      await press(page, words.recordIt(page));
      assert.match(page.url(), words.afterStep('recorded'));
      await page.goto('/imports');
      await page.getByRole('link', { name: '1 recorded, 0 known already' }).first().waitFor();
      await page.getByText('dues: 1 record, 30.00 USD').waitFor();
    });
  });

  test('without scripts, a table is looked at, mended, recorded, and known the second time', { timeout: 60_000 }, async () => {
    await visit({ ...NARROW, javaScriptEnabled: false }, async (page) => {
      await page.goto('/record');
      await words.table(page).fill(WRONG);
      await press(page, words.lookAtIt(page));
      for (const line of ['table.csv:2:17', 'table.csv:3:12']) await page.getByText(line).waitFor();
      assert.equal(await words.table(page).inputValue(), WRONG, 'nothing that was typed is lost');
      await words.table(page).fill(TABLE);
      await press(page, words.lookAtIt(page));
      await page.getByText('This is a table of what members gave: 2 records.').waitFor();
      await press(page, words.recordAll(page));
      assert.match(page.url(), words.afterStep('imported'));
      await page.getByRole('cell', { name: '12.50 USD' }).waitFor();
      await page.goto('/record');
      await words.table(page).fill(TABLE);
      await press(page, words.lookAtIt(page));
      await press(page, words.recordAll(page));
      assert.match(page.url(), words.afterStep('known'));
    });
  });

  test('without scripts, a file of other columns is mapped by hand, once', { timeout: 60_000 }, async () => {
    await visit({ ...DESK, javaScriptEnabled: false }, async (page) => {
      await page.goto('/record');
      await words.tableFile(page).setInputFiles({ name: 'till.csv', mimeType: 'text/csv', buffer: Buffer.from(TILL) });
      await press(page, words.lookAtIt(page));
      await page.getByText('Which column is which?').waitFor();
      await page.getByLabel(/^The member \*/).selectOption({ label: 'who (such as member-001)' });
      await page.getByLabel(/^How much \*/).selectOption({ label: 'spent (such as 5)' });
      await page.getByLabel(/^The day \*/).selectOption({ label: 'when (such as 2026-01-07)' });
      await page.getByLabel(/same in every row: What it is/).fill('purchase');
      await page.getByLabel(/same in every row: Its unit/).fill('USD');
      await press(page, words.readSo(page));
      await page.getByText('This is a table of what members gave: 1 record.').waitFor();
      await press(page, words.recordAll(page));
      assert.match(page.url(), words.afterStep('imported'));
      await page.goto('/record');
      await words.table(page).fill(TILL.replace('2026-01-07', '2026-01-08'));
      await press(page, words.lookAtIt(page));
      await page.getByText('This is a table of what members gave: 1 record.').waitFor();
    });
  });

  test('every state is in order in every size and colour', { timeout: 180_000 }, async () => {
    for (const settings of [NARROW, PHONE, DESK, NIGHT]) {
      await visit(settings, async (page) => {
        for (const [path, name] of [['/record', 'page'], ['/imports', 'imports'], ['/imports/1', 'import']]) {
          const answer = await page.goto(path);
          assert.equal(answer.status(), 200, path);
          await look(page, name, settings);
        }
        await page.goto('/record');
        await give(page, 'member-00', '30');
        await press(page, words.recordIt(page));
        await look(page, 'who', settings);
        await page.goto('/record');
        await give(page, 'member-001', '30');
        await press(page, words.seeAhead(page));
        await look(page, 'ahead', settings);
        await words.table(page).fill(WRONG);
        await press(page, words.lookAtIt(page));
        await look(page, 'wrong', settings);
        await words.table(page).fill(`other ${TILL}`);
        await press(page, words.lookAtIt(page));
        await look(page, 'map', settings);
      });
    }
  });
});

// Co-ops on their first day: each template as `rochdale init` leaves it, and with a register but no support yet. Every page is
// there, nothing sticks out, and the first steps are named.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { openPage, startChromium } from './house/browser.mjs';
import { startCoop } from './house/co_op.mjs';
import * as looks from './house/looks.mjs';
import { words } from './words.mjs';

const TEMPLATES = ['open-source', 'consumer', 'worker', 'club'];
const PAGES = ['/', '/decisions', '/issues', '/money', '/members', '/log', '/walk-in', '/api'];
const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänswitwenverein-und-Freunde-der-unendlichen-Namen-'.repeat(2).slice(0, 180);

let browser;
before(async () => (browser = await startChromium()), { timeout: 60_000 });
after(() => browser?.close());

/** Looks at a page on a phone; answers its words. */
async function look(page, path) {
  const answer = await page.goto(path);
  assert.equal(answer.status(), 200, path);
  assert.deepEqual(await looks.sidewaysScroll(page), [], path);
  assert.deepEqual(await looks.smallTargets(page), [], path);
  assert.deepEqual(await looks.headings(page), [], path);
  assert.deepEqual(await looks.accessibility(page), [], path);
  return page.getByRole('main').innerText();
}

async function decisionsOf(page) {
  await page.goto('/decisions');
  return page.locator('main h3 a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
}

for (const template of TEMPLATES) {
  describe(`a new co-op: ${template}`, () => {
    test('without members', { timeout: 120_000 }, async () => {
      const coop = await startCoop({ template, name: 'Our co-op' });
      const { page, context, troubles } = await openPage(browser, coop.address, { viewport: { width: 360, height: 780 } });
      try {
        assert.match(await look(page, '/'), words.whatToDoFirst);
        for (const path of PAGES) await look(page, path);
        const decisions = await decisionsOf(page);
        assert.ok(decisions.length >= 4, `${decisions}`);
        for (const path of decisions) await look(page, path);
        assert.deepEqual(troubles, []);
      } finally {
        await context.close();
        await coop.stop();
      }
    });

    test('with members whose names are long and who have given nothing', { timeout: 120_000 }, async () => {
      const members = [LONG, 'member-002', 'Ω'].map((name, index) => `${name},person,2025-01-0${index + 1},m${index}@example.org`);
      const coop = await startCoop({ template, name: LONG.slice(0, 60), records: { 'members-csv': `name,kind,joined,email\n${members.join('\n')}\n` } });
      const settings = { viewport: { width: 360, height: 780 }, colorScheme: 'dark' };
      const { page, context, troubles } = await openPage(browser, coop.address, settings);
      try {
        await page.goto('/walk-in');
        await Promise.all([page.waitForURL(words.afterWalkIn), words.beMember(page, LONG).press('Enter')]);
        for (const path of [...PAGES, '/me', ...(await decisionsOf(page))]) await look(page, path);
        await page.goto('/members');
        await look(page, await words.memberLinks(page).first().getAttribute('href'));
        assert.deepEqual(troubles, []);
      } finally {
        await context.close();
        await coop.stop();
      }
    });
  });
}

// From an empty folder to a governed co-op, with every template and without scripts: found it, invite a member, come in by the
// link in another browser, stand for an office, place a share, and still be signed in after the server started again.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { openPage, startChromium } from './house/browser.mjs';
import { emptyFolder } from './house/first_run.mjs';
import * as looks from './house/looks.mjs';
import { words } from './words.mjs';

const TEMPLATES = ['open-source', 'consumer', 'worker', 'multi-stakeholder', 'fairshares', 'platform', 'computing', 'data', 'club'];
const PHONE = { viewport: { width: 360, height: 780 }, javaScriptEnabled: false };
const DESK = { viewport: { width: 1280, height: 900 } };
const NAME = 'Our <b>co-op</b>';

let browser;
before(async () => (browser = await startChromium()), { timeout: 60_000 });
after(() => browser?.close());

/** Presses a button and waits for the page behind it. */
async function press(page, button) {
  await Promise.all([page.waitForEvent('load'), button.press('Enter')]);
}

async function look(page) {
  assert.deepEqual(await looks.sidewaysScroll(page), []);
  assert.deepEqual(await looks.smallTargets(page), []);
  assert.deepEqual(await looks.headings(page), []);
}

async function lookClosely(page) {
  await look(page);
  assert.deepEqual(await looks.accessibility(page), []);
}

async function answerQuestions(page, template) {
  await words.startFrom(page, template).check();
  await press(page, words.toQuestions(page));
  await words.coopName(page).fill(NAME);
  await words.coopCurrency(page).fill('eur');
  await words.coopZone(page).fill('Europe/Vienna');
}

/** Founds a co-op and invites one member; answers the link. */
async function foundAndInvite(page, founding, template) {
  await page.goto(founding);
  await answerQuestions(page, template);
  await press(page, words.toRules(page));
  await look(page);
  await words.founder(page).fill('member-001');
  await press(page, words.foundIt(page));
  assert.match(page.url(), words.afterFounding);
  await words.whoIAm(page, 'member-001').waitFor();
  await words.newMembers(page).fill('member-002');
  await press(page, words.inviteThem(page));
  await look(page);
  return words.links(page).first().inputValue();
}

/** Where a list gives the say, the founder, who holds the powers of vacant seats, puts a newcomer on it. */
async function putOnTheList(page, name) {
  await page.goto(`/powers/keep-list?query=${name}`);
  await look(page);
  await words.putOn(page).check();
  await press(page, words.changeList(page));
  assert.match(page.url(), words.afterStep('on-list'));
}

async function standSomewhere(page) {
  await page.goto('/decisions');
  const decisions = await page.locator('main h3 a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  for (const path of decisions) {
    await page.goto(path);
    if ((await words.stand(page).count()) === 0) continue;
    await press(page, words.stand(page));
    assert.match(page.url(), words.afterStep('stand'));
    return;
  }
  assert.fail(`nobody can stand for any of ${decisions}`);
}

for (const template of TEMPLATES) {
  test(`a co-op is founded from nothing: ${template}`, { timeout: 120_000 }, async () => {
    const place = await emptyFolder();
    try {
      const { address, founding } = await place.found();
      const founder = await openPage(browser, address, PHONE);
      const link = await foundAndInvite(founder.page, founding, template);
      assert.deepEqual(founder.troubles, []);

      const member = await openPage(browser, address, PHONE);
      await member.page.goto(link);
      await look(member.page);
      await press(member.page, words.comeIn(member.page, 'member-002'));
      await words.whoIAm(member.page, 'member-002').waitFor();
      if (template === 'worker') await putOnTheList(founder.page, 'member-002');
      await standSomewhere(member.page);
      await words.fold(member.page, words.giveAttention).first().press('Enter');
      await words.attention(member.page).first().fill('5');
      await press(member.page, words.giveIt(member.page).first());
      assert.match(member.page.url(), words.afterStep('nominate'));
      await words.fold(member.page, /^My attention: 5 % for/).first().waitFor();

      await place.stop();
      await place.serve(new URL(address).host);
      await member.page.goto('/me');
      await words.whoIAm(member.page, 'member-002').waitFor();
      assert.deepEqual(member.troubles, []);
      await press(member.page, words.signOut(member.page));
      const answer = await member.page.goto('/me');
      assert.equal(answer.status(), 401);
      await founder.page.goto('/me');
      await words.whoIAm(founder.page, 'member-001').waitFor();
      await founder.context.close();
      await member.context.close();
    } finally {
      await place.remove();
    }
  });
}

describe('the pages of a first run', () => {
  for (const colorScheme of ['light', 'dark']) {
    for (const size of [PHONE.viewport, DESK.viewport]) {
      test(`look right at ${size.width} px, ${colorScheme}`, { timeout: 120_000 }, async () => {
        const place = await emptyFolder();
        try {
          const { address, founding } = await place.found();
          const { page, context } = await openPage(browser, address, { viewport: size, colorScheme });
          await page.goto('/');
          await lookClosely(page);
          await page.goto(founding);
          await lookClosely(page);
          await answerQuestions(page, 'worker');
          await lookClosely(page);
          await press(page, words.toRules(page));
          await lookClosely(page);
          await words.founder(page).fill('member-001');
          await press(page, words.foundIt(page));
          await lookClosely(page);
          await words.newMembers(page).fill('member-002\nmember-003');
          await press(page, words.inviteThem(page));
          await lookClosely(page);
          await page.goto(await words.links(page).first().inputValue());
          await lookClosely(page);
          await context.close();
        } finally {
          await place.remove();
        }
      });
    }
  }
});

test('with scripts, mistakes in the rules show while one types, and nothing typed is lost', { timeout: 120_000 }, async () => {
  const place = await emptyFolder();
  try {
    const { address, founding } = await place.found();
    const { page, context } = await openPage(browser, address, DESK);
    await page.goto(founding);
    await answerQuestions(page, 'club');
    await words.coopZone(page).fill('Nowhere/Else');
    await press(page, words.toRules(page));
    assert.equal(await words.coopName(page).inputValue(), NAME);
    await words.coopZone(page).fill('UTC');
    await press(page, words.toRules(page));
    await words.fold(page, 'Edit the constitution').press('Enter');
    const text = await words.constitutionText(page).inputValue();
    await words.constitutionText(page).fill(text.replace('settles-in', 'setles-in'));
    await page.getByText(words.didYouMean).waitFor();
    assert.deepEqual(await looks.accessibility(page), []);
    await words.founder(page).fill('member-001');
    await press(page, words.foundIt(page));
    await page.getByText(words.nothingFounded).waitFor();
    assert.equal(await words.founder(page).inputValue(), 'member-001');
    assert.match(await words.constitutionText(page).inputValue(), /setles-in/);
    await words.constitutionText(page).fill(text);
    await press(page, words.foundIt(page));
    assert.match(page.url(), words.afterFounding);
    await context.close();
  } finally {
    await place.remove();
  }
});
